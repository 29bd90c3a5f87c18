// Forms with data-autosave="URL" post their fields 1.5 s after the last change and when a field is left.
// The server's draft is the only copy: nothing is kept in the browser.
import { post } from "./session.js";

const PAUSE = 1500;
// htmx tells of the whole page too, once it is there: a form watched twice saves twice, and meets itself as a conflict.
const watched = new WeakSet();

function watch(form) {
  if (watched.has(form)) return;
  watched.add(form);
  let timer = 0;
  let running = null;
  let changed = false;
  let waits = false;

  async function save(options) {
    clearTimeout(timer);
    // One at a time: a second save would carry the version from before the first, and meet itself as a conflict.
    while (running && !options?.keepalive) await running;
    if (!changed || form.dataset.sent) return;
    changed = false;
    running = send(form, options)
      .then((kept) => (changed ||= !kept))
      .finally(() => (running = null));
  }

  form.addEventListener("input", () => {
    changed = true;
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE);
  });
  form.addEventListener("focusout", () => save());
  // Its own button waits for a save that is under way: with the version from before it, it would meet itself as a conflict.
  form.addEventListener(
    "submit",
    async (event) => {
      if (!running) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (waits) return;
      waits = true;
      while (running) await running;
      waits = false;
      form.requestSubmit(event.submitter);
    },
    { capture: true },
  );
  window.addEventListener("pagehide", () => save({ keepalive: true }));
}

async function send(form, options) {
  const status = form.querySelector("[data-save-status]");
  const failed = form.querySelector("[data-save-failed]");
  try {
    const answer = await post(form.dataset.autosave, new FormData(form), options);
    if (!answer.ok) throw new Error(answer.status);
    const version = answer.headers.get("X-Entwine-Version");
    if (version && form.elements.version) form.elements.version.value = version;
    const time = new Date().toTimeString().slice(0, 5);
    if (status) status.textContent = document.body.dataset.savedText.replace("{time}", time);
    if (failed) failed.textContent = "";
    return true;
  } catch (error) {
    const words = error.message === "409" ? "conflictText" : "awayText";
    if (failed) failed.textContent = document.body.dataset[words];
    return false;
  }
}

document.querySelectorAll("form[data-autosave]").forEach(watch);
document.addEventListener("htmx:load", (event) => {
  if (event.detail.elt.matches?.("form[data-autosave]")) watch(event.detail.elt);
  event.detail.elt.querySelectorAll?.("form[data-autosave]").forEach(watch);
});
