/* Promises of a Qatysu ballot box in a browser: the word given at once, before the ballot stands in the log. */
import {
  HASH, MOST, WIDTH, able, answering, bundle, bytesOf, fetched, fieldsOf, hex, holds, leafHash, mustHold, parseKey, parseNote, refuse,
  rootOf, same, tilePath, to64, un64, utf8,
} from "./box.mjs";

async function manifestOf(read, checkpoint) {
  if (!checkpoint.size) refuse("entry", "the log is empty");
  const [first] = await bundle(read, 0, Math.min(WIDTH, checkpoint.size));
  await mustHold(await leafHash(first), 0, checkpoint, read);
  const entry = fieldsOf(new TextDecoder("latin1").decode(first));
  return entry.t === "manifest" && typeof entry.promise === "string" ? entry : refuse("manifest_place", "the first entry is no manifest");
}
/* A promise is a note by `<origin>/promise`: its first line can be no origin, so that it cannot be taken for a checkpoint. */
async function signedPromise(data, origin, promiseKey) {
  if (data.length > MOST.proof) refuse("promise", `the promise has more than ${MOST.proof} bytes`);
  const key = await parseKey(promiseKey), note = await noteOf(data), lines = note.text.split("\n");
  const own = note.signatures.filter((line) => line.name === key.name && same(line.key, key.id));
  const good = await Promise.all(own.map((line) => holds(key.raw, line.value, utf8(note.text))));
  const isOwn = key.name === `${origin}/promise` && own.length > 0 && good.every(Boolean);
  if (!isOwn) refuse("promise", "the promise is not signed by this ballot box");
  const by = /^by (0|[1-9][0-9]{0,15})$/.exec(lines[3]);
  const shape = lines.length === 5 && lines[0] === "qatysu.org/promise@v1" && lines[1] === origin && by && !lines[4];
  if (!shape) refuse("promise", "this is no promise of this ballot box");
  const leaf = un64(lines[2], "promise", "the leaf hash");
  return leaf.length === HASH ? { leaf, by: Number(by[1]) } : refuse("promise", "the leaf hash has not 32 bytes");
}
/* What is no note at all is no promise either: one code for both. */
async function noteOf(data) {
  const found = { note: null }, told = await answering(found, () => { found.note = parseNote(data); });
  return told.ok ? found.note : refuse("promise", told.why);
}
/* Index of a leaf hash, or null, from all hashes of the log, which must give its root: what is hidden would show. */
async function indexOf(leaf, read, checkpoint, progress) {
  const roots = [];
  let found = null;
  for (let number = 0; number * WIDTH < checkpoint.size; number += 1) {
    const width = Math.min(WIDTH, checkpoint.size - number * WIDTH), path = tilePath(0, number, width);
    const data = await fetched(read, path) ?? (width < WIDTH ? await fetched(read, tilePath(0, number)) : null);
    if (data === null) refuse("tile_missing", `${path} is missing`);
    if (data.length < width * HASH || data.length % HASH) refuse("tile_length", `${path} has a wrong length`);
    const hashes = Array.from({ length: width }, (_, i) => data.slice(i * HASH, (i + 1) * HASH));
    const at = hashes.findIndex((one) => same(one, leaf));
    if (at >= 0) found = number * WIDTH + at;
    roots.push(await rootOf(hashes));
    progress(Math.min(checkpoint.size, (number + 1) * WIDTH), checkpoint.size);
  }
  if (to64(await rootOf(roots)) !== checkpoint.root) refuse("tile_differs", "the tiles do not give the root hash of the checkpoint");
  return found;
}
/* A promise and what became of it in the log of `checkpoint` (signed and checked), whose hashes are all read: `leaf` (hex) and `by`
   (Unix time) once its signature holds; `state` is "in_box" with `index` and `entry` (text), or "accepted" while it may still come.
   After `by`, as `now` (Unix time) says, it is refused with "broken_promise": this file then convicts. */
export const checkPromise = ({ promise, checkpoint, read, now, ...options }) => answering({}, async (found) => {
  await able();
  const { most = 20_000_000, progress = () => {} } = options, { promise: key } = await manifestOf(read, checkpoint);
  const { leaf, by } = await signedPromise(bytesOf(promise), checkpoint.origin, key);
  Object.assign(found, { origin: checkpoint.origin, leaf: hex(leaf), by });
  if (checkpoint.size > most) refuse("too_large", `the log has more than ${most} entries`);
  const index = await indexOf(leaf, read, checkpoint, progress);
  if (index === null && now > by) refuse("broken_promise", "a ballot that was promised is not in the log");
  if (index === null) return Object.assign(found, { state: "accepted", index });
  const number = Math.floor(index / WIDTH), entries = await bundle(read, number, Math.min(WIDTH, checkpoint.size - number * WIDTH));
  if (!same(await leafHash(entries[index % WIDTH]), leaf)) refuse("tile_differs", "the bundle holds another entry than the tile");
  return Object.assign(found, { state: "in_box", index, entry: new TextDecoder("latin1").decode(entries[index % WIDTH]) });
});
