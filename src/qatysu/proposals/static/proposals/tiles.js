"use strict";
// With tiles of our own the plan becomes a map; the drawn plan steps back.
const box = document.getElementById("pick-map");
if (box && window.L && window.protomapsL) {
  const d = box.dataset;
  const form = box.closest("form");
  const bounds = [[Number(d.south), Number(d.west)], [Number(d.north), Number(d.east)]];
  box.hidden = false;
  document.querySelector("[data-pick]").hidden = true;
  const map = L.map(box, { maxBounds: bounds, attributionControl: true }).fitBounds(bounds);
  map.attributionControl.setPrefix(false);
  protomapsL.leafletLayer({ url: d.tiles, flavor: "light", attribution: "© OpenStreetMap" }).addTo(map);
  let point = null;
  const show = (place) => { if (point) point.setLatLng(place); else point = L.circleMarker(place, { radius: 9, color: "#fffefa", fillColor: "#9c2a1c", fillOpacity: 1 }).addTo(map); };
  if (form.elements.latitude.value) show([Number(form.elements.latitude.value), Number(form.elements.longitude.value)]);
  map.on("click", (event) => {
    show(event.latlng);
    form.elements.latitude.value = event.latlng.lat.toFixed(5);
    form.elements.longitude.value = event.latlng.lng.toFixed(5);
    const words = document.querySelector("[data-pick-words]");
    words.textContent = words.dataset.marked;
  });
}
