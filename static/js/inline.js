// Editing a field where its value stands. A row with data-edit="URL" gets its editor from there and
// posts it back; answers replace the row. What was typed is kept as a draft until it is saved.
import { announce, controlsOf, focusFirst, glyph, isPlain, isSending, key, make, onFailure } from "./dom.js";
import { fillDraft, forgetSaved, keepDraft, readDraft, valuesOf } from "./drafts.js";
import { toast } from "./toast.js";

const SAVING_AFTER = 150;
const SAVED_FOR = 6000;
export const resting = new Map(); // id of a row being edited -> the row as it was
const before = new WeakMap(); // editor form -> its values when it opened
const saving = new WeakMap(); // editor form -> timer of "Saving…"
let after = null; // id of the row to open once the present one is saved

const rowOf = (element) => element.closest(".field-row");

function note(row, ...content) {
  const dd = row.querySelector("dd");
  dd.querySelector(":scope > .field-note")?.remove();
  const line = make("p", { class: "field-note" }, ...content);
  dd.append(line);
  return line;
}

export function markDrafts() {
  for (const row of document.querySelectorAll(".field-row[data-edit]:not(.is-editing, .has-draft)")) {
    if (!readDraft(row.dataset.edit)) continue;
    row.classList.add("has-draft");
    note(row, "Unsaved text is kept here. Edit to go on.");
  }
}

async function open(row) {
  if (!row || row.matches(".is-editing, [aria-busy=true]")) return;
  const { id } = row;
  const rest = row.cloneNode(true);
  row.setAttribute("aria-busy", "true");
  await window.htmx.ajax("GET", row.dataset.edit, { source: row, target: row, swap: "outerHTML" });
  row.removeAttribute("aria-busy");
  const editor = document.getElementById(id);
  const form = editor?.querySelector("form[data-inline]");
  if (!form) {
    if (row.isConnected) toast("The field did not open.", { error: true, action: { label: "Try again", run: () => open(row) } });
    return;
  }
  resting.set(id, rest);
  before.set(form, valuesOf(form));
  const draft = readDraft(editor.dataset.edit);
  if (draft && draft.values !== valuesOf(form)) {
    fillDraft(form, draft);
    note(editor, "This is your unsaved text.");
  }
  const control = controlsOf(form)[0];
  control?.focus();
  control?.select?.();
}

function cancel(row) {
  const rest = resting.get(row.id);
  if (!rest) return location.reload();
  keepDraft(row.dataset.edit, null);
  rest.classList.remove("has-draft");
  rest.querySelector(".field-note")?.remove();
  row.replaceWith(rest);
  window.htmx.process(rest);
  resting.delete(row.id);
  rest.querySelector(".field-edit")?.focus({ preventScroll: true });
}

function failed(form, words) {
  done(form);
  after = null;
  form.querySelector(".save-failed")?.remove();
  const again = make("button", { class: "button", type: "submit" }, "Try again");
  form.append(make("div", { class: "banner error save-failed", role: "alert" }, glyph("ui-warn"), make("span", {}, words), again));
}

function done(form) {
  clearTimeout(saving.get(form));
  form.classList.remove("is-saving");
  form.querySelector("button.primary")?.removeAttribute("aria-busy");
  form.querySelector(".saving-note")?.remove();
}

function saved(row) {
  keepDraft(row.dataset.edit, null);
  resting.delete(row.id);
  const line = note(row, glyph("ui-check"), "Saved.", " ", key("U"), " undo");
  setTimeout(() => line.remove(), SAVED_FOR);
  announce("Saved");
  const next = after && document.getElementById(after);
  after = null;
  if (next) open(next);
  else row.querySelector(".field-edit")?.focus({ preventScroll: true });
}

document.addEventListener("click", (event) => {
  if (!isPlain(event)) return;
  const link = event.target.closest?.(".field-edit");
  if (link) {
    event.preventDefault();
    open(rowOf(link));
  } else if (event.target.closest?.("[data-cancel]")) cancel(rowOf(event.target));
});

document.addEventListener("input", (event) => {
  const form = event.target.closest?.("form[data-inline]");
  if (form) keepDraft(rowOf(form).dataset.edit, form);
});

document.addEventListener("keydown", (event) => {
  const form = event.target.closest?.("form[data-inline]");
  if (!form || event.isComposing) return;
  const row = rowOf(form);
  if (event.key === "Escape") {
    event.preventDefault();
    cancel(row);
  } else if (isSending(event) && event.target.matches("textarea")) {
    event.preventDefault();
    form.requestSubmit();
  } else if (event.key === "Tab" && !event.ctrlKey && !event.altKey) {
    const own = controlsOf(form);
    const edge = event.shiftKey ? own[0] : own.at(-1);
    const rows = [...row.parentElement.querySelectorAll(".field-row[data-edit]")];
    const next = rows[rows.indexOf(row) + (event.shiftKey ? -1 : 1)];
    if (event.target !== edge || !next) return;
    event.preventDefault();
    if (before.get(form) === valuesOf(form)) {
      cancel(row);
      open(next);
    } else {
      after = next.id;
      form.requestSubmit();
    }
  }
});

const isEditor = (element) => element?.matches?.("form[data-inline]");

document.addEventListener("htmx:before:request", (event) => {
  const form = event.detail.ctx.sourceElement;
  if (!isEditor(form)) return;
  form.querySelector(".save-failed")?.remove();
  saving.set(
    form,
    setTimeout(() => {
      form.classList.add("is-saving");
      form.querySelector("button.primary")?.setAttribute("aria-busy", "true");
      form.append(make("p", { class: "field-note saving-note", role: "status" }, "Saving…"));
    }, SAVING_AFTER),
  );
});

document.addEventListener("htmx:after:swap", (event) => {
  const form = event.detail.ctx.sourceElement;
  if (isEditor(form)) {
    const { status } = event.detail.ctx.response;
    forgetSaved();
    const row = document.getElementById(rowOf(form)?.id);
    done(form);
    if (row && status < 400) saved(row);
    else if (row && row.querySelector("form[data-inline]") !== form) {
      after = null;
      const editor = row.querySelector("form[data-inline]");
      if (editor) before.set(editor, before.get(form));
      // Others saved the same field: sent as a page, the same text leads to the merge page.
      if (editor && status === 409) return editor.submit();
      focusFirst(row);
    }
  }
  markDrafts();
});

onFailure(isEditor, (form, how, status, ctx) => {
  // Signed out meanwhile: sent as a page, the answer is a way to sign in that keeps the text.
  if (status && ctx.response.headers.has("Signed-Out")) form.submit();
  else if (![409, 422].includes(status)) failed(form, `Not saved. ${status === 403 ? "You may not edit this any more." : how} Your text is kept.`);
});

markDrafts();
