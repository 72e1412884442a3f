"use strict";
// With tiles of our own the plan becomes a map; the drawn plan steps back, and returns when the map cannot be read.
const box = document.getElementById("pick-map");
if (box && window.L && window.protomapsL) {
  const d = box.dataset;
  const form = box.closest("form");
  const plan = document.querySelector("[data-pick]");
  const words = document.querySelector("[data-pick-words]");
  const bounds = [[Number(d.south), Number(d.west)], [Number(d.north), Number(d.east)]];
  const show = (on) => { box.hidden = !on; plan.hidden = on; };
  show(true);
  const map = L.map(box, { maxBounds: bounds, maxZoom: 18, zoomControl: false }).fitBounds(bounds);
  map.setMinZoom(map.getZoom());
  L.control.zoom({ zoomInTitle: d.closer, zoomOutTitle: d.farther }).addTo(map);
  map.attributionControl.setPrefix(false);
  const credit = document.createElement(d.licence ? "a" : "span");
  if (d.licence) credit.href = d.licence;
  credit.textContent = d.attribution;
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  let layer = null;
  const draw = () => {
    if (layer) layer.remove();
    layer = protomapsL.leafletLayer({
      url: d.tiles, flavor: dark.matches ? "dark" : "light", lang: document.documentElement.lang,
      maxDataZoom: Number(d.maxZoom), attribution: credit.outerHTML,
    }).addTo(map);
  };
  draw();
  dark.addEventListener("change", draw);
  fetch(d.tiles, { headers: { Range: "bytes=0-126" } }).then((answer) => show(answer.ok), () => show(false));
  let point = null;
  const put = (place) => {
    if (point) point.setLatLng(place);
    else point = L.circleMarker(place, { radius: 9, color: "#fffefa", weight: 3, fillColor: "#9c2a1c", fillOpacity: 1, interactive: false }).addTo(map);
  };
  const mark = (place) => {
    if (!L.latLngBounds(bounds).contains(place)) return;
    put(place);
    form.elements.latitude.value = place.lat.toFixed(5);
    form.elements.longitude.value = place.lng.toFixed(5);
    words.textContent = words.dataset.marked;
    form.dispatchEvent(new Event("input"));
  };
  if (form.elements.latitude.value) put([Number(form.elements.latitude.value), Number(form.elements.longitude.value)]);
  if (!plan.querySelector("input").disabled) {
    map.on("click", (event) => mark(event.latlng));
    // Arrows move the map under the cross in its middle, Enter marks what lies there.
    box.addEventListener("keydown", (event) => {
      if (event.target !== box || event.key !== "Enter") return;
      event.preventDefault();
      mark(map.getCenter());
    });
  }
}
