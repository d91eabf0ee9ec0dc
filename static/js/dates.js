// The reading of a date as typed, shown beneath its field before it is saved.
// <input data-date-preview="URL">: GET URL?text=… answers a few words of HTML.
import { make } from "./dom.js";

const PAUSE = 200;
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

async function show(input) {
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

document.addEventListener("input", (event) => plan(event, PAUSE));
document.addEventListener("focusin", (event) => plan(event, 0));
