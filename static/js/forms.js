// A form is sent once: its button is busy until the answer comes. Before a long form leaves the page we make sure
// that someone is still signed in, because an expired session would lose what was typed.
import { freshToken, signedIn, signInAgain } from "./session.js";

function busy(form, button) {
  form.dataset.sent = "1";
  button?.setAttribute("aria-disabled", "true");
  button?.setAttribute("data-busy", "");
  // The button's own name and value must still be sent: it is disabled a moment later.
  setTimeout(() => button && form.dataset.sent && (button.disabled = true));
}

function free(form) {
  delete form.dataset.sent;
  delete form.dataset.sure;
  for (const button of form.querySelectorAll("[data-busy]")) {
    button.disabled = false;
    button.removeAttribute("aria-disabled");
    button.removeAttribute("data-busy");
  }
}

async function makeSure(form, button) {
  try {
    if (!(await signedIn())) await signInAgain();
  } catch {
    free(form);
    form.querySelectorAll("[data-save-failed]").forEach((place) => {
      place.textContent = document.body.dataset.awayText;
    });
    return;
  }
  free(form);
  form.dataset.sure = "1";
  form.requestSubmit(button);
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  const button = event.submitter;
  freshToken(form);
  busy(form, button);
  if (form.hasAttribute("data-once") && !form.dataset.sure) {
    event.preventDefault();
    // Not disabled while we look: requestSubmit needs its button.
    setTimeout(() => makeSure(form, button));
  }
});

document.addEventListener("htmx:beforeRequest", (event) => {
  const { elt, requestConfig } = event.detail;
  if (elt.tagName !== "FORM" || requestConfig.triggeringEvent?.type !== "submit") return;
  if (elt.dataset.sent) event.preventDefault();
  else busy(elt, requestConfig.triggeringEvent.submitter);
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.requestConfig.triggeringEvent?.type === "submit") free(event.detail.elt);
});

// Back brings the page as it was left: its buttons must work again.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelectorAll("form[data-sent]").forEach(free);
});
