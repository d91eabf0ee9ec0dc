// The reading of a date as typed, shown beneath its field before it is saved.
// <input data-date-preview="URL">: GET URL?text=… answers a few words of HTML.
import { make } from "./dom.js";

const PAUSE = 200;
const SETTLED = 60; // a field that was swapped in holds its own words only a moment later
const timers = new WeakMap();
const asked = new WeakMap();

function placeFor(input) {
  const id = `${input.id}_preview`;
  let place = document.getElementById(id);
  if (!place) {
    place = make("p", { class: "preview", id, "aria-live": "polite" });
    input.after(place);
    const described = input.getAttribute("aria-describedby");
    input.setAttribute("aria-describedby", described ? `${described} ${id}` : id);
  }
  return place;
}

/** What the server said of words that have since been typed over no longer stands. */
function forget(input) {
  if (!input.matches("[aria-invalid=true]")) return;
  input.removeAttribute("aria-invalid");
  document.getElementById(`${input.id}_error`)?.remove();
}

async function show(input) {
  // An editor that came back with an error already says what is wrong with its words.
  if (!input.isConnected || input.matches("[aria-invalid=true]")) return;
  const place = placeFor(input);
  const text = input.value.trim();
  if (!text) return place.replaceChildren();
  asked.get(input)?.abort();
  const control = new AbortController();
  asked.set(input, control);
  const url = new URL(input.dataset.datePreview, location.href);
  url.searchParams.set("text", text);
  try {
    const answer = await fetch(url, { signal: control.signal, headers: { "HX-Request": "true" } });
    if (!answer.ok && answer.status !== 422) return place.replaceChildren();
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    place.replaceChildren(...page.body.childNodes);
  } catch {
    // Typing went on, or there is no server: the form says so when it is sent.
  }
}

function plan(event, pause) {
  const input = event.target;
  if (!input.matches?.("input[data-date-preview]")) return;
  clearTimeout(timers.get(input));
  timers.set(input, setTimeout(show, pause, input));
}

document.addEventListener("input", (event) => {
  if (event.target.matches?.("input[data-date-preview]")) forget(event.target);
  plan(event, PAUSE);
});
document.addEventListener("focusin", (event) => plan(event, SETTLED));
