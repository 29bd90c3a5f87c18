// What every staff page does in the browser. Plain modules, no build step; every page works without them too,
// except for keeping what is typed through an expired session.
import "./forms.js";
import "./autosave.js";
import "./keys.js";
import { token } from "./session.js";

document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRFToken"] = token();
});

// After a swap the focus goes to what is new: the errors first, else a heading made for it.
const NEW = "[data-error-summary], [data-focus], h1[tabindex], h2[tabindex]";

document.addEventListener("htmx:afterSettle", (event) => {
  const place = event.detail.elt;
  const found = place.matches?.(NEW) ? place : place.querySelector?.(NEW);
  found?.focus();
});
document.querySelector("[data-error-summary]")?.focus();

// Ctrl-K or Cmd-K goes to the one search box.
document.addEventListener("keydown", (event) => {
  const find = document.querySelector("[data-find]");
  if (find && event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    find.focus();
    find.select();
  }
});

// In a conflict: take the other person's text into the field.
document.addEventListener("click", (event) => {
  const take = event.target.closest("[data-take]");
  const field = take && document.getElementById(take.dataset.take);
  if (field) {
    field.value = take.dataset.text;
    field.focus();
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
});

// Copies what stands in a field, where the browser lets a page do that; selects it in any case.
document.querySelectorAll("[data-copy]").forEach((button) => {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    const field = document.getElementById(button.dataset.copy);
    field.select();
    await navigator.clipboard.writeText(field.value);
    document.querySelector("[data-copied]").hidden = false;
  });
});

// A table that is wider than the screen is scrolled by keyboard too.
function reach(wrap) {
  if (wrap.scrollWidth > wrap.clientWidth) wrap.tabIndex = 0;
  else wrap.removeAttribute("tabindex");
}
const widths = new ResizeObserver((seen) => seen.forEach(({ target }) => reach(target)));
function watch(wrap) {
  reach(wrap); // at once: the observer tells only after the page is drawn
  widths.observe(wrap);
}
document.querySelectorAll(".table-wrap, [data-newest]").forEach(watch);
// Where time runs to the right, what is newest is seen first.
document.querySelectorAll("[data-newest]").forEach((wrap) => (wrap.scrollLeft = wrap.scrollWidth));
document.addEventListener("htmx:load", (event) => {
  event.detail.elt.querySelectorAll(".table-wrap").forEach(watch);
});
