// Moving the chart: by wheel, by dragging its ground, by two fingers, and by the controls of the page.
//   Ctrl or ⌘ with the wheel, two fingers on a trackpad   closer, farther, around the pointer
//   the wheel alone   the same, but only after a click into the chart and until the pointer leaves it,
//                     or while a mark has the focus by keys: whoever scrolls past is not held up
//   Shift with the wheel, or the wheel sideways           earlier, later
import { isPlain, roomy } from "./dom.js";
import { chart, hold, instantAt, isMoving, plot, present, release, swallowClick, travel } from "./chart-view.js";
import { around, clamp, pan, windowOf, zoom } from "./chart-window.js";

const LINE = 16; // pixels, where a wheel counts in lines
const NOTCH = 50; // most pixels of a wheel taken at once
const THRESHOLD = 4;
const NARROWEST_PINCH = 16;

let clicked = false; // into the chart, which the pointer has not left since
const engaged = () => clicked || !!chart().querySelector(":focus-visible");

const inPlot = ({ clientX }) => {
  const { left, right, from } = plot();
  // Beside it may stand a scroll bar.
  const edge = chart().getBoundingClientRect().left + chart().clientWidth;
  return clientX >= from + left && clientX <= Math.min(from + right, edge);
};

function wheel(event) {
  if (!inPlot(event)) return;
  const unit = event.deltaMode ? LINE : 1;
  const [x, y] = [event.deltaX * unit, event.deltaY * unit];
  const sideways = event.shiftKey || Math.abs(x) > Math.abs(y);
  const { left, right } = plot();
  if (event.ctrlKey || event.metaKey || (!sideways && engaged())) {
    const factor = Math.exp(-Math.min(Math.max(y, -NOTCH), NOTCH) / 100);
    travel(zoom(present(), factor, instantAt(event.clientX)));
  } else if (sideways) travel(pan(present(), (x || y) / (right - left)));
  else return;
  event.preventDefault();
}

// --- One pointer drags the ground, two fingers pinch it

const held = new Map(); // pointer -> {x: where it is, at: the instant it holds, begun: where it began}
let dragging = false;
let origin = null; // the window before

const grasp = (finger) => Object.assign(finger, { at: instantAt(finger.x) });

function down(event) {
  clicked = true;
  const touch = event.pointerType === "touch";
  // A mark is pressed, and whoever may edit drags it.
  if (event.button || !inPlot(event) || (!touch && event.target.closest("a"))) return;
  if (!held.size) {
    origin = present();
    hold();
  }
  if (!touch) chart().setPointerCapture(event.pointerId);
  held.set(event.pointerId, { x: event.clientX, begun: event.clientX });
  for (const finger of held.values()) grasp(finger);
}

function move(event) {
  const finger = held.get(event.pointerId);
  if (!finger) return;
  if (!event.buttons) return up(event);
  finger.x = event.clientX;
  if (!dragging && held.size === 1 && Math.abs(finger.x - finger.begun) < THRESHOLD) return;
  if (!dragging) {
    dragging = true;
    chart().classList.add("is-held");
    for (const id of held.keys()) chart().setPointerCapture(id);
  }
  const [one, other] = [...held.values()].sort((a, b) => a.at - b.at);
  const { left, right, from } = plot();
  let span = present().end - present().start;
  if (other) {
    if (other.x - one.x < NARROWEST_PINCH) return;
    span = clamp(0, ((other.at - one.at) * (right - left)) / (other.x - one.x)).end;
  }
  travel(clamp(one.at - ((one.x - from - left) / (right - left)) * span, span));
}

function up(event) {
  if (!held.delete(event.pointerId)) return;
  for (const finger of held.values()) grasp(finger);
  if (held.size) return;
  release();
  if (!dragging) return;
  dragging = false;
  chart().classList.remove("is-held");
  swallowClick();
}

/** Let go without an effect: somebody else takes the pointer, or the drag was cancelled. */
export function letGo() {
  if (!held.size) return false;
  held.clear();
  release();
  if (dragging) travel(origin);
  dragging = false;
  chart().classList.remove("is-held");
  return true;
}

document.addEventListener(
  "keydown",
  (event) => {
    if (event.key === "Escape" && dragging && letGo()) event.preventDefault();
  },
  { capture: true },
);

// --- The controls: they lead where they would without script, but only the chart is fetched

/** What stays in its place when the chart is zoomed by keys: a mark, else the middle. */
function fixed() {
  const { start, end } = present();
  const mark = [document.activeElement.closest?.("#chart [data-t]"), chart().querySelector(".is-selected[data-t]")].find(
    (each) => each && each.dataset.t >= start && each.dataset.t < end,
  );
  return mark ? Number(mark.dataset.t) : undefined;
}

function aim(link) {
  if (link.dataset.key === "+") return zoom(present(), 2, fixed());
  if (link.dataset.key === "-") return zoom(present(), 0.5, fixed());
  if (link.dataset.pan) return pan(present(), link.dataset.pan === "later" ? 0.5 : -0.5);
  const href = link.getAttribute("href");
  if (!href.startsWith("?") || !link.matches(".levels a, .cluster, .beyond")) return null;
  const to = windowOf(href);
  // A level was written for the window that the page showed last.
  return to && isMoving() && link.matches(".levels a") ? around(to, fixed() ?? (present().start + present().end) / 2) : to;
}

document.addEventListener(
  "click",
  (event) => {
    if (!isPlain(event) || !roomy.matches || !chart()) return;
    const link = event.target.closest?.("#timeline a[href]");
    const to = link && aim(link);
    if (!to) return;
    event.preventDefault();
    event.stopPropagation();
    travel(to, { ease: true });
  },
  { capture: true },
);

const known = new WeakSet(); // charts that are listened to

function listen() {
  if (!chart() || known.has(chart())) return;
  known.add(chart());
  const on = (names, run, options) => names.split(" ").forEach((name) => chart().addEventListener(name, run, options));
  on("wheel", wheel, { passive: false });
  on("pointerdown", down);
  on("pointermove", move);
  on("pointerup", up);
  on("pointercancel", letGo);
  on("pointerleave", (event) => (clicked &&= event.buttons > 0));
  on("dragstart", (event) => event.preventDefault());
}
document.addEventListener("chart:drawn", listen);
listen();
