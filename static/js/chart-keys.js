// The chart is one tab stop: arrow keys walk between its marks and pills. Inside [data-chart] these
// are links with data-lane and data-t (its time, any growing number). R goes along the links of the
// selected event to its first response, Shift R back to what it answers.
import { announce, isTyping, keysOff, roomy, selectedRef } from "./dom.js";
import { open } from "./drawer.js";
import { focusOn, present, travel } from "./chart-view.js";
import { around } from "./chart-window.js";

const MARK = "a[data-lane][data-t]";
const marksOf = (chart) => [...chart.querySelectorAll(MARK)];
const time = (mark) => Number(mark.dataset.t);

function stopAt(chart, mark) {
  for (const other of marksOf(chart)) other.setAttribute("tabindex", other === mark ? "0" : "-1");
}

function prepare() {
  for (const chart of document.querySelectorAll("[data-chart]")) {
    const marks = marksOf(chart);
    const here = marks.find((mark) => mark === document.activeElement);
    stopAt(chart, here ?? marks.find((mark) => mark.getAttribute("aria-current") === "true") ?? marks[0]);
  }
}

function nearest(marks, to) {
  return marks.reduce((best, mark) => (Math.abs(time(mark) - time(to)) < Math.abs(time(best) - time(to)) ? mark : best));
}

function next(chart, mark, pressed) {
  const marks = marksOf(chart);
  const lanes = [...new Set(marks.map((other) => other.dataset.lane))];
  const lane = marks.filter((other) => other.dataset.lane === mark.dataset.lane).sort((a, b) => time(a) - time(b));
  const at = lane.indexOf(mark);
  if (pressed === "ArrowRight") return lane[at + 1];
  if (pressed === "ArrowLeft") return lane[at - 1];
  if (pressed === "Home") return lane[0];
  if (pressed === "End") return lane.at(-1);
  const other = lanes[lanes.indexOf(mark.dataset.lane) + (pressed === "ArrowDown" ? 1 : -1)];
  return other === undefined ? undefined : nearest(marks.filter((candidate) => candidate.dataset.lane === other), mark);
}

document.addEventListener("keydown", (event) => {
  if (event.shiftKey || event.ctrlKey || event.metaKey || event.altKey) return;
  if (!["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End"].includes(event.key)) return;
  const mark = event.target.closest?.(`[data-chart] ${MARK}`);
  if (!mark) return;
  event.preventDefault();
  const chart = mark.closest("[data-chart]");
  const target = next(chart, mark, event.key);
  if (!target) return;
  stopAt(chart, target);
  target.focus();
});

// --- Along the links. The drawer of the selected event lists them, the earliest response first.

function follow(back) {
  const links = document.querySelector(`#drawer [data-links="${back ? "responds_to" : "responds_to-back"}"]`);
  const to = links?.querySelector("[data-drawer]");
  if (!to) return announce(back ? `${selectedRef()} answers nothing` : `No response to ${selectedRef()}`);
  const { drawer: ref, at } = to.dataset;
  const inChart = document.activeElement.closest("[data-chart]");
  if (inChart) focusOn(ref);
  open(ref, to.getAttribute("href"), { from: inChart ? document.activeElement : undefined });
  const { start, end } = present();
  const outside = at !== "None" && at !== "" && !(start <= at && at < end);
  if (outside) document.addEventListener("drawer:opened", () => travel(around(present(), Number(at)), { ease: true }), { once: true });
}

document.addEventListener(
  "keydown",
  (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || keysOff() || isTyping(event.target) || !roomy.matches) return;
    if (event.key.toLowerCase() === "r" && selectedRef() && document.querySelector("#drawer .links")) {
      event.preventDefault();
      follow(event.shiftKey);
    }
  },
  { capture: true },
);

document.addEventListener("focusin", (event) => {
  const mark = event.target.closest?.(`[data-chart] ${MARK}`);
  if (mark) stopAt(mark.closest("[data-chart]"), mark);
});

document.addEventListener("htmx:after:swap", prepare);
// Sent by whoever draws the chart anew without htmx.
document.addEventListener("chart:drawn", prepare);
prepare();
