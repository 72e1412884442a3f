"use strict";
// Saves a module's form while somebody writes. What has not reached the server stays on this device until it has.
(() => {
  const form = document.querySelector("form[data-save]");
  if (!form) return;
  const state = document.getElementById("save-state");
  const echo = document.getElementById("save-echo");
  const said = state.dataset;
  const base = form.elements.base;
  const key = `qatysu-work-${form.dataset.work}`;
  const waiting = [];
  let timer = 0;
  let wait = 2000;
  let running = false;
  let again = false;
  let stopped = false;
  let dirty = false;

  const boxOf = (field) => form.querySelector(`[data-field="${field}"]`);
  const named = (name, within = form) => [...within.querySelectorAll(`[name="${CSS.escape(name)}"]`)];
  const rowsOf = (box) => [...box.querySelectorAll("[data-row]")];

  // Every answer on the page as name → list of values; a box that is not ticked is an empty list.
  const snapshot = () => {
    const found = {};
    for (const input of form.elements) {
      if (!input.name.startsWith("f.")) continue;
      const values = (found[input.name] ||= []);
      if (!["radio", "checkbox"].includes(input.type) || input.checked) values.push(input.value);
    }
    return found;
  };
  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
  const setTo = (inputs, values) => {
    for (const input of inputs) {
      if (input.type === "radio" || input.type === "checkbox") input.checked = values.includes(input.value);
      else if (input.type !== "hidden") input.value = values[0] ?? "";
    }
  };

  const tell = (words, mark = "", isAloud = true) => {
    if (isAloud) state.textContent = words;
    if (echo) { echo.textContent = words; echo.className = `savebar__state status${mark && ` status--${mark}`}`; }
  };
  const store = (value) => {
    dirty = Boolean(value);
    try { if (value) localStorage.setItem(key, value); else localStorage.removeItem(key); return true; } catch { return false; }
  };
  const keep = (texts = snapshot()) => store(JSON.stringify({ base: base.value, texts }));
  const soon = (delay) => { clearTimeout(timer); if (!stopped) timer = setTimeout(save, delay); };

  // A change of somebody between two states of a text, done to a third one that somebody else has made of the first.
  const span = (old, now) => {
    const most = Math.min(old.length, now.length);
    let a = 0;
    while (a < most && old[a] === now[a]) a += 1;
    let z = 0;
    while (z < most - a && old[old.length - 1 - z] === now[now.length - 1 - z]) z += 1;
    return [a, old.length - z, now.slice(a, now.length - z)];
  };
  const weave = (sent, typed, theirs, gap) => {
    if (theirs === sent) return typed;
    if (typed === sent || typed === theirs) return theirs;
    const [from, to, piece] = span(sent, typed);
    const [start, end] = span(sent, theirs);
    if (to <= start) return theirs.slice(0, from) + piece + theirs.slice(to);
    const shift = theirs.length - sent.length;
    if (from >= end) return theirs.slice(0, from + shift) + piece + theirs.slice(to + shift);
    return piece ? `${theirs}${gap}${piece}` : theirs;
  };

  const NAMES = ["id", "for", "name", "aria-describedby", "data-sum", "data-bar"];
  const giveId = (box, id) => {
    const old = box.dataset.row;
    box.dataset.row = id;
    for (const node of box.querySelectorAll("*")) {
      for (const name of NAMES) {
        const text = node.getAttribute(name);
        if (text && text.includes(old)) node.setAttribute(name, text.split(old).join(id));
      }
      if (node.tagName === "BUTTON") node.value = node.value.split(`:${old}`).join(`:${id}`);
    }
  };
  // Ids are drawn here, so that a line that is sent twice over a bad connection is still one line.
  const drawId = () => [...crypto.getRandomValues(new Uint8Array(4))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const giveIds = () => { for (const box of form.querySelectorAll('[data-row^="new"]')) giveId(box, drawId()); };

  const renumber = (box) => {
    const rows = rowsOf(box);
    rows.forEach((row, at) => {
      const legend = row.querySelector("legend");
      if (legend) legend.textContent = legend.textContent.replace(/\d+/, String(at + 1));
      for (const words of row.querySelectorAll(".rowtools .vh")) words.textContent = words.textContent.replace(/\d+/, String(at + 1));
      const up = row.querySelector('button[value^="up:"]');
      const down = row.querySelector('button[value^="down:"]');
      if (up) up.disabled = at === 0;
      if (down) down.disabled = at === rows.length - 1;
    });
  };
  const addRow = (field, id) => {
    const box = boxOf(field);
    const rows = box ? rowsOf(box) : [];
    const last = rows[rows.length - 1];
    if (!last || last.tagName !== "FIELDSET") return null;
    const copy = last.cloneNode(true);
    giveId(copy, id);
    for (const node of copy.querySelectorAll("input, select, .err, img, a, [data-sum], [data-bar]")) {
      if (node.tagName === "INPUT") { node.value = ""; node.removeAttribute("aria-invalid"); }
      else if (node.tagName === "SELECT") node.selectedIndex = 0;
      else if (node.matches(".err")) node.hidden = true;
      else if (node.hasAttribute("data-sum")) node.textContent = "";
      else if (node.hasAttribute("data-bar")) node.setAttribute("width", "0");
      else node.remove();
    }
    last.after(copy);
    renumber(box);
    return copy;
  };

  const mark = (faults) => {
    for (const line of form.querySelectorAll(".err")) line.hidden = true;
    for (const input of form.querySelectorAll("[aria-invalid]")) input.removeAttribute("aria-invalid");
    const homeless = [];
    for (const [id, words] of Object.entries(faults)) {
      const line = document.getElementById(`${id}-error`);
      if (line) { line.hidden = false; line.querySelector("span").textContent = words; } else homeless.push(words);
      document.getElementById(id)?.setAttribute("aria-invalid", "true");
    }
    return homeless.join(" ");
  };

  // A field that others changed is shown anew. What was typed in it since it was sent goes along.
  const renew = (field, html, sent) => {
    const old = boxOf(field);
    if (!old) return;
    const now = snapshot();
    const active = old.contains(document.activeElement) ? document.activeElement : null;
    const caret = active && active.selectionStart !== undefined ? active.selectionStart : null;
    const typedThere = active && "value" in active ? active.value : "";
    const place = document.createElement("template");
    place.innerHTML = html.trim();
    const made = place.content.firstElementChild;
    const opened = [...old.querySelectorAll("details[open][id]")].map((box) => box.id);
    const besides = [...old.querySelectorAll("textarea[id], input[id]")].filter((box) => !box.name.startsWith("f.") && box.type !== "file" && box.value !== box.defaultValue);
    const lines = rowsOf(old).filter((row) => row.tagName === "FIELDSET" && !(`f.${field}.${row.dataset.row}` in sent) && !Object.keys(sent).some((name) => name.startsWith(`f.${field}.${row.dataset.row}.`)));
    old.replaceWith(made);
    giveIds();
    for (const row of lines) { const rows = rowsOf(made); rows[rows.length - 1]?.after(row); }
    for (const [name, values] of Object.entries(now)) {
      if (!(name === `f.${field}` || name.startsWith(`f.${field}.`)) || same(values, sent[name])) continue;
      const inputs = named(name, made);
      const both = made.querySelector("textarea[name^='settle.']");
      if (!inputs.length || !sent[name]) continue;
      if (["radio", "checkbox", "hidden"].includes(inputs[0].type) || inputs[0].tagName === "SELECT") setTo(inputs, values);
      else if (both && name === `f.${field}`) { both.value = `${inputs[0].value}\n\n${values[0]}`; both.closest("details").open = true; }
      else inputs[0].value = weave(sent[name][0] ?? "", values[0], inputs[0].value, inputs[0].tagName === "TEXTAREA" ? "\n" : " ");
    }
    for (const id of opened) { const box = document.getElementById(id); if (box) box.open = true; }
    for (const box of besides) { const input = document.getElementById(box.id); if (input) input.value = box.value; }
    renumber(made);
    const back = active && active.id ? document.getElementById(active.id) : null;
    if (!back) return;
    back.focus({ preventScroll: true });
    if (caret === null || back.selectionStart === undefined || back.selectionStart === null) return;
    const to = back.value.startsWith(typedThere.slice(0, caret)) ? caret : Math.max(0, back.value.length - (typedThere.length - caret));
    back.setSelectionRange(to, to);
  };

  const learn = (answer, sent) => {
    base.value = answer.version;
    for (const [old, id] of Object.entries(answer.rows)) {
      const [field, row] = old.split(".");
      const box = boxOf(field)?.querySelector(`[data-row="${row}"]`);
      if (box) giveId(box, id);
      for (const name of Object.keys(sent)) if (name.startsWith(`f.${old}.`)) { sent[name.replace(`f.${old}.`, `f.${field}.${id}.`)] = sent[name]; delete sent[name]; }
    }
    const late = Object.entries(snapshot()).some(([name, values]) => !same(values, sent[name] ?? [""]));
    for (const [field, html] of Object.entries(answer.fields)) renew(field, html, sent);
    const homeless = mark(answer.faults);
    for (const [row, sum] of Object.entries(answer.sums)) { const cell = form.querySelector(`[data-sum="${row}"]`); if (cell) cell.textContent = sum; }
    for (const [row, [left, width]] of Object.entries(answer.bars)) { const bar = form.querySelector(`[data-bar="${row}"]`); if (bar) { bar.setAttribute("x", left); bar.setAttribute("width", width); } }
    for (const cell of form.querySelectorAll("[data-standing]")) {
      if (answer.standing[cell.dataset.standing] !== undefined) cell.textContent = answer.standing[cell.dataset.standing];
      if (cell.dataset.standing === "left" && answer.standing.state) cell.className = `status status--${answer.standing.state}`;
    }
    tell([homeless || answer.saved, answer.foreign ? said.foreign : ""].filter(Boolean).join(". "), homeless ? "stop" : answer.foreign ? "wait" : "ok");
    if (late) { keep(); soon(1500); } else store(null);
  };

  const fail = (words, sign) => { keep(); tell(words, sign); };
  async function answered(reply, sent) {
    if ((reply.headers.get("Content-Type") || "").startsWith("application/json")) {
      const answer = await reply.json();
      if (reply.ok) { learn(answer, sent); wait = 2000; sessionStorage.removeItem(key); return true; }
      if (reply.status === 429) return false;
      fail(answer.refused, "stop");
      stopped = true;
      return true;
    }
    if (reply.redirected || reply.status === 403) {
      // Signed out meanwhile: the page asks to sign in, and then puts back what is kept here.
      const before = sessionStorage.getItem(key);
      if (before !== base.value && keep()) { sessionStorage.setItem(key, base.value); location.reload(); } else fail(said.signed, "stop");
      return true;
    }
    if (reply.status >= 500) return false;
    fail(said.refused, "stop");
    return true;
  }
  async function save() {
    clearTimeout(timer);
    if (stopped) return;
    if (running) { again = true; return; }
    running = true;
    tell(said.saving, "", false);
    const body = new FormData(form);
    for (const [name, value] of [...body]) if (typeof value !== "string") body.delete(name);
    const files = waiting.slice();
    for (const { name, file } of files) body.append(name, file);
    const sent = snapshot();
    try {
      const reply = await fetch(form.dataset.save, { method: "POST", body, headers: { "X-Requested-With": "fetch" }, signal: AbortSignal.timeout(files.length ? 300000 : 30000) });
      if (!(await answered(reply, sent))) throw new Error(String(reply.status));
      waiting.splice(0, files.length);
      for (const bar of form.querySelectorAll("progress")) bar.hidden = true;
    } catch {
      fail(said.waiting, "wait");
      wait = Math.min(wait * 2, 60000);
      soon(wait);
    } finally {
      running = false;
      if (again) { again = false; soon(300); }
    }
  }

  form.addEventListener("input", (event) => {
    if (event.target.type === "file" || !event.target.name.startsWith("f.")) return;
    keep();
    soon(1500);
  });
  form.addEventListener("change", (event) => {
    const input = event.target;
    if (input.type !== "file") { if (input.name.startsWith("f.")) soon(200); return; }
    if (input.hasAttribute("data-whole") || !input.files.length) return;
    const bar = input.parentElement.querySelector("progress");
    if (bar) { bar.hidden = false; bar.removeAttribute("value"); }
    for (const file of input.files) waiting.push({ name: input.name, file });
    input.value = "";
    save();
  });
  // A button takes the whole form to the server. Should that not arrive, the texts are put back when the page is.
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    const [deed, field, row] = (event.submitter?.value ?? "").split(":");
    const texts = snapshot();
    const gone = deed === "settle" ? `f.${event.submitter.closest("[data-field]")?.dataset.field}` : deed === "remove" ? `f.${field}.${row}.` : null;
    if (gone) for (const name of Object.keys(texts)) if (name === gone || name.startsWith(gone)) delete texts[name];
    keep(texts);
  });
  document.addEventListener("visibilitychange", () => { if (document.hidden && dirty) save(); });
  window.addEventListener("online", () => { if (dirty || waiting.length) soon(100); });

  // Lines come, go and move at once; the server learns of it with the next save.
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=do]");
    if (!button) return;
    const [deed, field] = button.value.split(":");
    const row = button.closest("[data-row]");
    if (deed === "add") {
      const made = addRow(field, drawId());
      if (!made) return;
      event.preventDefault();
      made.querySelector("input:not([type=hidden])").focus();
    } else if (row && ["remove", "up", "down"].includes(deed)) {
      const box = boxOf(field);
      const rows = rowsOf(box);
      const at = rows.indexOf(row);
      if (deed === "remove" && rows.length === 1) return;
      event.preventDefault();
      if (deed === "up") rows[at - 1].before(row);
      else if (deed === "down") rows[at + 1].after(row);
      else row.remove();
      renumber(box);
      const next = deed === "remove" ? rows[at + 1] || rows[at - 1] : row;
      (button.isConnected && !button.disabled ? button : next.querySelector("input:not([type=hidden]), button:not([disabled])")).focus();
      keep();
      soon(200);
    }
  });

  // Letters left.
  form.addEventListener("input", (event) => {
    const most = Number(event.target.dataset.most);
    const line = most && document.getElementById(`${event.target.id}-left`);
    if (line) line.textContent = `${event.target.value.length} / ${most}`;
  });

  giveIds();
  // A text that lies in an open clash has reached the server: sent again, it would open the clash anew once it is settled.
  const squeezed = (text) => text.replace(/\s+/g, "");
  const isKept = (field, values) => values.length === 1
    && [...document.querySelectorAll(`[data-field="${field}"] .clash__text`)].some((shown) => squeezed(shown.textContent) === squeezed(values[0]));
  // What had not reached the server when the page was left.
  try {
    const kept = JSON.parse(localStorage.getItem(key) || "null");
    let put = false;
    for (const [name, values] of Object.entries(kept ? kept.texts : {})) {
      const [, field, row, column] = name.split(".");
      if (column && !named(name).length && values.some(Boolean) && !boxOf(field)?.querySelector(`[data-row="${row}"]`)) addRow(field, row);
      const inputs = named(name);
      if (!inputs.length || inputs.every((input) => input.type === "hidden") || same(snapshot()[name], values) || isKept(field, values)) continue;
      setTo(inputs, values);
      put = true;
    }
    if (put) { base.value = kept.base; tell(said.returned, "wait"); soon(500); } else store(null);
  } catch { store(null); }
})();
