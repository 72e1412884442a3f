/* What one browser sees of a ballot box over time: the checkpoints it has kept, and what became of a ballot. Everything of receipt.mjs
   can be had from here too. */
import {
  MOST, WIDTH, able, answer, answering, ballotOf, bytesOf, commitmentOf, fetched, isCode, joined, leafHash, mustExtend, newestOf,
  mustHold, parseKey, refuse, rootOf, signedCheckpoint, tilePath, to64,
} from "./receipt.mjs";
export * from "./receipt.mjs";

// ---- single checks
/* {ok, code, checkpoint: {origin, size, root (base64), note}} of a note signed by the log's key. */
export const openCheckpoint = (note, vkey) => answering({}, async (found) => {
  await able();
  found.checkpoint = await signedCheckpoint(bytesOf(note), await parseKey(vkey));
});
/* Whether entry (bytes) `index` is in the log of `checkpoint`, from tiles. */
export const checkInclusion = (entry, index, checkpoint, read) => answering({}, async () => {
  await able(); await mustHold(await leafHash(bytesOf(entry)), index, checkpoint, read);
});

// ---- what this browser has seen
/* The newest checkpoint of a log that this browser has kept, or null. */
export function pinned(origin) {
  try {
    const { size, root, note } = JSON.parse(localStorage.getItem(`qatysu-log ${origin}`));
    return Number.isSafeInteger(size) && typeof root === "string" ? { origin, size, root, note } : null;
  } catch { return null; }
}
/* Keeps a checkpoint that was checked; never goes back. `kept` is false when the browser does not let pages keep anything. */
export function pin(checkpoint) {
  const old = pinned(checkpoint.origin);
  if (old && old.size > checkpoint.size) return answer("rollback", "a newer checkpoint was seen before", { pinned: old });
  const differs = old?.size === checkpoint.size && old.root !== checkpoint.root;
  if (differs) return answer("split_view", "another log was seen before", { pinned: old });
  try { localStorage.setItem(`qatysu-log ${checkpoint.origin}`, JSON.stringify(checkpoint)); } catch { /* told below */ }
  return answer("good", "", { kept: pinned(checkpoint.origin)?.root === checkpoint.root });
}
/* Fetches the newest checkpoint, compares it with the pinned one and keeps it. `pinned` and `newest` in the answer are the two notes
   to show to others when they disagree. */
export const follow = (vkey, read) => answering({}, async (found) => {
  await able();
  const key = await parseKey(vkey);
  found.pinned = pinned(key.name);
  found.newest = await newestOf(read, key);
  if (found.pinned) await mustExtend(found.pinned, found.newest, read);
  const { ok, code, why, kept } = pin(found.newest);
  if (!ok) refuse(code, why);
  found.kept = kept;
});
/* `read` for a log at an address. Sends no cookies. */
export const webReader = (prefix) => async (path) => {
  const cache = path === "checkpoint" ? "no-store" : "default";
  const reply = await fetch(`${prefix.replace(/\/+$/, "")}/${path}`, { credentials: "omit", cache });
  if (reply.status === 404 || reply.status === 410) return null;
  if (!reply.ok) throw new Error(`the server answers ${reply.status}`);
  const parts = [];
  let size = 0;
  for (const reader = reply.body.getReader(); ;) {
    const { done, value } = await reader.read();
    if (done) return joined(parts);
    parts.push(value); size += value.length;
    if (size > MOST.file) { await reader.cancel(); throw new Error("the file is larger than any file of a log"); }
  }
};

// ---- what became of a ballot
const isHex = (digits) => (value) => typeof value === "string" && value.length === digits && /^[0-9a-f]*$/.test(value);
const isText = (value) => typeof value === "string", areTexts = (value) => Array.isArray(value) && value.every(isText);
const isChoice = (value) => areTexts(value) && value.every((code, i) => isCode(code) && (i === 0 || value[i - 1] < code));
const isNumber = (value) => Number.isSafeInteger(value) && value >= 0;
const isAttempt = (value) => isNumber(value) && value >= 1 && value <= 100;
const JUDGED = { act: isText, b: isHex(32), by: areTexts, n: isAttempt, reason: isText };
const KINDS = {
  cast: { b: isHex(32), h: isHex(64), n: isAttempt }, annul: JUDGED, reinstate: JUDGED,
  close: { entries: isNumber, handles: isNumber },
  open: { b: isHex(32), c: isChoice, n: isAttempt, x: isHex(64) },
};
/* An entry has one way to be written: sorted keys, no spaces, printable ASCII. The fields of other kinds are not looked at. */
export function fieldsOf(text) {
  try {
    const fields = JSON.parse(text), sorted = Object.fromEntries(Object.keys(fields).sort().map((key) => [key, fields[key]]));
    const wanted = Object.hasOwn(KINDS, fields.t) ? KINDS[fields.t] : null, names = Object.keys(wanted ?? {});
    const shape = !wanted || (Object.keys(fields).length === names.length + 2 && names.every((name) => wanted[name](fields[name])));
    if (/^[ -~]*$/.test(text) && JSON.stringify(sorted) === text && fields.v === 1 && shape) return fields;
  } catch { /* refused below */ }
  return refuse("entry", "an entry is not in its canonical form");
}
/* The rules of a log as far as they concern one voter; same codes as in Python. The first fault is kept. */
class Story {
  constructor(origin, handle) { Object.assign(this, { origin, handle, casts: new Map(), closed: false, result: false, fault: null }); }

  async take(index, text) {
    const concerns = index === 0 || text.includes(`"b":"${this.handle}"`) || /"t":"(close|result|manifest)"/.test(text);
    if (!concerns || this.fault) return;
    const told = await answering({}, async () => {
      const entry = fieldsOf(text);
      if ((entry.t === "manifest") !== (index === 0)) refuse("manifest_place", "the manifest is the first entry, and the only one");
      if (Object.hasOwn(Story.ON, entry.t)) await Story.ON[entry.t](this, entry, index, text);
    });
    if (!told.ok) this.fault = { code: told.code, why: told.why, at: index };
  }

  get last() { return Math.max(...this.casts.keys()); }

  target(entry) { return this.casts.get(entry.n) ?? refuse("unknown_ballot", `${entry.t} of a ballot that is not in the log`); }

  finish() {
    const gap = this.casts.size && this.last !== this.casts.size;
    if (gap) refuse("missing_attempt", "an earlier ballot of the voter is not in the log");
  }

  static judge(story, entry) {
    const ballot = story.target(entry), annul = entry.t === "annul";
    if (new Set(entry.by).size < 2) refuse("one_person", `${entry.t} needs two different people`);
    if (!story.manifest.reasons.includes(entry.reason)) refuse("reason", `the reason ${entry.reason} is not one of the manifest`);
    if (story.result) refuse("after_result", `${entry.t} after the result`);
    if (annul === Boolean(ballot.annulled)) refuse(annul ? "annulled_twice" : "not_annulled", `${entry.t} changes nothing`);
    ballot.annulled = annul ? { reason: entry.reason, act: entry.act } : null;
  }

  static ON = {
    manifest(story, entry) {
      if (entry.origin !== story.origin) refuse("origin", `the manifest is of ${entry.origin}, the log of ${story.origin}`);
      if (!areTexts(entry.reasons) || !isAttempt(entry.attempts)) refuse("entry", "the manifest is not as it should be");
      story.manifest = entry;
    },
    cast(story, entry, index, text) {
      if (story.closed) refuse("cast_after_close", "a ballot was taken in after the close");
      if (entry.n > story.manifest.attempts) refuse("too_many_attempts", `attempt ${entry.n} of a voter`);
      if (story.casts.has(entry.n)) refuse("double_vote", `a second ballot of the same voter with the same number ${entry.n}`);
      story.casts.set(entry.n, { index, text, commitment: entry.h, annulled: null, choices: null });
    },
    annul: Story.judge,
    reinstate: Story.judge,
    close(story, entry, index) {
      if (story.closed) refuse("closed_twice", "the log is closed twice");
      if (entry.entries !== index) refuse("close_numbers", "the close states another number of entries than there are");
      story.closed = true;
    },
    async open(story, entry) {
      const ballot = story.target(entry);
      if (!story.closed) refuse("open_before_close", "a ballot is opened before the close");
      if (ballot.choices) refuse("opened_twice", "a ballot is opened twice");
      if (entry.n !== story.last) refuse("opened_replaced", "a replaced ballot is opened");
      const made = await commitmentOf(story.origin, { handle: entry.b, attempt: entry.n }, entry.x, entry.c);
      if (made !== ballot.commitment) refuse("commitment", "an opening does not fit the ballot that was cast");
      ballot.choices = entry.c;
    },
    result(story) {
      if (story.result) refuse("result_twice", "there are two results");
      if (story.casts.size && !story.casts.get(story.last).choices) refuse("not_opened", "the ballot is not opened");
      story.result = true;
    },
  };
}
function unpacked(data, count, number) {
  const found = [];
  let at = 0;
  for (let i = 0; i < count; i += 1) {
    const end = at + 2 + data[at] * 256 + data[at + 1];
    if (!(end <= data.length)) refuse("entries_cut", `bundle ${number}: a bundle of entries is cut off`);
    found.push(data.subarray(at + 2, end));
    at = end;
  }
  return { found, isWhole: at === data.length };
}
export async function bundle(read, number, width) {
  const exact = await fetched(read, tilePath("entries", number, width));
  const data = exact ?? (width < WIDTH ? await fetched(read, tilePath("entries", number)) : null);
  if (data === null) refuse("entries_missing", `the bundle of entries ${number} is missing`);
  const { found, isWhole } = unpacked(data, width, number);
  if (exact && !isWhole) refuse("entries_cut", `bundle ${number}: a bundle of entries is longer than it should be`);
  return found;
}
/* What became of a ballot (the text of its entry) in the log of `checkpoint`, all of whose entries are read and hashed:
   `state` is "accepted" (not in the log yet), "in_box", "counted" (the box is closed and this ballot counts), "replaced" (by
   attempt `replacedBy`) or "annulled" ({reason, act}); besides `index`, `closed`, `choices` once opened, `result` once declared.
   `progress(done, size)` is called after every bundle; a log of more than `most` entries is left to verify.py. */
export const whereIs = (entry, read, checkpoint, { progress = () => {}, most = 2_000_000 } = {}) => answering({}, async (found) => {
  await able();
  const { handle, attempt } = ballotOf(entry), story = new Story(checkpoint.origin, handle), roots = [];
  if (checkpoint.size > most) refuse("too_large", `the log has more than ${most} entries`);
  for (let number = 0; number * WIDTH < checkpoint.size; number += 1) {
    const entries = await bundle(read, number, Math.min(WIDTH, checkpoint.size - number * WIDTH));
    roots.push(await rootOf(await Promise.all(entries.map(leafHash))));
    const texts = new TextDecoder("latin1");
    for (const [i, data] of entries.entries()) await story.take(number * WIDTH + i, texts.decode(data));
    progress(Math.min(checkpoint.size, (number + 1) * WIDTH), checkpoint.size);
  }
  if (to64(await rootOf(roots)) !== checkpoint.root) refuse("root", "the entries do not give the root hash of the checkpoint");
  if (story.fault) refuse(story.fault.code, `entry ${story.fault.at}: ${story.fault.why}`);
  story.finish();
  Object.assign(found, stateOf(story, entry, attempt));
});
function stateOf(story, entry, attempt) {
  const own = story.casts.get(attempt), { closed, result, last } = story;
  if (!own) return { state: "accepted", closed, result };
  if (own.text !== entry) refuse("receipt_missing", "the log holds another ballot at this attempt of the voter");
  const about = { index: own.index, closed, result, choices: own.choices };
  if (last > attempt) return { ...about, state: "replaced", replacedBy: last };
  if (own.annulled) return { ...about, state: "annulled", ...own.annulled };
  return { ...about, state: closed ? "counted" : "in_box" };
}
