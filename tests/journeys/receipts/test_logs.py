"""Pinned checkpoints, tiles and the way of a ballot, by the modules of the verify page in Chromium; broken logs are refused."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from qatysu.ledger import tiles
from qatysu.ledger.merkle import Frontier, leaf_hash
from qatysu.ledger.notes import Checkpoint
from tests.journeys.receipts.site import (
    AT,
    BODY,
    ENTRIES,
    FILES,
    NOTE,
    OTHER,
    PROOF,
    SIZE,
    STRANGER,
    Site,
    case,
    codes,
    flip,
    proof_of,
    signed,
    state,
)
from tests.verify import logs
from tests.verify.logs import LOG, Entry, Files

pytestmark = pytest.mark.journey
EXTEND = """async (cases) => { const box = await import("/verify/box.mjs"), found = [];
  for (const [old, next, log] of cases) found.push((await box.checkConsistency(old, next, box.webReader(`/log/${log}/`))).code);
  return found; }"""
WHERE = """async (cases) => { const box = await import("/verify/box.mjs"), found = [];
  for (const [entry, log, vkey, more] of cases) {
    const read = box.webReader(`/log/${log}`), { checkpoint } = await box.openCheckpoint(await read("checkpoint"), vkey);
    found.push(await box.whereIs(entry, read, checkpoint, more));
  } return found; }"""
FOLLOW = """async ([log, vkey]) => { const box = await import("/verify/box.mjs");
  const { code, kept, pinned, newest } = await box.follow(vkey, box.webReader(`/log/${log}`));
  return [code, kept ?? null, pinned?.size ?? null, newest?.size ?? null, box.pinned(vkey.split("+")[0])?.size ?? null]; }"""
LAST, WIDTH = SIZE // 256, SIZE % 256
PARTIAL = f"tile/0/{LAST:03d}.p/{WIDTH}"


def changed(path: str, data: bytes | None) -> Files:
    files = Files(FILES)
    if data is None:
        del files[path]
    else:
        files[path] = data
    return files


def forged(size: int, root: bytes = bytes(32)) -> bytes:
    return signed(Checkpoint(LOG.name, size, root).text)


LONGER = logs.publish([ENTRIES[0], *[logs.raw(logs.cast(f"x{i}", 1)) for i in range(SIZE)]])
AGAINST: list[tuple[str, Files, str | None, str]] = [
    ("another log with our key", OTHER, None, "rollback"),
    ("another, longer log with our key", LONGER, None, "split_view"),
    ("the same size, another root", changed("checkpoint", forged(SIZE)), None, "split_view"),
    ("an older state", logs.publish(ENTRIES[:400]), None, "rollback"),
    ("no checkpoint", changed("checkpoint", None), None, "checkpoint_missing"),
    ("a checkpoint that is cut", changed("checkpoint", NOTE[:-9]), None, "checkpoint"),
    ("a checkpoint of a foreign key", changed("checkpoint", signed(BODY, STRANGER)), None, "checkpoint"),
    ("a pinned checkpoint of another log", FILES, "elsewhere", "origin"),
    ("a pinned checkpoint that is newer", FILES, "newer", "rollback"),
    ("a pinned checkpoint of another root", FILES, "differs", "split_view"),
    ("a pinned checkpoint of another early root", FILES, "early", "split_view"),
    ("the tile missing", changed("tile/0/000", None), None, "tile_missing"),
    ("the upper tile missing", changed(f"tile/1/000.p/{LAST}", None), None, "tile_missing"),
    ("the tile on the edge missing", changed(PARTIAL, None), None, "tile_missing"),
    ("a tile cut", changed("tile/0/000", FILES["tile/0/000"][:-32]), None, "tile_length"),
    ("a tile with odd bytes", changed("tile/0/000", FILES["tile/0/000"] + b"x"), None, "tile_length"),
    ("a tile empty", changed("tile/0/000", b""), None, "tile_length"),
    ("a bit of the tile", changed("tile/0/000", flip(FILES["tile/0/000"], 32 * AT)), None, "tile_differs"),
    ("a bit of the tile beside it", changed("tile/0/000", flip(FILES["tile/0/000"], 8000)), None, "tile_differs"),
    ("a bit of the upper tile", changed(f"tile/1/000.p/{LAST}", flip(FILES[f"tile/1/000.p/{LAST}"], 40)), None, "tile_differs"),
    ("a bit on the edge", changed(PARTIAL, flip(FILES[PARTIAL], 1)), None, "tile_differs"),
    ("two tiles exchanged", Files({**FILES, "tile/0/000": FILES["tile/0/001"]}), None, "tile_differs"),
    ("a tile larger than any", changed("tile/0/000", bytes(256 * 65_537 + 1)), None, "unreachable"),
    ("a server that fails", FILES, None, "unreachable"),
]
PINS = {
    "elsewhere": {"origin": "elsewhere", "size": 4, "root": ""}, "newer": state(forged(SIZE + 1)),
    "differs": state(forged(SIZE)), "early": state(forged(257)),
}


def test_every_broken_log_is_refused_with_its_code(page: Page, site: Site) -> None:
    cases = []
    for i, (_, files, pinned, _) in enumerate(AGAINST):
        site.logs[f"broken{i}"] = files
        proof = PROOF if i > 0 else proof_of(FILES, ENTRIES, AT)
        if files is FILES and pinned is None:
            site.failing.add(f"/log/broken{i}/tile/0/000")
        cases.append(case(proof, log=f"broken{i}", pinned=PINS.get(pinned or "")))
    # The receipt is of the newest log, so that the rebuilt and old ones show; for damaged tiles an early receipt needs them all.
    early = proof_of(logs.publish(ENTRIES[:300]), ENTRIES, AT)
    for i, (name, _, _, _) in enumerate(AGAINST):
        if "edge" in name:
            cases[i] = case(early, log=f"broken{i}")
    found = codes(page, cases)
    assert [(row[0], code) for row, code in zip(AGAINST, found, strict=True)] == [(row[0], row[3]) for row in AGAINST]


def test_a_full_tile_serves_for_a_partial_one(page: Page, site: Site) -> None:
    site.logs["deleted"] = {**logs.publish(ENTRIES[:512]), "checkpoint": logs.publish(ENTRIES[:300])["checkpoint"]}
    assert codes(page, [case(proof_of(logs.publish(ENTRIES[:100]), ENTRIES, AT), log="deleted")]) == ["good"]


def test_consistency_of_all_sizes_from_a_few_tiles(page: Page, site: Site) -> None:
    tree, states = Frontier(), {0: state(forged(0, hashlib.sha256(b"").digest()))}
    for size, entry in enumerate(ENTRIES, 1):
        tree.append(leaf_hash(entry))
        states[size] = state(forged(size, tree.root()))
    for size in (1, 2, 3, 5, 8, 255, 256, 257, 511, 513, SIZE):
        site.logs[f"first{size}"] = logs.publish(ENTRIES[:size])
    sizes = [int(name[5:]) for name in site.logs if name.startswith("first")]
    pairs = [(old, size) for size in sizes for old in {0, 1, 2, 3, 4, 7, 128, 255, 256, 257, 300, 512, size - 1, size} if old <= size]
    good = [(states[old], states[size], f"first{size}") for old, size in pairs]
    assert page.evaluate(EXTEND, good) == ["good"] * len(pairs)
    wrong = [(states[old] | {"root": PINS["differs"]["root"]}, new, log) for (old, _), (_, new, log) in zip(pairs, good, strict=True)]
    assert page.evaluate(EXTEND, wrong) == ["split_view"] * len(pairs)
    back = [(states[9], states[8], "first8"), (states[8] | {"origin": "elsewhere"}, states[9], "honest")]
    assert page.evaluate(EXTEND, back) == ["rollback", "origin"]
    site.asked.clear()
    assert page.evaluate(EXTEND, [(states[300], states[SIZE], f"first{SIZE}")]) == ["good"]
    assert len([path for path in site.asked if "/tile/" in path]) <= 4


def where(page: Page, *cases: tuple[bytes, str] | tuple[bytes, str, dict[str, int]]) -> list[dict[str, Any]]:
    asked = [[entry.decode(), log, str(LOG.verifier), more[0] if more else {}] for entry, log, *more in cases]
    found: list[dict[str, Any]] = page.evaluate(WHERE, asked)
    return found


def test_a_ballot_is_followed_from_the_box_to_its_opening(page: Page, site: Site) -> None:
    close = next(i for i, entry in enumerate(ENTRIES) if b'"close"' in entry)
    for size in (AT, 200, close + 1, close + 2):
        site.logs[f"at{size}"] = logs.publish(ENTRIES[:size])
    own, again, last = ENTRIES[AT], ENTRIES[2], ENTRIES[close - 1]
    found = where(
        page, (own, f"at{AT}"), (own, "at200"), (again, "at200"), (own, f"at{close + 1}"), (own, "honest"),
        (last, f"at{close + 1}"), (last, f"at{close + 2}"), (last, "honest"), (again, "honest"),
    )
    assert [answer["code"] for answer in found] == ["good"] * 9
    assert [answer["state"] for answer in found] == [
        "accepted", "in_box", "replaced", "counted", "counted", "counted", "annulled", "annulled", "replaced",
    ]
    assert [answer.get("choices") for answer in found] == [None, None, None, None, ["2"], None, None, ["3"], None]
    assert [answer.get("index") for answer in found[:2]] == [None, AT]
    assert (found[2]["replacedBy"], found[7]["reason"], found[7]["act"]) == (2, "double", "7")
    ends = [(answer["closed"], answer["result"]) for answer in (found[1], found[3], found[4])]
    assert ends == [(False, False), (True, False), (True, True)]


def rebuilt(change: Callable[[list[Entry]], list[Entry]]) -> Files:
    return logs.publish([logs.raw(entry) for entry in change(logs.whole_round())])


def after_close(log: list[Entry], *more: Entry) -> list[Entry]:
    """The log up to the close, and these entries."""
    return [*log[: next(i for i, entry in enumerate(log) if entry["t"] == "close") + 1], *more]


CLOSED = next(i for i, entry in enumerate(ENTRIES) if b'"close"' in entry)
BUNDLE = FILES["tile/entries/000"]
UNTRUE: list[tuple[str, Files, str]] = [
    ("a bundle missing", changed("tile/entries/001", None), "entries_missing"),
    ("a bundle cut", changed("tile/entries/001", FILES["tile/entries/001"][:-1]), "entries_cut"),
    ("a bundle empty", changed("tile/entries/000", b""), "entries_cut"),
    ("a bundle with more", changed("tile/entries/000", BUNDLE + b"\0\0"), "entries_cut"),
    ("a bit of an entry", changed("tile/entries/000", flip(BUNDLE, 3000)), "root"),
    ("two bundles exchanged", changed("tile/entries/000", FILES["tile/entries/001"]), "root"),
    ("a checkpoint of another root", changed("checkpoint", forged(SIZE)), "root"),
    ("a foreign manifest", rebuilt(lambda log: [log[0] | {"origin": "elsewhere"}, *log[1:]]), "origin"),
    ("no manifest", rebuilt(lambda log: log[1:]), "manifest_place"),
    ("two manifests", rebuilt(lambda log: [*log[:9], log[0], *log[9:]]), "manifest_place"),
    ("a second ballot of one attempt", rebuilt(lambda log: [*log[:9], logs.cast("v1", 1, "4"), *log[9:]]), "double_vote"),
    ("an attempt too many", rebuilt(lambda log: [*log[:9], logs.cast("v1", 4, "4"), *log[9:]]), "too_many_attempts"),
    ("an attempt missing", rebuilt(lambda log: [*log[:9], logs.cast("v1", 3, "4")]), "missing_attempt"),
    ("a ballot after the close", rebuilt(lambda log: after_close(log, logs.cast("v1", 2, "4"))), "cast_after_close"),
    ("a second close", rebuilt(lambda log: after_close(log, log[CLOSED])), "closed_twice"),
    ("a close of other numbers", rebuilt(lambda log: [*log[:7], log[CLOSED]]), "close_numbers"),
    ("our ballot exchanged", rebuilt(lambda log: [*log[:AT], log[AT] | {"h": "0" * 64}, *log[AT + 1 : 200]]), "receipt_missing"),
    ("annulled by one person", rebuilt(lambda log: after_close(log, logs.annulled("v1", 1, by=["chair", "chair"]))), "one_person"),
    ("annulled for no known reason", rebuilt(lambda log: after_close(log, logs.annulled("v1", 1, reason="mood"))), "reason"),
    ("annulled twice", rebuilt(lambda log: after_close(log, *[logs.annulled("v1", 1)] * 2)), "annulled_twice"),
    ("reinstated without an annulment", rebuilt(lambda log: after_close(log, logs.annulled("v1", 1, "reinstate"))), "not_annulled"),
    ("an attempt annulled that is not there", rebuilt(lambda log: after_close(log, logs.annulled("v1", 2))), "unknown_ballot"),
    ("annulled after the result", rebuilt(lambda log: [*log, logs.annulled("v1", 1)]), "after_result"),
    ("opened before the close", rebuilt(lambda log: [*log[:9], logs.opened("v1", 1, "2")]), "open_before_close"),
    ("opened twice", rebuilt(lambda log: after_close(log, *[logs.opened("v1", 1, "2")] * 2)), "opened_twice"),
    ("opened as another choice", rebuilt(lambda log: after_close(log, logs.opened("v1", 1, "3"))), "commitment"),
    ("a result without our opening", rebuilt(lambda log: [e for e in log if e != logs.opened("v1", 1, "2")]), "not_opened"),
    ("a second result", rebuilt(lambda log: [*log, log[-1]]), "result_twice"),
    ("an opening that is not canonical", logs.publish([*ENTRIES[: CLOSED + 1], logs.raw(logs.opened("v1", 1, "2")) + b" "]), "entry"),
    ("an opening with a choice twice", rebuilt(lambda log: after_close(log, logs.opened("v1", 1, "2", "2"))), "entry"),
]


def test_a_ballot_is_not_called_counted_in_a_log_that_breaks_its_rules(page: Page, site: Site) -> None:
    for i, (_, files, _) in enumerate(UNTRUE):
        site.logs[f"untrue{i}"] = files
    found = where(page, *[(ENTRIES[AT], f"untrue{i}") for i in range(len(UNTRUE))])
    assert [(row[0], answer["code"]) for row, answer in zip(UNTRUE, found, strict=True)] == [(row[0], row[2]) for row in UNTRUE]
    assert [answer for answer in found if "state" in answer] == []


def test_a_replaced_ballot_that_is_opened_and_a_log_that_is_too_long_are_refused(page: Page, site: Site) -> None:
    site.logs["opened"] = rebuilt(lambda log: after_close(log, logs.opened("v0", 1, "3")))
    found = where(page, (ENTRIES[1], "opened"), (ENTRIES[AT], "honest", {"most": SIZE - 1}), (b"no ballot", "honest"))
    assert [answer["code"] for answer in found] == ["opened_replaced", "too_large", "entry"]


def test_the_browser_remembers_the_newest_checkpoint_and_never_goes_back(page: Page, site: Site) -> None:
    def follow(files: dict[str, bytes]) -> list[Any]:
        site.logs["town"] = files
        found: list[Any] = page.evaluate(FOLLOW, ["town", str(LOG.verifier)])
        return found

    assert follow(logs.publish(ENTRIES[:200])) == ["good", True, None, 200, 200]
    page.reload()
    assert follow(FILES) == ["good", True, 200, SIZE, SIZE]
    assert follow(FILES) == ["good", True, SIZE, SIZE, SIZE]
    assert follow(logs.publish(ENTRIES[:400])) == ["rollback", None, SIZE, 400, SIZE]
    assert follow(changed("checkpoint", forged(SIZE))) == ["split_view", None, SIZE, SIZE, SIZE]
    assert follow(LONGER) == ["split_view", None, SIZE, SIZE + 1, SIZE]
    assert follow({}) == ["checkpoint_missing", None, SIZE, None, SIZE]


def test_pins_refuse_what_is_older_or_other(page: Page) -> None:
    script = """async (notes) => { const { pin, pinned } = await import("/verify/box.mjs");
      const told = notes.map((note) => pin(note).code);
      localStorage.setItem("qatysu-log spoiled", "{");
      return [told, pinned("spoiled"), pinned("never seen"), pinned(notes[0].origin).note]; }"""
    new, old = state(FILES["saved/400"]), state(FILES["saved/257"])
    other = state(forged(400))
    assert page.evaluate(script, [old, new, old, other, new]) == [
        ["good", "good", "rollback", "split_view", "good"], None, None, FILES["saved/400"].decode(),
    ]


def test_a_browser_that_keeps_nothing_says_so(page: Page, site: Site) -> None:
    page.add_init_script("Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } })")
    page.reload()
    assert page.evaluate(FOLLOW, ["honest", str(LOG.verifier)]) == ["good", False, None, SIZE, None]


def test_the_tiles_that_tests_serve_are_those_of_the_module(page: Page) -> None:
    numbers = (0, 7, 999, 1000, 1_234_067, 67_000_000)
    script = """async (numbers) => { const { tilePath } = await import("/verify/receipt.mjs");
      return numbers.flatMap((n) => [tilePath(0, n), tilePath("entries", n, 3)]); }"""
    assert page.evaluate(script, list(numbers)) == [path for n in numbers for path in (tiles.tile_path(0, n), tiles.bundle_path(n, 3))]
