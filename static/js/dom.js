// Helpers to build what only exists with script: elements, glyphs, and words for screen readers.

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

export const isVisible = (element) => element.getClientRects().length > 0;
