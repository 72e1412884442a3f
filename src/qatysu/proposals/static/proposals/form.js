"use strict";
// After a refused submit the summary is read first; leaving with unsaved words is asked about.
const summary = document.getElementById("summary");
if (summary) summary.focus();
for (const form of document.querySelectorAll("form[data-keep]")) {
  let changed = false;
  form.addEventListener("input", () => { changed = true; });
  form.addEventListener("submit", () => { changed = false; });
  window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
}
