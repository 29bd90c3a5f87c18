// A form that must not be half sent: with no network it says so, keeps what was written, and can be sent again.
// The server signs once, however often the same form arrives.
import { start } from "./signature.js";

function note(form, show) {
  const place = form.querySelector("[data-no-network]");
  place.hidden = !show;
  if (show) place.scrollIntoView({ block: "center" });
}

function watch(form) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (form.dataset.waiting) return;
    form.dataset.waiting = "1";
    note(form, false);
    try {
      const answer = await fetch(form.action || location.href, {
        method: "POST",
        body: new URLSearchParams(new FormData(form)),
        signal: AbortSignal.timeout(20_000),
      });
      if (answer.redirected) {
        location.replace(answer.url);
        return;
      }
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      document.querySelector("main").replaceWith(page.querySelector("main"));
      listen();
      document.querySelector("[data-error-summary]")?.focus();
    } catch {
      note(form, true);
    } finally {
      delete form.dataset.waiting;
    }
  });
}

function listen() {
  document.querySelectorAll("[data-signature]").forEach(start);
  document.querySelectorAll("form[data-offline]").forEach(watch);
}

document.querySelectorAll("form[data-offline]").forEach(watch);
