// A ready remark goes into its field as soon as it is chosen; without this script the button beside it does the same.
"use strict";
(() => {
  for (const select of document.querySelectorAll("select[data-canned]")) {
    const area = document.getElementById(select.dataset.canned);
    const button = select.parentElement.querySelector("button");
    if (!area) continue;
    if (button) button.hidden = true;
    select.addEventListener("change", () => {
      const text = select.selectedOptions[0].dataset.text;
      if (!text) return;
      const before = area.value.trimEnd();
      area.value = before ? `${before}\n${text}` : text;
      select.value = "";
      area.focus();
    });
  }
})();
