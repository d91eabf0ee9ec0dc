// Search as you type, under the field of the top bar: the results page's own #panel part. Arrow keys
// choose, Enter opens, Esc closes. Without script the field is a plain form.
import { make } from "./dom.js";

const PAUSE = 150;
const SHORTEST = 2;

function panelOf(form) {
  const input = form.querySelector("input[type=search]");
  const panel = make("div", { class: "search-panel", id: "search-panel" });
  form.after(panel);
  form.parentElement.classList.add("has-panel");
  for (const [name, value] of Object.entries({ role: "combobox", autocomplete: "off", "aria-expanded": "false", "aria-controls": "search-panel", "aria-autocomplete": "list" })) {
    input.setAttribute(name, value);
  }
  let timer;
  let asking = null;
  let shownFor = "";
  const hits = () => [...panel.querySelectorAll("[data-hit]")];
  const chosen = () => panel.querySelector('[aria-selected="true"]');

  function close() {
    clearTimeout(timer);
    asking?.abort();
    panel.replaceChildren();
    shownFor = "";
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function choose(hit) {
    chosen()?.setAttribute("aria-selected", "false");
    if (!hit) return input.removeAttribute("aria-activedescendant");
    hit.setAttribute("aria-selected", "true");
    hit.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", hit.id);
  }

  async function ask() {
    const words = input.value.trim();
    if (words.length < SHORTEST) return close();
    if (words === shownFor) return;
    asking?.abort();
    asking = new AbortController();
    const url = new URL(form.action);
    url.searchParams.set("q", words);
    try {
      const answer = await fetch(url, { signal: asking.signal, headers: { "HX-Request": "true", "HX-Target": "div#search-panel" } });
      // The form itself still works: Enter leads to the page, which says what is wrong.
      if (!answer.ok || answer.redirected) return close();
      panel.innerHTML = await answer.text();
      hits().forEach((hit, index) => (hit.id = `search-hit-${index}`));
      shownFor = words;
      input.setAttribute("aria-expanded", "true");
    } catch (error) {
      if (error.name !== "AbortError") close();
    }
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
  input.addEventListener("focus", () => input.value && ask());
  input.addEventListener("keydown", (event) => {
    const all = hits();
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!all.length) return;
      event.preventDefault();
      const at = all.indexOf(chosen()) + (event.key === "ArrowDown" ? 1 : -1);
      choose(at < -1 ? all.at(-1) : all[at]);
    } else if (event.key === "Enter" && chosen()) {
      event.preventDefault();
      chosen().click();
    } else if (event.key === "Escape" && all.length) {
      event.preventDefault();
      event.stopPropagation();
      close();
    }
  });
  document.addEventListener("pointerdown", (event) => !form.parentElement.contains(event.target) && close());
  form.parentElement.addEventListener("focusout", (event) => event.relatedTarget && !form.parentElement.contains(event.relatedTarget) && close());
}

for (const form of document.querySelectorAll("form.search-box")) panelOf(form);
