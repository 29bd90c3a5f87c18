// What a client's pages do in the browser. Every page works without it: answers are buttons of a form, the quick exit
// is a link. Nothing is kept in the browser.
const body = document.body;
const exit = document.querySelector("[data-exit]");

// Leave this page: covered at once, forgotten by us, and another page in its place, so that Back does not lead here.
function leave(event) {
  event?.preventDefault();
  body.className = "client-gone";
  document.title = " ";
  window.speechSynthesis?.cancel();
  // Whoever presses Back at once must find it over: the other page comes when the server has ended this, or in a moment.
  const ended = fetch(exit.href, { keepalive: true, redirect: "manual" }).catch(() => {});
  const moment = new Promise((done) => setTimeout(done, 700));
  Promise.race([ended, moment]).then(() => location.replace(exit.dataset.exit || exit.href));
}

if (exit) {
  exit.addEventListener("click", leave);
  let presses = [];
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Shift") {
      presses = [];
      return;
    }
    if (event.repeat) return;
    const now = Date.now();
    presses = [...presses.filter((at) => now - at < 2000), now];
    if (presses.length === 3) leave(event);
  });
}

// On our tablet: hide the screen while someone walks by.
const cover = document.getElementById("cover");
const hide = document.querySelector("[data-hide]");
if (hide && cover) {
  hide.hidden = false;
  hide.addEventListener("click", () => {
    window.speechSynthesis?.cancel();
    cover.showModal();
    cover.querySelector("h2").focus();
  });
  cover.addEventListener("cancel", (event) => event.preventDefault());
  cover.querySelector("[data-show]").addEventListener("click", () => cover.close());
}

// A screen that nobody touches closes; a minute before, it asks. The server ends it too, whatever this page does.
const idle = Number(body.dataset.idle || 0) * 1000;
const still = document.getElementById("still-here");
if (idle && still) {
  const warn = Math.min(60_000, idle / 3);
  let touched = Date.now();
  const touch = () => {
    touched = Date.now();
    if (still.open) {
      still.close();
      // The server counts from our last request: tell it that someone is here.
      fetch(location.href, { headers: { "X-Entwine-Fetch": "1" } }).catch(() => {});
    }
  };
  for (const name of ["pointerdown", "keydown", "scroll"]) document.addEventListener(name, touch, { passive: true });
  setInterval(() => {
    const away = Date.now() - touched;
    if (away > idle) location.replace(body.dataset.away);
    else if (away > idle - warn && !still.open) {
      still.showModal();
      still.querySelector("h2").focus();
    }
  }, 5_000);
}

// Read aloud: a button for each text that names it, in that text's own language.
const speech = window.speechSynthesis;
if (speech) {
  const stop = () => {
    speech.cancel();
    document.querySelectorAll("[data-listen]").forEach((button) => button.setAttribute("aria-pressed", "false"));
  };
  for (const button of document.querySelectorAll("[data-listen]")) {
    button.hidden = false;
    button.setAttribute("aria-pressed", "false");
    button.addEventListener("click", () => {
      const on = button.getAttribute("aria-pressed") === "true";
      stop();
      if (on) return;
      button.setAttribute("aria-pressed", "true");
      const texts = button.dataset.listen.split(" ").map((id) => document.getElementById(id)).filter(Boolean);
      for (const text of texts) {
        const words = new SpeechSynthesisUtterance(text.innerText);
        words.lang = text.closest("[lang]")?.lang === "es" ? "es-US" : "en-US";
        words.rate = 0.9;
        speech.speak(words);
        if (text === texts.at(-1)) words.addEventListener("end", stop);
      }
    });
  }
  window.addEventListener("pagehide", () => speech.cancel());
}

// In flight mode nothing is sent into the void: the page stays as it is, says so, and the same press works later.
const away = document.getElementById("no-network");
function stay(event) {
  if (navigator.onLine || event.defaultPrevented) return;
  event.preventDefault();
  away.hidden = false;
  away.scrollIntoView({ block: "center" });
}
document.addEventListener("submit", stay);
document.addEventListener("click", (event) => {
  if (event.target.closest("main a, .client-staff a")?.href.startsWith("http")) stay(event);
});
window.addEventListener("online", () => (away.hidden = true));

// One press is one answer: a second one of the same form is not sent.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "1";
  form.setAttribute("aria-busy", "true");
});

// Back may bring a page from the browser's memory: it is asked for again, so that nothing old is shown.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

document.querySelector("[data-error-summary]")?.focus();
