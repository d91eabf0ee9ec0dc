// The timeline: what the page around the chart does. Filters, pages of the list and the way to all
// dates are links and a form that htmx swaps; without script they are plain ones.
import "./chart-brush.js";
import "./chart-keys.js";
import "./chart-moves.js";
import { forget, isMoving, redraw, redrawn, reselected, settle, soon } from "./chart-view.js";
import { isPlain, isTyping, keysOff, roomy, selectedRef } from "./dom.js";
import { open } from "./drawer.js";

const region = () => document.getElementById("timeline");

// The drawer tells when what is selected changes. Its content comes before its address does, by a
// moment or, while it shows that it is loading, by more.
new MutationObserver(reselected).observe(document.getElementById("drawer"), { childList: true });
document.addEventListener("drawer:opened", reselected);

// --- The whole region

/** Show another window or filter; `query` starts with "?". */
function show(query, push = "true") {
  window.htmx.ajax("GET", location.pathname + query, { source: region(), target: region(), swap: "outerMorph", push });
}

// The list, the counts and the strip follow the chart once it rests.
document.addEventListener("chart:moved", () => show(location.search, "false"));

/** Whether an answer is of a window that the chart has left since; another one follows. */
function isOutrun(ctx) {
  if (ctx.target !== region() || !ctx.response?.raw) return false;
  const [shown, here] = [new URL(ctx.response.raw.url).searchParams, new URL(location.href).searchParams];
  return isMoving() || ["from", "to"].some((name) => shown.get(name) !== here.get(name));
}

/** What an address asks for: the window with the page of its list, and all else. */
function viewed() {
  const query = new URLSearchParams(location.search);
  const window = ["from", "to", "level", "after"].map((name) => query.get(name)).join(" ");
  for (const name of ["from", "to", "level", "after"]) query.delete(name);
  return { window, rest: `${query}` };
}
let shown = viewed();
document.addEventListener("chart:drawn", () => (shown = viewed()));

// Back and forward between windows need no new page.
document.addEventListener("htmx:before:history:restore", (event) => {
  if (!region()) return;
  forget();
  const { window, rest } = viewed();
  if (rest === shown.rest) event.preventDefault();
  // Between selections the drawer has done its part; the window may be another, too.
  if (!event.defaultPrevented || window === shown.window) return;
  redraw();
  show(location.search, "false");
});

/** Links were written before the selection changed; the address has it. */
document.addEventListener("htmx:config:request", (event) => {
  const { ctx } = event.detail;
  if (ctx.target !== region()) return;
  // A link or the form leads on from where the chart goes.
  if (ctx.sourceElement !== region()) settle(true);
  const url = new URL(ctx.request.action, location.href);
  url.searchParams.delete("selected");
  ctx.request.body?.delete("selected");
  if (selectedRef()) ctx.request.body.set("selected", selectedRef());
  // Empty fields of the form would only lengthen the address.
  for (const [name, value] of [...(ctx.request.body ?? [])]) if (value === "") ctx.request.body.delete(name);
  ctx.request.action = url.pathname + url.search;
});

// What is unfolded stays so while one ticks one box after the other, or moves lanes step by step.
let unfolded = [];
document.addEventListener("htmx:before:swap", (event) => {
  unfolded = [...(region()?.querySelectorAll("details[open][id]") ?? [])].map((one) => one.id);
  if (isOutrun(event.detail.ctx)) event.preventDefault();
});

document.addEventListener("htmx:after:swap", (event) => {
  if (event.detail.ctx.target?.id !== "timeline" && event.detail.ctx.target !== document.body) return;
  // A morph changes attributes; what was typed or ticked since is the browser's own.
  for (const box of region()?.querySelectorAll("#rail input[type=checkbox]") ?? []) box.checked = box.hasAttribute("checked");
  const words = region()?.querySelector("#rail input[name=q]");
  if (words && words !== document.activeElement) words.value = words.getAttribute("value") ?? "";
  for (const one of unfolded.map((id) => document.getElementById(id))) if (one) one.open = true;
  shown = viewed();
  // A chart still on its way belongs to what was shown before.
  redrawn();
  // A further page of the list begins where one looks.
  if (event.detail.ctx.sourceElement?.closest?.(".pagination")) toList();
});

function toList() {
  const list = document.getElementById("list");
  list.focus({ preventScroll: true });
  list.scrollIntoView();
}

// Others changed something; live.js waits until the pointer and the focus are elsewhere.
document.addEventListener("live:changed", soon);

// A record was saved, here or in the drawer: chart, counts and rows follow.
document.addEventListener("record-changed", () => region() && show(location.search, "false"));

document.addEventListener("click", (event) => {
  if (!isPlain(event)) return;
  const link = event.target.closest?.("#chart-region svg a");
  const href = link?.getAttribute("href");
  if (!href) return;
  if (link.matches(".undated, .cluster") && href.includes("undated=1") && document.getElementById("undated")) {
    // They are on this page of the list.
    event.preventDefault();
    location.hash = "undated";
  } else if (link.dataset.ref && roomy.matches) {
    event.preventDefault();
    open(link.dataset.ref, href, { focus: event.detail === 0, from: link });
  } else if (href.startsWith("?")) {
    event.preventDefault();
    show(href);
  }
});

// Downloads are of this view.
const aim = () => document.querySelectorAll(".download a").forEach((link) => (link.search = location.search));
document.addEventListener("toggle", aim, true);

document.addEventListener("keydown", (event) => {
  if (!event.shiftKey || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  const way = { ArrowLeft: "earlier", ArrowRight: "later" }[event.key];
  if (!way || keysOff()) return;
  event.preventDefault();
  document.querySelector(`[data-pan="${way}"]`)?.click();
});
