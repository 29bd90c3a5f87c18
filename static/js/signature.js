// A signature drawn with a finger, a pen or a mouse. Typing the name is always the other way.
// The line is kept as a path (M x y L x y), so that it prints sharp and needs no image.

export function start(pad) {
  const canvas = pad.querySelector("[data-signature-pad]");
  const field = document.getElementById(pad.dataset.signature);
  const brush = canvas.getContext("2d");
  let path = "";
  let drawing = false;

  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    return [
      Math.round(((event.clientX - box.left) / box.width) * canvas.width),
      Math.round(((event.clientY - box.top) / box.height) * canvas.height),
    ];
  };

  const clear = () => {
    brush.clearRect(0, 0, canvas.width, canvas.height);
    brush.lineWidth = 3;
    brush.lineCap = "round";
    path = field.value = "";
  };

  canvas.addEventListener("pointerdown", (event) => {
    drawing = true;
    canvas.setPointerCapture(event.pointerId);
    const [x, y] = at(event);
    brush.beginPath();
    brush.moveTo(x, y);
    path += `M${x} ${y}`;
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!drawing || path.length > 19000) return;
    const [x, y] = at(event);
    brush.lineTo(x, y);
    brush.stroke();
    path += `L${x} ${y}`;
  });
  canvas.addEventListener("pointerup", () => {
    drawing = false;
    field.value = path;
  });
  pad.querySelector("[data-signature-clear]").addEventListener("click", clear);
  clear();
  pad.hidden = false;
}

document.querySelectorAll("[data-signature]").forEach(start);
