// The name of a problem is also a search for its diagnosis: a list box under the field, by arrows and Enter or by
// pointer. What is chosen fills in the code and the side; plain words may always stay as they are.
document.querySelectorAll("input[data-finds]").forEach((field) => {
  const list = document.getElementById(field.getAttribute("aria-controls"));
  const said = document.getElementById(`${list.id}-said`);
  const form = field.form;
  let at = -1;

  const options = () => [...list.querySelectorAll("[role=option]")];

  function show(open) {
    list.hidden = !open;
    field.setAttribute("aria-expanded", String(open));
    if (!open) go(-1);
  }

  function go(to) {
    const all = options();
    all[at]?.setAttribute("aria-selected", "false");
    at = to;
    all[at]?.setAttribute("aria-selected", "true");
    all[at]?.scrollIntoView({ block: "nearest" });
    if (all[at]) field.setAttribute("aria-activedescendant", all[at].id);
    else field.removeAttribute("aria-activedescendant");
  }

  function put(name, value) {
    const other = form.elements[name];
    if (!other) return;
    other.value = value;
    other.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function choose(option) {
    field.value = option.dataset.name;
    put("code", option.dataset.code);
    put("domain", option.dataset.domain);
    show(false);
    said.textContent = said.dataset.chosen.replace("{code}", option.dataset.code);
  }

  list.addEventListener("htmx:afterSwap", () => {
    options().forEach((option, number) => (option.id = `${list.id}-${number}`));
    at = -1;
    show(options().length > 0 && document.activeElement === field);
    said.textContent = options().length ? said.dataset.found.replace("{count}", options().length) : "";
  });

  field.addEventListener("keydown", (event) => {
    const all = options();
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!all.length) return;
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      if (list.hidden) show(true);
      go(at < 0 ? (step > 0 ? 0 : all.length - 1) : (at + step + all.length) % all.length);
    } else if (event.key === "Enter" && !list.hidden && at >= 0) {
      event.preventDefault();
      choose(all[at]);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      show(false);
    } else if (event.key === "Tab") show(false);
  });

  // Pointer down, not click: the field keeps the focus, and the list does not close under the pointer.
  list.addEventListener("pointerdown", (event) => {
    const option = event.target.closest("[role=option]");
    if (!option) return;
    event.preventDefault();
    choose(option);
  });
  field.addEventListener("blur", () => show(false));
});
