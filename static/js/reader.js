// The reader of a source: one mark is current, J and K walk the marks, kinds are shown and hidden. Its
// cards are placed by reader-layout.js, its suggestions decided by reader-decisions.js. Without script
// the cards are a list and the decisions plain forms.
// Told to other scripts: "reader:current" {id}. Heard from them: "reader:marked" {id} when words were
// marked.
import { announce, button, glyph, isPlain, isTyping, keysOff, make } from "./dom.js";
import { close as closeDrawer, isOpen as drawerIsOpen } from "./drawer.js";
import { followWith, isDeciding, lastDecided, showDeciding } from "./reader-decisions.js";
import { place, unfold, watch } from "./reader-layout.js";
import { all, beside, cardsOf, margin, marks, one, piecesOf, reader } from "./reader-parts.js";
import { toast } from "./toast.js";

const KINDS = ["position", "commitment", "proposal", "event", "other", "quote", "suggestion"];

let following = 0; // the frame in which the outline follows
let current = ""; // id of the mark at hand

/** The id of the mark that `piece` is of. */
const nameOf = ({ dataset: { mark, suggestion } }) => mark ?? one(`.text mark[id][data-suggestion="${CSS.escape(suggestion)}"]`, reader()).id;

// --- The current mark

/** The words of an element as they are read out. */
function wordsOf(element) {
  const copy = element?.cloneNode(true);
  for (const silent of all("[aria-hidden=true]", copy ?? document.createElement("p"))) silent.remove();
  return copy?.textContent.trim().replace(/\s+/g, " ");
}

function tell(id) {
  const [card] = cardsOf(id);
  if (!card) return;
  const order = marks();
  const words = ["header .card-kind", "header .ref", "h3"].map((query) => wordsOf(one(query, card)));
  announce(`${words.filter(Boolean).join(" ")}. ${order.findIndex((mark) => mark.id === id) + 1} of ${order.length}`);
}

/** Make a mark the current one, "" for none; its cards unfold and stand beside it. */
function go(id, { focus = false, scroll = false, say = false } = {}) {
  const root = reader();
  for (const old of all(".is-current", root)) {
    old.classList.remove("is-current", "is-selected");
    old.removeAttribute("aria-current");
  }
  const mark = document.getElementById(id);
  current = mark ? id : "";
  for (const other of all('.text mark[tabindex="0"]', root)) other.tabIndex = -1;
  const stop = mark || marks()[0];
  if (stop) stop.tabIndex = 0;
  if (mark) show(mark);
  margin().classList.toggle("is-open", !!mark && cardsOf(id).length > 0);
  if (!beside.matches) showSheet();
  place();
  if (mark && scroll) mark.scrollIntoView({ block: "nearest" });
  if (mark && focus) mark.focus({ preventScroll: true });
  following ||= requestAnimationFrame(follow);
  if (mark && say) tell(id);
  document.dispatchEvent(new CustomEvent("reader:current", { detail: { id: current } }));
}

function show(mark) {
  const fold = mark.closest("details");
  if (fold) fold.open = true;
  for (const piece of piecesOf(mark.id)) piece.classList.add("is-current");
  mark.setAttribute("aria-current", "true");
  for (const card of cardsOf(mark.id)) {
    card.classList.add("is-current");
    card.setAttribute("aria-current", "true");
    // The keys of a card work while it is the one at hand (keys.js).
    card.classList.toggle("is-selected", card.matches("[data-row]"));
  }
  document.body.classList.add("is-moving");
  setTimeout(() => document.body.classList.remove("is-moving"), 300);
}

function step(by) {
  const order = marks();
  if (!order.length) return;
  const at = order.findIndex((mark) => mark.id === current);
  const from = at < 0 ? firstInView(order) - (by > 0 ? 1 : 0) : at;
  const next = order[Math.min(Math.max(from + by, 0), order.length - 1)];
  go(next.id, { focus: true, scroll: true, say: true });
}

/** Walking begins where one reads. */
function firstInView(order) {
  const at = order.findIndex((mark) => (mark.getClientRects()[0]?.top ?? -1) >= 90);
  return at < 0 ? order.length - 1 : at;
}

/** The link of the record at hand, or of the form for a suggestion. */
const linkOf = (id) => cardsOf(id).map((card) => one("[data-edit-first], h3 a[href]", card)).find(Boolean);

function showSheet() {
  let bar = one(".sheet-bar", margin());
  if (!margin().matches(".is-open")) return bar?.remove();
  if (!bar) {
    const icon = (name, word, run) => {
      const made = button("", run, "button quiet icon");
      made.append(glyph(name));
      made.setAttribute("aria-label", word);
      return made;
    };
    bar = make("div", { class: "sheet-bar" }, make("span", { class: "meta" }), icon("ui-up", "Previous", () => step(-1)), icon("ui-down", "Next", () => step(1)), icon("ui-x", "Close", closeSheet));
    margin().prepend(bar);
  }
  const order = marks();
  one(".meta", bar).textContent = `${order.findIndex((mark) => mark.id === current) + 1} of ${order.length}`;
}

function closeSheet() {
  const mark = document.getElementById(current);
  go("");
  mark?.focus({ preventScroll: true });
}

// --- Clicks and keys

document.addEventListener("click", (event) => {
  const { target } = event;
  if (target.closest("[data-print]")) return print();
  const link = target.closest("a[href*='#']");
  if (link) return jump(event, link);
  const mark = target.closest(".text mark:not(.is-off)");
  const card = target.closest("[data-card]");
  if (mark && reader()?.contains(mark)) {
    // Words were selected, not clicked.
    if (!getSelection().isCollapsed) return;
    const id = nameOf(mark);
    if (event.ctrlKey || event.metaKey) return open(linkOf(id)?.href);
    if (!isPlain(event)) return;
    if (id === current && beside.matches) linkOf(id)?.click();
    else go(id, { focus: true, say: true });
  } else if (card && !target.closest("a, button, input, summary") && card.dataset.for !== current) go(card.dataset.for, { scroll: true });
});

/** A link to a passage of this text, from a card or from the record in the drawer. */
function jump(event, link) {
  const { pathname, hash } = new URL(link.href);
  if (!isPlain(event) || pathname !== location.pathname || !document.getElementById(hash.slice(1))?.matches("mark")) return;
  event.preventDefault();
  if (drawerIsOpen()) closeDrawer();
  if (location.hash === hash) arrive();
  else location.hash = hash;
}

/** Where the address leads: a passage becomes the current one. */
function arrive() {
  const id = decodeURIComponent(location.hash.slice(1));
  const mark = document.getElementById(id);
  if (mark?.matches(".text mark")) {
    if (mark.matches(".is-off")) showAll();
    go(id, { focus: true, scroll: true, say: true });
  } else if (/^P\d+$/.test(id)) toast(`${id} is not in this version of the text.`, { error: true });
}
addEventListener("hashchange", arrive);

function enter(event) {
  const mark = event.target.closest?.(".text mark[id]");
  const idle = event.target === document.body || event.target.id === "main";
  if (!mark && (!idle || !current || keysOff())) return;
  event.preventDefault();
  if (mark && mark.id !== current) go(mark.id, { focus: true, say: true });
  linkOf(current)?.click();
}

document.addEventListener(
  "keydown",
  (event) => {
    if (!reader() || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTyping(event.target)) return;
    if (event.key === "Enter") return enter(event);
    if (event.key === "Escape" && !beside.matches && margin().matches(".is-open")) {
      event.preventDefault();
      return closeSheet();
    }
    const by = { j: 1, k: -1 }[event.key.toLowerCase()];
    if (!by || keysOff() || event.target.closest?.("#drawer")) return;
    event.preventDefault();
    step(by);
  },
  true,
);

for (const [name, on] of [["mouseover", true], ["mouseout", false]]) {
  document.addEventListener(name, ({ target }) => {
    const card = target.closest?.("[data-card]");
    if (card) for (const piece of piecesOf(card.dataset.for)) piece.classList.toggle("is-hovered", on);
  });
}

// --- What is shown

/** Show the kinds that are ticked; a mark takes the first of its kinds that is shown. */
function showKinds() {
  const shown = new Set(all("[data-kinds] [name=show]:checked").map((box) => box.value));
  const first = new Map();
  for (const card of all("[data-card]", margin())) {
    const { kind } = card.dataset;
    card.hidden = !shown.has(kind);
    const known = first.get(card.dataset.for);
    if (!known || (!card.hidden && (known.hidden || KINDS.indexOf(kind) < KINDS.indexOf(known.dataset.kind)))) first.set(card.dataset.for, card);
  }
  for (const [id, card] of first) {
    const hues = card.className.match(/is-suggested|is-(?:event|position|commitment|proposal|other|quote)/g);
    for (const piece of piecesOf(id)) piece.className = card.hidden ? "is-off" : hues.join(" ");
  }
  unfold();
  go(document.getElementById(current)?.matches(":not(.is-off)") ? current : "");
}

function showAll() {
  for (const box of all("[data-kinds] [name=show]")) box.checked = true;
  remember();
  showKinds();
}

/** Keep the choice in the address, so that it can be sent to somebody. */
function remember() {
  const url = new URL(location.href);
  const boxes = all("[data-kinds] [name=show]");
  for (const name of ["only", "show"]) url.searchParams.delete(name);
  if (boxes.some((box) => !box.checked)) {
    url.searchParams.set("only", "1");
    for (const box of boxes) if (box.checked) url.searchParams.append("show", box.value);
  }
  history.replaceState(history.state, "", url);
}

document.addEventListener("change", ({ target }) => {
  const form = target.closest("[data-kinds]");
  if (!form) return;
  if (target.name === "fold") return form.requestSubmit();
  remember();
  showKinds();
});

/** The outline marks the paragraph of the current mark, else the one in the upper third of the
 * window. */
function follow() {
  following = 0;
  const paragraphs = all(".text > li", reader() ?? document);
  let [low, high] = [0, paragraphs.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (paragraphs[middle].getBoundingClientRect().top <= innerHeight / 3) low = middle;
    else high = middle - 1;
  }
  const at = document.getElementById(current)?.closest("li");
  const { top = -1, bottom = -1 } = at?.getBoundingClientRect() ?? {};
  const number = (bottom > 90 && top < innerHeight ? at : paragraphs[low])?.value;
  const links = all(".paragraphs a");
  const link = links.findLast((each) => Number(each.hash.slice(11)) <= number) ?? links[0];
  const old = one(".paragraphs a[aria-current]");
  if (old === link) return;
  old?.removeAttribute("aria-current");
  link?.setAttribute("aria-current", "location");
}
addEventListener("scroll", () => (following ||= requestAnimationFrame(follow)), { passive: true });

// --- The reader is drawn anew

/** What was unfolded stays so when the reader is drawn anew. */
const foldOf = (fold) => `${fold.className} ${one("li", fold)?.id}`;
let unfolded = [];
document.addEventListener("htmx:before:swap", () => (unfolded = all("#reader details[open]").map(foldOf)));

document.addEventListener("htmx:after:swap", () => {
  if (!reader()) return;
  for (const each of all("#reader details")) if (unfolded.includes(foldOf(each))) each.open = true;
  showDeciding();
  const lost = document.activeElement === document.body;
  watch();
  go(current, { focus: lost && !!current });
  follow();
});

// Words that were marked are at hand; after a decision it is the next suggestion.
document.addEventListener("reader:marked", ({ detail }) => isDeciding() || go(detail.id, { focus: true, scroll: true }));

// --- What others did meanwhile

let news = [];

document.addEventListener("live:told", ({ detail }) => {
  const root = reader();
  if (!root) return;
  const refs = new Set([root.dataset.source, ...all("[data-mark][id]", root).map((mark) => mark.id), ...all("[data-card] [data-drawer]", root).map((link) => link.dataset.drawer)]);
  // What was done in this page is shown already.
  news.push(...detail.filter((change) => !change.you && (refs.has(change.ref) || change.touches.some((ref) => refs.has(ref)))));
  if (news.length) showNews();
});

function showNews() {
  const who = [...new Set(news.map((change) => change.who))];
  const words = `${who.length > 2 ? `${who.length} people` : who.join(" and ")} changed what is marked here.`;
  one(".reader-news")?.remove();
  const load = () => {
    one(".reader-news")?.remove();
    news = [];
    window.htmx.ajax("GET", location.href, { source: reader(), target: "#reader", swap: "outerMorph" });
  };
  document.body.append(make("div", { class: "banner reader-news", role: "status" }, glyph("ui-history"), make("p", {}, words), button("Show", load, "button small")));
}

// --- After an undo the page is loaded anew, and the words it is about are at hand again.

const PLACE = "reader-place";

document.addEventListener("undo:leaving", () => {
  if (reader()) sessionStorage.setItem(PLACE, JSON.stringify([location.pathname, lastDecided(), current, scrollY]));
});

function comeBack() {
  const [path, ...place] = JSON.parse(sessionStorage.getItem(PLACE)) ?? [];
  sessionStorage.removeItem(PLACE);
  if (path !== location.pathname || location.hash) return;
  const id = place.slice(0, 2).find((one) => one && document.getElementById(one));
  scrollTo(0, place[2]);
  if (id) go(id, { focus: true, scroll: true });
}

// --- Start

followWith(go);
beside.addEventListener("change", () => go(current));

if (reader()) {
  document.body.classList.add("is-placed");
  watch();
  go("");
  follow();
  arrive();
  comeBack();
}
