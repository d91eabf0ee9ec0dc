// Cards beside their marks in the reader of a source, wired to them. Positions are custom
// properties, read in one pass and written in another. Heard from other scripts: "reader:layout".
import { all, beside, margin, marking, one, reader } from "./reader-parts.js";

const GAP = 8; // px between cards
const ATTACH = 15; // px below a card's top where its wire arrives
const USUAL = 62; // px that a card and its gap take
const FAR = 480; // px of height beyond which a wire says nothing any more
const HEAVY = 60; // how much rather the current card stands beside its mark than others

// Of a long text only the paragraphs near the window are laid out, and have their cards shown.
const near = new Set();
const nearness = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) near[isIntersecting ? "add" : "delete"](target);
    placeSoon();
  },
  { rootMargin: "1200px 0px" },
);

/** The end of the first line of a mark: where its wire begins. Null where it is not to be seen. */
function lineOf(mark, isLong) {
  if (!mark || mark.closest("details:not([open])") || (isLong && !near.has(mark.closest("li")))) return null;
  return mark.getClientRects()[0] ?? null;
}

/** Give each item a top: in order, GAP apart, and as near to `wanted` as can be, by least squares
 * with weights (pool adjacent violators). */
function spread(items) {
  const pools = [];
  let before = 0;
  items.forEach((item, at) => {
    item.before = before;
    before += item.height + GAP;
    let pool = { from: at, weight: item.weight, mean: item.wanted - item.before };
    while (pools.length && pools.at(-1).mean >= pool.mean) {
      const { from, weight, mean } = pools.pop();
      pool = { from, weight: weight + pool.weight, mean: (mean * weight + pool.mean * pool.weight) / (weight + pool.weight) };
    }
    pools.push(pool);
  });
  pools.forEach(({ from, mean }, at) => {
    for (const item of items.slice(from, pools[at + 1]?.from)) item.top = Math.round(Math.max(mean, 0) + item.before);
  });
}

let isFolded = false;

/** How high the text is, without what the window leaves below it. */
const roomOf = (root) => one(".reader-text > :last-child", root).getBoundingClientRect().bottom - one(".reader-text", root).getBoundingClientRect().top;

/** Where the text has no room for all cards they are a line each, and only the first of each mark. */
function fold(root) {
  isFolded = true;
  const cards = all("[data-card]:not([hidden])", margin());
  margin().classList.toggle("is-dense", cards.length * USUAL > roomOf(root));
  const first = new Map();
  for (const card of cards) {
    const id = card.dataset.for;
    card.classList.toggle("is-more", first.has(id));
    first.set(id, [...(first.get(id) ?? []), card]);
  }
  for (const [card, ...others] of first.values()) {
    const ref = one("header > .ref", card);
    if (ref) ref.dataset.more = others.length || "";
  }
}

/** The form of words being marked has the margin to itself: beside them, and inside the window when
 * it comes. */
function formIn(form, root, area) {
  const range = CSS.highlights?.get("marking")?.values().next().value;
  const line = range?.getClientRects()[0] ?? one(".text mark[aria-current]", root)?.getClientRects()[0] ?? null;
  const height = form.offsetHeight;
  if (form.dataset.at === undefined) {
    const level = line ? line.bottom - ATTACH : 0;
    form.dataset.at = Math.max(110, Math.min(level, innerHeight - height - 60)) - area.top;
  }
  return { card: form, line, height, wanted: Number(form.dataset.at), weight: 1 };
}

/** What stands in the margin, in the order of the text, with where it would like to be. */
function measured(root, area) {
  const form = marking();
  if (form?.childElementCount) return [[formIn(form, root, area)], []];
  if (form) delete form.dataset.at;
  const isLong = root.matches(".is-long");
  const items = [];
  const away = [];
  const isDense = margin().matches(".is-dense");
  for (const card of all("[data-card]:not([hidden])", margin())) {
    if (isDense && card.matches(".is-more:not(.is-current)")) continue;
    const line = lineOf(document.getElementById(card.dataset.for), isLong);
    if (!line) away.push(card);
    else items.push({ card, line, height: card.offsetHeight, wanted: line.bottom - area.top - ATTACH, weight: card.matches(".is-current") ? HEAVY : 1 });
  }
  return [items, away];
}

function wiresOf(items, root, area) {
  const box = root.getBoundingClientRect();
  const right = one(".text", root).getBoundingClientRect().right;
  const [end, bend] = [area.left - box.left, right - box.left + (area.left - right) * 0.4];
  const paths = {};
  const add = (name, path) => (paths[name] = (paths[name] ?? "") + path);
  for (const { card, line, top } of items) {
    if (!line?.right) continue;
    const [x, y, to] = [line.right - box.left, Math.round(line.bottom - box.top) - 0.5, area.top - box.top + top + ATTACH + 0.5];
    const atHand = card.matches(".is-current, .marking") ? " is-current" : "";
    if (Math.abs(to - y) > FAR && !atHand) continue;
    add(`thread${atHand}`, `M${x} ${y}H${bend}`);
    add(`wire${card.matches(".is-suggested") ? " is-suggested" : ""}${atHand}`, `M${bend} ${y}h${(end - bend) * 0.3}L${end - 11} ${to}H${end}`);
  }
  return Object.entries(paths).map(([name, path]) => `<path class="${name}" d="${path}"></path>`).join("");
}

/** Put every card beside its mark and draw the wires. */
export function place() {
  const root = reader();
  if (!root) return;
  margin().classList.toggle("is-marking", !!marking()?.childElementCount);
  if (!beside.matches) return one(".wires", root)?.remove();
  if (!isFolded) fold(root);
  const area = margin().getBoundingClientRect();
  const [items, away] = measured(root, area);
  spread(items);
  const drawn = wiresOf(items, root, area);
  // From here on nothing is read, only written.
  for (const { card, top } of items) {
    card.style.setProperty("--y", `${top}px`);
    card.classList.add("is-here");
  }
  for (const card of away) card.classList.remove("is-here");
  const last = items.at(-1);
  margin().style.setProperty("--tall", `${last ? last.top + last.height + 48 : 0}px`);
  let wires = one(".wires", root);
  if (!wires) {
    wires = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    wires.setAttribute("class", "wires");
    wires.setAttribute("aria-hidden", "true");
    root.append(wires);
  }
  wires.innerHTML = drawn;
}

/** Ask anew how much room there is when cards are placed next. */
export const unfold = () => (isFolded = false);

let frame = 0;
const placeSoon = () => (frame ||= requestAnimationFrame(() => ((frame = 0), place())));

const sizes = new ResizeObserver(placeSoon);

/** Begin anew with a reader that was drawn. */
export function watch() {
  isFolded = false;
  sizes.disconnect();
  nearness.disconnect();
  near.clear();
  for (const paragraph of all(".is-long .text > li")) nearness.observe(paragraph);
  for (const element of [reader(), ...all(".reader-text", reader()), marking()]) if (element) sizes.observe(element);
}

addEventListener("resize", () => {
  unfold();
  placeSoon();
});
document.addEventListener("reader:layout", place);
document.addEventListener("toggle", ({ target }) => target.closest?.("#reader") && placeSoon(), true);
document.fonts.ready.then(placeSoon);
