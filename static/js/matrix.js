// The matrix by keyboard and pointer: one tab stop, arrows walk its cells, Enter opens the ledger; the
// slider is dragged. Without it every cell and every tick is a link.
import { announce, isPlain, make, roomy, selectedRef } from "./dom.js";
import { open } from "./drawer.js";

const table = document.querySelector("[data-matrix]");
const ARROWS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

const rows = table ? [...table.querySelectorAll("tr[data-actor]")] : [];
const columns = table ? [...table.querySelectorAll("th[data-issue]")] : [];
const stopOf = (cell) => cell.firstElementChild ?? cell;
const cellAt = (row, column) => rows[row]?.cells[column + 1];

let current = null;

/** Make a cell the one that Tab leads to. */
function hold(cell) {
  if (current) stopOf(current).tabIndex = -1;
  current = cell;
  stopOf(cell).tabIndex = 0;
}

function place(cell) {
  return [rows.indexOf(cell.parentElement), cell.cellIndex - 1];
}

function go(cell) {
  hold(cell);
  stopOf(cell).focus({ preventScroll: true });
  stopOf(cell).scrollIntoView({ block: "nearest", inline: "nearest" });
}

/** Open the ledger of a cell beside the matrix, also of one in which nothing was stated. */
function openLedger(cell, focus) {
  const [row, column] = place(cell);
  const actor = rows[row].dataset.actor;
  const issue = columns[column].dataset.issue;
  const now = new URLSearchParams(location.search);
  const past = now.get("as_of") ? `?${new URLSearchParams({ as_of: now.get("as_of"), clock: now.get("clock") ?? "" })}` : "";
  open(`${actor}.${issue}`, `${table.dataset.url}of/${actor}/on/${issue}/${past}`, { focus, from: stopOf(cell) });
  table.querySelector("td > [aria-current]")?.removeAttribute("aria-current");
  cell.querySelector("a")?.setAttribute("aria-current", "true");
}

function underline() {
  const issue = selectedRef().split(".")[1];
  for (const head of columns) head.classList.toggle("is-current", !!issue && head.dataset.issue === issue);
}

if (table && rows.length) {
  table.setAttribute("role", "grid");
  for (const link of table.querySelectorAll("td > a")) link.tabIndex = -1;
  const selected = table.querySelector("td > [aria-current]")?.parentElement;
  hold(selected ?? table.querySelector("td > a")?.parentElement ?? cellAt(0, 0));
  underline();

  table.addEventListener("keydown", (event) => {
    const cell = event.target.closest?.("td");
    if (!cell || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter" && cell === event.target) {
      event.preventDefault();
      return openLedger(cell, true);
    }
    const [row, column] = place(cell);
    const ends = { Home: cellAt(row, 0), End: cellAt(row, columns.length - 1) };
    const step = ARROWS[event.key];
    const next = step ? cellAt(row + step[0], column + step[1]) : ends[event.key];
    if (!next) return;
    event.preventDefault();
    go(next);
  });
  table.addEventListener("click", (event) => {
    const cell = event.target.closest("td > a")?.parentElement;
    if (!cell || !roomy.matches || !isPlain(event)) return;
    event.preventDefault();
    openLedger(cell, event.detail === 0);
  });
  table.addEventListener("focusin", (event) => {
    const cell = event.target.closest?.("td");
    if (cell && cell !== current) hold(cell);
  });
  document.addEventListener("drawer:opened", underline);
  document.addEventListener("htmx:after:history:push", underline);
}

// --- The slider

const slider = document.querySelector("[data-slider]");

const DAY = 86_400_000;
const dayOf = (number) => new Date(number * DAY).toISOString().slice(0, 10);
const inWords = (number) => new Date(number * DAY).toLocaleDateString("en-GB", { weekday: "short", day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });

if (slider) {
  const first = Number(slider.dataset.first);
  const last = Number(slider.dataset.last);
  const words = (value) => (value >= last ? "Now" : inWords(first + value));
  const range = make("input", { type: "range", min: "0", max: String(last), step: "1", value: slider.dataset.at, "aria-label": "As of", "aria-valuetext": words(Number(slider.dataset.at)) });
  const field = slider.querySelector("[name=as_of]");
  range.addEventListener("input", () => {
    range.setAttribute("aria-valuetext", words(range.valueAsNumber));
    field.value = range.valueAsNumber >= last ? "" : words(range.valueAsNumber);
  });
  range.addEventListener("change", () => {
    const address = new URL(location.href);
    for (const name of ["as_of", "clock"]) address.searchParams.delete(name);
    if (range.valueAsNumber < last) {
      address.searchParams.set("as_of", dayOf(first + range.valueAsNumber));
      address.searchParams.set("clock", "happened");
    }
    announce(words(range.valueAsNumber));
    sessionStorage.setItem("matrix-slider", "held");
    location.assign(address);
  });
  slider.querySelector(".track").append(range);
  if (sessionStorage.getItem("matrix-slider")) {
    sessionStorage.removeItem("matrix-slider");
    range.focus({ preventScroll: true });
  }
}
