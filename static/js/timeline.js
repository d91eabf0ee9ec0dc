// The timeline: the chart drawn at the width there is, and drawn anew when what it shows changes.
// Zooming, filters and pages of the list are links and a form that htmx swaps; without script they
// are plain ones.
import "./chart-keys.js";
import { button, isPlain, isTyping, keysOff, make, roomy, selectedRef } from "./dom.js";
import { open } from "./drawer.js";

const REDRAW_AFTER = 120;
const NARROWEST_SPAN = 24; // pixels of the strip a window is at least wide
const region = () => document.getElementById("timeline");
const place = () => document.getElementById("chart-region");

// --- The chart alone

let drawnFor = selectedRef();
let drawing = null;
let timer;

/** The width the chart may have; the server is told by a cookie, so that the next page fits. */
function measure() {
  const width = Math.floor(place().clientWidth / 8) * 8;
  if (width) document.cookie = `chart_width=${width}; Path=/; SameSite=Lax; Max-Age=31536000`;
  return width;
}

async function redraw() {
  clearTimeout(timer);
  if (!place() || !roomy.matches) return;
  drawing?.abort();
  drawing = new AbortController();
  const asked = location.search;
  const url = new URL(region().dataset.chartUrl, location.href);
  url.search = asked;
  url.searchParams.set("width", measure());
  try {
    const answer = await fetch(url, { signal: drawing.signal, headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) throw new Error(answer.statusText);
    const html = await answer.text();
    if (location.search !== asked) return soon();
    const focused = place().contains(document.activeElement) && document.activeElement.dataset.ref;
    const scrolled = place().querySelector(".chart")?.scrollTop ?? 0;
    const fresh = document.createRange().createContextualFragment(html).firstElementChild;
    place().replaceWith(fresh);
    watcher.observe(fresh);
    window.htmx.process(fresh);
    fresh.querySelector(".chart").scrollTop = scrolled;
    drawnFor = selectedRef();
    document.getElementById("in-view").textContent = fresh.dataset.inView;
    document.dispatchEvent(new CustomEvent("chart:drawn"));
    if (focused) fresh.querySelector(`[data-ref="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  } catch (error) {
    if (error.name !== "AbortError") fail();
  }
}

let failedAt = 0; // the width at which the chart last did not load

function fail() {
  failedAt = measure();
  if (document.getElementById("chart-failed")) return;
  const words = "The chart did not load. The list below is complete. ";
  place().prepend(make("p", { class: "banner error", id: "chart-failed", role: "alert" }, words, button("Try again", redraw, "button small")));
}

const soon = () => {
  clearTimeout(timer);
  timer = setTimeout(redraw, REDRAW_AFTER);
};

const drawnWidth = () => Number(place().querySelector(".chart-lanes, .chart-axis")?.getAttribute("width"));
const watcher = new ResizeObserver(() => {
  if (!roomy.matches || !place()?.clientWidth) return;
  const width = measure();
  // What failed is tried anew at another width, though the chart that stands there may fit that one.
  const again = document.getElementById("chart-failed") && width !== failedAt;
  if (again || Math.abs(width - drawnWidth()) >= 8) soon();
});
if (place()) watcher.observe(place());

// The links of an event are drawn while it is selected: the drawer tells when that changes. Its
// content comes before its address does, by a moment or, while it shows that it is loading, by more.
const reselected = () => selectedRef() !== drawnFor && soon();
new MutationObserver(reselected).observe(document.getElementById("drawer"), { childList: true });
document.addEventListener("drawer:opened", reselected);

// --- The whole region

/** Show another window or filter; `query` starts with "?". */
function show(query, push = "true") {
  window.htmx.ajax("GET", location.pathname + query, { source: region(), target: region(), swap: "outerMorph", push });
}

/** Links were written before the selection changed; the address has it. */
document.addEventListener("htmx:config:request", (event) => {
  const { ctx } = event.detail;
  if (ctx.target !== region()) return;
  const url = new URL(ctx.request.action, location.href);
  url.searchParams.delete("selected");
  ctx.request.body?.delete("selected");
  if (selectedRef()) ctx.request.body.set("selected", selectedRef());
  // Empty fields of the form would only lengthen the address.
  for (const [name, value] of [...(ctx.request.body ?? [])]) if (value === "") ctx.request.body.delete(name);
  ctx.request.action = url.pathname + url.search;
});

// On narrow screens the filters fold; they stay open while one ticks one box after the other.
let unfolded = false;
document.addEventListener("htmx:before:swap", () => (unfolded = document.getElementById("rail")?.open ?? false));

document.addEventListener("htmx:after:swap", (event) => {
  if (event.detail.ctx.target?.id !== "timeline" && event.detail.ctx.target !== document.body) return;
  // A morph changes attributes; what was typed or ticked since is the browser's own.
  for (const box of region()?.querySelectorAll("#rail input[type=checkbox]") ?? []) box.checked = box.hasAttribute("checked");
  const words = region()?.querySelector("#rail input[name=q]");
  if (words && words !== document.activeElement) words.value = words.getAttribute("value") ?? "";
  // A chart still on its way belongs to what was shown before.
  drawing?.abort();
  clearTimeout(timer);
  if (unfolded && document.getElementById("rail")) document.getElementById("rail").open = true;
  if (place()) {
    watcher.disconnect();
    watcher.observe(place());
  }
  drawnFor = selectedRef();
  document.dispatchEvent(new CustomEvent("chart:drawn"));
});

// Others changed something; live.js waits until the pointer and the focus are elsewhere.
document.addEventListener("live:changed", soon);

// A record was saved, here or in the drawer: chart, counts and rows follow.
document.addEventListener("record-changed", () => region() && show(location.search, "false"));

document.addEventListener("click", (event) => {
  if (!isPlain(event)) return;
  const link = event.target.closest?.("#chart-region svg a");
  const href = link?.getAttribute("href");
  if (!href) return;
  if (link.dataset.ref && roomy.matches) {
    event.preventDefault();
    open(link.dataset.ref, href, { focus: event.detail === 0, from: link });
  } else if (href.startsWith("?")) {
    event.preventDefault();
    show(href);
  }
});

document.addEventListener("keydown", (event) => {
  if (!event.shiftKey || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  const way = { ArrowLeft: "earlier", ArrowRight: "later" }[event.key];
  if (!way || keysOff()) return;
  event.preventDefault();
  document.querySelector(`[data-pan="${way}"]`)?.click();
});

// --- The strip of all dates: its window can be dragged, by an end or as a whole

const instant = (text) => Date.parse(text.includes("T") ? text : `${text}T00:00Z`);
const written = (time) => new Date(Math.round(time / 3_600_000) * 3_600_000).toISOString().slice(0, 16) + "Z";

document.addEventListener("pointerdown", (event) => {
  const grip = event.target.closest?.("[data-handle], [data-brush]");
  const strip = grip?.closest("[data-overview]");
  if (!strip || event.button) return;
  const [from, to] = [instant(strip.dataset.from), instant(strip.dataset.to)];
  if (!Number.isFinite(from) || !Number.isFinite(to)) return;
  event.preventDefault();
  const box = strip.getBoundingClientRect();
  const unit = (strip.viewBox.baseVal?.width || box.width) / box.width;
  const [left, right] = [Number(strip.dataset.left), Number(strip.dataset.right)];
  const brush = strip.querySelector("[data-brush]");
  const begun = { start: Number(brush.getAttribute("x")), width: Number(brush.getAttribute("width")), x: event.clientX };
  const which = grip.dataset.handle;
  let now = { start: begun.start, end: begun.start + begun.width };
  let moved = false;
  const move = (at) => {
    const by = (at.clientX - begun.x) * unit;
    moved ||= Math.abs(by) > 2;
    let [start, end] = [begun.start, begun.start + begun.width];
    if (which !== "to") start += by;
    if (which !== "from") end += by;
    if (which === "from") start = Math.min(Math.max(start, left), end - NARROWEST_SPAN);
    else if (which === "to") end = Math.max(Math.min(end, right), start + NARROWEST_SPAN);
    else [start, end] = [Math.min(Math.max(start, left), right - begun.width), Math.min(Math.max(end, left + begun.width), right)];
    now = { start, end };
    brush.setAttribute("x", start);
    brush.setAttribute("width", end - start);
    for (const [name, x] of [["from", start], ["to", end]]) {
      strip.querySelector(`[data-handle="${name}"]`)?.setAttribute("transform", `translate(${x} 17)`);
    }
  };
  const time = (x) => from + ((x - left) / (right - left)) * (to - from);
  const stop = new AbortController();
  addEventListener("pointermove", move, { signal: stop.signal });
  addEventListener("pointercancel", () => (stop.abort(), redraw()), { signal: stop.signal });
  addEventListener(
    "pointerup",
    () => {
      stop.abort();
      if (!moved) return;
      const query = new URLSearchParams(location.search);
      for (const name of ["level", "after"]) query.delete(name);
      query.set("from", written(time(now.start)));
      query.set("to", written(time(now.end)));
      show(`?${query}`);
    },
    { signal: stop.signal },
  );
});
