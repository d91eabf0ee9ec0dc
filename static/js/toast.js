// Messages at the bottom left: they go after 6 s, wait while hovered or focused, and errors stay.
import { button, glyph, make } from "./dom.js";

const SHOWN_FOR = 6000;
const box = () => document.getElementById("toasts");

function start(element) {
  if (element.dataset.started) return;
  element.dataset.started = "true";
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
