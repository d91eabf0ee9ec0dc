// A file dropped anywhere on the page goes into the form's file input, as if it had been chosen.
// Ctrl+Enter goes on from the text.
import { announce, isSending } from "./dom.js";

const zone = document.querySelector("[data-drop]");
const input = zone?.querySelector("input[type=file]");
const holdsFiles = (event) => event.dataTransfer?.types.includes("Files");

function over(event) {
  if (!holdsFiles(event)) return;
  event.preventDefault();
  zone.classList.add("is-over");
}

function left(event) {
  if (!event.relatedTarget) zone.classList.remove("is-over");
}

function dropped(event) {
  if (!holdsFiles(event)) return;
  event.preventDefault();
  zone.classList.remove("is-over");
  input.files = event.dataTransfer.files;
  input.focus();
  announce(`${input.files[0]?.name ?? "No file"} chosen`);
}

if (input) {
  document.addEventListener("dragover", over);
  document.addEventListener("dragleave", left);
  document.addEventListener("drop", dropped);
}

document.addEventListener("keydown", (event) => {
  if (!isSending(event) || event.target.id !== "id_text") return;
  event.preventDefault();
  event.target.form.requestSubmit(event.target.form.querySelector("button[name=step]"));
});
