// The map of a formulation by pointer and by keyboard. Two boxes chosen one after the other fill the form for a link;
// a box that is dragged, or pushed with the arrow keys, is put there on the server, which draws the map anew.
// Everything here can be done with the forms of the list as well: nothing depends on this file.
import { post } from "./session.js";

const STEP = 16;
const FAR = 5; // pixels before a press is a drag
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const said = document.getElementById("map-said");
const form = document.querySelector("form[data-link-form]");
let first = null;
let drag = null;
let push = null;

const drawing = () => document.querySelector("[data-map]");
const boxes = (key) => drawing().querySelectorAll(`[data-node="${CSS.escape(key)}"]`);
const nameOf = (key) => boxes(key)[0]?.getAttribute("aria-label") ?? "";

function say(words, one = "", two = "") {
  if (said) said.textContent = (said.dataset[words] ?? "").replace("{one}", one).replace("{two}", two);
}

function press(key, on) {
  boxes(key).forEach((box) => box.setAttribute("aria-pressed", String(on)));
}

function choose(key) {
  if (!form) return;
  if (first === key) {
    press(key, false);
    first = null;
    say("let");
  } else if (first === null) {
    first = key;
    press(key, true);
    say("chosen", nameOf(key));
  } else {
    form.elements.from_node.value = first;
    form.elements.to_node.value = key;
    say("linked", nameOf(first), nameOf(key));
    press(first, false);
    first = null;
    form.scrollIntoView({ block: "center" });
    form.elements.verb.focus();
  }
}

function attached(key) {
  return drawing().querySelectorAll(`.map-wide :is([data-tail="${CSS.escape(key)}"], [data-head="${CSS.escape(key)}"])`);
}

// Pointer positions are pixels of the screen; the drawing has units of its own.
function inDrawing(box, event) {
  const svg = box.ownerSVGElement;
  const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
  return [point.x, point.y];
}

async function put(key, x, y, focus) {
  const fact = drawing().querySelector(`[data-of="${CSS.escape(key)}"]`);
  const body = new FormData();
  body.set("version", fact.dataset.version);
  body.set("x", Math.max(0, Math.round(x)));
  body.set("y", Math.max(0, Math.round(y)));
  const answer = await post(fact.dataset.move, body);
  if (!answer.ok) {
    window.alert(drawing().dataset.failed);
    window.location.reload();
    return;
  }
  const fresh = document.createRange().createContextualFragment(await answer.text());
  drawing().replaceWith(fresh.querySelector("[data-map]"));
  if (first) press(first, true);
  if (focus) drawing().querySelector(`.map-wide [data-node="${CSS.escape(key)}"]`)?.focus();
  say("moved");
}

document.addEventListener("pointerdown", (event) => {
  const box = event.target.closest?.("[data-map] [data-node]");
  if (!box || event.button !== 0) return;
  drag = { box, key: box.dataset.node, from: [event.clientX, event.clientY], at: inDrawing(box, event), moved: false };
});

document.addEventListener("pointermove", (event) => {
  if (!drag || !drag.box.closest(".map-wide")) return;
  const far = Math.hypot(event.clientX - drag.from[0], event.clientY - drag.from[1]);
  if (!drag.moved && far < FAR) return;
  if (!drag.moved) {
    drag.moved = true;
    drag.box.classList.add("map-dragged");
    attached(drag.key).forEach((line) => line.classList.add("map-waits"));
  }
  const [x, y] = inDrawing(drag.box, event);
  drag.by = [x - drag.at[0], y - drag.at[1]];
  drag.box.setAttribute("transform", `translate(${drag.by[0]} ${drag.by[1]})`);
});

document.addEventListener("pointerup", () => {
  if (!drag) return;
  const { box, key, moved, by } = drag;
  drag = null;
  if (moved) put(key, Number(box.dataset.x) + by[0], Number(box.dataset.y) + by[1], false);
  else choose(key);
});

document.addEventListener("pointercancel", () => {
  drag?.box.removeAttribute("transform");
  drag = null;
});

document.addEventListener("keydown", (event) => {
  const box = event.target.closest?.("[data-map] [data-node]");
  if (!box || event.ctrlKey || event.metaKey || event.altKey) return;
  const key = box.dataset.node;
  if (event.key === "Enter" || event.key === " ") {
    event.preventDefault();
    choose(key);
  } else if (event.key === "Escape" && first) {
    press(first, false);
    first = null;
    say("let");
  } else if (ARROWS[event.key] && box.closest(".map-wide")) {
    event.preventDefault();
    push ??= { key, by: [0, 0] };
    if (push.key !== key) return;
    push.by = push.by.map((by, axis) => by + STEP * ARROWS[event.key][axis]);
    box.setAttribute("transform", `translate(${push.by[0]} ${push.by[1]})`);
    clearTimeout(push.timer);
    push.timer = setTimeout(() => {
      const { by } = push;
      push = null;
      put(key, Number(box.dataset.x) + by[0], Number(box.dataset.y) + by[1], true);
    }, 450);
  }
});
