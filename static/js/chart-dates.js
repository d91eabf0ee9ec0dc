// Dragging a mark, or an end of a bar or whisker, proposes another date for its event. Nothing is
// saved by that: a bar asks, and what it says is the server's reading. By keys, E on a mark opens the
// field of its date, N a new event of its day. Only who may edit loads this.
import { announce, glyph, isPlain, isTyping, keysOff, make, onFailure, roomy, selectedRef } from "./dom.js";
import { COARSE, dayOf, isSize, snapped } from "./chart-calendar.js";
import { chart, instantAt, pixelOf, place, plot, present, swallowClick } from "./chart-view.js";
import { letGo } from "./chart-moves.js";
import { keepDraft } from "./drafts.js";
import { open } from "./drawer.js";

const THRESHOLD = 5;
const NEAR = 7; // pixels from an end that are taken for it
const LONG_PRESS = 450;

const markOf = (ref) => chart()?.querySelector(`.mark[data-ref="${CSS.escape(ref)}"]`);

// --- What is taken hold of

/** The mark under the pointer and which part of it: {mark, part, x} with the pixel of that part in the
 * drawing; null for none. */
function gripAt({ clientX, clientY, target }) {
  const { left, right, from } = plot();
  const direct = target.closest(".mark[data-ref]");
  if (target.closest(".disc, .kind, circle.hit")) return direct && { mark: direct, part: "whole" };
  for (const extent of chart().querySelectorAll(".mark[data-ref] :is(.whisker, .bar-ground)")) {
    const box = extent.getBoundingClientRect();
    if (Math.abs(clientY - (box.top + box.bottom) / 2) > 12) continue;
    for (const [part, edge] of [["start", box.left - from], ["end", box.right - from]]) {
      // What the window cuts off has no end there.
      if (edge <= left + 1 || edge >= right - 1 || Math.abs(clientX - from - edge) > NEAR) continue;
      return { mark: extent.closest(".mark"), part, x: edge };
    }
  }
  return direct && { mark: direct, part: "whole" };
}

// --- The drag

let drag = null; // {mark, ref, part, x, instant, begun, by, size, ghost, label, moved}
let pressing; // timer of a long press

function take(event, grip) {
  const { mark } = grip;
  // A bar that is moved as a whole is told by its start, or by its end where the window cuts that off.
  const { part, x = pixelOf(Number(mark.dataset.t)) } = grip.part === "whole" ? (endOf(mark) ?? grip) : grip;
  const instant = part === "whole" ? Number(mark.dataset.t) : instantAt(x + plot().from);
  drag = { mark, part: grip.part, edge: part, x, instant, ref: mark.dataset.ref, href: mark.getAttribute("href"), begun: event.clientX, by: 0, size: COARSE[chart().dataset.level], moved: false };
}

/** The first end of a bar that is in the window: {part, x}, null for other marks. */
function endOf(mark) {
  const box = mark.querySelector(".bar-ground")?.getBBox();
  const { left, right } = plot();
  if (!box || (box.x <= left + 1 && box.x + box.width >= right - 1)) return null;
  return box.x > left + 1 ? { part: "start", x: box.x } : { part: "end", x: box.x + box.width };
}

function begin() {
  withdraw();
  drag.moved = true;
  chart().classList.add("is-proposing");
  drag.label = make("p", { class: "ghost-label", "aria-hidden": "true" });
  dress(drag);
  if (/months|years/.test(chart().dataset.level)) learn(drag);
}

/** Add what shows where it would go: a copy of the mark, or the line of an end. */
function dress(one) {
  one.ghost = one.part === "whole" ? copyOf(one.mark) : document.createElementNS("http://www.w3.org/2000/svg", "path");
  one.ghost.classList.add("ghost");
  chart().querySelector(".chart-lanes").append(one.ghost);
  place().append(one.label);
  one.mark.classList.add("is-origin");
}

/** How fine the date may be put at this level depends on how fine it is known. */
async function learn(mine) {
  const { size } = (await ask(mine, 0).catch(() => null))?.dataset ?? {};
  if (isSize(size)) mine.size = size;
}

function copyOf(mark) {
  const copy = document.createElementNS("http://www.w3.org/2000/svg", "g");
  copy.setAttribute("class", mark.getAttribute("class"));
  copy.append(...[...mark.childNodes].map((node) => node.cloneNode(true)));
  for (const label of copy.querySelectorAll(".label")) label.remove();
  const lane = mark.closest(".lane");
  const within = document.createElementNS("http://www.w3.org/2000/svg", "g");
  within.setAttribute("class", lane?.getAttribute("class") ?? "");
  within.setAttribute("aria-hidden", "true");
  within.append(copy);
  return within;
}

function move(event) {
  if (!drag) return;
  if (!drag.moved && Math.abs(event.clientX - drag.begun) < THRESHOLD) return;
  if (!drag.moved) begin();
  const { start, end } = present();
  const { left, right } = plot();
  const by = ((event.clientX - drag.begun) / (right - left)) * (end - start);
  const to = snapped(drag.instant + by, drag.edge, drag.size);
  drag.by = Math.round(by);
  drag.to = to.instant;
  drag.words = `${{ start: "from ", end: "to " }[drag.edge] ?? ""}${to.words}`;
  draw(drag);
}

/** Show the ghost and its words where they are now. */
function draw({ ghost, label, part, to, x, mark, words }) {
  const at = pixelOf(to);
  const box = mark.getBBox();
  if (part === "whole") ghost.style.translate = `${at - x}px 0`;
  else ghost.setAttribute("d", `M${x} ${box.y + box.height / 2}H${at}M${at} ${box.y - 2}V${box.y + box.height + 2}`);
  label.textContent = words;
  const lanes = chart().querySelector(".chart-lanes").getBoundingClientRect();
  const region = place().getBoundingClientRect();
  const above = lanes.top - region.top + box.y - label.offsetHeight - 4;
  label.style.left = `${Math.min(Math.max(at + lanes.left - region.left - label.offsetWidth / 2, 4), region.width - label.offsetWidth - 4)}px`;
  label.style.top = `${above > 0 ? above : lanes.top - region.top + box.y + box.height + 4}px`;
}

/** Take away what the drag showed. */
function clear(one) {
  one?.ghost?.remove();
  one?.label?.remove();
  for (const mark of document.querySelectorAll(".is-origin")) mark.classList.remove("is-origin");
  chart()?.classList.remove("is-proposing");
}

function drop() {
  clearTimeout(pressing);
  const mine = drag;
  drag = null;
  if (!mine?.moved) return;
  swallowClick();
  if (mine.words.endsWith(snapped(mine.instant, mine.edge, mine.size).words)) return clear(mine);
  propose(mine);
}

function cancel() {
  clearTimeout(pressing);
  clear(drag);
  drag = null;
}

document.addEventListener(
  "pointerdown",
  (event) => {
    if (event.button || drag || !roomy.matches || !event.target.closest?.("#chart")) return;
    const grip = gripAt(event);
    if (!grip) return;
    if (event.pointerType === "touch") {
      // A finger moves the chart, unless it rests on a mark first.
      const { pointerId, clientX } = event;
      pressing = setTimeout(() => {
        letGo();
        take({ clientX }, grip);
        chart().setPointerCapture(pointerId);
        begin();
        move({ clientX });
        navigator.vibrate?.(10);
      }, LONG_PRESS);
      return;
    }
    // The ground beside the end of a whisker is not dragged then.
    if (!event.target.closest("a")) event.stopPropagation();
    take(event, grip);
  },
  { capture: true },
);
document.addEventListener("pointermove", (event) => {
  if (Math.abs(event.movementX) + Math.abs(event.movementY) > 2) clearTimeout(pressing);
  move(event);
});
document.addEventListener("pointerup", drop);
document.addEventListener("pointercancel", cancel);
document.addEventListener("touchmove", (event) => drag && event.preventDefault(), { passive: false });
document.addEventListener("contextmenu", (event) => drag && event.preventDefault());

// --- The bar that asks

let bar = null;
let proposed = null; // what the bar is about

async function ask({ href, part, instant }, by) {
  const url = new URL("moved-date", new URL(href, location.href));
  const query = { part, by, level: chart().dataset.level, start: Math.round(instant) };
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  const answer = await fetch(url, { headers: { Accept: "text/html", "HX-Request": "true" } });
  if (!answer.ok && answer.status !== 422) throw new Error(answer.statusText);
  return document.createRange().createContextualFragment(await answer.text()).querySelector("#moved-date");
}

async function propose(mine) {
  proposed = mine;
  let found;
  try {
    found = await ask(mine, mine.by);
  } catch {
    clear(mine);
    if (proposed === mine) proposed = null;
    return tell("The date could not be read: the server did not answer. Nothing was changed.");
  }
  if (proposed !== mine) return;
  bar = found;
  document.getElementById("main").append(bar);
  window.htmx.process(bar);
  stand();
  (bar.querySelector("button.primary") ?? bar.querySelector("[data-as-text]")).focus({ preventScroll: true });
  announce(bar.querySelector("h2").textContent);
}

/** Put the bar over the lower edge of the chart. */
function stand() {
  const main = document.getElementById("main").getBoundingClientRect();
  const box = place().querySelector(".strip").getBoundingClientRect();
  bar.style.top = `${box.top - main.top + 8}px`;
}

function withdraw() {
  clear(proposed);
  bar?.remove();
  bar = proposed = null;
}

function stay() {
  const { ref } = proposed;
  withdraw();
  markOf(ref)?.focus({ preventScroll: true });
}

// A chart that was drawn anew has neither ghost nor origin.
document.addEventListener("chart:drawn", () => {
  if (drag) cancel();
  if (!proposed) return;
  if (bar) stand();
  clear(proposed);
  proposed.mark = markOf(proposed.ref);
  if (!proposed.mark) return;
  proposed.x = pixelOf(proposed.instant);
  dress(proposed);
  draw(proposed);
});

function tell(words) {
  const box = bar?.querySelector("div");
  if (!box) return document.getElementById("toasts").append(make("div", { class: "toast is-error", "data-toast": "" }, glyph("ui-warn"), make("p", {}, words)));
  box.querySelector(".is-error")?.remove();
  box.append(make("p", { class: "is-error", role: "alert" }, words));
}

const isOurs = (element) => !!element?.closest?.("#moved-date");

document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
  if (isOurs(ctx.sourceElement)) bar.querySelector("button.primary")?.setAttribute("aria-busy", "true");
});

document.addEventListener("htmx:after:request", ({ detail: { ctx } }) => {
  if (!isOurs(ctx.sourceElement) || !ctx.response) return;
  const { status } = ctx.response;
  // Others saved the date meanwhile: sent as a page, the same leads to the merge page.
  if (status === 409 || (status && ctx.response.headers?.has?.("Signed-Out"))) return bar.querySelector("form").submit();
  if (status === 422) return tell("This date was refused. Edit it as text to see why.");
  if (status >= 400) return;
  const { ref, href } = proposed;
  keepDraft(bar.dataset.field, null);
  withdraw();
  announce("Saved");
  if (selectedRef() === ref) open(ref, href, { push: false });
  document.addEventListener("chart:drawn", () => markOf(ref)?.focus({ preventScroll: true }), { once: true });
});

onFailure(isOurs, (_, how, status) => {
  bar?.querySelector("button.primary")?.removeAttribute("aria-busy");
  if (![409, 422].includes(status)) tell(`Not saved. ${how} The proposal is kept.`);
});

// --- As text

/** Open the field of the date in the drawer; `text` goes into it as if it had been typed. */
function editText(ref, href, from, { field, text, version } = {}) {
  if (text) keepDraft(field, true, JSON.stringify([["when", text]]), version);
  const edit = () => document.querySelector(`#drawer #${CSS.escape(ref)}-when .field-edit`);
  if (selectedRef() === ref && edit()) return edit().click();
  document.addEventListener("drawer:opened", () => edit()?.click(), { once: true });
  open(ref, href, { from });
}

document.addEventListener("click", (event) => {
  if (!bar || !isPlain(event) || !bar.contains(event.target)) return;
  if (event.target.closest("[data-stay]")) stay();
  else if (event.target.closest("[data-as-text]")) {
    event.preventDefault();
    const { ref, href } = proposed;
    const { dataset } = bar;
    withdraw();
    editText(ref, href, markOf(ref), dataset);
  }
});

document.addEventListener(
  "keydown",
  (event) => {
    if (event.key === "Escape" && (drag?.moved || bar)) {
      event.preventDefault();
      if (drag?.moved) cancel();
      else stay();
    }
    const mark = event.target.closest?.("#chart .mark[data-t]");
    if (!mark || event.ctrlKey || event.metaKey || event.altKey || keysOff() || isTyping(event.target)) return;
    const create = document.querySelector('#timeline [data-key="n"]');
    if (event.key.toLowerCase() === "e" && mark.dataset.ref) editText(mark.dataset.ref, mark.getAttribute("href"), mark);
    else if (event.key.toLowerCase() === "n" && create) {
      const url = new URL(create.href);
      url.searchParams.set("when", dayOf(Number(mark.dataset.t)));
      location.assign(url);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  },
  { capture: true },
);
