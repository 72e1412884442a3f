"""An honest log passes; each kind of dishonest one is refused with its own reason."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qatysu.ledger import entries
from qatysu.ledger.entries import BadEntry
from qatysu.ledger.leaf import canonical_choices, commitment, derive_key, nonce, voter_handle
from qatysu.ledger.replay import Replay, replay

ORIGIN = "vote.example.kz/log/town-y2027"
KEY = bytes(range(32))
VOTER, OPEN = derive_key(KEY, "voter"), derive_key(KEY, "open")
Entry = dict[str, Any]


def manifest(**changes: Any) -> Entry:
    fields: Entry = {
        "t": "manifest", "v": 1, "origin": ORIGIN, "budget": 100, "min_choices": 1, "max_choices": 2, "attempts": 3,
        "projects": [[code, 40, "yards", hashlib.sha256(code.encode()).hexdigest()] for code in ("1", "2", "3")],
        "parts": [], "funders": [], "rule": "votes", "params": [["fit", "skip"]],
        "opens": "2026-11-01T00:00:00Z", "closes": "2026-11-08T18:59:59Z",
        "audit_days": 5, "mode": "sealed", "min_batch": 1, "max_delay_s": 5, "reasons": ["double", "stolen"], "promise": "p",
        "kc": entries.key_commitment(KEY), "roll": 100, "rules_hash": "0" * 64, "verifier_hash": "0" * 64,
    }
    return fields | changes


def cast(voter: str, attempt: int, *codes: str) -> Entry:
    b = voter_handle(VOTER, ORIGIN, voter)
    h = commitment(ORIGIN, b, attempt, nonce(OPEN, b, attempt), canonical_choices(codes))
    return {"t": "cast", "v": 1, "b": b, "n": attempt, "h": h}


def opened(voter: str, attempt: int, *codes: str) -> Entry:
    b = voter_handle(VOTER, ORIGIN, voter)
    return {"t": "open", "v": 1, "b": b, "n": attempt, "x": nonce(OPEN, b, attempt).hex(), "c": sorted(codes)}


def judged(kind: str, voter: str, attempt: int, **changes: Any) -> Entry:
    b = voter_handle(VOTER, ORIGIN, voter)
    fields: Entry = {"t": kind, "v": 1, "b": b, "n": attempt, "reason": "double", "act": "7", "by": ["chair", "secretary"]}
    return fields | changes


def result(**changes: Any) -> Entry:
    fields: Entry = {
        "t": "result", "v": 1, "counts": [["1", 2], ["2", 1], ["3", 0]], "ballots": 2, "winners": ["1", "2"], "spent": 80,
        "tie_decision": [], "code": "0.1",
    }
    return fields | changes


def honest() -> list[Entry]:
    """Anna votes twice; Dana's ballot is annulled, Bolat's is annulled and reinstated."""
    return [
        manifest(), cast("anna", 2, "1", "2"), cast("bolat", 1, "1"), cast("anna", 1, "3"), cast("dana", 1, "3"),
        {"t": "close", "v": 1, "entries": 5, "handles": 3}, judged("annul", "dana", 1), judged("annul", "bolat", 1),
        judged("reinstate", "bolat", 1), opened("dana", 1, "3"), opened("anna", 2, "1", "2"), opened("bolat", 1, "1"), result(),
        {"t": "approve", "v": 1, "act": "8", "document": "0" * 64},
    ]


AMENDMENT: Entry = {"t": "amend", "v": 1, "act": "9", "document": "0" * 64, "what": "closes", "value": "x", "by": ["chair"]}


def taken_out(code: str) -> Entry:
    """A project that two people take out of the count."""
    return AMENDMENT | {"what": "withdrawn", "value": code, "by": ["chair", "coordinator"]}


def faults(log: list[Entry]) -> set[str]:
    return {fault.code for fault in replay(ORIGIN, (raw(entry) for entry in log)).faults}


def raw(entry: Entry) -> bytes:
    return json.dumps(entry, sort_keys=True, separators=(",", ":")).encode()


def test_an_honest_log_has_no_faults() -> None:
    state = replay(ORIGIN, [entries.encode(entry) for entry in honest()])
    assert state.faults == []
    assert (state.voters, state.annulled) == (3, 1)
    assert dict(state.counted()) == {("1",): 1, ("1", "2"): 1}


def replaced(index: int, **changes: Any) -> Callable[[list[Entry]], list[Entry]]:
    return lambda log: [entry | changes if i == index else entry for i, entry in enumerate(log)]


def without(index: int) -> Callable[[list[Entry]], list[Entry]]:
    return lambda log: log[:index] + log[index + 1 :]


def inserted(index: int, entry: Entry) -> Callable[[list[Entry]], list[Entry]]:
    return lambda log: [*log[:index], entry, *log[index:]]


@pytest.mark.parametrize(
    ("name", "change", "code"),
    [
        ("no manifest", without(0), "no_manifest"),
        ("two manifests", inserted(1, manifest()), "manifest_place"),
        ("a foreign manifest", replaced(0, origin="elsewhere"), "origin"),
        ("a manifest without a possible ballot", replaced(0, min_choices=3), "manifest_choices"),
        ("a double vote", inserted(2, cast("bolat", 1, "2")), "double_vote"),
        ("too many attempts", inserted(2, cast("bolat", 4, "2")), "too_many_attempts"),
        ("an earlier ballot dropped", without(3), "missing_attempt"),
        ("a ballot after the close", inserted(6, cast("late", 1, "2")), "cast_after_close"),
        ("a ballot dropped before the close", without(4), "close_numbers"),
        ("a ballot added before the close", inserted(4, cast("ghost", 1, "2")), "close_numbers"),
        ("closed twice", inserted(6, {"t": "close", "v": 1, "entries": 5, "handles": 3}), "closed_twice"),
        ("an annulment by one person", replaced(6, by=["chair", "chair"]), "one_person"),
        ("an annulment for a foreign reason", replaced(6, reason="mood"), "reason"),
        ("an annulment of nothing", replaced(6, b="f" * 32), "unknown_ballot"),
        ("an annulment dropped", without(6), "counts"),
        ("annulled twice", inserted(7, judged("annul", "dana", 1)), "annulled_twice"),
        ("reinstated for nothing", inserted(6, judged("reinstate", "anna", 2)), "not_annulled"),
        ("an annulment after the result", inserted(13, judged("annul", "anna", 2)), "after_result"),
        ("opened before the close", inserted(5, opened("bolat", 1, "1")), "open_before_close"),
        ("opened twice", inserted(12, opened("bolat", 1, "1")), "opened_twice"),
        ("a replaced ballot opened", inserted(10, opened("anna", 1, "3")), "opened_replaced"),
        ("another choice in the opening", replaced(11, c=["2"]), "commitment"),
        ("another nonce in the opening", replaced(11, x="0" * 64), "commitment"),
        ("an opening missing", without(11), "not_opened"),
        ("a count changed", replaced(12, counts=[["1", 1], ["2", 2], ["3", 0]]), "counts"),
        ("a project left out of the counts", replaced(12, counts=[["1", 2], ["2", 1]]), "counts"),
        ("a number of ballots changed", replaced(12, ballots=3), "ballots"),
        ("two results", inserted(13, result()), "result_twice"),
        ("approved before the result", inserted(12, honest()[-1]), "approve_before_result"),
        ("an amendment by one person", inserted(5, AMENDMENT), "one_person"),
        ("a foreign project taken out", inserted(6, taken_out("9")), "withdrawn_project"),
        ("a project taken out after the result", inserted(13, taken_out("1")), "withdrawn_late"),
        ("an unknown kind", inserted(5, {"t": "note", "v": 1}), "entry"),
        ("another version", replaced(2, v=2), "entry"),
        ("a further field", replaced(2, person="x"), "entry"),
        ("a field missing", lambda log: [{k: v for k, v in e.items() if k != "h"} for e in log], "entry"),
        ("a handle that is none", replaced(2, b="F" * 32), "entry"),
        ("an empty log", lambda log: [], "empty"),
    ],
)
def test_a_dishonest_log_is_refused(name: str, change: Callable[[list[Entry]], list[Entry]], code: str) -> None:
    assert code in faults(change(honest())), name


@pytest.mark.parametrize("codes", [(), ("1", "2", "3"), ("9",)])
def test_an_invalid_ballot_is_a_fault(codes: tuple[str, ...]) -> None:
    log = honest()
    log[2], log[11] = cast("bolat", 1, *codes), opened("bolat", 1, *codes)
    assert "invalid_ballot" in faults(log)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "not JSON"), (b"\xff", "not JSON"), (b"[1]", "not a JSON object"), (b"{}", "no known kind"), (b"[" * 3000, "not JSON"),
        (b'{"v":1,"t":"key","vkey":"x"}', "canonical"), (b'{"t":"key","v":1,"vkey":"x"} ', "canonical"),
        (b'{"t":"key","v":1,"vkey":"x","vkey":"x"}', "canonical"), (b'{"t":"key","v":1,"vkey":"\\u0041"}', "canonical"),
        (b'{"t":"key","v":1.0,"vkey":"x"}', "neither text"), (b'{"t":"key","v":1,"vkey":null}', "neither text"),
        (b'{"t":"key","v":true,"vkey":"x"}', "neither text"), (b'{"t":"key","v":1,"vkey":-1}', "negative"),
        (b'{"t":"key","v":1,"vkey":9007199254740992}', "above"), (b'{"t":"key","v":1,"vkey":"\\u0000"}', "printable"),
        (b'{"t":"key","v":1,"vkey":"' + b"x" * 5000 + b'"}', "more than 4096"), (b"x" * 70_000, "more than 60000"),
        (b'{"t":"key","v":1,"vkey":[[[[["x"]]]]]}', "too deeply"), (b'{"t":"key","v":1,"vkey":{"a":1}}', "too deeply"),
    ],
)
def test_bytes_that_are_no_entry_are_refused(data: bytes, why: str) -> None:
    with pytest.raises(BadEntry, match=why):
        entries.decode(data)


@given(st.binary(max_size=80))
def test_any_bytes_are_fed_without_a_crash(data: bytes) -> None:
    state = Replay(ORIGIN)
    state.feed(data)
    assert [fault.code for fault in state.faults] == ["entry"]


@settings(max_examples=60)
@given(st.integers(0, 13), st.integers(0, 7), st.data())
def test_every_flipped_bit_is_seen_or_changes_the_root(index: int, bit: int, data: st.DataObject) -> None:
    log = [entries.encode(entry) for entry in honest()]
    at = data.draw(st.integers(0, len(log[index]) - 1))
    changed = bytearray(log[index])
    changed[at] ^= 1 << bit
    try:
        fields = entries.decode(bytes(changed))
    except BadEntry:
        return
    assert entries.encode(fields) == bytes(changed) != log[index]
