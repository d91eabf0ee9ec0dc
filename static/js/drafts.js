// What was typed and not saved is kept in localStorage for each form address, with the version it
// was typed against, so that it survives a reload, a session that ended and a server that failed.
// Drafts belong to one person: whoever else signs in on this browser wipes them. They last a week.
import { button, focusFirst, make } from "./dom.js";

const user = document.body.dataset.user ?? "";
const KEPT_FOR = 7 * 24 * 3600 * 1000;
const OURS = "draft:";
const keyOf = (address) => `${OURS}${user}:${address}`;
const original = new WeakMap(); // form -> {values, version} as the server drew it

// Storage may be full or forbidden; then there is no draft, and nothing else changes.
function storage(act) {
  try {
    return act(localStorage);
  } catch {
    return null;
  }
}

// Versions and ids of a form with several rows go with their text; `version` is kept by itself.
const isMark = (control) => /(^|-)(made_from|id)$/.test(control.name);
const isOwn = (control) => isMark(control) || (control.name && !["hidden", "submit", "button", "file", "password"].includes(control.type) && !control.hidden);

/** What stands in the controls of a form that a person can change, as JSON. */
export function valuesOf(form) {
  const found = [];
  for (const control of form.elements) {
    if (!isOwn(control) || (["checkbox", "radio"].includes(control.type) && !control.checked)) continue;
    found.push([control.name, control.value]);
  }
  return JSON.stringify(found);
}

const versionOf = (form) => form.elements.namedItem("version");

/** The draft of an address: {values, version, at}, or null. */
export function readDraft(address) {
  return storage((store) => JSON.parse(store.getItem(keyOf(address))));
}

/** Keep what stands in a form, or other values with their version; null forgets it. */
export function keepDraft(address, form, values, version) {
  storage((store) => {
    if (!form) return store.removeItem(keyOf(address));
    const draft = { values: values ?? valuesOf(form), version: version ?? versionOf(form)?.value, at: Date.now() };
    return store.setItem(keyOf(address), JSON.stringify(draft));
  });
}

/** Put a draft into a form. It goes on from the version it was typed against, so that what others
 * saved since is merged with it. A merge page of another version takes the words alone. */
export function fillDraft(form, draft) {
  const values = JSON.parse(draft.values);
  const version = versionOf(form);
  const isOther = form.hasAttribute("data-merge") && draft.version !== version?.value;
  for (const control of form.elements) {
    if (!isOwn(control)) continue;
    const own = values.filter(([name]) => name === control.name);
    if (["checkbox", "radio"].includes(control.type)) {
      if (!isOther) control.checked = own.some(([, value]) => value === control.value);
    } else if (own.length) control.value = own[0][1];
  }
  if (version && draft.version && !form.hasAttribute("data-merge")) version.value = draft.version;
  form.dispatchEvent(new Event("draft:filled"));
}

function offer(form) {
  const { draft: address } = form.dataset;
  const drawn = { values: valuesOf(form), version: versionOf(form)?.value };
  original.set(form, drawn);
  // The answer to what was just sent holds it already.
  if (form.hasAttribute("data-posted")) return keepDraft(address, form);
  const draft = readDraft(address);
  // Rows that came or went meanwhile are not those the text was typed in: it waits for them.
  const moved = draft && JSON.parse(draft.values).some(([name, value]) => /-id$/.test(name) && form.elements.namedItem(name)?.value !== value);
  if (!draft || moved) return;
  if (draft.values === drawn.values) return keepDraft(address, null);
  fillDraft(form, draft);
  const clock = new Date(draft.at).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
  const note = make("div", { class: "banner draft-note", role: "status" }, make("p", {}, `This is your unsaved text, from ${clock}.`));
  const discard = () => {
    keepDraft(address, null);
    fillDraft(form, drawn);
    note.remove();
    focusFirst(form);
  };
  note.append(button("Discard", discard));
  form.prepend(note);
}

/** Forget what the server says has been saved: a cookie names the addresses of the forms. */
export function forgetSaved() {
  const saved = document.cookie.split("; ").find((one) => one.startsWith("saved="));
  if (!saved) return;
  for (const address of saved.slice(6).replaceAll('"', "").split("|")) keepDraft(decodeURIComponent(address), null);
  document.cookie = "saved=; max-age=0; path=/; samesite=lax";
}

function sweep() {
  storage((store) => {
    for (const key of Object.keys(store).filter((one) => one.startsWith(OURS))) {
      const isOld = Date.now() - (JSON.parse(store.getItem(key))?.at ?? 0) > KEPT_FOR;
      if (isOld || (user && !key.startsWith(keyOf("")))) store.removeItem(key);
    }
  });
}

function changed({ target }) {
  const form = target.form;
  if (!form?.dataset.draft) return;
  keepDraft(form.dataset.draft, valuesOf(form) === original.get(form)?.values ? null : form);
}
document.addEventListener("input", changed);
document.addEventListener("change", changed);
document.addEventListener("click", (event) => {
  const cancel = event.target.closest?.("[data-draft-cancel]");
  if (cancel) keepDraft(cancel.closest("form").dataset.draft, null);
});

sweep();
forgetSaved();
for (const form of document.querySelectorAll("form[data-draft]")) offer(form);
