// What several scripts need: elements, glyphs, words for screen readers, and what an event means.

/** Make an element; attributes as an object, children as nodes or strings. */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

/** Draw a symbol of the sprite the page names. */
export function glyph(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("class", "glyph");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(space, "use");
  use.setAttribute("href", `${document.body.dataset.glyphs}#${name}`);
  svg.append(use);
  return svg;
}

/** A button that does something here and sends nothing. */
export function button(label, run, kind = "button") {
  const made = make("button", { class: kind, type: "button" }, label);
  made.addEventListener("click", run);
  return made;
}

/** Show a key; the control beside it has the name. */
export const key = (name) => make("kbd", { "aria-hidden": "true" }, name);

let region;

/** Say something to screen readers without showing it. */
export function announce(text) {
  if (!region?.isConnected) {
    region = make("div", { class: "sr", role: "status" });
    document.body.append(region);
  }
  region.textContent = "";
  // The pause lets the same words be read twice.
  setTimeout(() => (region.textContent = text), 50);
}

/** Whether single keys would be typed into this element. */
export const isTyping = (element) =>
  !!element.closest?.("input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable]");

/** Whether keys without Ctrl or the like are switched off (preferences). */
export const keysOff = () => document.documentElement.dataset.singleKeys === "off";

const BY_HAND = "input:not([type=hidden]), textarea, select";

/** The controls of a form that one can go to. */
export const controlsOf = (form) => [...form.querySelectorAll(BY_HAND)];

/** Go to the control with an error, else to the first. */
export const focusFirst = (form) => (form.querySelector("[aria-invalid=true]") ?? form.querySelector(BY_HAND))?.focus();

/** Whether a click is to be taken up: not by another script, and not to open a link elsewhere. */
export const isPlain = (event) => !(event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);

/** Whether Ctrl+Enter, or ⌘ with it, was pressed: a text of several lines is sent. */
export const isSending = (event) => event.key === "Enter" && (event.ctrlKey || event.metaKey);

/** The record that the address selects, "" for none. */
export const selectedRef = () => new URL(location.href).searchParams.get("selected") ?? "";

/** The mark against forgery that htmx sends along. */
export const token = () => JSON.parse(document.body.getAttribute("hx-headers:inherited"))["X-CSRFToken"];

/** When a request of an element that `isOurs` fails: `run` it with the element, how it failed in
 * words, the status of the answer (0 without one) and the request. */
export function onFailure(isOurs, run) {
  const told = (status) => ({ detail: { ctx } }) => {
    if (!ctx || !isOurs(ctx.sourceElement)) return;
    const answered = status(ctx);
    run(ctx.sourceElement, answered ? `The server answered with an error (${answered}).` : "The server did not answer.", answered, ctx);
  };
  document.addEventListener("htmx:response:error", told((ctx) => ctx.response.status));
  document.addEventListener("htmx:error", told(() => 0));
}

/** There is room for a chart, and for a drawer beside the list. */
export const roomy = matchMedia("(min-width: 768px)");

export const isVisible = (element) => element.getClientRects().length > 0;
