// Detail beside the list. A link with data-drawer="E7" loads its page's drawer part into #drawer and
// puts ?selected=E7 into the address. On phones, and with Ctrl or ⌘, it is an ordinary link.
import { announce, button, glyph, isPlain, make, onFailure, roomy, selectedRef } from "./dom.js";

const SKELETON_AFTER = 200;
const drawer = () => document.getElementById("drawer");
const linkTo = (ref) => document.querySelector(`main [data-drawer="${CSS.escape(ref)}"]`);

let opener = null;
let openedByMark = false; // whether that was a mark of the chart and not a row of the list
let wanted = null; // what was asked for last: { ref, href, push, focus, timer }

export const isOpen = () => !!drawer()?.firstElementChild;

function addressWith(ref) {
  const url = new URL(location.href);
  if (ref) url.searchParams.set("selected", ref);
  else url.searchParams.delete("selected");
  return url.pathname + url.search;
}

/** The address without the selection: what the page around the drawer shows. */
const around = () => addressWith(null);
let shown = around();

function mark(ref) {
  for (const link of document.querySelectorAll("main [data-drawer]")) {
    const is = link.dataset.drawer === ref;
    if (is) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
    // A row may also link to other records: it is selected by its own name alone.
    const row = link.closest("[data-row]");
    row?.classList.toggle("is-selected", row.dataset.ref === ref);
  }
}

function frame(...content) {
  const close = make("button", { class: "button quiet icon", type: "button", "aria-label": "Close", "data-close": "" }, glyph("ui-x"));
  drawer().replaceChildren(make("header", { class: "drawer-head" }, make("span", { class: "ref" }, wanted.ref), close), ...content);
}

function showSkeleton() {
  drawer().setAttribute("aria-busy", "true");
  frame(make("div", { class: "skeleton", "aria-hidden": "true" }, ...Array.from({ length: 6 }, () => make("span"))));
}

function showFailure(words) {
  const again = make("div", { class: "button-row" }, button("Try again", load));
  frame(make("div", { class: "panel" }, make("div", { class: "empty", role: "alert" }, make("h3", {}, `${wanted.ref} did not load`), make("p", {}, words), again)));
}

function load() {
  clearTimeout(wanted.timer);
  wanted.timer = setTimeout(showSkeleton, SKELETON_AFTER);
  window.htmx.ajax("GET", wanted.href, { source: drawer(), target: drawer(), swap: "innerHTML" });
}

/** Open the record `ref` whose page is `href`; `from` gets the focus back when it is closed. */
export function open(ref, href, { push = true, focus = false, from } = {}) {
  if (from && !drawer().contains(from)) {
    opener = from;
    openedByMark = !!from.closest("[data-chart]");
  }
  if (wanted) clearTimeout(wanted.timer);
  if (!isOpen()) drawer().classList.add("is-opening");
  wanted = { ref, href, push, focus };
  mark(ref);
  load();
}

export function close({ push = true } = {}) {
  if (wanted) clearTimeout(wanted.timer);
  window.htmx.trigger(drawer(), "htmx:abort");
  wanted = null;
  const from = drawer().contains(document.activeElement) || document.activeElement === document.body;
  const ref = selectedRef();
  drawer().replaceChildren();
  if (push) history.pushState({ htmx: true }, "", addressWith(null));
  mark(null);
  if (!from) return;
  // One may have gone on to another record, and chart and list may have been drawn anew.
  if (!ref) return opener?.isConnected && opener.focus({ preventScroll: true });
  const drawn = document.querySelector(`[data-chart] a[data-ref="${CSS.escape(ref)}"]`);
  const row = document.querySelector(`main [data-row][data-ref="${CSS.escape(ref)}"] [data-drawer]`);
  const back = openedByMark ? (drawn ?? row) : (row ?? opener);
  back?.focus({ preventScroll: true });
}

function addNeighbours(ref) {
  const end = drawer().querySelector(".drawer-head [data-close]");
  if (!end || drawer().querySelector("[data-previous], [data-next]")) return;
  const rows = [...document.querySelectorAll("main [data-row]")];
  const at = rows.findIndex((row) => row.dataset.ref === ref);
  if (at < 0) return;
  for (const [step, name, symbol, word] of [[-1, "data-previous", "ui-up", "Previous record"], [1, "data-next", "ui-down", "Next record"]]) {
    const link = rows[at + step]?.querySelector("[data-drawer]");
    if (!link) continue;
    end.before(make("a", { class: "button quiet icon", href: link.getAttribute("href"), "data-drawer": link.dataset.drawer, [name]: "", "aria-label": word }, glyph(symbol)));
  }
}

// Once the answer is in, a skeleton would take its place.
document.addEventListener("htmx:before:swap", () => clearTimeout(wanted?.timer));

document.addEventListener("htmx:after:swap", (event) => {
  const { ctx } = event.detail;
  if (ctx.sourceElement !== drawer()) {
    shown = around();
    if (selectedRef()) mark(selectedRef());
    return;
  }
  if (!wanted || ctx.response.status >= 400) return;
  drawer().removeAttribute("aria-busy");
  drawer().scrollTop = 0;
  if (wanted.push && selectedRef() !== wanted.ref) history.pushState({ htmx: true, drawer: wanted.href }, "", addressWith(wanted.ref));
  document.dispatchEvent(new CustomEvent("drawer:opened"));
  addNeighbours(wanted.ref);
  const heading = drawer().querySelector("h2");
  announce(heading ? `Opened: ${heading.textContent.trim()}` : "Opened");
  if (wanted.focus && heading) {
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
  }
});

const isWanted = (element) => wanted && element === drawer();

onFailure(isWanted, (_, how, status, ctx) => {
  const { pathname, search } = new URL(wanted.href, location.href);
  // A request given up for a newer one is no failure: then the address is another.
  if (!status && ctx.request.action !== pathname + search) return;
  clearTimeout(wanted.timer);
  showFailure(status === 404 ? "There is no such record any more." : `${how} The list stays as it is.`);
});

document.addEventListener("animationend", (event) => event.target === drawer() && drawer().classList.remove("is-opening"));

// Back and forward between selections of one list need no new page.
document.addEventListener("htmx:before:history:restore", (event) => {
  if (!drawer() || around() !== shown) return;
  event.preventDefault();
  const ref = selectedRef();
  if (!ref) return close({ push: false });
  const href = history.state?.drawer ?? linkTo(ref)?.getAttribute("href");
  if (href) open(ref, href, { push: false });
  else location.reload();
});

document.addEventListener("click", (event) => {
  if (!isPlain(event)) return;
  const link = event.target.closest?.("a[data-drawer]");
  if (link && roomy.matches && drawer()) {
    event.preventDefault();
    // detail is 0 when a key pressed the link: then the reader goes along.
    open(link.dataset.drawer, link.getAttribute("href"), { focus: event.detail === 0 && !link.dataset.stay, from: link });
    return;
  }
  if (event.target.closest?.("#drawer [data-close]")) {
    event.preventDefault();
    close();
  }
});

if (selectedRef() && isOpen()) addNeighbours(selectedRef());
