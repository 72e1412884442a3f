"use strict";
// A block of its own: pages load several scripts, and their names must not meet.
{
// Names after an @ in a text: a list to choose from. Without this script a select beside the text does the same.
const people = [...document.querySelectorAll("#people-to-call li")].map((item) => item.textContent.trim());
const fold = (text) => text.toLocaleLowerCase();
let list = null, area = null, from = -1, chosen = 0;

function close() {
  if (!list) return;
  list.remove();
  area.removeAttribute("aria-controls");
  area.removeAttribute("aria-activedescendant");
  list = null;
}
function put(name) {
  const before = area.value.slice(0, from), after = area.value.slice(area.selectionStart);
  area.value = `${before}@${name} ${after.replace(/^ /, "")}`;
  const at = before.length + name.length + 2;
  area.setSelectionRange(at, at);
  close();
  area.focus();
  area.dispatchEvent(new Event("input", { bubbles: true }));
}
function mark(index) {
  const items = [...list.children];
  chosen = (index + items.length) % items.length;
  items.forEach((item, i) => item.setAttribute("aria-selected", String(i === chosen)));
  area.setAttribute("aria-activedescendant", items[chosen].id);
}
function show(names) {
  close();
  list = document.createElement("ul");
  list.className = "call-list";
  list.id = "call-list";
  list.setAttribute("role", "listbox");
  names.forEach((name, i) => {
    const item = document.createElement("li");
    item.setAttribute("role", "option");
    item.id = `call-${i}`;
    item.textContent = name;
    item.addEventListener("pointerdown", (event) => { event.preventDefault(); put(name); });
    list.append(item);
  });
  list.setAttribute("aria-label", "@");
  area.after(list);
  area.setAttribute("aria-controls", "call-list");
  mark(0);
}
function look(target) {
  area = target;
  const text = area.value.slice(0, area.selectionStart);
  const found = /(?:^|[\s(])@([^\n@]{0,40})$/u.exec(text);
  if (!found) return close();
  const names = people.filter((name) => fold(name).startsWith(fold(found[1])) && fold(name) !== fold(found[1].trim())).slice(0, 6);
  from = text.length - found[1].length - 1;
  return names.length ? show(names) : close();
}
document.addEventListener("input", (event) => { if (event.target.matches("[data-mention]") && event.isTrusted) look(event.target); });
document.addEventListener("keydown", (event) => {
  if (!list || event.target !== area) return;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) mark(chosen + step);
  else if (event.key === "Enter" || event.key === "Tab") put(list.children[chosen].textContent);
  else if (event.key === "Escape") close();
  else return;
  event.preventDefault();
});
document.addEventListener("focusout", (event) => { if (event.target === area) close(); });

// Notes beside fields are sent without leaving the page: what is not saved yet in the form stays where it is.
const notes = document.getElementById("notes-form");
async function send(button) {
  const box = button.closest(".notes"), words = new FormData(notes, button);
  button.disabled = true;
  try {
    const answer = await fetch(notes.action, { method: "POST", body: words });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = answer.ok ? page.getElementById(box.id) : null;
    if (fresh) {
      fresh.open = true;
      box.replaceWith(fresh);
      fresh.querySelector("summary").focus();
      return;
    }
    tell(button, page.querySelector("[role=alert]")?.textContent.trim() || "…");
  } catch {
    tell(button, notes.dataset.offline);
  }
  button.disabled = false;
}
function tell(button, words) {
  const line = button.parentElement.querySelector("[role=alert]") || document.createElement("span");
  line.className = "err";
  line.setAttribute("role", "alert");
  line.textContent = words;
  button.after(line);
}
if (notes) {
  notes.addEventListener("submit", (event) => {
    if (!event.submitter?.closest(".notes")) return;
    event.preventDefault();
    send(event.submitter);
  });
}

// Whoever has the page open for a while has seen what was said to them.
const fresh = document.querySelector(".talk-new");
if (fresh) {
  setTimeout(() => {
    if (document.visibilityState === "visible") fetch(fresh.action, { method: "POST", body: new FormData(fresh), headers: { "X-Quiet": "1" } });
  }, 5000);
}
}
