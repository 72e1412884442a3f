"""Notes, keys and checkpoints: what the standard's example says, and what is refused."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qatysu.ledger import notes
from qatysu.ledger.notes import BadNote, Checkpoint, Signer, VerifierKey

LOG = Signer("vote.example.kz/log/town-y2027", bytes(range(32)))
OTHER = Signer("witness.example.org", bytes(32))
HEAD = Checkpoint(LOG.name, 17, bytes(range(100, 132)))


def test_the_key_of_the_go_standard_library_is_read() -> None:
    # The example key of golang.org/x/mod/sumdb/note and one of its signatures.
    key = VerifierKey.parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
    text = (
        "If you think cryptography is the answer to your problem,\n"
        "then you don't know what your problem is.\n"
    )
    note = text + (
        "\n\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
    )
    assert notes.parse(note.encode()).signed_by(key)
    assert str(key) == "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"


def test_a_signed_checkpoint_is_opened() -> None:
    data = notes.sign(HEAD.text, LOG, OTHER).encode()
    assert notes.open_checkpoint(data, LOG.verifier, [OTHER.verifier]) == (HEAD, (OTHER.name,))
    assert notes.open_checkpoint(data, LOG.verifier) == (HEAD, ())
    assert notes.sign(HEAD.text, LOG).encode() == notes.sign(HEAD.text, LOG).encode()


def test_the_private_key_is_not_shown() -> None:
    assert LOG.seed.hex() not in repr(LOG)
    assert repr(LOG) == "Signer('vote.example.kz/log/town-y2027')"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda d: d.replace(b"\n17\n", b"\n18\n"), "does not hold"),
        (lambda d: d.replace(b"\n17\n", b"\n017\n"), "does not hold"),
        (lambda d: d.replace(LOG.name.encode(), b"another"), "not signed by"),
        (lambda d: d[: d.index(b"\n\n") + 1], "no signatures"),
        (lambda d: d[:-1], "no signatures"),
        (lambda d: d.replace(b"\xe2\x80\x94 vote", b"- vote"), "not as the format"),
        (lambda d: d + b"\xff", "not UTF-8"),
        (lambda d: d.replace(b"17", b"1\x007"), "control characters"),
        (lambda d: d + b"\xe2\x80\x94 x !!!!\n", "not base64"),
        (lambda d: d + b"\xe2\x80\x94 x AAAA\n", "too short"),
        (lambda d: d + b"\xe2\x80\x94 x AAAAAAAA\n" * 101, "more than 100 signatures"),
        (lambda d: b"x" * 70_000 + d, "more than 65536 bytes"),
    ],
)
def test_a_changed_checkpoint_is_refused(change, why: str) -> None:
    with pytest.raises(BadNote, match=why):
        notes.open_checkpoint(change(notes.sign(HEAD.text, LOG).encode()), LOG.verifier)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (f"{LOG.name}\n017\n{base64.b64encode(HEAD.root).decode()}\n", "plain number"),
        (f"{LOG.name}\n-1\n{base64.b64encode(HEAD.root).decode()}\n", "plain number"),
        (f"{LOG.name}\n17\n{base64.b64encode(HEAD.root[:31]).decode()}\n", "32 bytes"),
        (f"{LOG.name}\n17\n{base64.b64encode(HEAD.root).decode()}\nextra\n", "three lines"),
        (f"\n17\n{base64.b64encode(HEAD.root).decode()}\n", "three lines"),
        (f"{LOG.name}\n17\nZh==\n", "canonical base64"),
        (f"other\n17\n{base64.b64encode(HEAD.root).decode()}\n", "is of other"),
    ],
)
def test_a_checkpoint_that_could_be_written_otherwise_is_refused(text: str, why: str) -> None:
    with pytest.raises(BadNote, match=why):
        notes.open_checkpoint(notes.sign(text, LOG).encode(), LOG.verifier)


@pytest.mark.parametrize(
    "text",
    ["", "name", "name+00000000", "a b+00000000+AA==", "name+0000000g+AA==", "name+00000000+AA==",
     str(LOG.verifier).replace("+", "+0", 1)[:-1], str(LOG.verifier).replace(LOG.name, "x")],
)
def test_a_bad_verifier_key_is_refused(text: str) -> None:
    with pytest.raises(BadNote):
        VerifierKey.parse(text)


@given(st.integers(0, 2**63 - 1), st.binary(min_size=32, max_size=32))
def test_checkpoints_are_read_as_written(size: int, root: bytes) -> None:
    head = Checkpoint(LOG.name, size, root)
    assert Checkpoint.parse(head.text) == head


@given(st.binary(max_size=300))
def test_any_bytes_are_a_note_or_refused(data: bytes) -> None:
    try:
        note = notes.parse(data)
    except BadNote:
        return
    assert note.text.endswith("\n")
