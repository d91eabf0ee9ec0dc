// The queue of lost passages: Enter confirms the place that is open, as A does. The other keys are
// those of its buttons (data-key), and everything works as forms without script.
import { isTyping, keysOff } from "./dom.js";

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  if (keysOff() || isTyping(event.target)) return;
  // A link or button that has the focus is what Enter is meant for, but for the row that is open.
  const control = event.target.closest("a, button, summary");
  if (control && !control.matches("[data-row].is-selected .row-title > a")) return;
  const confirm = document.querySelector("[data-primary]");
  if (!confirm) return;
  event.preventDefault();
  confirm.click();
});
