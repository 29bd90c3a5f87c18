// The form's own skip rules, the moment an answer is given: what is not to be asked is set aside, not cleared.
// The server decides the same again (screening.rules.skipped_by_rule); without this script the page still works.
const form = document.querySelector("form[data-gates]");

function points(name) {
  const given = form.querySelector(`input[name="${name}"]:checked:not([data-declined]), input[name="${name}"][data-number]`);
  if (given === null || given.closest("fieldset").disabled) return null;
  if (given.matches("[data-number]")) return given.value === "" ? null : Number(given.value);
  return Number(given.dataset.points);
}

function holds(gate) {
  const all = gate.sum.map(points);
  return all.every((point) => point !== null) && all.reduce((sum, point) => sum + point, 0) === gate.equals;
}

function setAside() {
  const skipped = new Set(JSON.parse(form.dataset.gates).filter(holds).flatMap((gate) => gate.skips));
  for (const item of form.querySelectorAll("fieldset[data-item]")) {
    const skip = skipped.has(item.id);
    item.disabled = skip;
    item.classList.toggle("item-skipped", skip);
    item.querySelector("[data-not-asked]").hidden = !skip;
  }
}

if (form) {
  // Capture: before the keyboard moves on to the next question, which may be one that is now set aside.
  form.addEventListener("change", setAside, true);
  setAside();
}
