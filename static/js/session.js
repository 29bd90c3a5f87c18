// The session, as the page sees it: the CSRF token, requests that wait for a new sign-in, and the idle lock.
const dialog = document.getElementById("sign-in-again");
const idle = Number(document.body.dataset.idle || 0) * 1000;
const WARN = 120_000;
let contact = Date.now();
let active = 0;
let waiting = [];
let kept = null;

export function token() {
  const cookie = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
  return cookie ? cookie[1] : (document.querySelector("meta[name=csrf-token]")?.content ?? "");
}

// Another tab, or signing in again, may have changed the token since this form was drawn.
export function freshToken(form) {
  const field = form.querySelector("[name=csrfmiddlewaretoken]");
  if (field) field.value = token();
}

// True when someone is signed in. Throws when the server cannot be reached.
export async function signedIn() {
  const answer = await fetch("/", { redirect: "manual", headers: { "X-Entwine-Fetch": "1" } });
  if (answer.status !== 401) contact = Date.now();
  return answer.status !== 401;
}

// Posts a form's fields; when the session has ended, waits for the sign-in and posts the same again.
export async function post(url, body, options = {}) {
  const headers = { "X-CSRFToken": token(), "X-Entwine-Fetch": "1" };
  body.set?.("csrfmiddlewaretoken", token());
  const answer = await fetch(url, { method: "POST", body, headers, ...options });
  if (answer.status !== 401) {
    contact = Date.now();
    return answer;
  }
  await signInAgain();
  return post(url, body, options);
}

// Takes everything of the page out of the document: what is covered can be uncovered, what is not there cannot be read.
function takeOut() {
  if (kept) return;
  const field = document.activeElement;
  const cursor = field?.selectionStart == null ? null : [field.selectionStart, field.selectionEnd];
  kept = { field, cursor, scroll: window.scrollY, title: document.title, parts: [] };
  for (const part of document.querySelectorAll("body > .topbar, body > .shell, body > .skip")) {
    const place = document.createComment("");
    part.replaceWith(place);
    kept.parts.push([place, part]);
  }
  document.title = document.getElementById("sign-in-again-title").textContent;
}

// Puts it back as it was: the same text, the same field, the cursor where it stood.
function putBack() {
  if (!kept) return null;
  const { field, cursor, scroll, title, parts } = kept;
  kept = null;
  parts.forEach(([place, part]) => place.replaceWith(part));
  document.title = title;
  return () => {
    window.scrollTo(0, scroll);
    if (!field?.isConnected) return;
    field.focus({ preventScroll: true });
    if (cursor) field.setSelectionRange(...cursor);
  };
}

// Opens the dialog; resolves once the same person is signed in again.
export function signInAgain() {
  return new Promise((done) => {
    waiting.push(done);
    if (!dialog || dialog.open) return;
    takeOut();
    dialog.showModal();
  });
}

function goOn() {
  const settle = putBack();
  document.querySelectorAll("form").forEach(freshToken);
  dialog.close();
  settle?.();
  const ready = waiting;
  waiting = [];
  ready.forEach((done) => done());
}

async function tryToSignIn(form) {
  const code = form.querySelector("[data-code]");
  const wrong = form.querySelector("[data-sign-in-error]");
  const body = new FormData(form);
  const url = code.hidden ? form.action : form.dataset.codeUrl;
  body.set("csrfmiddlewaretoken", token());
  wrong.hidden = true;
  const headers = { "X-Requested-With": "XMLHttpRequest", "X-CSRFToken": token() };
  const answer = await fetch(url, { method: "POST", body, headers, redirect: "manual" });
  if (await signedIn()) {
    form.reset();
    code.hidden = true;
    goOn();
  } else if (code.hidden && answer.ok && (await answer.json().catch(() => ({}))).location?.includes("2fa")) {
    code.hidden = false;
    code.querySelector("input").focus();
  } else {
    wrong.hidden = false;
    form.querySelector("[type=password]").focus();
  }
}

dialog?.addEventListener("cancel", (event) => event.preventDefault());
dialog?.querySelector("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  event.stopPropagation();
  const button = event.target.querySelector("button");
  button.disabled = true;
  await tryToSignIn(event.target).catch(() => {
    event.target.querySelector("[data-sign-in-error]").hidden = false;
  });
  button.disabled = false;
});

// htmx: a request that met a closed door is made again, from the same element, with the same fields.
document.addEventListener("htmx:responseError", async (event) => {
  const { xhr, requestConfig } = event.detail;
  if (xhr.status !== 401 || !xhr.getResponseHeader("X-Entwine-Signin")) return;
  await signInAgain();
  const { verb, path, elt, target } = requestConfig;
  window.htmx.ajax(verb, path, { source: elt, target });
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.successful) contact = Date.now();
});

// Who types or points is at work: the server hears of it once a minute, so that a long text does not end a session.
for (const sign of ["keydown", "pointerdown"]) {
  document.addEventListener(sign, () => (active = Date.now()), { passive: true });
}

async function lookAtTheClock() {
  const notice = document.getElementById("session-ends");
  const quiet = Date.now() - contact;
  const lately = active > contact;
  notice.hidden = quiet < idle - WARN || quiet >= idle || lately;
  const late = quiet >= idle;
  if (!(lately && quiet > 60_000) && !late) return;
  if (!(await signedIn().catch(() => true))) {
    await signInAgain();
  }
}

if (idle && dialog) setInterval(() => !dialog.open && lookAtTheClock(), 5_000);
