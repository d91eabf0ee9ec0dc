// Words of a source's text are selected, by pointer or by keyboard alone, and a bar offers what to
// record of them. The form comes into the margin (#marking). Offsets are counted in code points of
// the text, while browsers count UTF-16; the text of each paragraph is exactly that of its <p>.
//   <li data-start="120"><p>…</p></li>   a paragraph that begins at code point 120
// Told to reader scripts: "reader:layout" when the form comes or goes, "reader:marked" {id} after saving.
import { announce, focusFirst, glyph, isPlain, isSending, isTyping, key, keysOff, make, onFailure } from "./dom.js";
import { forgetSaved } from "./drafts.js";
import "./newcomers.js";
import { marking, reader } from "./reader-parts.js";
import { toast } from "./toast.js";

const KINDS = {
  e: ["event", "Event", "ui-timeline"],
  p: ["position", "Position", "stance-cond"],
  c: ["commitment", "Commitment", "ui-target"],
  q: ["passage", "Quote only", "ui-quote"],
  v: ["evidence", "Evidence for…", "ui-link"],
};
const GAP = 8; // px between the bar and the words
const SETTLED = 150; // ms without a change after which a selection is taken as made

const mayMark = () => !!reader()?.dataset.markUrl;
const paragraphs = () => [...reader().querySelectorAll(".text > li[data-start] > p")];
const pointsIn = (text) => [...text].length;

let chosen = null; // {start, end, range}: the words selected, in code points
let isDown = false; // a pointer is drawing the selection
let pair = null; // marking by keyboard: [anchor, head], each {p, at}: the word at an index of a paragraph
let back = null; // where the focus returns to when the form is closed

// --- From a selection to code points of the text

/** Code points of a paragraph before a place in it. */
function pointsBefore(paragraph, node, offset) {
  const range = document.createRange();
  range.selectNodeContents(paragraph);
  range.setEnd(node, offset);
  return pointsIn(range.toString());
}

/** The part of a range that lies in the text, as {start, end, range}; null where there is none. */
function within(range) {
  const touched = paragraphs().filter((paragraph) => range.intersectsNode(paragraph));
  if (!touched.length) return null;
  const [first, last] = [touched[0], touched.at(-1)];
  const startOf = (paragraph) => Number(paragraph.parentElement.dataset.start);
  const isFrom = first.contains(range.startContainer);
  const isTo = last.contains(range.endContainer);
  const start = startOf(first) + (isFrom ? pointsBefore(first, range.startContainer, range.startOffset) : 0);
  const end = startOf(last) + (isTo ? pointsBefore(last, range.endContainer, range.endOffset) : pointsIn(last.textContent));
  const inside = range.cloneRange();
  if (!isFrom) inside.setStart(first, 0);
  if (!isTo) inside.setEnd(last, last.childNodes.length);
  return end > start && /[\p{L}\p{N}]/u.test(inside.toString()) ? { start, end, range: inside } : null;
}

function selected() {
  const selection = getSelection();
  if (!mayMark() || !selection.rangeCount || selection.isCollapsed) return null;
  return within(selection.getRangeAt(0));
}

// --- The bar

const bar = make("div", { class: "selection-bar", role: "toolbar", "aria-label": "Record the selected words" });
for (const [letter, [noun, words, sign]] of Object.entries(KINDS)) {
  const choice = make("button", { type: "button", "data-noun": noun, "aria-keyshortcuts": letter.toUpperCase() }, glyph(sign), make("span", {}, words), key(letter.toUpperCase()));
  choice.addEventListener("click", () => record(noun));
  bar.append(choice);
}
// A press on the bar leaves the words selected.
bar.addEventListener("mousedown", (event) => event.preventDefault());
bar.addEventListener("keydown", (event) => {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  const all = [...bar.children];
  all[(all.indexOf(document.activeElement) + step + all.length) % all.length].focus();
  event.preventDefault();
});

const meets = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

/** Stand above the words, below them where that would cover a mark. */
function place() {
  const rects = [...chosen.range.getClientRects()].filter((rect) => rect.width);
  if (!rects.length) return;
  const paragraph = chosen.range.endContainer.parentElement.closest("li[data-start]") ?? paragraphs()[0].parentElement;
  if (bar.parentElement !== paragraph) paragraph.append(bar);
  const [own, box] = [bar.getBoundingClientRect(), paragraph.getBoundingClientRect()];
  const [first, last] = [rects[0], rects.at(-1)];
  const middle = (first.left + first.right) / 2;
  const left = Math.max(Math.min(box.left, innerWidth - own.width - 8), Math.min(middle - own.width / 2, innerWidth - own.width - 8));
  const above = first.top - own.height - GAP;
  const there = { left, right: left + own.width, top: above, bottom: above + own.height };
  const covers = [...reader().querySelectorAll(".text mark")].some((mark) => !chosen.range.intersectsNode(mark) && [...mark.getClientRects()].some((rect) => meets(rect, there)));
  const isBelow = covers || above < 56;
  bar.classList.toggle("is-below", isBelow);
  bar.style.setProperty("--x", `${left - box.left}px`);
  bar.style.setProperty("--y", `${(isBelow ? last.bottom + GAP : above) - box.top}px`);
  bar.style.setProperty("--tip", `${Math.max(16, Math.min(middle - left, own.width - 16))}px`);
}

function show() {
  const before = chosen;
  chosen = selected();
  if (!chosen) return hide();
  if (!bar.isConnected || !before) reader().querySelector(".text > li[data-start]").append(bar);
  place();
  if (!before && !pair) announce("Words selected. E event, P position, C commitment, Q quote only, V evidence for a record.");
}

function hide() {
  chosen = null;
  bar.remove();
}

// --- The form in the margin

function highlight(range) {
  if (!window.CSS?.highlights) return;
  if (range) CSS.highlights.set("marking", new Highlight(range));
  else CSS.highlights.delete("marking");
}

async function open(address, from) {
  back = from;
  await window.htmx.ajax("GET", address, { source: reader(), target: "#marking", swap: "innerHTML" });
  if (!marking()?.querySelector("form")) toast("The form did not open. Try again.", { error: true });
}

/** Record the words selected as `noun`. */
function record(noun) {
  const { start, end, range } = chosen;
  const { markUrl, text } = reader().dataset;
  const from = document.activeElement?.closest?.("#reader mark") ?? range.startContainer.parentElement.closest("li");
  highlight(range.cloneRange());
  // Else the bar would come back over the form.
  if (window.CSS?.highlights) getSelection().removeAllRanges();
  hide();
  pair = null;
  open(`${markUrl}${noun}?${new URLSearchParams({ start, end, text })}`, from);
}

/** Dates of the text that may be meant become buttons that fill them in. */
function ready(form) {
  form.dataset.ready = "true";
  for (const offer of form.querySelectorAll("span.offer")) {
    const fill = make("button", { class: "button small offer", type: "button" }, offer.textContent);
    fill.addEventListener("click", () => {
      const field = form.querySelector(`#${offer.dataset.for}`);
      field.value = offer.dataset.offer;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.focus();
    });
    offer.replaceWith(fill);
  }
  document.dispatchEvent(new Event("reader:layout"));
}

/** Start where words filled in can be added to: the browser would put the caret before them. */
function begins(form) {
  focusFirst(form);
  const field = document.activeElement;
  if (field.matches("input[type=text]")) field.setSelectionRange(field.value.length, field.value.length);
}

function close() {
  marking()?.replaceChildren();
  highlight(null);
  document.dispatchEvent(new Event("reader:layout"));
  if (!back?.isConnected) return;
  if (!back.matches("mark, a, button")) back.tabIndex = -1;
  back.focus({ preventScroll: true });
}

const isForm = (element) => !!element?.matches?.("form[data-marking]");

document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  const form = marking()?.querySelector("form");
  if (form && !form.dataset.ready) {
    ready(form);
    if (!form.querySelector("[data-take-focus]")) begins(form);
  }
  const marked = ctx.response?.headers.get("Marked");
  if (!marked || !isForm(ctx.sourceElement)) return;
  forgetSaved();
  highlight(null);
  getSelection().removeAllRanges();
  setTimeout(() => document.dispatchEvent(new CustomEvent("reader:marked", { detail: { id: marked } })));
});

onFailure(isForm, (form, how, status, ctx) => {
  // Signed out meanwhile: sent as a page, the answer is a way to sign in that keeps the text.
  if (status && ctx.response.headers.has("Signed-Out")) form.submit();
  else if (![409, 422].includes(status)) toast(`Not saved: ${how[0].toLowerCase()}${how.slice(1)} Your text is kept.`, { error: true });
});

document.addEventListener("click", (event) => {
  if (!isPlain(event)) return;
  const link = event.target.closest?.("#marking [data-cancel-marking], #margin [data-card] a[href*='/marking/']");
  if (!link) return;
  event.preventDefault();
  if (link.matches("[data-cancel-marking]")) close();
  else open(link.getAttribute("href"), document.getElementById(link.closest("[data-card]").dataset.for));
});

// --- Marking by keyboard alone: M, then arrows by word, with Shift to extend

const segments = new WeakMap();

/** The words and sentences of a paragraph: [from, to] in UTF-16 of its text. */
function partsOf(paragraph) {
  if (!segments.has(paragraph)) {
    const text = paragraph.textContent;
    const lang = paragraph.closest("[lang]")?.lang || undefined;
    const cut = (granularity) => [...new Intl.Segmenter(lang, { granularity }).segment(text)].filter((part) => part.isWordLike ?? /[\p{L}\p{N}]/u.test(part.segment));
    const ends = ({ index, segment }) => [index, index + segment.trimEnd().length];
    segments.set(paragraph, { words: cut("word").map(ends), sentences: cut("sentence").map(ends) });
  }
  return segments.get(paragraph);
}

/** The node and offset at a UTF-16 offset of a paragraph. */
function nodeAt(paragraph, offset) {
  const walker = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT);
  let left = offset;
  let node = walker.nextNode();
  while (node && left > node.length) {
    left -= node.length;
    node = walker.nextNode() ?? node;
  }
  return [node, left];
}

function rangeOf([anchor, head]) {
  const order = paragraphs();
  const sorted = [anchor, head].sort((a, b) => order.indexOf(a.p) - order.indexOf(b.p) || a.at - b.at);
  const range = document.createRange();
  range.setStart(...nodeAt(sorted[0].p, partsOf(sorted[0].p).words[sorted[0].at][0]));
  range.setEnd(...nodeAt(sorted[1].p, partsOf(sorted[1].p).words[sorted[1].at][1]));
  return range;
}

function draw() {
  const range = rangeOf(pair);
  const selection = getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
  const { p, at } = pair[1];
  const [from, to] = partsOf(p).words[at];
  announce(pair[0] === pair[1] ? p.textContent.slice(from, to) : range.toString().slice(-160));
  p.parentElement.scrollIntoView({ block: "nearest" });
  show();
}

/** The word `by` words on; the next paragraph's first follows a paragraph's last. */
function beside({ p, at }, by) {
  const { words } = partsOf(p);
  if (words[at + by]) return { p, at: at + by };
  const order = paragraphs().filter((one) => partsOf(one).words.length);
  const next = order[order.indexOf(p) + by];
  return next ? { p: next, at: by > 0 ? 0 : partsOf(next).words.length - 1 } : { p, at };
}

/** The last word of this sentence, else of the next; backwards the first of it. */
function bySentence({ p, at }, by) {
  const { words, sentences } = partsOf(p);
  const spans = sentences.map(([from, to]) => words.flatMap(([a, b], n) => (a >= from && b <= to ? [n] : []))).filter((span) => span.length);
  const edges = spans.map((span) => (by > 0 ? span.at(-1) : span[0]));
  const found = by > 0 ? edges.find((edge) => edge > at) : edges.findLast((edge) => edge < at);
  return found === undefined ? beside({ p, at: by > 0 ? words.length - 1 : 0 }, by) : { p, at: found };
}

function begin() {
  if (!mayMark() || marking()?.childElementCount) return;
  const mark = document.activeElement?.closest?.("#reader .text mark") ?? reader().querySelector(".text mark.is-current");
  const seen = paragraphs().find((one) => one.getBoundingClientRect().bottom > 120 && partsOf(one).words.length);
  const p = mark?.closest("li[data-start] > p") ?? document.activeElement?.closest?.("li[data-start]")?.querySelector("p") ?? seen;
  if (!p || !partsOf(p).words.length) return;
  let own = [0];
  if (mark) {
    const range = document.createRange();
    range.selectNodeContents(p);
    range.setEnd(mark, 0);
    const from = range.toString().length;
    const to = from + mark.textContent.length;
    own = partsOf(p).words.flatMap(([a, b], n) => (a < to && b > from ? [n] : []));
  }
  const anchor = { p, at: own[0] ?? 0 };
  pair = [anchor, own.length > 1 ? { p, at: own.at(-1) } : anchor];
  draw();
  if (mark) {
    // A mark is taken as it is: its last stop belongs to it, which no step by words would reach.
    getSelection().selectAllChildren(mark);
    show();
  }
  announce(`Marking by keyboard. Arrows move by word, Shift extends, Shift and up or down by sentence. Escape leaves. ${getSelection().toString().slice(0, 160)}`);
}

function step(event) {
  const by = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!by) return false;
  const isLong = ["ArrowDown", "ArrowUp"].includes(event.key);
  const head = isLong ? bySentence(pair[1], by) : beside(pair[1], by);
  pair = event.shiftKey ? [pair[0], head] : [head, head];
  draw();
  return true;
}

function leave() {
  const paragraph = pair?.[1].p.parentElement;
  pair = null;
  getSelection().removeAllRanges();
  hide();
  if (!paragraph) return;
  paragraph.tabIndex = -1;
  paragraph.focus({ preventScroll: true });
}

// While words are selected these keys are about them, before they are about the page.
document.addEventListener(
  "keydown",
  (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Escape" && marking()?.contains(event.target)) close();
    else if (event.key === "Escape" && chosen) leave();
    else if (isTyping(event.target) || bar.contains(event.target)) {
      const noun = bar.contains(event.target) && chosen && KINDS[event.key.toLowerCase()]?.[0];
      if (!noun) return;
      record(noun);
    } else if (pair && step(event)) {
      // Handled.
    } else if (chosen && event.key === "Tab" && !event.shiftKey) {
      // The words may hold marks, which would come first.
      bar.firstElementChild.focus();
    } else if (chosen && !keysOff() && KINDS[event.key.toLowerCase()]) record(KINDS[event.key.toLowerCase()][0]);
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  },
  true,
);
document.addEventListener("keydown", (event) => {
  const form = isSending(event) && event.target.closest?.("form[data-marking]");
  if (!form) return;
  event.preventDefault();
  form.requestSubmit(form.querySelector("button[value=save]"));
});
document.addEventListener("key:free", ({ detail }) => detail === "m" && begin());

const caretAt = ({ clientX, clientY }) => document.caretPositionFromPoint?.(clientX, clientY);
const far = (a, b) => Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY) > 8;

/** Chromium loses a selection drawn from the right half of a dash or space at the start of some
 * paragraphs: then it is drawn from where the pointer was to where it is. */
function redraw(down, up) {
  const [from, to] = [caretAt(down), caretAt(up)];
  const inText = (caret) => caret && !!caret.offsetNode.parentElement?.closest("#reader .text");
  if (!getSelection().isCollapsed || !far(down, up) || !inText(from) || !inText(to)) return;
  getSelection().setBaseAndExtent(from.offsetNode, from.offset, to.offsetNode, to.offset);
}

let settling;
let down = null; // where the mouse went down
document.addEventListener("pointerdown", (event) => {
  if (bar.contains(event.target)) return;
  isDown = true;
  pair = null;
  down = event.pointerType === "mouse" && !event.button && mayMark() ? event : null;
});
document.addEventListener("pointerup", (event) => {
  isDown = false;
  if (down) redraw(down, event);
  down = null;
  clearTimeout(settling);
  settling = setTimeout(show);
});
document.addEventListener("pointercancel", () => (isDown = false));
document.addEventListener("selectionchange", () => {
  clearTimeout(settling);
  settling = setTimeout(() => isDown || isTyping(document.activeElement) || show(), SETTLED);
});
addEventListener("resize", () => chosen && place());
