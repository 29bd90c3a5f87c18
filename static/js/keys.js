// A screen by keyboard alone. Inside an item ([data-item] in [data-keys]) the key that is printed on an option gives
// that answer and goes on to the next item; - is "I'd rather not say"; arrow up goes back, arrow down on; Enter on the
// last item, or when nothing is left open, sends the form. Outside an item no key means anything (WCAG 2.1.4).
function itemsAround(item) {
  return [...item.closest("form").querySelectorAll("[data-item]:not([disabled])")];
}

function isAnswered(item) {
  return Boolean(item.querySelector("input:checked"));
}

function goTo(item) {
  if (!item) return;
  const radios = [...item.querySelectorAll("input[type=radio]:not(:disabled)")];
  (radios.find((radio) => radio.checked) ?? radios[0])?.focus();
  item.scrollIntoView({ block: "nearest" });
}

function step(item, by) {
  const items = itemsAround(item);
  const next = items[items.indexOf(item) + by];
  if (next) goTo(next);
  else if (by > 0) item.closest("form").querySelector("button[type=submit], button:not([type])")?.focus();
}

function choose(item, option) {
  if (!option.checked) {
    option.checked = true;
    option.dispatchEvent(new Event("input", { bubbles: true }));
    option.dispatchEvent(new Event("change", { bubbles: true }));
  }
  const items = itemsAround(item);
  if (items.at(-1) === item) option.focus();
  else step(item, 1);
}

function enter(item) {
  const items = itemsAround(item);
  const open = items.slice(items.indexOf(item)).find((one) => !isAnswered(one)) ?? items.find((one) => !isAnswered(one));
  if (open && open !== item && items.at(-1) !== item) goTo(open);
  else if (!open || items.at(-1) === item) item.closest("form").requestSubmit();
}

document.addEventListener("keydown", (event) => {
  const item = event.target.closest?.("[data-item]");
  if (!item?.closest("[data-keys]") || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.matches("input:not([type=radio]), textarea, select")) return;
  const options = [...item.querySelectorAll("input[type=radio]:not(:disabled)")];
  const meant =
    event.key === "-"
      ? options.find((option) => option.hasAttribute("data-declined"))
      : options.find((option) => option.dataset.score?.toLowerCase() === event.key.toLowerCase());
  if (meant) choose(item, meant);
  else if (event.key === "ArrowUp") step(item, -1);
  else if (event.key === "ArrowDown") step(item, 1);
  else if (event.key === "Enter") enter(item);
  else return;
  event.preventDefault();
});

// A page whose work is a screen begins at its first open item, unless there are errors to read.
const items = [...document.querySelectorAll("[data-keys] [data-item]:not([disabled]), [data-item][data-keys]:not([disabled])")];
if (items.length && !document.querySelector("[data-error-summary]")) goTo(items.find((item) => !isAnswered(item)) ?? items[0]);
