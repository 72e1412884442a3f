/* The checking page: asks the modules of ../verify/ and puts their answers into words, which stand hidden on the page in the reader's
   language. Without this script the page searches on the server and offers the programs. */
import { canCheck, checkReceipt, follow, webReader, whereIs } from "../verify/box.mjs";
import { checkPromise } from "../verify/promise.mjs";

const LARGEST = 65536;
const root = document.querySelector("[data-check]"), { log, vkey } = root.dataset;
const part = (name) => root.querySelector(`[data-part="${name}"]`);
const read = webReader(log);
const language = document.documentElement.lang;
const grouped = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, "\u202f");
const moment = (unix) => new Date(unix * 1000).toLocaleString(language, { dateStyle: "long", timeStyle: "short" });

function say(key, values = {}) {
  const line = document.querySelector(`[data-words] [data-key="${CSS.escape(key)}"]`);
  const text = line ? line.textContent : key;
  return text.replace(/\{([a-z_]+)\}/g, (whole, name) => (name in values ? values[name] : whole));
}
const refusal = ({ code, why }) => `${say(`code.${code}`)} (${code}${why ? `: ${why}` : ""})`;
const show = (name, is) => { part(name).hidden = !is; };

// ---- what this browser remembers
let followed = null;
async function remember() {
  const told = await follow(vkey, read), old = told.pinned?.size, size = told.newest?.size;
  followed = told;
  if (told.ok) {
    const key = !told.kept ? "pin.not_kept" : old === undefined ? "pin.first" : old === size ? "pin.same" : "pin.grown";
    part("pin").textContent = say(key, { size: grouped(size), old: old === undefined ? "" : grouped(old) });
    return;
  }
  part("pin").textContent = refusal(told);
  part("pin").classList.add("notice--stop");
  part("pin").setAttribute("role", "alert");
  if (told.pinned && told.newest) {
    part("old").textContent = told.pinned.note;
    part("new").textContent = told.newest.note;
    show("evidence", true);
  }
}

// ---- a receipt or a promise
let entry = null, busy = false;
function progress(done, size) {
  part("bar").max = size;
  part("bar").value = done;
}
/* Facts as a list of pairs; texts only, whatever a file may hold. */
function list(pairs) {
  part("facts").replaceChildren(...pairs.map(([key, value]) => {
    const row = document.createElement("div"), name = document.createElement("dt"), fact = document.createElement("dd");
    name.textContent = say(key);
    fact.textContent = value;
    row.append(name, fact);
    return row;
  }));
}
function verdict(good, heading, text = "") {
  part("verdict").classList.toggle("verdict--stop", !good);
  part("heading").textContent = heading;
  part("text").textContent = text;
  show("verdict", true);
  show("whole", good && entry !== null);
  show("choices", false);
}
const attemptOf = (number) => (number > 1 ? [["fact.attempt", String(number)]] : []);
function receiptTold(told) {
  entry = told.ok ? told.entry : null;
  if (!told.ok) { list([]); verdict(false, say("refused"), refusal(told)); return; }
  list([["fact.place", grouped(told.index)], ["fact.size", grouped(told.newest?.size ?? told.size)], ...attemptOf(told.attempt)]);
  verdict(true, say("good.receipt"), say("good.receipt_more"));
  if (told.choices) {
    part("chosen").textContent = told.choices.map((code) => `№ ${code}`).join(", ");
    show("choices", true);
  }
}
function promiseTold(told) {
  entry = told.ok && told.state === "in_box" ? told.entry : null;
  const due = told.by ? [["fact.by", moment(told.by)]] : [];
  if (!told.ok) { list(due); verdict(false, say("refused"), refusal(told)); return; }
  list([...due, ...(entry === null ? [] : [["fact.place", grouped(told.index)]])]);
  verdict(true, say(`good.promise_${told.state}`), say(`good.promise_${told.state}_more`));
}
async function given(form) {
  const [file] = form.elements.file.files, pasted = form.elements.pasted.value.trim();
  if (file) return file.size > LARGEST ? new Uint8Array(LARGEST) : new Uint8Array(await file.arrayBuffer());
  return pasted ? new TextEncoder().encode(`${pasted.replace(/\r\n?/g, "\n")}\n`) : null;
}
async function check(form) {
  const data = await given(form);
  if (data === null) { entry = null; list([]); verdict(false, say("nothing"), say("nothing_more")); return; }
  const isPromise = new TextDecoder("latin1").decode(data.slice(0, 19)) === "qatysu.org/promise@";
  if (!followed?.ok) await remember();
  if (!isPromise) {
    receiptTold(await checkReceipt({ proof: data, vkey, pinned: followed.pinned ?? null, read }));
  } else if (!followed.ok) {
    promiseTold(followed);
  } else {
    show("progress", true);
    promiseTold(await checkPromise({ promise: data, checkpoint: followed.newest, read, now: Date.now() / 1000, progress }));
  }
}
async function whole() {
  show("progress", true);
  const told = await whereIs(entry, read, followed.newest, { progress });
  if (!told.ok) { list([]); entry = null; verdict(false, say("refused"), refusal(told)); return; }
  const more = { reason: say(`reason.${told.reason}`), act: told.act, attempt: told.replacedBy };
  list([["fact.place", told.index === undefined ? "\u2014" : grouped(told.index)], ["fact.size", grouped(followed.newest.size)]]);
  verdict(true, say(`state.${told.state}`, more), say(told.result ? "whole.result" : told.closed ? "whole.closed" : "whole.open"));
  show("whole", false);
}
/* One thing at a time; the answer gets the focus, so that a screen reader reads it first. */
async function working(work) {
  if (busy) return;
  busy = true;
  root.setAttribute("aria-busy", "true");
  part("wait").textContent = say("working");
  try {
    await work();
    part("verdict").focus();
  } catch (problem) {
    entry = null;
    list([]);
    verdict(false, say("fault"), String(problem?.message ?? problem));
  } finally {
    busy = false;
    root.removeAttribute("aria-busy");
    part("wait").textContent = "";
    show("progress", false);
  }
}

// ---- begin
for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
    button.querySelector("span").textContent = say("copied");
  });
}
const can = await canCheck();
if (can.ok) {
  root.querySelector("form").addEventListener("submit", (event) => { event.preventDefault(); working(() => check(event.target)); });
  part("whole").querySelector("button").addEventListener("click", () => working(whole));
  root.hidden = false;
  document.querySelector("[data-cannot]").hidden = true;
  await remember();
  root.dataset.ready = "yes";
} else {
  document.querySelector("[data-cannot]").textContent = say(`code.${can.code}`);
}
