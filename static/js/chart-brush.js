// The strip of all dates: its window can be dragged, by an end or as a whole, and its ends are
// sliders for the keyboard. The chart follows at once.
import { hold, present, release, travel } from "./chart-view.js";
import { HOUR, parse } from "./chart-window.js";
import { isVisible } from "./dom.js";

const NARROWEST = 24; // pixels of the strip a window is at least wide
const STEP = 8; // pixels of an arrow key
const ENDS = { from: "Start of the window", to: "End of the window" };
const PARTS = { weekday: "short", day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit" };
let day; // says an instant in the dossier's zone

/** What a strip shows: {left, right} in pixels of its drawing, {from, to} in seconds. */
function measures({ dataset }) {
  const [left, right, from, to] = [Number(dataset.left), Number(dataset.right), parse(dataset.from), parse(dataset.to)];
  const unit = (to - from) / (right - left);
  return { left, right, from, to, x: (instant) => left + (instant - from) / unit, instant: (x) => from + (x - left) * unit };
}

/** The pixels of the window in a strip, its ends at its edges where it goes on beyond them. */
function ends(strip) {
  const { left, right, x } = measures(strip);
  const { start, end } = present();
  const from = Math.min(Math.max(x(start), left), right - NARROWEST);
  return [from, Math.max(Math.min(x(end), right), from + NARROWEST)];
}

/** Draw the window of each strip where it is, and say it. */
function follow() {
  day ??= new Intl.DateTimeFormat("en-GB", { ...PARTS, timeZone: document.getElementById("timeline").dataset.zone });
  for (const strip of document.querySelectorAll("[data-overview]")) {
    const { from, to } = measures(strip);
    if (!(from < to)) continue;
    const [start, end] = ends(strip);
    strip.setAttribute("role", "group"); // A picture could have nothing in it that is used.
    const brush = strip.querySelector("[data-brush]");
    brush.setAttribute("x", start);
    brush.setAttribute("width", end - start);
    for (const [name, x, instant] of [["from", start, present().start], ["to", end, present().end]]) {
      const handle = strip.querySelector(`[data-handle="${name}"]`);
      const said = { role: "slider", tabindex: "0", "aria-label": ENDS[name], "aria-valuemin": from, "aria-valuemax": to };
      said["aria-valuenow"] = Math.round(Math.min(Math.max(instant, from), to));
      said["aria-valuetext"] = day.format(new Date(instant * 1000)).replace(",", "");
      said.transform = `translate(${x} 17)`;
      for (const [key, value] of Object.entries(said)) handle.setAttribute(key, value);
    }
  }
}

/** Show the window between two pixels of a strip; `which` end moved, "" for both. */
function show(strip, which, start, end) {
  const { instant } = measures(strip);
  const at = (x) => Math.round(instant(x) / HOUR) * HOUR;
  const was = present();
  travel({ start: which === "to" ? was.start : at(start), end: which === "from" ? was.end : at(end) });
}

/** Move the window that stood between two pixels, or `which` end of it, by so many pixels. */
function shift(strip, which, start, end, by) {
  const { left, right } = measures(strip);
  const within = Math.min(Math.max(by, left - start), right - end);
  if (which === "from") show(strip, which, Math.min(Math.max(start + by, left), end - NARROWEST), end);
  else if (which === "to") show(strip, which, start, Math.max(Math.min(end + by, right), start + NARROWEST));
  else show(strip, which, start + within, end + within);
}

document.addEventListener("pointerdown", (event) => {
  const grip = event.target.closest?.("[data-handle], [data-brush]");
  const strip = grip?.closest("[data-overview]");
  if (!strip || event.button) return;
  const { left, right } = measures(strip);
  if (!(left < right)) return;
  event.preventDefault();
  const which = grip.dataset.handle ?? "";
  const [start, end] = ends(strip);
  const unit = (strip.viewBox.baseVal?.width || strip.clientWidth) / strip.getBoundingClientRect().width;
  const origin = present();
  let moved = false;
  hold();
  const move = ({ clientX }) => {
    const by = (clientX - event.clientX) * unit;
    moved ||= Math.abs(by) > 2;
    if (moved) shift(strip, which, start, end, by);
  };
  const stop = new AbortController();
  const done = () => (stop.abort(), release());
  const cancel = () => (moved && travel(origin), done());
  const options = { signal: stop.signal };
  addEventListener("pointermove", move, options);
  addEventListener("pointerup", done, options);
  addEventListener("pointercancel", cancel, options);
  addEventListener("keydown", (key) => key.key === "Escape" && (key.preventDefault(), cancel()), { ...options, capture: true });
});

document.addEventListener("keydown", (event) => {
  const handle = event.target.closest?.("[data-handle]");
  if (!handle || event.shiftKey || event.ctrlKey || event.metaKey || event.altKey) return;
  const strip = handle.closest("[data-overview]");
  const by = { ArrowLeft: -STEP, ArrowDown: -STEP, ArrowRight: STEP, ArrowUp: STEP, PageDown: -5 * STEP, PageUp: 5 * STEP, Home: -Infinity, End: Infinity }[event.key];
  if (!by) return;
  event.preventDefault();
  shift(strip, handle.dataset.handle, ...ends(strip), by);
});

for (const name of ["chart:drawn", "chart:moving"]) document.addEventListener(name, follow);
follow();

// The page as it comes from the server has no sliders: whoever is at one stays there.
let at = null;
document.addEventListener("htmx:before:swap", () => (at = document.activeElement.closest?.("[data-handle]")?.dataset.handle));
document.addEventListener("chart:drawn", () => {
  const handle = at && [...document.querySelectorAll(`[data-handle="${at}"]`)].find(isVisible);
  at = null;
  if (handle && [document.body, null].includes(document.activeElement)) handle.focus({ preventScroll: true });
});
