// Beside a field for an actor or an issue stands what to add when the name is not in the list. It is
// shown once that is so: something is typed, and the list has nothing that fits it.
//   <div class="field"><input list="…"> … <div data-newcomer><select>…</select></div></div>
// Without script it is always there.
import { announce } from "./dom.js";

const plain = (words) => words.trim().toLocaleLowerCase();
const isNamed = (typed, option) => [option, option.slice(option.indexOf(" ") + 1)].includes(typed); // "a1 harbour board"

/** Whether the choice is needed: "list" is what was offered for the words typed last. */
function isNeeded(input, select, list) {
  const typed = plain(input.value);
  if (!typed || list.some((option) => isNamed(typed, plain(option.value)))) return false;
  return !!select.value || input.getAttribute("aria-invalid") === "true" || input.dataset.isUnknown === "true";
}

function update(part) {
  const [input, select] = [part.parentElement.querySelector("input[list]"), part.querySelector("select")];
  if (!input || part.contains(document.activeElement)) return;
  const list = [...(input.list?.options ?? [])];
  const isShown = isNeeded(input, select, list);
  if (part.hidden && isShown && input === document.activeElement) announce("Not in the list. The next field says what to add.");
  part.hidden = !isShown;
}

const updateAll = () => document.querySelectorAll("[data-newcomer]").forEach(update);

document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  const input = ctx.sourceElement;
  if (input?.matches?.("input[list]")) input.dataset.isUnknown = String(!input.list?.options.length);
  updateAll();
});
document.addEventListener("input", ({ target }) => target.matches?.("input[list]") && !target.value.trim() && updateAll());
updateAll();
