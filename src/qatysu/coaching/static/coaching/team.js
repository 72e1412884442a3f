"use strict";
// Saves a module's form while somebody writes. What has not reached the server stays on this device until it has.
(() => {
  const form = document.querySelector("form[data-save]");
  if (!form) return;
  const state = document.getElementById("save-state");
  const base = form.elements.base;
  const key = `qatysu-work-${form.dataset.work}`;
  const said = state.dataset;
  let timer = 0;
  let wait = 2000;
  let running = false;
  let again = false;
  let fresh = 0;

  const store = (value) => { try { value ? localStorage.setItem(key, value) : localStorage.removeItem(key); } catch { /* private mode */ } };
  const texts = () => Object.fromEntries([...new FormData(form)].filter(([name, value]) => typeof value === "string" && name.startsWith("f.")));
  const tell = (words) => { state.textContent = words; };

  const keep = () => store(JSON.stringify({ base: base.value, texts: texts() }));

  const soon = (delay) => { clearTimeout(timer); timer = setTimeout(save, delay); };

  const rename = (rows) => {
    for (const [old, id] of Object.entries(rows)) {
      const [field, row] = old.split(".");
      const box = form.querySelector(`[data-field="${field}"] [data-row="${row}"]`);
      if (!box) continue;
      box.dataset.row = id;
      for (const node of box.querySelectorAll("*")) {
        for (const name of ["id", "for", "name", "aria-describedby", "data-sum"]) {
          const text = node.getAttribute(name);
          if (text && text.includes(row)) node.setAttribute(name, text.split(row).join(id));
        }
        if (node.tagName === "BUTTON") node.value = node.value.replace(`:${row}`, `:${id}`);
      }
    }
  };

  const mark = (faults) => {
    for (const line of form.querySelectorAll(".err")) line.hidden = true;
    for (const input of form.querySelectorAll("[aria-invalid]")) input.removeAttribute("aria-invalid");
    for (const [id, words] of Object.entries(faults)) {
      const line = document.getElementById(`${id}-error`);
      if (line) { line.hidden = false; line.querySelector("span").textContent = words; }
      const input = document.getElementById(id);
      if (input) input.setAttribute("aria-invalid", "true");
    }
  };

  const replace = (fields) => {
    let changed = false;
    for (const [id, html] of Object.entries(fields)) {
      const old = form.querySelector(`[data-field="${id}"]`);
      if (!old) continue;
      // The words under the cursor are the newest there are: they go into the box of both texts, never away.
      const active = old.contains(document.activeElement) ? document.activeElement : null;
      const typed = active && "value" in active ? active.value : null;
      const place = document.createElement("template");
      place.innerHTML = html.trim();
      const made = place.content.firstElementChild;
      old.replaceWith(made);
      changed = true;
      if (active && active.id) {
        const both = made.querySelector("textarea[name^='settle.']");
        const same = document.getElementById(active.id);
        if (both && typed !== null && same && same.value !== typed) { both.value = `${same.value}\n\n${typed}`; both.closest("details").open = true; both.focus(); }
        else if (same) same.focus();
      }
    }
    return changed;
  };

  const learn = (answer, had) => {
    base.value = answer.version;
    rename(answer.rows);
    mark(answer.faults);
    replace(answer.fields);
    for (const [row, sum] of Object.entries(answer.sums)) { const cell = form.querySelector(`[data-sum="${row}"]`); if (cell) cell.textContent = sum; }
    for (const cell of form.querySelectorAll("[data-standing]")) {
      if (answer.standing[cell.dataset.standing] !== undefined) cell.textContent = answer.standing[cell.dataset.standing];
      if (cell.dataset.standing === "left" && answer.standing.state) cell.className = `status status--${answer.standing.state}`;
    }
    tell(answer.foreign && !had.files ? `${answer.saved}. ${said.foreign}` : answer.saved);
  };

  async function save(files = null) {
    if (running) { again = true; return; }
    running = true;
    tell(said.saving);
    const body = new FormData(form);
    for (const [name, value] of [...body]) if (typeof value !== "string") body.delete(name);
    if (files) for (const file of files.files) body.append(files.name, file);
    const sent = JSON.stringify(texts());
    try {
      const reply = await fetch(form.dataset.save, { method: "POST", body, headers: { "X-Requested-With": "fetch" } });
      if (reply.redirected || reply.status === 403) { location.reload(); return; }
      const answer = await reply.json();
      if (!reply.ok) { tell(answer.refused); return; }
      learn(answer, { files: Boolean(files) });
      wait = 2000;
      if (JSON.stringify(texts()) === sent || !again) store(null); else keep();
    } catch {
      tell(said.waiting);
      wait = Math.min(wait * 2, 60000);
      soon(wait);
    } finally {
      running = false;
      if (again) { again = false; soon(300); }
    }
  }

  form.addEventListener("input", (event) => {
    if (event.target.type === "file") return;
    keep();
    soon(1500);
  });
  form.addEventListener("change", (event) => {
    if (event.target.type !== "file") { soon(200); return; }
    if (event.target.hasAttribute("data-whole") || !event.target.files.length) return;
    const bar = event.target.parentElement.querySelector("progress");
    if (bar) { bar.hidden = false; bar.removeAttribute("value"); }
    save(event.target);
  });
  form.addEventListener("submit", () => { clearTimeout(timer); });
  document.addEventListener("visibilitychange", () => { if (document.hidden && timer) save(); });
  window.addEventListener("online", () => soon(100));

  // A new line appears at once; the server learns of it when it says something.
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-add]");
    if (!button) return;
    const rows = form.querySelectorAll(`[data-field="${button.dataset.add}"] [data-row]`);
    const last = rows[rows.length - 1];
    if (!last || last.tagName !== "FIELDSET") return;
    event.preventDefault();
    const old = last.dataset.row;
    fresh += 1;
    const id = `new${Date.now().toString(36)}${fresh}`;
    const copy = last.cloneNode(true);
    copy.dataset.row = id;
    for (const node of copy.querySelectorAll("*")) {
      for (const name of ["id", "for", "name", "value", "aria-describedby", "data-sum"]) {
        const text = node.getAttribute(name);
        if (text && text.includes(old) && (name !== "value" || node.tagName === "BUTTON")) node.setAttribute(name, text.split(old).join(id));
      }
      if (node.tagName === "INPUT") { node.value = ""; node.removeAttribute("aria-invalid"); }
      if (node.tagName === "SELECT") node.selectedIndex = 0;
      if (node.matches(".err")) node.hidden = true;
      if (node.hasAttribute("data-sum")) node.textContent = "";
    }
    const number = rows.length + 1;
    const legend = copy.querySelector("legend");
    if (legend) legend.textContent = legend.textContent.replace(/\d+/, String(number));
    last.after(copy);
    copy.querySelector("input:not([type=hidden])").focus();
  });

  // Letters left, said when few remain.
  form.addEventListener("input", (event) => {
    const most = Number(event.target.dataset.most);
    if (!most) return;
    const line = document.getElementById(`${event.target.id}-left`);
    if (line) line.textContent = `${event.target.value.length} / ${most}`;
  });

  // What had not reached the server when the page was left.
  try {
    const kept = JSON.parse(localStorage.getItem(key) || "null");
    if (kept && JSON.stringify(kept.texts) !== JSON.stringify(texts())) {
      let put = false;
      for (const [name, value] of Object.entries(kept.texts)) {
        const input = form.elements[name];
        if (input && input.tagName && input.type !== "hidden" && input.value !== value) { input.value = value; put = true; }
      }
      if (put) { base.value = kept.base; tell(said.returned); soon(500); } else store(null);
    }
  } catch { store(null); }
})();
