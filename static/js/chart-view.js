// The chart as it stands: drawn by the server at the width there is, moved at once by a shift of what
// is drawn, and drawn anew for where it was moved to. Whoever moves it calls travel().
//   "chart:drawn"   the chart, or the page around it, was drawn anew
//   "chart:moving"  another window is on its way
//   "chart:moved"   for a while nobody moved it: the rest of the page follows
import { announce, button, make, roomy, selectedRef } from "./dom.js";
import { clamp, format, parse, snapped } from "./chart-window.js";

const REDRAW_AFTER = 120;
const PACE = 100; // between two charts while it moves
const SETTLED = 250;
const OUTSIDE = 24; // pixels beyond the plot at which what moves is not seen any more
const MOVES = ".mark, .tick, .tick-minor, .tick-context, .tick-label, .context-label, .grid, .now-line, .now-flag, .future, .veil, .tie, .link";
const calm = matchMedia("(prefers-reduced-motion: reduce)");

export const place = () => document.getElementById("chart-region");
export const chart = () => document.getElementById("chart");
const region = () => document.getElementById("timeline");

// --- Where it is

let wanted = null; // the window moved to, as long as the chart does not show it
let before = null; // history state and address as they were before it moved
let grips = 0; // how many hold it now

/** The pixels of the plot inside the drawing. */
const edges = () => ({ left: Number(chart().dataset.left), right: Number(chart().dataset.right) });

/** These, and the left edge of the drawing in the page's window. */
export const plot = () => ({ ...edges(), from: chart().querySelector(".chart-lanes").getBoundingClientRect().left });

const drawn = () => ({ start: parse(chart().dataset.from), end: parse(chart().dataset.to) });

/** The window one looks at. */
export const present = () => wanted ?? drawn();

export const isMoving = () => !!before;

/** The instant at a point of the page's window. */
export function instantAt(clientX, { start, end } = present()) {
  const { left, right, from } = plot();
  return start + ((clientX - from - left) / (right - left)) * (end - start);
}

/** The pixel of an instant inside the drawing. */
export function pixelOf(instant, { start, end } = present()) {
  const { left, right } = edges();
  return left + ((instant - start) / (end - start)) * (right - left);
}

// --- Moving it

let pause;

/** Show another window: what is drawn moves there at once, a drawing of it follows. */
export function travel(to, { ease = false } = {}) {
  before ??= { state: history.state, search: location.search };
  wanted = clamp(to.start, to.end - to.start);
  const { start, end } = snapped(wanted);
  const query = new URLSearchParams(location.search);
  for (const name of ["level", "after"]) query.delete(name);
  query.set("from", format(start));
  query.set("to", format(end));
  before.now = `?${query}`;
  history.replaceState({ htmx: true }, "", before.now);
  // Asked for first: the server draws while the browser moves what there is.
  ask();
  if (roomy.matches) shift(ease);
  document.dispatchEvent(new CustomEvent("chart:moving"));
  rest();
}

/** The click that ends a drag is none. */
export function swallowClick() {
  const swallow = (click) => (click.preventDefault(), click.stopPropagation());
  addEventListener("click", swallow, { capture: true, once: true });
  setTimeout(() => removeEventListener("click", swallow, { capture: true }));
}

/** As long as somebody holds it, it does not settle. */
export function hold() {
  grips += 1;
}
export function release() {
  grips -= 1;
  if (before) rest();
}

function rest() {
  clearTimeout(pause);
  pause = setTimeout(settle, SETTLED, false);
}

/** It rests where it is; the page need not follow when it is asked for already. */
export function settle(asked) {
  if (grips || !before) return;
  const { state, search, now } = before;
  before = null;
  if (atRest()) wanted = null;
  // Back leads to the view before, not to the stations on the way.
  if (search !== now && location.search === now) {
    history.replaceState(state, "", location.pathname + search);
    history.pushState({ htmx: true }, "", now);
  }
  if (search !== now && !asked) document.dispatchEvent(new CustomEvent("chart:moved"));
}

/** Give up the way: another view came from elsewhere. */
export function forget() {
  clearTimeout(pause);
  clearTimeout(timer);
  drawing?.abort();
  before = wanted = null;
}

let parts = null; // what moves in the present drawing: [element, the pixel where it stands, what of it is as long as time is]

function partsOf() {
  const alone = [...chart().querySelectorAll(MOVES)].filter((element) => !element.parentElement.closest(MOVES));
  const long = (element) => (element.matches(".mark") ? element.querySelectorAll(":scope > :is(path, rect)") : element.matches(".future, .veil") ? [element] : []);
  return alone.map((element) => [element, pixelOfDrawn(element), [...long(element)]]);
}

/** The pixel at which something was drawn: that of its disc, its left edge where it is long. */
function pixelOfDrawn(element) {
  const disc = element.matches(".mark") && !element.matches(".has-bar") ? element.querySelector(":scope > g[transform]") : element;
  const shifted = disc?.transform.baseVal[0]?.matrix.e ?? 0;
  if (disc !== element && disc) return shifted;
  const { x, width } = (element.querySelector(".bar-ground") ?? element).getBBox();
  return shifted + (element.matches(".mark, .future, .veil, .now-flag, text") ? x : x + width / 2);
}

/** Names stand above what moves beneath them. */
function cover() {
  for (const svg of chart().querySelectorAll(".chart-axis, .chart-lanes")) {
    const names = [...svg.querySelectorAll(".lane > :first-child, .undated")].map((head) => `<g class="${head.parentElement.getAttribute("class")}">${head.outerHTML}</g>`);
    svg.insertAdjacentHTML("beforeend", `<g class="names-above" aria-hidden="true"><rect class="names-ground" width="${edges().left}" height="100%"></rect>${names.join("")}</g>`);
    for (const link of svg.lastChild.querySelectorAll("a")) link.removeAttribute("href");
  }
}

/** Move what is drawn to where it stands in the wanted window. Bars and whiskers get as long as they
 * are there; discs and words keep their size. */
function shift(ease) {
  const from = drawn();
  if (!parts) {
    parts = partsOf();
    cover();
  }
  const { left, right } = edges();
  const ratio = (from.end - from.start) / (wanted.end - wanted.start);
  const by = ((from.start - wanted.start) / (wanted.end - wanted.start)) * (right - left);
  const easing = ease && !calm.matches;
  chart().classList.toggle("is-easing", easing);
  for (const [element, x, long] of parts) {
    const to = left + (x - left) * ratio + by;
    element.style.translate = `${to - x}px 0`;
    for (const each of long) {
      each.style.transformOrigin = `${x}px 0`;
      each.style.scale = `${ratio} 1`;
    }
    const gone = (to < left - OUTSIDE && !element.matches(".has-bar")) || to > right + OUTSIDE || (ratio !== 1 && element.matches(".link"));
    element.style.visibility = gone ? "hidden" : "";
  }
}

// --- Drawing it

let drawnFor = selectedRef();
let drawing = null;
let timer;
let askedAt = 0;
let goal = ""; // the mark that gets the focus once it is drawn

/** The width the chart may have; the server is told by a cookie, so that the next page fits. */
function measure() {
  const width = Math.floor(place().clientWidth / 8) * 8;
  if (width) document.cookie = `chart_width=${width}; Path=/; SameSite=Lax; Max-Age=31536000`;
  return width;
}

export function soon() {
  clearTimeout(timer);
  timer = setTimeout(redraw, REDRAW_AFTER);
}

function ask() {
  clearTimeout(timer);
  const wait = askedAt + PACE - performance.now();
  if (wait > 0) timer = setTimeout(redraw, wait);
  else redraw();
}

/** Draw it for the address; the latest asking wins. */
export async function redraw() {
  clearTimeout(timer);
  if (!place() || !roomy.matches) return;
  drawing?.abort();
  const mine = (drawing = new AbortController());
  askedAt = performance.now();
  const asked = location.search;
  const url = new URL(region().dataset.chartUrl, location.href);
  url.search = asked;
  url.searchParams.set("width", measure());
  try {
    const answer = await fetch(url, { signal: mine.signal, headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) throw new Error(answer.statusText);
    const html = await answer.text();
    if (mine.signal.aborted) return;
    // On the way even a window that was left is nearer than what stands there.
    if (location.search !== asked && !before) return soon();
    swap(document.createRange().createContextualFragment(html).firstElementChild);
  } catch (error) {
    if (error.name !== "AbortError") fail();
  }
}

/** Put a drawing in place. The element of the chart stays: a pointer may hold it. */
function swap(fresh) {
  const old = chart();
  const lost = old.contains(document.activeElement) && document.activeElement.dataset;
  const now = fresh.querySelector("#chart");
  for (const { name, value } of now.attributes) if (name !== "class") old.setAttribute(name, value);
  old.classList.remove("is-easing");
  old.replaceChildren(...now.childNodes);
  const strip = place().querySelector(".strip");
  // Nor does it take its handle from who drags one or has come to it by keys.
  if (!grips && !strip.contains(document.activeElement)) {
    strip.replaceWith(fresh.querySelector(".strip"));
    window.htmx.process(place().querySelector(".strip"));
  }
  document.getElementById("chart-failed")?.remove();
  place().dataset.inView = fresh.dataset.inView;
  parts = null;
  // A pointer may have gone on while the answer was on its way.
  if (before && !atRest()) shift(false);
  else if (!before) wanted = null;
  rested();
  if (lost || goal) refocus(lost || {});
}

const atRest = () => {
  const [to, from] = [snapped(wanted), drawn()];
  return to.start === from.start && to.end === from.end;
};

/** What is to be done whenever the chart, or the page around it, was drawn anew. */
function rested() {
  drawnFor = selectedRef();
  document.getElementById("in-view").textContent = place().dataset.inView;
  document.dispatchEvent(new CustomEvent("chart:drawn"));
}

/** The page around the chart came with a chart of its own. */
export function redrawn() {
  forget();
  parts = null;
  if (!place()) return;
  watcher.disconnect();
  watcher.observe(place());
  rested();
}

/** The focus goes to the same mark; where that went into or out of a cluster, to what is nearest. */
function refocus({ ref, refs, lane, t }) {
  const marks = [...chart().querySelectorAll("[data-lane][data-t]")];
  const isOne = (names, mark) => names?.split(" ").includes(mark.dataset.ref);
  const distance = (mark) => Math.abs(mark.dataset.t - t);
  const beside = marks.filter((mark) => mark.dataset.lane === lane).sort((a, b) => distance(a) - distance(b));
  const found =
    (goal && marks.find((mark) => mark.dataset.ref === goal)) ||
    beside.find((mark) => mark.dataset.ref === ref && ref) ||
    marks.find((mark) => isOne(ref, mark)) ||
    beside.find((mark) => isOne(refs, mark)) ||
    beside[0];
  if (goal && found?.dataset.ref === goal) goal = "";
  else if (t === undefined) return;
  found?.focus({ preventScroll: true });
}

/** Give the mark of `ref` the focus when it is drawn next. */
export function focusOn(ref) {
  goal = ref;
}

let failedAt = 0; // the width at which the chart last did not load

function fail() {
  failedAt = measure();
  if (document.getElementById("chart-failed")) return;
  const words = "The chart did not load. The list below is complete. ";
  place().prepend(make("p", { class: "banner error", id: "chart-failed", role: "alert" }, words, button("Try again", redraw, "button small")));
}

const drawnWidth = () => Number(place().querySelector(".chart-lanes, .chart-axis")?.getAttribute("width"));
const watcher = new ResizeObserver(() => {
  if (!roomy.matches || !place()?.clientWidth) return;
  const width = measure();
  // What failed is tried anew at another width, though the chart that stands there may fit that one.
  const again = document.getElementById("chart-failed") && width !== failedAt;
  if (again || Math.abs(width - drawnWidth()) >= 8) soon();
});
if (place()) watcher.observe(place());

/** The links of an event are drawn while it is selected. */
export const reselected = () => selectedRef() !== drawnFor && soon();

// At rest it says what it shows, less "Timeline, ".
const told = () => chart()?.querySelector(".chart-lanes").getAttribute("aria-label").slice(10);
let said = told();
document.addEventListener("chart:drawn", () => isMoving() || told() === said || announce((said = told())));
