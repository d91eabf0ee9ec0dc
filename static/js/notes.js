// Notes: Ctrl+Enter sends, what was typed is kept until it is saved, and @ offers the members of the
// dossier. The list below the field is fetched while one types; arrows choose, Enter or Tab takes.
import { announce, isSending, make, onFailure } from "./dom.js";
import { fillDraft, keepDraft, readDraft } from "./drafts.js";
import { toast } from "./toast.js";

const PAUSE = 120;
const CALL = /(?:^|[^\w.@+/-])@([\p{L}\p{N}_.+-]*)$/u;
const addressOf = (form) => `${form.getAttribute("action")}?about=${form.dataset.draftOf}`;

function fill() {
  for (const form of document.querySelectorAll("form[data-draft-of]")) {
    const draft = form.elements.text.value ? null : readDraft(addressOf(form));
    if (draft) fillDraft(form, draft);
  }
}

let list = null; // the open list: { field, box, at }
let timer;
let asked = 0;

const options = () => [...(list?.box.children ?? [])];

function close() {
  clearTimeout(timer);
  asked += 1;
  if (!list) return;
  list.box.remove();
  for (const name of ["aria-activedescendant", "aria-controls"]) list.field.removeAttribute(name);
  list = null;
}

function choose(option) {
  for (const other of options()) other.setAttribute("aria-selected", String(other === option));
  list.field.setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
}

function take(option) {
  const { field } = list;
  const start = field.value.slice(0, field.selectionStart).lastIndexOf("@");
  field.setRangeText(`@${option.dataset.name} `, start, field.selectionStart, "end");
  close();
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
}

async function offer(field) {
  const call = CALL.exec(field.value.slice(0, field.selectionStart));
  if (!call) return close();
  const mine = (asked += 1);
  const answer = await fetch(`${field.dataset.mentions}?q=${encodeURIComponent(call[1])}`).catch(() => null);
  if (mine !== asked || document.activeElement !== field) return;
  const found = answer?.ok && !answer.redirected ? (await answer.text()).trim() : "";
  if (mine !== asked) return;
  close();
  if (!found) return;
  const box = make("ul", { class: "mention-list", id: "mention-list", role: "listbox", "aria-label": "Members" });
  box.innerHTML = found;
  field.after(box);
  list = { field, box };
  field.setAttribute("aria-controls", box.id);
  choose(box.firstElementChild);
  announce(`${box.children.length} ${box.children.length === 1 ? "member" : "members"}. Arrows choose, Enter takes.`);
}

document.addEventListener("input", (event) => {
  const field = event.target;
  const form = field.closest?.("form[data-draft-of]");
  if (form) keepDraft(addressOf(form), form.elements.text.value ? form : null);
  if (!field.dataset?.mentions) return;
  clearTimeout(timer);
  timer = setTimeout(offer, PAUSE, field);
});

// Before the keys of inline fields, for which Escape and Tab mean leaving the field.
document.addEventListener(
  "keydown",
  (event) => {
    if (event.isComposing) return;
    const all = options();
    const at = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (all.length && event.target === list.field && !event.ctrlKey) {
      if (step) choose(all[(at + step + all.length) % all.length]);
      else if (event.key === "Enter" || (event.key === "Tab" && !event.shiftKey)) take(all[at]);
      else if (event.key === "Escape") close();
      else return;
      event.preventDefault();
      event.stopPropagation();
    } else if (isSending(event) && event.target.matches?.("form[data-note] textarea")) {
      event.preventDefault();
      event.target.form.requestSubmit();
    }
  },
  true,
);

document.addEventListener("pointerdown", (event) => {
  const option = event.target.closest?.(".mention-list > li");
  if (!option) return close();
  event.preventDefault();
  take(option);
});
document.addEventListener("focusout", (event) => event.target === list?.field && close());

const isNote = (element) => element?.matches?.("form[data-note]");

document.addEventListener("htmx:after:swap", (event) => {
  const { sourceElement: form, response } = event.detail.ctx;
  if (isNote(form)) {
    const panel = document.querySelector(form.getAttribute("hx-target"));
    if (response.status < 400 && form.dataset.draftOf) keepDraft(addressOf(form), null);
    // What had the focus is gone with the answer.
    if (form.dataset.draftOf) panel?.querySelector("textarea")?.focus();
    else panel?.focus();
  }
  fill();
});

onFailure(isNote, (_, how, status) => {
  if (status !== 422) toast(`Not saved. ${status === 403 ? "You may not write here any more." : how} Your text is kept.`, { error: true });
});

fill();
