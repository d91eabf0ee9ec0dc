// The chart is one tab stop: arrow keys walk between its marks. Inside [data-chart] a mark has
// data-ref, data-lane and data-t (its time, any growing number).

const marksOf = (chart) => [...chart.querySelectorAll("[data-ref][data-lane][data-t]")];
const time = (mark) => Number(mark.dataset.t);

function stopAt(chart, mark) {
  for (const other of marksOf(chart)) other.setAttribute("tabindex", other === mark ? "0" : "-1");
}

function prepare() {
  for (const chart of document.querySelectorAll("[data-chart]")) {
    const marks = marksOf(chart);
    stopAt(chart, marks.find((mark) => mark.getAttribute("aria-current") === "true") ?? marks[0]);
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
  const mark = event.target.closest?.("[data-chart] [data-ref][data-lane]");
  if (!mark) return;
  event.preventDefault();
  const chart = mark.closest("[data-chart]");
  const target = next(chart, mark, event.key);
  if (!target) return;
  stopAt(chart, target);
  target.focus();
});

document.addEventListener("focusin", (event) => {
  const mark = event.target.closest?.("[data-chart] [data-ref][data-lane]");
  if (mark) stopAt(mark.closest("[data-chart]"), mark);
});

document.addEventListener("htmx:after:swap", prepare);
// Sent by whoever draws the chart anew without htmx.
document.addEventListener("chart:drawn", prepare);
prepare();
