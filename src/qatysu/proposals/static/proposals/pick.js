"use strict";
// A press on the drawn plan marks the place at once; without this script the same button sends its pixels to the server.
const pick = document.querySelector("[data-pick]");
if (pick) {
  const button = pick.querySelector("input");
  const form = button.form;
  const dot = pick.querySelector("circle");
  const words = document.querySelector("[data-pick-words]");
  const corners = document.getElementById("corners").dataset;
  const size = { x: Number(button.width), y: Number(button.height) };
  const at = { x: Number(dot.getAttribute("cx")), y: Number(dot.getAttribute("cy")) };
  const mark = (x, y) => {
    at.x = Math.min(Math.max(x, 1), size.x - 1);
    at.y = Math.min(Math.max(y, 1), size.y - 1);
    dot.setAttribute("cx", at.x);
    dot.setAttribute("cy", at.y);
    const south = Number(corners.south), west = Number(corners.west);
    const north = Number(corners.north), east = Number(corners.east);
    form.elements.latitude.value = (north - (at.y / size.y) * (north - south)).toFixed(5);
    form.elements.longitude.value = (west + (at.x / size.x) * (east - west)).toFixed(5);
    words.textContent = words.dataset.marked;
    form.dispatchEvent(new Event("input"));
  };
  button.addEventListener("click", (event) => {
    event.preventDefault();
    if (event.detail === 0) { if (at.x < 0) mark(size.x / 2, size.y / 2); return; }
    const box = button.getBoundingClientRect();
    mark(event.clientX - box.left - 1, event.clientY - box.top - 1);
  });
  button.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: [-4, 0], ArrowRight: [4, 0], ArrowUp: [0, -4], ArrowDown: [0, 4] }[event.key];
    if (!step) return;
    event.preventDefault();
    if (at.x < 0) mark(size.x / 2, size.y / 2); else mark(at.x + step[0], at.y + step[1]);
  });
}
