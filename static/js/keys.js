// Single keys. A control names its key with data-key ("n", or "g t" for two in a row); it is pressed
// for you when you are not typing. data-single-keys="off" on <html> switches all but Escape off.
import { glyph, isTyping, isVisible, key, keysOff, make } from "./dom.js";
import { close as closeDrawer, isOpen as drawerIsOpen } from "./drawer.js";

const SECOND_KEY_WITHIN = 1200;
const ALL_KEYS = [
  [["J", "K"], "Next, previous record or field"],
  [["↵"], "Open; save"],
  [["Esc"], "Close, cancel"],
  [["/"], "Search"],
  [["N"], "New event; on a mark, of its day"],
  [["E"], "Edit field or record; on a mark, its date"],
  [["H"], "History of the record"],
  [["U"], "Undo the last change"],
  [["A", "X", "↵"], "Accept, reject, edit a suggestion"],
  [["M"], "Mark words of a text by arrows and Shift"],
  [["E", "P", "C", "Q", "V"], "Selected words: event, position, commitment, quote, evidence"],
  [["1", "2", "3"], "Pick a version in a merge; a place of lost words"],
  [["A", "O", "S"], "Lost passages: confirm, no longer said, skip"],
  [["[", "]"], "Previous, next change in time, as of then"],
  [["←", "→", "↑", "↓"], "Marks of the chart"],
  [["L"], "All links on the chart, or those of the selected event"],
  [["R"], "To the first response of the selected event"],
  [["Shift", "R"], "Back to what it answers"],
  [["+", "−", "0"], "Zoom in, out, fit all"],
  [["Ctrl", "wheel"], "Zoom around the pointer"],
  [["Shift", "←", "→"], "Move by half a window"],
  [["G", "then", "T", "P", "B", "S", "A"], "Go to a screen"],
  [["?"], "All keys"],
];

let prefix = "";
let timer;

function press(element) {
  if (element.matches("input, textarea, select")) {
    element.focus();
    element.select?.();
  } else element.click();
}

/** The control of a key: in a toast, in the drawer, in the row at hand, on the page, in this order.
 * A control in a row is for that row alone: a key never reaches into one that was not chosen. */
function controlOf(name) {
  const row = document.activeElement?.closest("[data-row]") ?? document.querySelector("[data-row].is-selected");
  const found = [...document.querySelectorAll(`[data-key="${CSS.escape(name)}"]`)].filter((element) => {
    const own = element.closest("[data-row]");
    return isVisible(element) && !element.disabled && (!own || own === row);
  });
  const places = ["#toasts", "#drawer"].map((selector) => document.querySelector(selector));
  for (const place of [...places, row, document.querySelector("main")]) {
    const inside = place && found.find((element) => place.contains(element));
    if (inside) return inside;
  }
  return found[0];
}

function step(by) {
  const inFields = document.activeElement?.closest(".fields");
  const rows = [...(inFields ?? document).querySelectorAll(inFields ? ".field-row" : "[data-row]")].filter(isVisible);
  if (!rows.length) return;
  const current = rows.findIndex((row) => row.contains(document.activeElement));
  const from = current >= 0 ? current : rows.findIndex((row) => row.matches(".is-selected, [aria-current=true]"));
  const row = rows[from < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(Math.max(from + by, 0), rows.length - 1)];
  const link = row.querySelector(inFields ? ".field-edit" : "[data-drawer], a, button");
  if (!link) return;
  link.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
  if (inFields || !drawerIsOpen() || !link.matches("[data-drawer]") || row.matches(".is-selected")) return;
  // An open drawer follows, while the focus stays in the list.
  link.dataset.stay = "true";
  link.click();
  delete link.dataset.stay;
}

function edit() {
  const field = document.activeElement?.closest(".field-row")?.querySelector(".field-edit");
  return field ?? controlOf("e") ?? [...document.querySelectorAll("#drawer .field-edit, main .field-edit")].find(isVisible);
}

function toggleHelp() {
  const open = document.querySelector(".keys-help");
  if (open) return open.remove();
  const list = make("dl");
  for (const [names, words] of ALL_KEYS) {
    const shown = names.map((name) => (name === "then" ? " then " : make("kbd", {}, name)));
    list.append(make("dt", {}, ...shown), make("dd", {}, words));
  }
  const close = make("button", { class: "button quiet icon small", type: "button", "aria-label": "Close" }, glyph("ui-x"));
  const panel = make("section", { class: "keys-help", "aria-label": "Keys", tabindex: "-1" }, make("header", {}, "Keys", close), list);
  close.addEventListener("click", () => panel.remove());
  document.body.append(panel);
  panel.focus();
}

function escape(event) {
  const help = document.querySelector(".keys-help");
  const menu = document.querySelector("details[data-menu][open]");
  if (help) help.remove();
  else if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  } else if (isTyping(event.target)) event.target.blur();
  else if (drawerIsOpen()) closeDrawer();
  else controlOf("Escape")?.click();
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.key === "Escape") return escape(event);
  if (keysOff() || isTyping(event.target) || event.key.length !== 1 || event.key === " ") return;
  const name = event.key.toLowerCase();
  const full = prefix + name;
  clearTimeout(timer);
  prefix = "";
  if (full === "g") {
    prefix = "g ";
    timer = setTimeout(() => (prefix = ""), SECOND_KEY_WITHIN);
    return;
  }
  if (full === "j" || full === "k") return step(full === "j" ? 1 : -1);
  if (full === "?") return toggleHelp();
  const control = full === "e" ? edit() : controlOf(full);
  // A key that no control here has may mean something to another script.
  if (!control) return document.dispatchEvent(new CustomEvent("key:free", { detail: full }));
  event.preventDefault();
  press(control);
});

// A way to the list of keys for those who do not know that "?" opens it.
for (const place of document.querySelectorAll("[data-keys-menu]")) {
  const button = make("button", { class: "menu-item", type: "button" }, glyph("ui-kbd"), " Keys ", key("?"));
  button.addEventListener("click", () => {
    button.closest("details").open = false;
    toggleHelp();
  });
  place.append(button);
}
