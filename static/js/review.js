// The review queue: a decision shows at once and is taken back when the server refuses it; the
// answer is the row as it then stands. Without script the buttons are plain forms.
import { button, onFailure } from "./dom.js";
import { toast } from "./toast.js";

const WORDS = { "Mark as reviewed": "Reviewed", Publish: "Published", Withdraw: "Draft" };
const before = new WeakMap(); // row -> its state chip as it was
const mine = new Set(); // refs decided on here, whose rows come with the answer
const queue = () => document.getElementById("queue");

function freeze(row, disabled) {
  for (const one of row.querySelectorAll(".decisions button")) one.disabled = disabled;
}

function show(row, words) {
  const chip = row.querySelector(".state");
  before.set(row, chip.cloneNode(true));
  row.classList.add("is-deciding");
  row.setAttribute("aria-busy", "true");
  chip.lastChild.textContent = words;
  freeze(row, true);
}

function takeBack(row) {
  if (!before.has(row)) return;
  row.classList.remove("is-deciding");
  row.removeAttribute("aria-busy");
  row.querySelector(".state").replaceWith(before.get(row));
  before.delete(row);
  freeze(row, false);
}

const isDecision = (element) => element?.matches?.("[data-decision]");
const formOf = ({ detail: { ctx } }) => (isDecision(ctx?.sourceElement) ? ctx.sourceElement : null);

document.addEventListener("htmx:before:request", (event) => {
  const form = formOf(event);
  if (!form) return;
  mine.add(form.closest("[data-row]").dataset.ref);
  show(form.closest("[data-row]"), WORDS[form.dataset.decision]);
});

/** After the row was drawn anew the focus goes on from it, not from the top of the page. */
let decided = "";
document.addEventListener("htmx:before:swap", (event) => {
  const row = formOf(event)?.closest("[data-row]");
  decided = row?.contains(document.activeElement) || document.activeElement === document.body ? (row?.dataset.ref ?? "") : "";
});
document.addEventListener("htmx:after:swap", () => {
  if (decided && document.activeElement === document.body) {
    document.querySelector(`#row-${CSS.escape(decided)} .row-title a`)?.focus({ preventScroll: true });
  }
  decided = "";
  count();
});

onFailure(isDecision, (form, how, status) => {
  const row = form.closest("[data-row]");
  mine.delete(row.dataset.ref);
  if (status === 409) return; // that answer brings its own words
  takeBack(row);
  toast(`${row.dataset.ref} stays as it is: ${how[0].toLowerCase()}${how.slice(1)}`, { error: true });
});

// What was decided or edited in the drawer shows in the queue.
document.addEventListener("record-changed", (event) => {
  if (!queue() || mine.delete(event.detail.ref)) return;
  window.htmx.ajax("GET", location.href, { target: "#queue", select: "#queue", swap: "outerMorph" });
});

// --- Several at once

const boxes = () => [...document.querySelectorAll(".row-choice input")];
const words = document.querySelector("[data-chosen-count]");
const said = words?.textContent;

function count() {
  if (!words) return;
  const chosen = boxes().filter((box) => box.checked).length;
  words.firstChild.textContent = chosen ? `${chosen} of ${boxes().length} chosen. ` : said;
}

if (words) {
  const choose = () => {
    const on = boxes().some((box) => !box.checked);
    for (const box of boxes()) box.checked = on;
    all.textContent = on ? "Choose none" : "Choose all";
    count();
  };
  const all = button("Choose all", choose, "button quiet small");
  words.after(all);
  document.addEventListener("change", (event) => event.target.matches?.(".row-choice input") && count());
  count();
}
