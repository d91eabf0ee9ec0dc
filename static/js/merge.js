// The merge page: one field is current; 1 2 3 choose in it, J and K go on, Enter in a text of one's
// own uses it. Without this the page is a form of radio buttons that the server checks.
import { announce, glyph, isTyping, keysOff } from "./dom.js";
import { keepDraft } from "./drafts.js";

const form = document.querySelector("form[data-merge]");
const rows = [...form.querySelectorAll("[data-merge-row]")];
const save = form.querySelector("[data-save]");
const choiceOf = (row) => row.querySelector("input[type=radio]:checked");
const ownOf = (row) => row.querySelector("[data-typed]");
let current = 0;

function show(row) {
  const choice = choiceOf(row);
  const isText = choice?.value === "typed";
  const chosen = row.querySelector("[data-chosen]");
  const own = row.querySelector("[data-own]");
  row.classList.toggle("is-decided", Boolean(choice));
  row.querySelector("[data-state]").replaceChildren(glyph(choice ? "ui-check" : "ui-warn"), ` ${choice ? "Decided" : "Needs a decision"}`);
  chosen.hidden = !choice;
  chosen.textContent = choice ? (isText ? ownOf(row).value : choice.dataset.text) || "Empty" : "";
  if (own) own.hidden = Boolean(choice);
  const reopen = row.querySelector("[data-reopen]");
  if (reopen) reopen.hidden = !choice;
}

function refresh() {
  rows.forEach(show);
  rows.forEach((row, index) => row.classList.toggle("is-current", index === current));
  const decided = rows.filter(choiceOf).length;
  const left = rows.length - decided;
  form.querySelector("[data-progress]").textContent = `${decided} of ${rows.length} decided`;
  form.querySelectorAll(".merge-steps > i").forEach((step, index) => step.classList.toggle("is-done", index < decided));
  save.disabled = left > 0;
  form.querySelector("[data-left]").textContent = left ? `${left} field${left === 1 ? "" : "s"} left` : "";
  form.querySelector("[data-place]").textContent = `Field ${current + 1} of ${rows.length}`;
}

function focusRow(index) {
  current = Math.min(Math.max(index, 0), rows.length - 1);
  refresh();
  const row = rows[current];
  (choiceOf(row) ?? row.querySelector("input[type=radio]")).focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

function choose(row, value) {
  const radio = row.querySelector(`input[type=radio][value="${value}"]`);
  if (!radio) return;
  radio.checked = true;
  radio.dispatchEvent(new Event("change", { bubbles: true }));
  announce(`${row.querySelector("h2").textContent}: ${value === "typed" ? "your own text" : value}`);
}

/** Go on writing a text, at its end. */
function resume(own) {
  own.dispatchEvent(new Event("input", { bubbles: true }));
  own.focus();
  own.setSelectionRange?.(own.value.length, own.value.length);
}

function goOn() {
  const next = rows.findIndex((row) => !choiceOf(row));
  if (next >= 0) focusRow(next);
  else save.focus();
}

form.addEventListener("change", refresh);
form.addEventListener("draft:filled", refresh);
form.addEventListener("focusin", (event) => {
  const at = rows.indexOf(event.target.closest("[data-merge-row]"));
  if (at >= 0 && at !== current) {
    current = at;
    refresh();
  }
});

form.addEventListener("click", (event) => {
  const { from, step } = event.target.closest("button")?.dataset ?? {};
  const row = event.target.closest("[data-merge-row]");
  if (step) focusRow(current + Number(step));
  else if (from) {
    const own = ownOf(row);
    own.value = row.querySelector(`input[value="${from}"]`).dataset.text;
    resume(own);
  } else if (event.target.closest("[data-reopen]")) {
    choiceOf(row).checked = false;
    refresh();
    resume(ownOf(row));
  }
});

// Before the keys of all pages, which would take J and K for a list.
document.addEventListener(
  "keydown",
  (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const row = event.target.closest?.("[data-merge-row]") ?? rows[current];
    if (event.key === "Enter" && event.target.matches("[data-typed]") && !event.shiftKey) {
      event.preventDefault();
      choose(row, "typed");
      return goOn();
    }
    if (event.key === "Escape" && event.target.matches("[data-typed]")) return;
    if (keysOff() || isTyping(event.target)) return;
    const side = { 1: "before", 2: "theirs", 3: "yours" }[event.key];
    const by = { j: 1, k: -1 }[event.key.toLowerCase()];
    if (!side && !by) return;
    event.preventDefault();
    event.stopPropagation();
    if (by) focusRow(rows.indexOf(row) + by);
    else {
      choose(row, side);
      choiceOf(row).focus({ preventScroll: true });
    }
  },
  true,
);

// The address of this page, asked for again, is that of the form: it offers the same text.
const mine = [...form.querySelectorAll("[name^='mine-']")].map((kept) => [kept.name.slice(5), kept.value]);
keepDraft(form.dataset.edit, form, JSON.stringify(mine), form.elements.base.value);

form.dataset.started = "true";
for (const hidden of form.querySelectorAll("[data-live], [data-from]")) hidden.hidden = false;
current = Math.max(rows.findIndex((row) => !choiceOf(row)), 0);
refresh();
