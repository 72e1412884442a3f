"""How long a browser takes to check a receipt: ``python -m bench.receipt [entries] [checks]``.

Makes a log of casts and openings, serves it and the module of the page from this machine, and lets headless Chromium check one
receipt again and again: signature, place in the tree and opening of the ballot; then also against the log as it is shown now
(consistency with the receipt's checkpoint and with a pinned one, inclusion in the newest), with tiles from the browser's memory
and with tiles fetched anew each time.
"""

from __future__ import annotations

import sys

from playwright.sync_api import Page, sync_playwright
from tests.journeys.conftest import CHROMIUM, FLAGS
from tests.journeys.receipts.site import case, secret_of, serving, state
from tests.verify import logs
from tests.verify.logs import Files

from qatysu.ledger import merkle, notes, tiles
from qatysu.ledger.notes import Checkpoint
from qatysu.ledger.receipts import Proof, Receipt

CHECK = """
async ({proof, vkey, pinned, log, times}) => {
  const { checkReceipt } = await import("/verify/receipt.mjs");
  const bytes = Uint8Array.from(atob(proof), (char) => char.charCodeAt(0)), taken = [];
  let files = 0, size = 0, last = null;
  const kept = new Map();
  const fetched = async (path) => {
    const reply = await fetch(`/log/${log}/${path}`);
    files += 1;
    if (!reply.ok) return null;
    const data = new Uint8Array(await reply.arrayBuffer());
    size += data.length;
    return data;
  };
  const fromMemory = async (path) => {
    if (!kept.has(path)) kept.set(path, await fetched(path));
    return kept.get(path);
  };
  const ways = [["the file alone", null], ["and the log, tiles in memory", fromMemory], ["and the log, tiles fetched", fetched]];
  for (const [name, read] of ways) {
    const each = [];
    files = size = 0;
    for (let i = 0; i < times; i += 1) {
      const at = performance.now();
      last = await checkReceipt({ proof: bytes, vkey, pinned: read ? pinned : null, read });
      each.push(performance.now() - at);
      if (!last.ok) throw new Error(last.code + ": " + last.why);
    }
    const first = each[0];
    each.sort((a, b) => a - b);
    const all = each.reduce((sum, value) => sum + value, 0);
    taken.push({ name, first, mean: all / times, p99: each[Math.ceil(times * 0.99) - 1], files: files / times, bytes: size / times });
  }
  return { taken, newest: last.newest.size, agent: navigator.userAgent };
}
"""


def log_of(entries: int) -> tuple[list[bytes], Files, Files, dict[str, object]]:
    """The entries, the files at two thirds of them (when the receipt was made) and of all, and a checkpoint pinned at one half."""
    raw = [logs.raw(entry) for entry in logs.whole_round(entries * 10 // 21)]
    files = logs.publish(raw, stops=(len(raw) // 2, len(raw) * 2 // 3))
    early = Files(files)
    early["checkpoint"] = files[f"saved/{len(raw) * 2 // 3}"]
    return raw, early, files, state(files[f"saved/{len(raw) // 2}"])


def early_proof(early: Files, files: Files, raw: list[bytes], index: int, *choices: str) -> Proof:
    """The receipt of entry ``index`` as it was at the earlier checkpoint; its nodes are read from the tiles of the whole log."""
    old = Checkpoint.parse(notes.parse(early["checkpoint"]).text).size
    widths = {(level, number): width for level, number, width in tiles.widths(len(raw))}

    def node(level: int, number: int, width: int) -> bytes:
        return files[tiles.tile_path(level, number, widths[level, number])][: width * 32]

    path = merkle.inclusion_proof(index, old, tiles.node_reader(node, old))
    return Proof(index, path, early["checkpoint"], Receipt(raw[index], secret_of(raw[index]), choices).encode())


def measured(page: Page, entries: int, times: int) -> None:
    """Print a table."""
    raw, early, files, pinned = log_of(entries)
    voter = len(raw) // 4 // 10 * 10 + 1
    index = raw.index(logs.raw(logs.cast(f"v{voter}", 1, *_chosen(voter))))
    with serving() as site:
        site.logs["one"] = files
        page.goto(site.address)
        asked = case(early_proof(early, files, raw, index, *sorted(_chosen(voter))), pinned=pinned, log="one", times=times)
        found = page.evaluate(CHECK, asked)
    print(f"{len(raw):,} entries, {times} checks each; {found['agent'].rpartition(' ')[0].rpartition(' ')[2]}\n")
    print(f"{'checked':<32}{'first ms':>10}{'mean ms':>10}{'p99 ms':>10}{'files':>8}{'KB':>8}")
    for row in found["taken"]:
        read = f"{row['files']:>8.1f}{row['bytes'] / 1000:>8.1f}"
        print(f"{row['name']:<32}{row['first']:>10.1f}{row['mean']:>10.2f}{row['p99']:>10.1f}{read}")


def _chosen(number: int) -> tuple[str, ...]:
    """What voter ``v<number>`` of ``logs.whole_round`` chooses."""
    return (logs.CODES[number % 3],) if number % 2 else (logs.CODES[number % 3], "4")


def main() -> int:
    """One run."""
    entries = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    times = int(sys.argv[2]) if len(sys.argv) > 2 else 300
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            measured(browser.new_page(), entries, times)
        finally:
            browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
