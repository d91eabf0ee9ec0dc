// Where the last change made in this tab is undone, for U after its message has gone. A form that
// is sent is used up: what it undid is not the last change any more.
import { make, token } from "./dom.js";

const LAST_UNDO = "undo";
const FRESH_FOR = 3 * 60_000;
const { user } = document.body.dataset;
const known = new WeakSet(); // forms of messages that are remembered

// Without storage U works as long as the message is there.
function storage(act) {
  try {
    return act(sessionStorage);
  } catch {
    return null;
  }
}
const forget = () => storage((store) => store.removeItem(LAST_UNDO));

/** Told to the page before it goes, so that it can come back to where it was: "undo:leaving". */
function leave() {
  forget();
  document.dispatchEvent(new Event("undo:leaving"));
}

function remember() {
  for (const form of document.querySelectorAll("[data-toast] form")) {
    if (known.has(form)) continue;
    known.add(form);
    form.addEventListener("submit", leave);
    storage((store) => store.setItem(LAST_UNDO, JSON.stringify([form.getAttribute("action"), Date.now(), user])));
  }
}

/** Undo the last change made in this tab. One that is older than a few minutes, or was made
 * elsewhere, is shown first: the server knows which one is the last of this person. */
function undoLast() {
  const dossier = location.pathname.match(/^\/d\/[^/]+\//)?.[0];
  if (!dossier) return;
  const [action, at, by] = storage((store) => JSON.parse(store.getItem(LAST_UNDO))) ?? [];
  forget();
  if (!action?.startsWith(dossier) || by !== user || Date.now() - at >= FRESH_FOR) return location.assign(`${dossier}revisions/0/undo`);
  const form = make("form", { method: "post", action, hidden: "" }, make("input", { type: "hidden", name: "csrfmiddlewaretoken", value: token() }));
  document.body.append(form);
  leave();
  form.submit();
}

document.addEventListener("key:free", ({ detail }) => detail === "u" && undoLast());
new MutationObserver(remember).observe(document.getElementById("toasts"), { childList: true, subtree: true });
remember();
