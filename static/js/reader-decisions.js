// Suggestions are accepted and rejected in the reader of a source: what is decided shows at once and is
// taken back when the server refuses it.
import { onFailure } from "./dom.js";
import { all, cardsOf, piecesOf } from "./reader-parts.js";
import { toast } from "./toast.js";

const isDecision = (element) => !!element?.matches?.("[data-decide]");
const cardOf = (form) => form.closest("[data-card]");

const deciding = new Set(); // ids of suggestions whose decision is on its way
let decided = "";
let go = () => {};

/** The suggestion decided last: undo brings it back. */
export const lastDecided = () => decided;

/** Whether a decision is on its way. */
export const isDeciding = () => deciding.size > 0;

/** Say how a mark is made the current one: with its id and what to do beside. */
export const followWith = (run) => (go = run);

/** The open suggestion after this one, else the first. */
function nextOpen(id) {
  const open = all(".text mark[data-suggestion][id]:not(.is-off)").filter((mark) => mark.id === id || !deciding.has(mark.id));
  const at = open.findIndex((mark) => mark.id === id);
  return (open[at + 1] ?? open.find((mark) => mark.id !== id))?.id ?? "";
}

// Requests wait for each other, what is shown does not: several may be decided in a row.
document.addEventListener(
  "submit",
  (event) => {
    if (!isDecision(event.target) || !window.htmx) return;
    const { for: id } = cardOf(event.target).dataset;
    if (deciding.has(id)) {
      event.preventDefault();
      return event.stopImmediatePropagation();
    }
    const next = nextOpen(id);
    decided = id;
    deciding.add(id);
    showDeciding();
    go(next, { focus: true, scroll: true, say: true });
  },
  true,
);
document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
  if (isDecision(ctx.sourceElement)) ctx.decided = cardOf(ctx.sourceElement)?.dataset.for;
});
document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => ctx.decided && deciding.delete(ctx.decided));

/** Show which suggestions are about to be decided, in a reader drawn anew too. */
export function showDeciding() {
  for (const id of deciding) {
    for (const element of [...piecesOf(id), ...cardsOf(id)]) element.classList.add("is-deciding");
  }
}

onFailure(isDecision, (form, how, status) => {
  const { for: id } = cardOf(form).dataset;
  deciding.delete(id);
  // Somebody decided before, or it is gone: the answer says so and shows the reader as it stands.
  if (status === 409) return;
  for (const element of [...piecesOf(id), ...cardsOf(id)]) element.classList.remove("is-deciding");
  go(id, { focus: true, scroll: true });
  toast(`The suggestion is still open: ${how[0].toLowerCase()}${how.slice(1)}`, { error: true });
});
