"""The modules of the verify page in Chromium: honest receipts and logs are good, broken ones are refused with their code."""

from __future__ import annotations

import base64
import gzip
import random
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from qatysu.ledger.notes import Checkpoint, Signer
from qatysu.ledger.receipts import Proof, Receipt
from tests.journeys.receipts import site as receipts
from tests.journeys.receipts.site import (
    AT,
    BODY,
    CHECK,
    CHOICES,
    ENTRIES,
    FILES,
    NOTE,
    PROOF,
    ROOT,
    SECRET,
    SIZE,
    STRANGER,
    Case,
    Site,
    case,
    codes,
    flip,
    proof_of,
    signed,
    state,
)
from tests.verify import logs
from tests.verify.logs import LOG

pytestmark = pytest.mark.journey
def under(note: bytes, **more: Any) -> Case:
    return case(replace(PROOF, checkpoint=note), **more)


def with_receipt(entry: bytes = ENTRIES[AT], secret: str = SECRET, chosen: tuple[str, ...] = CHOICES) -> Case:
    return case(replace(PROOF, extra=Receipt(entry, secret, chosen).encode()))


def head(change: Callable[[list[str]], list[str]]) -> Case:
    """The honest file with other lines above the checkpoint."""
    lines, _, note = PROOF.encode().decode().partition("\n\n")
    return case("\n".join(change(lines.split("\n"))).encode() + b"\n\n" + note.encode())


def in_log(entry: bytes, *chosen: str, secret: str = "") -> Case:
    """An honest proof of an odd entry in a log of two."""
    log = [ENTRIES[0], entry]
    return case(proof_of(logs.publish(log), log, 1, *chosen, secret=secret))


HASHES = PROOF.hashes
FORGED = f"\u2014 {LOG.name} {base64.b64encode(LOG.verifier.id + bytes(64)).decode()}\n".encode()

BROKEN: list[tuple[str, Case, str]] = [
    ("an empty file", case(b""), "proof"),
    ("a file of another kind", case(b"%PDF-1.7\n\n"), "proof"),
    ("a file that is too large", case(PROOF.encode() + b"\n" * 33_000), "proof"),
    ("another version of the format", head(lambda h: ["c2sp.org/tlog-proof@v2", *h[1:]]), "proof"),
    ("no checkpoint", case(PROOF.encode().partition(b"\n\n")[0]), "proof"),
    ("lines that end as on Windows", case(PROOF.encode().replace(b"\n", b"\r\n")), "proof"),
    ("no index", head(lambda h: [*h[:2], *h[3:]]), "proof"),
    ("an index with a zero before it", head(lambda h: [*h[:2], "index 03", *h[3:]]), "proof"),
    ("a negative index", head(lambda h: [*h[:2], "index -3", *h[3:]]), "proof"),
    ("a hash that is not base64", head(lambda h: [*h[:-1], "%" + h[-1][1:]]), "proof"),
    ("a hash with a space", head(lambda h: [*h[:-1], h[-1] + " "]), "proof"),
    ("a hash without padding", head(lambda h: [*h[:-1], h[-1][:-1]]), "proof"),
    ("a hash written in another way", head(lambda h: [*h[:-1], base64.b64encode(bytes(32)).decode()[:-2] + "B="]), "proof"),
    ("a hash cut short", case(replace(PROOF, hashes=(*HASHES[:-1], HASHES[-1][:31]))), "proof"),
    ("too many hashes", case(replace(PROOF, hashes=HASHES * 7)), "proof"),
    ("extra data that are not base64", head(lambda h: [h[0], "extra {}", *h[2:]]), "proof"),
    ("one hash less", case(replace(PROOF, hashes=HASHES[:-1])), "inclusion"),
    ("one hash more", case(replace(PROOF, hashes=(*HASHES, bytes(32)))), "inclusion"),
    ("no hashes", case(replace(PROOF, hashes=())), "inclusion"),
    ("two hashes exchanged", case(replace(PROOF, hashes=(HASHES[1], HASHES[0], *HASHES[2:]))), "inclusion"),
    ("a bit of the first hash", case(replace(PROOF, hashes=(flip(HASHES[0]), *HASHES[1:]))), "inclusion"),
    ("a bit of the last hash", case(replace(PROOF, hashes=(*HASHES[:-1], flip(HASHES[-1], 31)))), "inclusion"),
    ("another index", case(replace(PROOF, index=AT + 1)), "inclusion"),
    ("an index beyond the log", case(replace(PROOF, index=SIZE)), "inclusion"),
    ("an index beyond all numbers", case(replace(PROOF, index=2**60)), "inclusion"),
    ("another entry", with_receipt(ENTRIES[AT + 1]), "inclusion"),
    ("an inner node sold as an entry", with_receipt("".join(map(chr, range(1, 65))).encode()), "inclusion"),
    ("no extra data", case(replace(PROOF, extra=b"")), "receipt"),
    ("extra data that are not JSON", case(replace(PROOF, extra=b"{'e'}")), "receipt"),
    ("an array for a receipt", case(replace(PROOF, extra=b"[]")), "receipt"),
    ("null for a receipt", case(replace(PROOF, extra=b"null")), "receipt"),
    ("choices that are no list", case(replace(PROOF, extra=b'{"c":"2","e":"{}","x":""}')), "receipt"),
    ("an entry in other letters", case(replace(PROOF, extra='{"c":[],"e":"қ","x":""}'.encode())), "receipt"),
    ("a nonce cut short", with_receipt(secret=SECRET[:-2]), "receipt"),
    ("a nonce in capitals", with_receipt(secret="AB" * 32), "receipt"),
    ("a project code of spaces", with_receipt(chosen=("2 ",)), "receipt"),
    ("a wrong nonce", with_receipt(secret="0" * 64), "commitment"),
    ("another choice", with_receipt(chosen=("3",)), "commitment"),
    ("one choice more", with_receipt(chosen=("2", "4")), "commitment"),
    ("the same choice twice", with_receipt(chosen=("2", "2")), "commitment"),
    ("a forged commitment", in_log(logs.raw(logs.cast("v1", 1, "2") | {"h": "0" * 64}), "2", secret=SECRET), "commitment"),
    ("a ballot with a space", in_log(ENTRIES[AT].replace(b",", b", ")), "entry"),
    ("a ballot with a field more", in_log(logs.raw(logs.cast("v1", 1, "2") | {"who": "me"})), "entry"),
    ("a ballot with a field twice", in_log(ENTRIES[AT].replace(b'"v":1', b'"v":1,"v":1')), "entry"),
    ("attempt 0", in_log(logs.raw(logs.cast("v1", 1, "2") | {"n": 0})), "entry"),
    ("a handle in capitals", in_log(logs.raw(logs.cast("v1", 1, "2") | {"b": "A" * 32})), "entry"),
    ("a ballot and a line end", in_log(ENTRIES[AT] + b"\n"), "entry"),
    ("an annulment for a ballot", in_log(logs.raw(logs.annulled("v1", 1))), "entry"),
    ("an opening for a ballot", in_log(logs.raw(logs.opened("v1", 1, "2"))), "entry"),
    ("another key of the same name", case(PROOF, vkey=str(STRANGER.verifier)), "checkpoint"),
    ("a foreign log's key", case(PROOF, vkey=str(Signer("other.example/log/x", b"o" * 32).verifier)), "checkpoint"),
    ("a key with a wrong id", case(PROOF, vkey=str(LOG.verifier).replace(LOG.verifier.id.hex(), "00000000")), "key"),
    ("a key cut short", case(PROOF, vkey=str(LOG.verifier)[:-4]), "key"),
    ("a key that is no key", case(PROOF, vkey="hello"), "key"),
    ("no key", case(PROOF, vkey=""), "key"),
    ("a witness's key", case(PROOF, vkey=str(LOG.verifier).replace("+AW", "+BG")), "key"),
    ("a checkpoint signed by another key", under(signed(BODY, STRANGER)), "checkpoint"),
    ("a signature of zeros", under(BODY.encode() + b"\n" + FORGED), "checkpoint"),
    ("a good signature beside a bad one", under(NOTE + FORGED), "checkpoint"),
    ("no signature", under(BODY.encode() + b"\n"), "checkpoint"),
    ("another size", under(NOTE.replace(b"\n%d\n" % SIZE, b"\n%d\n" % (SIZE + 1))), "checkpoint"),
    ("a size with a zero before it", under(signed(BODY.replace(f"\n{SIZE}", f"\n0{SIZE}"))), "checkpoint"),
    ("a size of twenty digits", under(signed(BODY.replace(f"\n{SIZE}", "\n" + "9" * 20))), "checkpoint"),
    ("an extension line", under(signed(BODY + "more\n")), "checkpoint"),
    ("a root hash of 31 bytes", under(signed(Checkpoint(LOG.name, SIZE, ROOT[:31]).text)), "checkpoint"),
    ("a root hash that is not base64", under(signed(f"{LOG.name}\n{SIZE}\n****\n")), "checkpoint"),
    ("a foreign origin under our key", under(signed(BODY.replace("town", "city"))), "checkpoint"),
    ("a promise for a checkpoint", under(signed(f"qatysu.org/promise@v1\n{LOG.name}\n{'A' * 43}=\nby 1\n")), "checkpoint"),
    ("a checkpoint that is no UTF-8", under(b"\xff" + NOTE), "checkpoint"),
    ("a byte order mark before it", under(b"\xef\xbb\xbf" + NOTE), "checkpoint"),
    ("a control character", under(signed(BODY.replace("log", "l\tog"))), "checkpoint"),
    ("a note without its last line end", under(NOTE[:-1]), "checkpoint"),
    ("a dash of another kind", under(NOTE.replace("\u2014".encode(), b"-")), "checkpoint"),
    ("more than a hundred signatures", under(NOTE + NOTE.split(b"\n\n")[1].replace(b"vote", b"other") * 100), "checkpoint"),
]


def test_an_honest_receipt_is_good(page: Page) -> None:
    full, sealed, early = page.evaluate(CHECK, [
        case(PROOF, log="honest", pinned=state(FILES["saved/400"])),
        case(proof_of(FILES, ENTRIES, AT)),
        case(proof_of(logs.publish(ENTRIES[:300]), ENTRIES, AT, *CHOICES, secret=SECRET), log="honest"),
    ])
    assert (full["ok"], full["code"], full["text"], full["choices"]) == (True, "good", "verify.good", ["2"])
    assert (full["origin"], full["index"], full["size"], full["attempt"]) == (LOG.name, AT, SIZE, 1)
    assert (full["handle"], full["newest"]["size"]) == (logs.cast("v1", 1)["b"], SIZE)
    assert (sealed["code"], "choices" in sealed, "newest" in sealed) == ("good", False, False)
    assert (early["code"], early["size"], early["newest"]["size"]) == ("good", 300, SIZE)


def test_receipts_of_every_place_in_logs_of_many_sizes_are_good(page: Page) -> None:
    cases = []
    for size in (2, 3, 4, 7, 8, 9, 255, 256, 257, 258, 511, 512, 513, SIZE):
        files = logs.publish(ENTRIES[:size])
        at = {n for n in (1, 2, 3, size // 2, size - 2, size - 1, 255, 256) if 0 < n < size and b'"cast"' in ENTRIES[n]}
        cases += [case(proof_of(files, ENTRIES, n), log="honest") for n in sorted(at)]
    assert len(cases) > 50
    assert codes(page, cases) == ["good"] * len(cases)


def test_every_broken_receipt_is_refused_with_its_code(page: Page) -> None:
    found = codes(page, [broken for _, broken, _ in BROKEN])
    assert [(name, code) for (name, _, _), code in zip(BROKEN, found, strict=True)] == [(name, code) for name, _, code in BROKEN]


def test_python_refuses_the_same_receipts_with_the_same_codes() -> None:
    for name, broken, code in BROKEN:
        if code != "key" and broken["vkey"] == str(LOG.verifier):
            assert (name, receipts.python_says(base64.b64decode(broken["proof"]), LOG.verifier)) == (name, code)


def test_no_choice_is_told_by_a_receipt_that_does_not_prove_it(page: Page) -> None:
    answers = page.evaluate(CHECK, [broken for _, broken, _ in BROKEN] + [with_receipt(secret="")])
    assert [answer for answer in answers if "choices" in answer] == []


def mutated(rng: random.Random, data: bytes) -> bytes:
    """One small damage anywhere: a bit, a cut, a byte more or less, two pieces exchanged."""
    at, other = sorted(rng.randrange(len(data)) for _ in range(2))
    kind = rng.randrange(6)
    if kind == 0:
        return data[:at] + bytes([data[at] ^ 1 << rng.randrange(8)]) + data[at + 1 :]
    if kind == 1:
        return data[:at] + data[at + 1 :]
    if kind == 2:
        return data[:at] + rng.choice([b"\n", b"=", b"A", b" ", b"0", b"\r", b"\xc2\x85", b"+"]) + data[at:]
    if kind == 3:
        return data[:at]
    lines = data.split(b"\n")
    one, two = rng.randrange(len(lines)), rng.randrange(len(lines))
    if kind == 4:
        lines[one], lines[two] = lines[two], lines[one]
        return b"\n".join(lines)
    return data[:at] + data[other:]


def deeper(rng: random.Random) -> bytes:
    """Damage under the base64 and under the signature, so that later checks are reached."""
    extra, note, hashes = PROOF.extra, PROOF.checkpoint, PROOF.hashes
    kind = rng.randrange(4)
    if kind == 0:
        extra = mutated(rng, extra)
    elif kind == 1:
        body = mutated(rng, BODY.encode()).decode("utf-8", "replace").rstrip("\n") + "\n"
        note = signed(body)
    elif kind == 2:
        at = rng.randrange(len(hashes))
        hashes = (*hashes[:at], mutated(rng, hashes[at]), *hashes[at + 1 :])
    else:
        entry = mutated(rng, ENTRIES[AT]).decode("ascii", "replace").replace("\ufffd", "?").encode()
        files = logs.publish([ENTRIES[0], entry])
        return proof_of(files, [ENTRIES[0], entry], 1, *CHOICES, secret=SECRET).encode()
    return Proof(PROOF.index, hashes, note, extra).encode()


def test_the_browser_agrees_with_python_on_random_damage(page: Page) -> None:
    rng = random.Random(4)
    files = [mutated(rng, PROOF.encode()) for _ in range(500)] + [deeper(rng) for _ in range(500)]
    expected = [receipts.python_says(data, LOG.verifier) for data in files]
    found = codes(page, [case(data) for data in files])
    assert [(data, a, b) for data, a, b in zip(files, expected, found, strict=True) if a != b] == []
    assert set(expected) >= {"proof", "receipt", "checkpoint", "inclusion", "entry", "commitment"}


def test_a_page_that_cannot_check_says_so(browser: Browser, site: Site) -> None:
    script = """async (proof) => { const box = await import("/verify/box.mjs");
      return [(await box.canCheck()).code, (await box.checkReceipt(proof)).code]; }"""
    context = browser.new_context()
    page = context.new_page()
    assert page.goto(site.address) is not None
    assert page.evaluate(script, case(PROOF)) == ["good", "proof"]  # the text is base64 of a proof, not a proof
    page.add_init_script("SubtleCrypto.prototype.importKey = async () => { throw new DOMException('no', 'NotSupportedError'); }")
    page.reload()
    assert page.evaluate(script, case(PROOF)) == ["no_ed25519", "no_ed25519"]
    context.route("http://town.example/**", lambda route: _answer(route, site))
    page.goto("http://town.example/")
    assert page.evaluate(script, case(PROOF)) == ["no_secure_context", "no_secure_context"]
    context.close()


def _answer(route: Any, site: Site) -> None:
    status, kind, body = site.answer("/" + route.request.url.split("/", 3)[3])
    route.fulfill(status=status, content_type=kind, body=body)


def test_the_modules_ask_for_nothing_by_themselves_and_stay_small(page: Page, site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    site.asked.clear()
    assert codes(page, [case(PROOF)]) == ["good"]
    assert {path for path in site.asked if path != "/"} <= {"/verify/box.mjs", "/verify/receipt.mjs"}
    started = time.perf_counter()
    assert codes(page, [case(PROOF)] * 200) == ["good"] * 200
    each = (time.perf_counter() - started) / 200
    with capsys.disabled():
        sys.stdout.write(f"\na receipt is checked in {each * 1000:.2f} ms\n")
        for module in sorted(receipts.MODULES.glob("*.mjs")):
            data = module.read_bytes()
            small = len(gzip.compress(data, 9))
            sys.stdout.write(f"{module.name}: {len(data.splitlines())} lines, {len(data)} bytes, {small} with gzip\n")
    assert max(len(module.read_text().splitlines()) for module in receipts.MODULES.glob("*.mjs")) <= 250


