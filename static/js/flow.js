// A new column of a flowsheet by keyboard: the printed number rates the sign and goes on, Enter goes on, Enter in the
// last field files it. A number that the sign does not have is not taken: the list stays and says which it has.
const form = document.querySelector("form[data-flow]");

function fields() {
  return [...form.querySelectorAll("select, input:not([type=hidden])")].filter((one) => one.id !== "id_taken_on");
}

function goOn(from) {
  const all = fields();
  const next = all[all.indexOf(from) + 1];
  if (next) {
    next.focus();
    next.select?.();
  } else form.requestSubmit();
}

form?.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const field = event.target;
  if (event.key === "Enter" && field.matches("select, input")) {
    event.preventDefault();
    goOn(field);
  } else if (field.matches("select") && /^[0-9]$/.test(event.key)) {
    event.preventDefault();
    const meant = [...field.options].find((option) => option.dataset.key === event.key);
    field.setCustomValidity(meant ? "" : [...field.options].map((option) => option.dataset.key).filter(Boolean).join(" "));
    field.classList.toggle("flow-no", !meant);
    if (!meant) return;
    field.value = meant.value;
    field.dispatchEvent(new Event("change", { bubbles: true }));
    goOn(field);
  }
});

if (form && !document.querySelector("[data-error-summary]")) {
  (fields().find((one) => one.matches("select") && !one.value) ?? fields()[0])?.focus();
}
