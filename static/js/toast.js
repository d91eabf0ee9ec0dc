// Messages at the bottom left: they go after 6 s, wait while hovered or focused, and errors stay.
import { button, glyph, make, token } from "./dom.js";

const SHOWN_FOR = 6000;
const LAST_UNDO = "undo";
const FRESH_FOR = 3 * 60_000;
const box = () => document.getElementById("toasts");

// Where the last change made in this tab is undone, for U after its message has gone. A form that
// is sent is used up: what it undid is not the last change any more.
function remember(element) {
  const form = element.querySelector("form");
  form?.addEventListener("submit", forgetUndo);
  try {
    if (form) sessionStorage.setItem(LAST_UNDO, JSON.stringify([form.getAttribute("action"), Date.now(), document.body.dataset.user]));
  } catch {
    // Without storage U works as long as the message is there.
  }
}

function forgetUndo() {
  try {
    sessionStorage.removeItem(LAST_UNDO);
  } catch {
    /* see above */
  }
}

/** Undo the last change made in this tab. One that is older than a few minutes, or was made
 * elsewhere, is shown first: the server knows which one is the last of this person. */
export function undoLast() {
  const dossier = location.pathname.match(/^\/d\/[^/]+\//)?.[0];
  if (!dossier || !document.body.dataset.user) return;
  let action, at, user;
  try {
    [action, at, user] = JSON.parse(sessionStorage.getItem(LAST_UNDO)) ?? [];
  } catch {
    /* see above */
  }
  forgetUndo();
  const fresh = action?.startsWith(dossier) && user === document.body.dataset.user && Date.now() - at < FRESH_FOR;
  if (!fresh) return location.assign(`${dossier}revisions/0/undo`);
  const form = make("form", { method: "post", action, hidden: "" }, make("input", { type: "hidden", name: "csrfmiddlewaretoken", value: token() }));
  document.body.append(form);
  form.submit();
}

function start(element) {
  if (element.dataset.started) return;
  element.dataset.started = "true";
  remember(element);
  if (element.matches(".is-error")) {
    const close = make("button", { class: "button", type: "button", "aria-label": "Close message" }, glyph("ui-x"));
    close.addEventListener("click", () => element.remove());
    element.append(close);
    return;
  }
  let timer;
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(() => element.remove(), SHOWN_FOR);
  };
  const hold = () => clearTimeout(timer);
  element.addEventListener("pointerenter", hold);
  element.addEventListener("focusin", hold);
  element.addEventListener("pointerleave", wait);
  element.addEventListener("focusout", wait);
  wait();
}

/** Show a message. `action` is {label, run}; an error stays until it is closed. */
export function toast(text, { error = false, action } = {}) {
  const element = make(
    "div",
    { class: error ? "toast is-error" : "toast", "data-toast": "" },
    glyph(error ? "ui-warn" : "ui-check"),
    make("p", {}, text),
  );
  if (action) {
    const run = () => {
      element.remove();
      action.run();
    };
    element.append(button(action.label, run));
  }
  // One at a time: a newer message takes the place of those that would go anyway.
  for (const old of box().querySelectorAll(".toast:not(.is-error)")) old.remove();
  box().append(element);
}

function watch() {
  for (const element of document.querySelectorAll("[data-toast]")) start(element);
}
new MutationObserver(watch).observe(document.body, { childList: true, subtree: true });
watch();
