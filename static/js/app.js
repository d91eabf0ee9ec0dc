// Entry: small things every page needs, and the modules. Pages work without any of this; script
// only makes them quicker. Everything listens on the document, so that swapped parts need no set-up.
// base.html adds drafts.js and undo.js for who is signed in, and what edits and follows for members.
import "./theme.js";
import "./toast.js";
import "./keys.js";
import "./drawer.js";
import "./search.js";

// A whole page that arrives for a part (a sign-in page after the session ended) is not squeezed in.
document.addEventListener("htmx:before:swap", (event) => {
  const { ctx } = event.detail;
  if (ctx.target !== document.body && /^\s*<!doctype/i.test(ctx.text ?? "")) {
    event.preventDefault();
    const isOut = ctx.response?.headers.has("Signed-Out");
    if (!isOut) location.assign(ctx.response?.raw.url ?? location.href);
    // The script of a field or of a form in the margin sends its text once more as a page; else no text is held.
    else if (!ctx.sourceElement.matches("form[data-inline], form[data-marking]")) location.assign(`/sign-in/?next=${encodeURIComponent(location.pathname + location.search)}`);
  }
});

// Filters and the like apply at once; their button is for those without script.
function prepare(root) {
  for (const form of root.querySelectorAll("form[data-autosubmit]")) {
    for (const button of form.querySelectorAll("button:not([type=button], [data-keep])")) button.hidden = true;
  }
  root.querySelector("[data-take-focus]")?.focus();
}
document.addEventListener("change", (event) => event.target.form?.matches("[data-autosubmit]") && event.target.form.requestSubmit());
document.addEventListener("htmx:after:process", (event) => event.target.querySelectorAll && prepare(event.target));
prepare(document);

// A form is sent once, and its button says that it is working.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("hx-post")) return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "true";
  event.submitter?.setAttribute("aria-busy", "true");
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    form.querySelector("[aria-busy]")?.removeAttribute("aria-busy");
  }
});

// Menus are <details>: one open at a time, closed by a click elsewhere.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
