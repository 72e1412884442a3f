"use strict";
// Mark a place and draw its outline on the plan of the town. The fields below hold what is drawn; without a script they are typed.
(() => {
  const WIDTH = 600;
  const HEIGHT = 400;
  for (const box of document.querySelectorAll("[data-draw]")) {
    const id = box.dataset.draw;
    const lat = document.getElementById(`${id}-lat`);
    const lon = document.getElementById(`${id}-lon`);
    const shape = document.getElementById(`${id}-shape`);
    const svg = box.querySelector("svg");
    const point = svg.querySelector(".drawmap__point");
    const outline = svg.querySelector(".drawmap__shape");
    const grid = svg.querySelector(".drawmap__grid");
    const still = box.hasAttribute("data-still");
    const read = (input) => Number.parseFloat(String(input.value).replace(",", "."));
    const town = { south: Number(box.dataset.south), west: Number(box.dataset.west), north: Number(box.dataset.north), east: Number(box.dataset.east) };
    let view = { ...town };
    let tool = "point";
    const points = () => shape.value.split(";").map((pair) => pair.split(",").map(Number)).filter((pair) => pair.length === 2 && pair.every(Number.isFinite));
    const x = (value) => ((value - view.west) / (view.east - view.west)) * WIDTH;
    const y = (value) => ((view.north - value) / (view.north - view.south)) * HEIGHT;
    const zoom = (factor) => {
      const [a, b] = [read(lat), read(lon)];
      const middle = Number.isFinite(a) && Number.isFinite(b) ? [a, b] : [(view.south + view.north) / 2, (view.west + view.east) / 2];
      const [high, wide] = [((view.north - view.south) * factor) / 2, ((view.east - view.west) * factor) / 2];
      view = { south: middle[0] - high, north: middle[0] + high, west: middle[1] - wide, east: middle[1] + wide };
      paint();
    };
    const lines = () => {
      const step = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02].find((size) => (view.east - view.west) / size < 9) || 0.05;
      let path = "";
      for (let at = Math.ceil(view.west / step) * step; at < view.east; at += step) path += `M${x(at).toFixed(1)} 0V${HEIGHT}`;
      for (let at = Math.ceil(view.south / step) * step; at < view.north; at += step) path += `M0 ${y(at).toFixed(1)}H${WIDTH}`;
      const metres = Math.round(step * 111320);
      grid.innerHTML = `<path d="${path}"/><text x="8" y="${HEIGHT - 8}">${metres} m</text>`;
    };
    const paint = () => {
      lines();
      const [a, b] = [read(lat), read(lon)];
      const here = Number.isFinite(a) && Number.isFinite(b);
      point.toggleAttribute("hidden", !here);
      if (here) { point.setAttribute("cx", x(b)); point.setAttribute("cy", y(a)); }
      outline.setAttribute("points", points().map(([p, q]) => `${x(q).toFixed(1)},${y(p).toFixed(1)}`).join(" "));
    };
    const changed = () => { paint(); lat.dispatchEvent(new Event("input", { bubbles: true })); };
    const write = (pairs) => { shape.value = pairs.map(([p, q]) => `${p.toFixed(6)},${q.toFixed(6)}`).join(";"); };
    svg.addEventListener("click", (event) => {
      if (still) return;
      const frame = svg.getBoundingClientRect();
      const q = view.west + ((event.clientX - frame.left) / frame.width) * (view.east - view.west);
      const p = view.north - ((event.clientY - frame.top) / frame.height) * (view.north - view.south);
      if (tool === "point") { lat.value = p.toFixed(6); lon.value = q.toFixed(6); } else write([...points(), [p, q]]);
      changed();
    });
    box.addEventListener("click", (event) => {
      const button = event.target.closest("[data-tool]");
      if (!button) return;
      const name = button.dataset.tool;
      if (name === "closer") zoom(0.5);
      else if (name === "farther") zoom(2);
      else if (name === "undo") { write(points().slice(0, -1)); changed(); }
      else if (name === "clear") { shape.value = ""; changed(); }
      else tool = name;
      for (const other of box.querySelectorAll("[data-tool=point], [data-tool=shape]")) other.setAttribute("aria-pressed", String(other.dataset.tool === tool));
    });
    for (const input of [lat, lon, shape]) input.addEventListener("change", paint);
    box.hidden = false;
    if (Number.isFinite(read(lat))) zoom(0.25); else paint();
  }
})();
