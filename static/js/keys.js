// A screen by keyboard alone. Inside an item ([data-item] in [data-keys]) the key that is printed on an option gives
// that answer and goes on to the next item; - is "I'd rather not say"; arrow up goes back, arrow down on; Enter on the
// last item, or when nothing is left open, sends the form. Where several answers may be given, a key ticks one and
// Enter goes on; a number is typed. Outside an item no key means anything (WCAG 2.1.4).
const TEXT = "textarea[data-first], input[type=text][data-first]";
const ANSWERS = `input[type=radio]:not(:disabled), input[type=checkbox]:not(:disabled), [data-number]:not(:disabled), ${TEXT}`;

function itemsAround(item) {
  return [...item.closest("form").querySelectorAll("[data-item]:not([disabled])")];
}

function isAnswered(item) {
  return Boolean(item.querySelector("input:checked") || item.querySelector(`[data-number], ${TEXT}`)?.value);
}

function goTo(item) {
  if (!item) return;
  const answers = [...item.querySelectorAll(ANSWERS)];
  (answers.find((answer) => answer.checked) ?? answers[0])?.focus();
  item.scrollIntoView({ block: "nearest" });
}

function step(item, by) {
  const items = itemsAround(item);
  const next = items[items.indexOf(item) + by];
  if (next) goTo(next);
  else if (by > 0) item.closest("form").querySelector("button[type=submit], button:not([type])")?.focus();
}

function told(option) {
  option.dispatchEvent(new Event("input", { bubbles: true }));
  option.dispatchEvent(new Event("change", { bubbles: true }));
}

function choose(item, option) {
  if (option.type === "checkbox" && !option.hasAttribute("data-declined")) {
    option.checked = !option.checked;
    option.focus();
    told(option);
    return;
  }
  if (!option.checked) {
    option.checked = true;
    told(option);
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
  if (event.target.matches("input:not([type=radio], [type=checkbox], [data-number]), textarea, select")) return;
  const options = [...item.querySelectorAll(ANSWERS)];
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

// "I'd rather not say" and an answer are one or the other, where the browser does not see to it itself.
document.addEventListener(
  "change",
  (event) => {
    const item = event.target.closest?.("[data-item]");
    if (!item || event.target.type === "radio") return;
    const declined = item.querySelector("[type=checkbox][data-declined]");
    if (event.target === declined && declined.checked) {
      item.querySelectorAll("[type=checkbox]:not([data-declined])").forEach((one) => (one.checked = false));
      item.querySelectorAll("[data-number]").forEach((one) => (one.value = ""));
    } else if (declined && event.target !== declined && isAnswered(item)) declined.checked = false;
  },
  true,
);

// A page whose work is a screen begins at its first open item, unless there are errors to read.
const items = [...document.querySelectorAll("[data-keys] [data-item]:not([disabled]), [data-item][data-keys]:not([disabled])")];
if (items.length && !document.querySelector("[data-error-summary]")) goTo(items.find((item) => !isAnswered(item)) ?? items[0]);
