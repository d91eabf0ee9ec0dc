// What others change while one looks. The page asks every two seconds what was recorded since, reads
// again what it shows of that, and puts it in place. Nothing moves under the pointer or the focus.
//   data-live-list="event …"   a list that follows records of these nouns; its rows are [data-row]
//     data-live-words="event|events", data-live-piece="div#id" (the part that the server answers)
//   data-live-part             a part of a list, with an id, that follows as a whole
//   data-live-record="E7"      a record on its page or in the drawer; data-live-url is its address
//   data-live-editing="E7"     a form in which a record is being edited
import { announce, button, glyph, make, selectedRef, token } from "./dom.js";
import { markDrafts, resting } from "./inline.js";
import { toast } from "./toast.js";

const POLL = 2000;
const SLOWEST = 60_000;
const SIGN = 5000;
const FRESH = 1200;
const NAMED = 4000;
const SHOWN = 3; // avatars
const NAMES = ["actor", "side", "issue", "source"]; // their names stand in rows of all kinds
const UNITS = ".field-row, .panel, .chips, h1, h2, .drawer-foot";
const { live: changesUrl, livePresence: presenceUrl, liveAfter } = document.body.dataset;
const tab = Math.random().toString(36).slice(2, 12) + Date.now().toString(36);
const all = (query, root = document) => [...root.querySelectorAll(query)];
const one = (query, root = document) => root.querySelector(query);

// --- In place, without moving anything

const NOISE = ".live-mark, .field-note, [name=csrfmiddlewaretoken]";
const OURS = ["is-selected", "is-fresh", "is-changed", "is-waiting", "is-gone", "has-draft"];

/** An element as the server wrote it: without what scripts and sessions put there. */
function plain(element) {
  const copy = element.cloneNode(true);
  for (const noise of all(NOISE, copy)) noise.remove();
  for (const each of [copy, ...all("*", copy)]) {
    for (const name of ["aria-current", "aria-busy", "open", "data-htmx-powered"]) each.removeAttribute(name);
    each.classList.remove(...OURS);
    if (!each.classList.length) each.removeAttribute("class");
  }
  return copy.outerHTML.replace(/\s+/g, " ");
}
const same = (a, b) => plain(a) === plain(b);

/** Make a change while what is under the pointer, has the focus or stands at the top stays put. */
function keepStill(change) {
  const inPage = (element) => element?.closest?.("main, #drawer");
  const fixed = [all(":hover").at(-1), document.activeElement, document.elementFromPoint(innerWidth / 3, 160)].find(inPage);
  const was = fixed?.getBoundingClientRect().top;
  const drawer = fixed?.closest("#drawer");
  const scrolls = drawer && drawer.scrollHeight > drawer.clientHeight ? drawer : document.scrollingElement;
  scrolls.style.overflowAnchor = "none";
  change();
  if (fixed?.isConnected) scrolls.scrollBy(0, fixed.getBoundingClientRect().top - was);
  requestAnimationFrame(() => (scrolls.style.overflowAnchor = ""));
}

const waiting = new Map(); // element under pointer or focus, or with words not sent -> what is done once it is free
const typed = (element) => all("textarea, input:not([type=hidden], [type=checkbox], [type=radio])", element).some((control) => control.value !== control.defaultValue);
const busy = (element) => element.matches(":hover") || element.contains(document.activeElement) || !!one(".is-editing", element) || typed(element);

function whenFree(element, run) {
  if (!busy(element)) return keepStill(run);
  element.classList.add("is-waiting");
  waiting.set(element, run);
}
function settle() {
  for (const [element, run] of waiting) {
    if (element.isConnected && busy(element)) continue;
    waiting.delete(element);
    element.classList.remove("is-waiting");
    if (element.isConnected) keepStill(run);
  }
  showEdits();
}
for (const name of ["pointerout", "focusout"]) document.addEventListener(name, () => waiting.size && setTimeout(settle, 100));

function forAWhile(element, name, time) {
  element.classList.add(name);
  setTimeout(() => element.classList.remove(name), time);
}

/** Put `fresh` where `old` stands; what was ticked, unfolded or selected stays so. */
function replace(old, fresh) {
  const ticked = new Set(all("input:checked", old).map((box) => `${box.name} ${box.value}`));
  for (const box of all("input[type=checkbox]", fresh)) box.checked = box.defaultChecked || ticked.has(`${box.name} ${box.value}`);
  if ("open" in old && fresh.tagName === "DETAILS") fresh.open = old.open;
  old.replaceWith(fresh);
  window.htmx.process(fresh);
  select(fresh);
}
function select(root) {
  const selected = selectedRef();
  if (!selected) return;
  for (const row of [root, ...all("[data-row]", root)]) {
    if (row.dataset.ref !== selected || !row.matches("[data-row]")) continue;
    row.classList.add("is-selected");
    one(`[data-drawer="${CSS.escape(selected)}"]`, row)?.setAttribute("aria-current", "true");
  }
}

/** Read an address anew, or the part that goes into `target`; null when there is no such page. */
async function load(url, target) {
  const headers = target ? { "HX-Request": "true", "HX-Target": target } : {};
  const answer = await fetch(url, { headers: { Accept: "text/html", ...headers }, cache: "no-store" });
  if (answer.status === 404) return null;
  if (!answer.ok || answer.redirected) throw new Error(answer.statusText);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  // A message waiting for this person came along; it is told here.
  document.getElementById("toasts").append(...all("[data-toast]", page));
  return page;
}

// --- What was changed

const mine = new Set(); // "E7 4": versions saved in this page
const sending = new Set(); // requests of this page that may change something
let untold = []; // changes that the page does not show yet

const about = (change, refs) => refs.has(change.ref) || change.touches.some((ref) => refs.has(ref));
const newest = (changes, ref) => changes.findLast((c) => c.ref === ref) ?? changes.findLast((c) => c.touches.includes(ref)) ?? changes.at(-1);
const who = (change) => (change.you ? "You, in another page," : change.who);

async function follow(changes) {
  untold.push(...changes);
  const own = new Set(untold.filter((c) => c.you && mine.has(`${c.ref} ${c.version}`)).map((c) => c.number));
  const told = untold;
  const others = told.filter((change) => !own.has(change.number));
  await Promise.all([...all("[data-live-list]").map((list) => followList(list, told, others)), ...all("[data-live-record]").map((record) => followRecord(record, others))]);
  untold = untold.filter((change) => !told.includes(change));
  tellForm(others);
  if (others.length) document.dispatchEvent(new CustomEvent("live:told", { detail: others }));
  const chart = document.getElementById("chart-region");
  if (chart && others.length) whenFree(chart, () => document.dispatchEvent(new CustomEvent("live:changed")));
  showEdits();
}

async function followList(list, changes, others) {
  const nouns = [...list.dataset.liveList.split(" "), ...NAMES];
  const rows = all("[data-row][id]", list);
  const refs = new Set(rows.map((row) => row.dataset.ref));
  if (!changes.some((change) => nouns.includes(change.noun) || about(change, refs))) return;
  const url = new URL(location.href);
  url.searchParams.delete("selected");
  const page = await load(url, list.dataset.livePiece);
  const fresh = page?.getElementById(list.id);
  if (!fresh || !list.isConnected) return;
  const goesOn = one("[rel=next]", fresh);
  for (const row of rows) {
    const now = page.getElementById(row.id);
    const change = others.findLast((c) => c.ref === row.dataset.ref || c.touches.includes(row.dataset.ref));
    if (!now) {
      // The last rows of a full page only made way for others.
      const deleted = change?.ref === row.dataset.ref && change.operation === "delete";
      if (deleted || !goesOn) gone(row, deleted ? `${who(change)} deleted this.` : "No longer in this list.");
    } else if (same(row, now)) waiting.delete(row) && row.classList.remove("is-waiting");
    else {
      whenFree(row, () => {
        const copy = now.cloneNode(true);
        replace(row, copy);
        if (change) forAWhile(copy, "is-fresh", FRESH);
      });
    }
  }
  for (const part of all("[data-live-part][id]")) {
    const now = page.getElementById(part.id);
    if (now && !same(part, now)) whenFree(part, () => replace(part, now.cloneNode(true)));
  }
  const now = all("[data-row][id]", fresh);
  const known = now.filter((row) => list.contains(document.getElementById(row.id)));
  const order = rows.filter((row) => page.getElementById(row.id));
  // What stands behind the last one of a full page only moved up from the next page.
  const end = known.length && one("[rel=next]", list) ? now.indexOf(known.at(-1)) : now.length;
  const added = now.slice(0, end).filter((row) => !known.includes(row));
  offer(list, fresh, added, known.some((row, at) => row.id !== order[at].id));
}

/** A form opened before says, where it is sent, what was saved meanwhile. */
function tellForm(changes) {
  const form = one("form[data-live-editing]");
  const change = form && changes.findLast(({ ref }) => ref === form.dataset.liveEditing);
  if (!change) return;
  const words = change.operation === "delete" ? `${who(change)} deleted ${change.ref} at ${change.at}.` : `${who(change)} saved ${change.ref} at ${change.at}. Saving yours merges the two.`;
  one(".live-saved", form)?.remove();
  keepStill(() => one(".form-actions", form).before(make("p", { class: "live-saved" }, words)));
  announce(words);
}

function gone(row, words) {
  if (row.matches(".is-gone")) return;
  row.classList.add("is-gone");
  row.title = words;
  one(".row-title", row)?.append(make("span", { class: "sr live-mark" }, words));
}

/** New rows, and rows that belong elsewhere now, wait behind a button that takes no room. */
function offer(list, fresh, rows, moved) {
  one(".live-new", list)?.remove();
  if (!rows.length && !moved) return;
  const [word, words] = list.dataset.liveWords.split("|");
  const label = rows.length ? `${rows.length} new ${rows.length === 1 ? word : words}, show` : "New order, show";
  const show = () => {
    for (const row of all("[data-row][id]", list).filter(typed)) one(`#${CSS.escape(row.id)}`, fresh)?.replaceWith(row);
    list.replaceChildren(...fresh.childNodes);
    window.htmx.process(list);
    select(list);
    for (const row of rows) forAWhile(row, "is-fresh", FRESH);
    showEdits();
    one(".row-title a", rows[0] ?? list)?.focus();
  };
  const shown = button(label, show, "button small");
  shown.prepend(glyph("ui-plus"));
  list.prepend(make("div", { class: "live-new live-mark" }, shown));
  announce(label);
}

const toldGone = new Set();

async function followRecord(marked, changes) {
  const ref = marked.dataset.liveRecord;
  const box = marked.closest("#drawer, #main");
  const refs = new Set([ref, ...all("[data-drawer]", box).map((link) => link.dataset.drawer)]);
  const its = changes.filter((change) => NAMES.includes(change.noun) || about(change, refs));
  if (!its.length) return;
  const change = newest(its, ref);
  const page = await load(marked.dataset.liveUrl, box.id === "drawer" ? "aside#drawer" : "");
  if (!marked.isConnected) return;
  if (!page) {
    if (!toldGone.has(ref)) toast(`${who(change)} deleted ${ref} at ${change.at}.`, { error: true });
    return toldGone.add(ref);
  }
  toldGone.delete(ref);
  const fresh = box.id === "drawer" ? page.body : page.getElementById("main");
  const keyed = (root) => new Map(all(UNITS, root).filter((unit) => !unit.parentElement.closest(UNITS)).map((unit, at) => [unit.id || at, unit]));
  const [units, now] = [keyed(box), keyed(fresh)];
  for (const [key, unit] of units) if (now.has(key)) followUnit(unit, now.get(key), change);
  if ([...units.keys()].join() === [...now.keys()].join()) return;
  // Something came or went: the record is drawn anew as a whole.
  const whole = one("[data-live-record]", fresh);
  if (whole) whenFree(marked, () => (replace(marked, whole), forAWhile(whole, "is-fresh", FRESH), markDrafts()));
}

function followUnit(unit, now, change) {
  const known = unit.matches(".is-editing") ? resting.get(unit.id) : unit;
  if (!known || same(known, now)) return;
  const copy = now.cloneNode(true);
  if (unit !== known) {
    // One's own text stays; leaving it shows what is saved now.
    resting.set(unit.id, copy);
    const value = one(".field-value", now)?.textContent.trim() || "–";
    one(".live-saved", unit)?.remove();
    one("dd", unit).append(make("p", { class: "live-saved", role: "status" }, `${who(change)} saved ‘${value}’ at ${change.at}. Saving leads to the merge page.`));
    return;
  }
  whenFree(unit, () => {
    replace(unit, copy);
    if (!copy.matches(".field-row[id]")) return forAWhile(copy, "is-fresh", FRESH);
    const name = make("p", { class: "live-by live-mark" }, `${change.you ? "You, in another page" : change.who}, just now`);
    one("dd", copy).append(name);
    forAWhile(copy, "is-changed", NAMED);
    setTimeout(() => name.remove(), NAMED);
    markDrafts();
  });
}

// --- Who is here

let people = [];

function avatar(person, words) {
  const name = person.you ? "You, in another page" : person.name;
  return make("span", { class: "avatar", title: words ?? name }, make("span", { "aria-hidden": "true" }, person.initials), make("span", { class: "sr" }, words ?? name));
}

function showPeople(isLive) {
  let place = one(".live-people");
  if (!place) {
    place = make("div", { class: "live-people", role: "group", "aria-label": "Who is here" });
    one(".top-end > :last-child").before(place);
  }
  const others = people.filter((person) => !person.you);
  const words = isLive ? "Live: changes of others appear by themselves" : "Live updates are off";
  const parts = [make("span", { class: isLive ? "live-dot" : "live-dot is-off", role: "img", "aria-label": words, title: words })];
  if (isLive) parts.push(...others.slice(0, SHOWN).map((person) => avatar(person)));
  const more = others.slice(SHOWN).map((person) => person.name);
  if (isLive && more.length) parts.push(make("span", { class: "avatar", title: more.join(", ") }, make("span", { "aria-hidden": "true" }, `+${more.length}`), make("span", { class: "sr" }, more.join(", "))));
  place.replaceChildren(...parts);
}

/** At the rows and fields that others edit right now. */
function showEdits() {
  for (const old of all(".live-edit")) old.remove();
  for (const person of people) {
    for (const [ref, field] of person.edits) {
      const verb = person.you ? "You are editing" : `${person.name} is editing`;
      for (const row of all(`[data-row][data-ref="${CSS.escape(ref)}"]`)) row.append(make("span", { class: "live-edit live-mark" }, avatar(person, `${verb} ${ref}`)));
      const place = field && document.getElementById(`${ref}-${field}`);
      if (!place) continue;
      const label = one("dt", place).textContent.trim();
      const words = `${person.you ? "You are" : `${person.initials} is`} editing ${label}`;
      one("dd", place).append(make("p", { class: "live-edit live-mark", title: person.name }, words));
    }
  }
}

// --- Signs of life

let signed = null;
let signing;

function editing() {
  const row = one("form[data-inline]")?.closest(".field-row");
  if (row) return [row.id.slice(0, -row.dataset.field.length - 1), row.dataset.field];
  return [one("[data-live-editing]")?.dataset.liveEditing ?? "", ""];
}

function sign() {
  clearTimeout(signing);
  signing = setTimeout(sign, SIGN);
  if (document.hidden) return;
  const [record, field] = editing();
  signed = `${record} ${field}`;
  fetch(presenceUrl, { method: "POST", headers: { "X-CSRFToken": token() }, body: new URLSearchParams({ tab, record, field }) }).catch(() => {});
}
const signIfChanged = () => signed !== null && editing().join(" ") !== signed && sign();

function leave() {
  clearTimeout(signing);
  signed = null;
  fetch(`${presenceUrl}?tab=${tab}`, { method: "DELETE", keepalive: true, headers: { "X-CSRFToken": token() } }).catch(() => {});
}

// --- Asking

let after = Number(liveAfter);
let here = "";
let failures = 0;
let asking = false;
let asked = new Date();
let timer;

function later() {
  clearTimeout(timer);
  timer = setTimeout(poll, failures ? Math.min(SLOWEST, POLL * 2 ** (failures - 1)) : POLL);
}

async function poll() {
  if (document.hidden || asking) return;
  asking = true;
  try {
    const query = new URLSearchParams({ after, here, tab });
    const answer = await fetch(`${changesUrl}?${query}`, { headers: { Accept: "application/json" }, signal: AbortSignal.timeout(10_000) });
    if (!answer.ok || answer.redirected) throw new Error(answer.statusText);
    const told = answer.status === 200 ? await answer.json() : null;
    // The answer to a save on its way tells which of the changes are one's own.
    if (told && !sending.size) {
      if (failures > 1) stopped("");
      failures = 0;
      ({ number: after, here, people } = told);
      showPeople(true);
      if (told.reload) stopped("Much has changed since this page was loaded.");
      await follow(told.changes);
    } else if (untold.length) await follow([]);
    if (!told) failures = 0;
    asked = new Date();
  } catch {
    failures += 1;
    if (failures === 2) stopped(`Live updates stopped. This page is from ${asked.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" })}.`);
  }
  asking = false;
  later();
}

/** Say why the page does not follow, or with "" that it does again. */
function stopped(words) {
  one(".live-off")?.remove();
  // Who is here is not known any more, and is asked anew.
  if (words) [people, here] = [[], ""];
  showPeople(!words);
  showEdits();
  if (!words) return announce("Live updates are back.");
  const reload = button("Reload", () => location.reload(), "button small");
  document.body.append(make("div", { class: "banner live-off", role: "status" }, glyph("ui-history"), make("p", {}, words), reload));
}

function start() {
  showPeople(true);
  document.addEventListener("record-changed", ({ detail }) => mine.add(`${detail?.ref} ${detail?.version}`));
  document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => ctx.request.method !== "GET" && sending.add(ctx));
  document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => sending.delete(ctx));
  document.addEventListener("htmx:after:swap", () => {
    showPeople(!one(".live-off"));
    showEdits();
    signIfChanged();
  });
  for (const name of ["click", "keyup"]) document.addEventListener(name, () => setTimeout(signIfChanged, 100));
  document.addEventListener("visibilitychange", () => !document.hidden && (sign(), poll()));
  addEventListener("online", poll);
  addEventListener("pagehide", leave);
  addEventListener("pageshow", ({ persisted }) => persisted && (sign(), poll()));
  sign();
  later();
}
if (changesUrl) start();
