/* Checks receipts of a Qatysu ballot box in a browser (docs/verify-in-the-browser.md). No dependency, no build step, and no
   network but what the caller's `read` does: `await read(path)` gives the bytes of a file of the log, or null when there is none.
   Formats: C2SP signed-note, tlog-checkpoint, tlog-tiles, tlog-proof; RFC 9162. Checks answer {ok, code, text, why, ...}: `code` is
   "good" or names the fault as the verifiers in Python do, `text` is a key for translations, `why` a short English reason.
   Whatever else is in the answer was proved before the fault was met. */

export const WIDTH = 256, HASH = 32, MOST = { proof: 32768, note: 65536, signatures: 100, file: 256 * 65537 };

class Refused extends Error { constructor(code, why) { super(why); this.code = code; } }
export const refuse = (code, why) => { throw new Refused(code, why); };
export const answer = (code, why, more) => ({ ...more, ok: code === "good", code, text: `verify.${code}`, why });
export async function answering(found, work) {
  try { await work(found); return answer("good", "", found); } catch (problem) {
    if (!(problem instanceof Refused)) throw problem;
    return answer(problem.code, problem.message, found);
  }
}

// ---- bytes
export const utf8 = (text) => new TextEncoder().encode(text);
export const bytesOf = (data) => (typeof data === "string" ? utf8(data) : new Uint8Array(data));
export const same = (a, b) => a.length === b.length && a.every((value, i) => value === b[i]);
export const hex = (bytes) => Array.from(bytes, (value) => value.toString(16).padStart(2, "0")).join("");
const unhex = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
export const to64 = (bytes) => btoa(Array.from(bytes, (value) => String.fromCharCode(value)).join(""));
export function un64(text, code, what) {
  let raw = null;
  try { raw = Uint8Array.from(atob(text), (char) => char.charCodeAt(0)); } catch { /* named below */ }
  return raw !== null && to64(raw) === text ? raw : refuse(code, `${what} is not canonical base64`);
}
function decoded(bytes, code, what) {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  try { return decoder.decode(bytes); } catch { return refuse(code, `${what} is no text`); }
}
export function joined(parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  parts.reduce((at, part) => { whole.set(part, at); return at + part.length; }, 0);
  return whole;
}
const sha256 = async (...parts) => new Uint8Array(await crypto.subtle.digest("SHA-256", joined(parts)));

// ---- keys, notes, checkpoints
const isName = (name) => name !== "" && !/[\t-\r\x1c- \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000+]/.test(name);
const isNumber = (text) => /^(0|[1-9][0-9]{0,18})$/.test(text);
export async function holds(key, signature, message) {
  try {
    const imported = await crypto.subtle.importKey("raw", key, "Ed25519", false, ["verify"]);
    return await crypto.subtle.verify("Ed25519", imported, signature, message);
  } catch { return false; }
}
/* Whether this browser can check at all; tries the first signature of RFC 8032 rather than asking for the browser's name. */
export async function canCheck() {
  if (!globalThis.isSecureContext || !globalThis.crypto?.subtle) return answer("no_secure_context", "the page did not come by https");
  const key = unhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
  const good = unhex("e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595"
    + "bbe24655141438e7a100b");
  const works = await holds(key, good, new Uint8Array(0)) && !(await holds(key, good, new Uint8Array(1)));
  return works ? answer("good", "") : answer("no_ed25519", "this browser cannot check Ed25519 signatures");
}
export async function able() { const can = await canCheck(); if (!can.ok) refuse(can.code, can.why); }

export async function parseKey(text) {
  const parts = /^([^+]*)\+([0-9a-f]{8})\+([^]*)$/.exec(String(text).trim());
  if (!parts || !isName(parts[1])) refuse("key", "a verifier key is name+id+key");
  const raw = un64(parts[3], "key", "the verifier key");
  if (raw.length !== 33 || raw[0] !== 1) refuse("key", "the verifier key is not of Ed25519");
  const id = (await sha256(utf8(`${parts[1]}\n`), raw)).slice(0, 4);
  if (hex(id) !== parts[2]) refuse("key", "the verifier key does not have the id that it states");
  return { name: parts[1], id, raw: raw.slice(1) };
}
export function parseNote(data) {
  if (data.length > MOST.note) refuse("checkpoint", `the note has more than ${MOST.note} bytes`);
  const whole = decoded(data, "checkpoint", "the note"), cut = whole.lastIndexOf("\n\n");
  if (/[\x00-\x09\x0b-\x1f]/.test(whole)) refuse("checkpoint", "the note holds control characters");
  if (cut < 0 || cut + 2 === whole.length || !whole.endsWith("\n")) refuse("checkpoint", "the note has no signatures");
  const lines = whole.slice(cut + 2, -1).split("\n");
  if (lines.length > MOST.signatures) refuse("checkpoint", `the note has more than ${MOST.signatures} signatures`);
  return { text: whole.slice(0, cut + 1), signatures: lines.map((line) => {
    const [, name, value] = /^\u2014 ([^ ]*) ([^]*)$/.exec(line) ?? [];
    if (value === undefined || !isName(name)) refuse("checkpoint", "a signature line is not as the format wants it");
    const raw = un64(value, "checkpoint", "a signature");
    if (raw.length < 5) refuse("checkpoint", "a signature is too short");
    return { name, key: raw.slice(0, 4), value: raw.slice(4) };
  }) };
}
export async function signedCheckpoint(data, key) {
  const note = parseNote(data), lines = note.text.split("\n");
  const own = note.signatures.filter((line) => line.name === key.name && same(line.key, key.id));
  const isGood = (line) => holds(key.raw, line.value, utf8(note.text));
  if (!(await Promise.all(own.map(isGood))).every(Boolean)) refuse("checkpoint", `the signature of ${key.name} does not hold`);
  if (!own.length) refuse("checkpoint", `the checkpoint is not signed by ${key.name}`);
  if (lines.length !== 4 || lines[3] || !lines[0]) refuse("checkpoint", "a checkpoint has three lines");
  const size = isNumber(lines[1]) ? Number(lines[1]) : NaN;
  if (!Number.isSafeInteger(size)) refuse("checkpoint", "the size of a checkpoint is a plain number");
  if (un64(lines[2], "checkpoint", "the root hash").length !== HASH) refuse("checkpoint", "the root hash has not 32 bytes");
  if (lines[0] !== key.name) refuse("checkpoint", `the checkpoint is of ${lines[0]}, not of ${key.name}`);
  return { origin: lines[0], size, root: lines[2], note: decoded(data, "checkpoint", "the note") };
}

// ---- the tree (RFC 9162) and its tiles
const nodeHash = (left, right) => sha256(Uint8Array.of(1), left, right);
export const leafHash = (entry) => sha256(Uint8Array.of(0), entry);
export async function rootOf(hashes) {
  let row = hashes;
  const pair = (value, i) => (i % 2 ? [] : i + 1 < row.length ? nodeHash(value, row[i + 1]) : value);
  while (row.length > 1) row = await Promise.all(row.flatMap(pair));
  return row.length ? row[0] : sha256();
}
/* RFC 9162 2.1.3.2 and 2.1.4.2 in one walk: the roots to which `path` leads from `first` at `position`, or null when it does not fit.
   `older` grows only by what stood left of it: the root of the tree that ended at this leaf. */
async function climb(position, last, first, path) {
  let older = first, newer = first;
  for (const step of path) {
    if (last === 0) return null;
    if (position % 2 || position === last) {
      older = await nodeHash(step, older); newer = await nodeHash(step, newer);
      while (position % 2 === 0 && position) { position /= 2; last = Math.floor(last / 2); }
    } else newer = await nodeHash(newer, step);
    position = Math.floor(position / 2); last = Math.floor(last / 2);
  }
  return last === 0 ? { older, newer } : null;
}
function numberPath(number) {
  const digits = [];
  for (let rest = number; digits.length === 0 || rest > 0; rest = Math.floor(rest / 1000))
    digits.unshift((digits.length ? "x" : "") + String(rest % 1000).padStart(3, "0"));
  return digits.join("/");
}
export const tilePath = (level, number, width = WIDTH) => `tile/${level}/${numberPath(number)}${width === WIDTH ? "" : `.p/${width}`}`;
export async function fetched(read, path) {
  let data = null;
  try { data = await read(path); } catch (problem) { refuse("unreachable", `${path}: ${problem?.message ?? problem}`); }
  if (data?.length > MOST.file) refuse("unreachable", `${path} is larger than any file of a log`);
  return data ?? null;
}
/* A log may delete a partial tile once the full one is there, whose beginning it is. */
const tileBytes = async (read, level, number, width) =>
  await fetched(read, tilePath(level, number, width)) ?? (width === WIDTH ? null : fetched(read, tilePath(level, number)));
function nodesOf(read, size) {
  const known = new Map();
  async function tile(level, number) {
    const width = Math.min(WIDTH, Math.floor(size / WIDTH ** level) - number * WIDTH), path = tilePath(level, number, width);
    const data = known.get(path) ?? await tileBytes(read, level, number, width);
    if (data === null) refuse("tile_missing", `${path} is missing`);
    if (data.length < width * HASH || data.length % HASH) refuse("tile_length", `${path} has a wrong length`);
    known.set(path, data);
    return data;
  }
  const node = async (level, index) => {
    const many = 2 ** (level % 8), first = index * many, data = await tile(Math.floor(level / 8), Math.floor(first / WIDTH));
    return rootOf(Array.from({ length: many }, (_, i) => data.slice(((first + i) % WIDTH) * HASH, ((first + i) % WIDTH + 1) * HASH)));
  };
  const middle = (start, end) => { let half = 1; while (half * 2 < end - start) half *= 2; return start + half; };
  const range = async (start, end) => {
    const count = end - start, cut = middle(start, end), level = Math.round(Math.log2(count));
    return 2 ** level === count ? node(level, start / count) : nodeHash(await range(start, cut), await range(cut, end));
  };
  const inclusion = async (index, start = 0, end = size) => {
    if (end - start === 1) return [];
    const cut = middle(start, end);
    if (index < cut) return [...await inclusion(index, start, cut), await range(cut, end)];
    return [...await inclusion(index, cut, end), await range(start, cut)];
  };
  const consistency = async (old, start = 0, end = size) => {
    if (old === end) return [await range(start, end)];
    const cut = middle(start, end);
    if (old <= cut) return [...await consistency(old, start, cut), await range(cut, end)];
    return [...await consistency(old, cut, end), await range(start, cut)];
  };
  return { node, inclusion, consistency };
}
export async function mustExtend(old, next, read) {
  if (old.origin !== next.origin) refuse("origin", `one checkpoint is of ${old.origin}, the other of ${next.origin}`);
  if (old.size > next.size) refuse("rollback", `a kept checkpoint has ${old.size} entries, the log only ${next.size}`);
  const otherLog = () => refuse("split_view", `a kept checkpoint of ${old.size} entries shows another log`);
  if (old.size === next.size) return old.root === next.root || otherLog();
  if (old.size === 0) return old.root === to64(await sha256()) || otherLog();
  const [first, ...path] = await nodesOf(read, next.size).consistency(old.size);
  let position = old.size - 1, last = next.size - 1;
  while (position % 2) { position = (position - 1) / 2; last = Math.floor(last / 2); }
  const roots = await climb(position, last, first, path);
  if (!roots || to64(roots.newer) !== next.root) refuse("tile_differs", "the tiles do not give the root hash of the checkpoint");
  return to64(roots.older) === old.root || otherLog();
}
/* Whether checkpoint `old` is the beginning of `next` ({origin, size, root} both); reads a few tiles of the log of `next`. */
export const checkConsistency = (old, next, read) => answering({}, async () => { await able(); await mustExtend(old, next, read); });
export async function mustHold(leaf, index, checkpoint, read) {
  if (index >= checkpoint.size) refuse("receipt_missing", "the log has fewer entries than the place of this ballot");
  const nodes = nodesOf(read, checkpoint.size), path = await nodes.inclusion(index), there = await nodes.node(0, index);
  const roots = await climb(index, checkpoint.size - 1, there, path);
  if (!roots || to64(roots.newer) !== checkpoint.root) refuse("tile_differs", "the tiles do not give the root hash of the checkpoint");
  if (!same(there, leaf)) refuse("receipt_missing", "the log holds another entry at this place");
}

// ---- ballots and receipts
export const isCode = (code) => typeof code === "string" && /^[A-Za-z0-9][A-Za-z0-9./_-]{0,39}$/.test(code);
/* A ballot has one way to be written, so that a pattern says all of it. */
export function ballotOf(text) {
  const fields = /^\{"b":"([0-9a-f]{32})","h":"([0-9a-f]{64})","n":(100|[1-9][0-9]?),"t":"cast","v":1\}$/.exec(text);
  const [, handle, commitment, attempt] = fields ?? refuse("entry", "the entry is not a ballot in its canonical form");
  return { handle, commitment, attempt: Number(attempt) };
}
/* Hex of the commitment to `choices` (codes) under `nonce` (hex). */
export const commitmentOf = async (origin, { handle, attempt }, nonce, choices) => hex(await sha256(
  utf8(`qatysu/ballot/v1\n${origin}\n${handle}\n${attempt}\n`), unhex(nonce), utf8(`\n${JSON.stringify([...choices].sort())}`)));
function parseProof(data) {
  if (data.length > MOST.proof) refuse("proof", `the proof has more than ${MOST.proof} bytes`);
  const cut = data.findIndex((value, i) => value === 10 && data[i + 1] === 10);
  const lines = decoded(data.slice(0, Math.max(cut, 0)), "proof", "the proof").split("\n");
  if (cut < 0 || lines.shift() !== "c2sp.org/tlog-proof@v1") refuse("proof", "the file does not begin with c2sp.org/tlog-proof@v1");
  const extra = lines[0]?.startsWith("extra ") ? un64(lines.shift().slice(6), "proof", "the extra data") : new Uint8Array(0);
  if (!lines[0]?.startsWith("index ") || !isNumber(lines[0].slice(6))) refuse("proof", "the proof has no index");
  const hashes = lines.slice(1).map((line) => un64(line, "proof", "a hash of the proof"));
  if (hashes.length > 63 || hashes.some((value) => value.length !== HASH)) refuse("proof", "the hashes are not as they should be");
  return { extra, index: Number(lines[0].slice(6)), hashes, note: data.slice(cut + 2) };
}
function parseExtra(extra) {
  let body = null;
  try { body = JSON.parse(decoded(extra, "receipt", "the receipt")); } catch { /* named below */ }
  const { c: choices, e: entry, x: nonce } = body ?? {}, areTexts = typeof entry === "string" && typeof nonce === "string";
  const good = areTexts && /^[\x00-\x7f]*$/.test(entry) && /^([0-9a-f]{64})?$/.test(nonce);
  if (!good || !Array.isArray(choices) || !choices.every(isCode)) refuse("receipt", "the receipt does not hold a ballot");
  return { entry, nonce, choices };
}
/* The receipt in a .tlog-proof file: signed by the log's key, the ballot in its tree, and, when the file holds nonce and choices,
   these choices in the ballot. With `pinned` (a checkpoint seen before) and `read` also against the log as it is shown now.
   Answers with origin, index, size, handle, attempt, entry; `choices` only when they are proved; `newest` when `read` was used. */
export const checkReceipt = ({ proof, vkey, pinned: seen = null, read = null }) => answering({}, async (found) => {
  await able();
  const key = await parseKey(vkey), file = parseProof(bytesOf(proof)), { entry, nonce, choices } = parseExtra(file.extra);
  const checkpoint = await signedCheckpoint(file.note, key), leaf = await leafHash(utf8(entry));
  const roots = file.index < checkpoint.size ? await climb(file.index, checkpoint.size - 1, leaf, file.hashes) : null;
  if (!roots || to64(roots.newer) !== checkpoint.root) refuse("inclusion", "the entry is not in the log at this place");
  const ballot = ballotOf(entry);
  Object.assign(found, { origin: key.name, index: file.index, size: checkpoint.size, checkpoint, entry, ...ballot });
  if (nonce && choices.length) {
    const made = await commitmentOf(key.name, ballot, nonce, choices);
    if (made !== ballot.commitment) refuse("commitment", "the choices are not those of the ballot");
    found.choices = choices;
  }
  if (!read) return seen?.size === checkpoint.size ? mustExtend(seen, checkpoint, null) : null;
  const newest = await newestOf(read, key);
  await mustExtend(checkpoint, newest, read);
  if (seen) await mustExtend(seen, newest, read);
  return mustHold(leaf, file.index, newest, read).then(() => { found.newest = newest; });
});
export async function newestOf(read, key) {
  const note = await fetched(read, "checkpoint") ?? refuse("checkpoint_missing", "there is no checkpoint");
  return signedCheckpoint(note, key);
}
