// Theme and single keys: applied at once, kept by the server. The forms work without script too.
import { make } from "./dom.js";
import { toast } from "./toast.js";

const root = document.documentElement;

function apply(name, value) {
  if (name === "theme") {
    if (value === "system") delete root.dataset.theme;
    else root.dataset.theme = value;
  } else if (value === "off") root.dataset.singleKeys = "off";
  else delete root.dataset.singleKeys;
}

const chosen = (name) => (name === "theme" ? (root.dataset.theme ?? "system") : (root.dataset.singleKeys ?? "on"));

function mark(form) {
  for (const button of form.querySelectorAll("button[name]")) {
    button.setAttribute("aria-pressed", String(button.value === chosen(button.name)));
  }
}

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("[data-preferences]");
  const button = event.submitter;
  if (!form || !button?.name) return;
  event.preventDefault();
  const before = chosen(button.name);
  apply(button.name, button.value);
  mark(form);
  try {
    // The answer is a redirect to this page, which need not be loaded again.
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form, button), redirect: "manual" });
    if (answer.type !== "opaqueredirect" && !answer.ok) throw new Error(String(answer.status));
  } catch {
    apply(button.name, before);
    mark(form);
    toast("Your choice was not saved. The server did not answer.", { error: true });
  }
});

// Single keys exist only with script, and so does their switch.
for (const form of document.querySelectorAll("[data-preferences]")) {
  form.append(
    make("p", {}, "Single keys"),
    make("button", { class: "menu-item", name: "single_keys", value: "on" }, "On"),
    make("button", { class: "menu-item", name: "single_keys", value: "off" }, "Off"),
  );
  mark(form);
}
