"""The single file and ``qatysu verify`` say the same of good and of broken logs."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qatysu.core.errors import Invalid
from qatysu.verify.outcome import outcome
from qatysu.verify.standalone import verify as alone
from tests.pure import test_replay
from tests.pure.reference.cases import random_case
from tests.verify import logs
from tests.verify.broken import BROKEN, FILES, Broken
from tests.verify.logs import LOG, Entry, Files

SCRIPT = Path(alone.__file__)
KEY = alone.read_key(str(LOG.verifier))


def table(test: Callable[..., None]) -> list[tuple[str, object, str]]:
    """The rows of a test that is given a table."""
    rows = test.pytestmark[0].args[1]  # type: ignore[attr-defined]  # reason: pytest puts it there
    return [tuple(row) for row in rows]


def codes(files: Files, **kept: object) -> set[str]:
    return {fault["code"] for fault in alone.verify(files.get, KEY, alone.Kept(**kept))["faults"]}  # type: ignore[arg-type]  # reason: by name


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.name)
def test_every_kind_of_broken_log_is_refused_with_its_reason(broken: Broken) -> None:
    assert broken.code in codes(broken.files, saved=broken.kept)


@pytest.mark.parametrize("data", [row[0] for row in table(test_replay.test_bytes_that_are_no_entry_are_refused)])
def test_bytes_that_are_no_entry_are_refused(data: bytes) -> None:
    with pytest.raises(alone.Bad):
        alone.read_entry(data)


def test_a_log_that_was_shown_otherwise_is_refused() -> None:
    files = logs.publish([logs.raw(entry) for entry in logs.whole_round(299)])
    assert codes(files, saved=[FILES["saved/400"]]) == {"split_view"}
    assert codes(files, saved=[FILES["checkpoint"]]) == {"rollback"}
    assert codes(files, saved=[FILES["saved/1"]]) == set()


#: RFC 8032, section 7.1, tests 1 to 3: public key, message, signature.
VECTORS = [
    ("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"),
    ("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"),
    ("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"),
]


@pytest.mark.parametrize(("public", "message", "signature"), VECTORS)
def test_ed25519_follows_rfc_8032(public: str, message: str, signature: str) -> None:
    key, text, value = bytes.fromhex(public), bytes.fromhex(message), bytes.fromhex(signature)
    assert alone.signature_holds(key, text, value)
    assert not alone.signature_holds(key, text + b"x", value)
    s = int.from_bytes(value[32:], "little") + alone.L
    assert not alone.signature_holds(key, text, value[:32] + s.to_bytes(32, "little"))
    assert not alone.signature_holds((1).to_bytes(32, "little"), text, value)
    assert not alone.signature_holds((alone.P + 1).to_bytes(32, "little"), text, value)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10**9))
def test_both_name_the_same_winners_by_every_rule(number: int) -> None:
    case = random_case(number)
    ballots: Counter[tuple[str, ...]] = Counter()
    for ballot, times in case.ballots:
        ballots[tuple(sorted(ballot))] += times
    manifest = {
        "projects": [[p[0], p[1], p[2][0] if p[2] else "", "0" * 64] for p in case.projects], "budget": case.budget,
        "rule": case.rule, "params": [list(pair) for pair in case.given.items()],
        "parts": [[name, money] for name, money in case.category_budgets.items() if money],
        "funders": [[name, money, list(pays)] for name, money, pays, _ in case.funders if money],
    }
    alone.GIVE_UP[0] = time.monotonic() + 60
    assert standalone_winners(manifest, ballots) == engine_winners(manifest, ballots)


def engine_winners(manifest: Entry, ballots: Counter[tuple[str, ...]]) -> object:
    try:
        found = outcome(manifest, ballots)
    except Invalid:
        return "rule"
    return "tie" if found.undecided else list(found.winners)


def standalone_winners(manifest: Entry, ballots: Counter[tuple[str, ...]]) -> object:
    try:
        return alone.Election(manifest, ballots, ()).winners()
    except alone.BadRule:
        return "rule"
    except alone.OpenTie:
        return "tie"


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_any_changed_byte_is_seen(data: st.DataObject) -> None:
    files = FILES
    path = data.draw(st.sampled_from(sorted(name for name in files if name != "vkey" and not name.startswith("saved"))))
    at, bit = data.draw(st.integers(0, len(files[path]) - 1)), data.draw(st.integers(0, 7))
    body = bytearray(files[path])
    body[at] ^= 1 << bit
    assert codes(Files({**files, path: bytes(body)})) != set()


def answers(folder: Path, *words: str) -> list[tuple[int, dict[str, object]]]:
    """What the single file (with the standard library alone) and the command say."""
    found = []
    for program in (["-I", "-S", str(SCRIPT)], ["-m", "qatysu.verify"]):
        done = subprocess.run([sys.executable, *program, str(folder), "--json", *words], capture_output=True, text=True)
        assert "Traceback" not in done.stderr
        found.append((done.returncode, json.loads(done.stdout or "{}")))
    return found


def test_both_programs_print_the_same(tmp_path: Path) -> None:
    folder = FILES.write(tmp_path)
    first, second = answers(folder, "--saved", str(folder / "saved" / "257"), "--vkey", str(LOG.verifier))
    assert first == second
    assert (first[0], first[1]["winners"], first[1]["good"]) == (0, ["4", "1"], True)


def test_both_programs_end_with_2_when_nothing_can_be_read(tmp_path: Path) -> None:
    assert [status for status, _ in answers(tmp_path / "nowhere")] == [2, 2]
    assert [status for status, _ in answers(tmp_path)] == [2, 2]


def test_every_fault_has_its_words_in_every_language() -> None:
    tables = []
    for text in (alone.REASONS_RU, alone.REASONS_KK):
        tables.append({pair.split("=", 1)[0] for pair in text.strip().replace("\n", "|").split("|")})
    assert tables[0] == tables[1]
    assert {lang: set(alone.WORDS[lang]) for lang in ("en", "ru", "kk")} == {lang: set(alone.WORDS["en"]) for lang in alone.WORDS}
