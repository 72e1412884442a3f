"""Promises, proofs, cosignatures: what holds, and what is refused with which reason."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qatysu.ledger import merkle, notes, receipts, witnesses
from qatysu.ledger.notes import BadNote, Checkpoint, Signer
from qatysu.ledger.receipts import Promise, Proof, Receipt
from qatysu.ledger.witnesses import Policy, WitnessKey, cosign, parse_policy

ORIGIN = "vote.example.kz/log/town-y2027"
LOG, PROMISER = Signer(ORIGIN, b"l" * 32), Signer(f"{ORIGIN}/promise", b"p" * 32)
WITNESSES = [Signer(f"witness{i}.example", bytes([i]) * 32) for i in range(3)]
KEYS = tuple(WitnessKey(w.name, w.verifier.public) for w in WITNESSES)


def a_proof(size: int = 9, index: int = 4) -> tuple[Proof, bytes]:
    entries = [f"entry {i}".encode() for i in range(size)]
    tree, nodes = merkle.Frontier(), {}
    for entry in entries:
        nodes.update({(level, at): value for level, at, value in tree.append(merkle.leaf_hash(entry))})
    path = merkle.inclusion_proof(index, size, lambda level, at: nodes[level, at])
    head = notes.sign(Checkpoint(ORIGIN, size, tree.root()).text, LOG).encode()
    return Proof(index, path, head, Receipt(entries[index], "ab" * 32, ("1", "2")).encode()), entries[index]


def test_a_proof_is_read_as_written_and_holds() -> None:
    proof, entry = a_proof()
    again = Proof.decode(proof.encode())
    assert again == proof
    assert receipts.check(again, entry, LOG.verifier) == 9
    assert Receipt.decode(again.extra) == Receipt(entry, "ab" * 32, ("1", "2"))


def test_a_proof_of_another_entry_place_or_log_does_not_hold() -> None:
    proof, entry = a_proof()
    with pytest.raises(BadNote, match="not in the log at this place"):
        receipts.check(proof, b"another", LOG.verifier)
    with pytest.raises(BadNote, match="not in the log at this place"):
        receipts.check(Proof(5, proof.hashes, proof.checkpoint), entry, LOG.verifier)
    with pytest.raises(BadNote, match="not signed by"):
        receipts.check(proof, entry, Signer("other.example", b"o" * 32).verifier)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "does not begin"), (b"c2sp.org/tlog-proof@v2\nindex 1\n\n", "does not begin"), (b"\xff\n\n", "not text"),
        (b"c2sp.org/tlog-proof@v1\n\n", "no index"), (b"c2sp.org/tlog-proof@v1\nindex 01\n\n", "no index"),
        (b"c2sp.org/tlog-proof@v1\nindex -1\n\n", "no index"), (b"c2sp.org/tlog-proof@v1\nextra !\nindex 1\n\n", "extra data"),
        (b"c2sp.org/tlog-proof@v1\nindex 1\nAAAA\n\n", "hashes of the proof"), (b"c2sp.org/tlog-proof@v1\nindex 1\n?\n\n", "base64"),
        (b"c2sp.org/tlog-proof@v1\nindex 1\n" + (base64.b64encode(b"x" * 32) + b"\n") * 64 + b"\n", "hashes of the proof"),
        (b"x" * 40_000, "more than 32768"),
    ],
)
def test_a_file_that_is_no_proof_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(BadNote, match=why):
        Proof.decode(data)


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"e":1,"x":"","c":[]}', b'{"e":"a","x":1,"c":[]}', b'{"e":"a","x":"","c":[1]}'])
def test_extra_data_that_is_no_receipt_is_refused(data: bytes) -> None:
    with pytest.raises(BadNote, match="does not hold a ballot"):
        Receipt.decode(data)


def test_a_promise_is_kept_apart_from_checkpoints() -> None:
    promise = Promise(ORIGIN, bytes(32), 1_800_000_000)
    data = promise.signed(PROMISER).encode()
    assert receipts.open_promise(data, PROMISER.verifier) == promise
    with pytest.raises(BadNote):
        notes.open_checkpoint(data, PROMISER.verifier)
    with pytest.raises(BadNote, match="not signed by"):
        receipts.open_promise(data, LOG.verifier)
    head = notes.sign(Checkpoint(PROMISER.name, 1, bytes(32)).text, PROMISER).encode()
    with pytest.raises(BadNote, match="no promise"):
        receipts.open_promise(head, PROMISER.verifier)
    other = Promise("elsewhere", bytes(32), 1).signed(PROMISER).encode()
    with pytest.raises(BadNote, match="not of this log"):
        receipts.open_promise(other, PROMISER.verifier)


def test_witnesses_are_counted_with_their_time() -> None:
    text = Checkpoint(ORIGIN, 9, bytes(32)).text
    data = notes.sign(text, LOG) + cosign(WITNESSES[0], text, 1_800_000_000) + cosign(WITNESSES[2], text, 1_800_000_001)
    note = notes.parse(data.encode())
    policy = Policy(LOG.verifier, KEYS, 2)
    assert policy.witnessed(note) == (KEYS[0].name, KEYS[2].name)
    assert [key.seen_at(note) for key in KEYS] == [1_800_000_000, None, 1_800_000_001]
    forged = data.replace("\n9\n", "\n8\n")
    with pytest.raises(BadNote, match="does not hold"):
        policy.witnessed(notes.parse(forged.encode()))


def test_a_policy_file_is_read() -> None:
    text = f"# who watches\nlog {LOG.verifier}\nwitness {KEYS[0]}\nwitness {KEYS[1]}  # the newspaper\nquorum 2\n"
    assert parse_policy(text) == Policy(LOG.verifier, KEYS[:2], 2)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "exactly one log"), (f"log {LOG.verifier}\nquorum 1", "larger than"), ("log x", "verifier key"),
        (f"log {LOG.verifier}\nwitness {LOG.verifier}", "not of Ed25519 cosignatures"), ("trust me", "line 1"),
        (f"log {LOG.verifier}\nquorum many", "line 2"), (f"log {LOG.verifier}\n" + f"witness {KEYS[0]}\n" * 2, "twice"),
        (f"log {LOG.verifier}\nwitness x+00000000+AA==", "not of Ed25519"), (f"log {LOG.verifier}\nwitness x", "name\\+id\\+key"),
    ],
)
def test_a_bad_policy_is_refused(text: str, why: str) -> None:
    with pytest.raises(BadNote, match=why):
        parse_policy(text)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_proof_or_refused(data: bytes) -> None:
    try:
        proof = Proof.decode(receipts.PROOF.encode() + b"\n" + data)
    except BadNote:
        return
    with pytest.raises(BadNote):
        receipts.check(proof, b"", LOG.verifier)


def test_cosignature_lines_of_a_wrong_length_are_refused() -> None:
    text = Checkpoint(ORIGIN, 9, bytes(32)).text
    line = f"\u2014 {KEYS[0].name} {base64.b64encode(KEYS[0].id + b'x' * 64).decode()}\n"
    with pytest.raises(BadNote, match="wrong length"):
        KEYS[0].seen_at(notes.parse((notes.sign(text, LOG) + line).encode()))
    assert witnesses.COSIGNATURE == 4
