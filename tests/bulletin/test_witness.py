"""Witnesses on the loopback that check proofs themselves and remember what they have signed (C2SP tlog-witness)."""

from __future__ import annotations

import base64
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import Any, ClassVar

import pytest

from qatysu.bulletin import commands, queries
from qatysu.bulletin.errors import NoQuorum
from qatysu.bulletin.witness import NoCosignature, Witness, ask, cosigner, parse_witnesses
from qatysu.ledger import tiles
from qatysu.ledger.merkle import consistency_holds
from qatysu.ledger.notes import BadNote, Checkpoint, Signer, open_checkpoint, parse, sign
from qatysu.ledger.witnesses import Policy, WitnessKey, cosign
from tests.bulletin import stores
from tests.bulletin.conftest import NOW, SIGNER, seal, submit
from tests.verify import logs

NAMES = ("ngo.example/w", "maslikhat.example/w", "paper.example/w")


class Answering(BaseHTTPRequestHandler):
    """A witness of one log: remembers (size, root), answers as the standard says. ``lies`` replaces its answer."""

    signer: ClassVar[Signer]
    trusted: ClassVar[Any] = SIGNER.verifier
    seen: ClassVar[list[tuple[int, bytes]]]
    asked: ClassVar[list[int]]
    lies: ClassVar[list[tuple[int, str, bytes]]]

    def log_message(self, *_args: object) -> None:
        """Nothing."""

    def do_POST(self) -> None:
        head, _, note = self.rfile.read(int(self.headers["Content-Length"])).partition(b"\n\n")
        status, kind, body = self.lies.pop() if self.lies else self._judged(head.decode().split("\n"), note)
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _judged(self, lines: list[str], note: bytes) -> tuple[int, str, bytes]:
        if self.path != "/w/add-checkpoint":
            return 405, "text/plain", b""
        old, proof = int(lines[0].removeprefix("old ")), [base64.b64decode(line) for line in lines[1:]]
        self.asked.append(old)
        text = parse(note).text
        if text.split("\n")[0] != self.trusted.name:
            return 404, "text/plain", b""
        try:
            found, _ = open_checkpoint(note, self.trusted)
        except BadNote:
            return 403, "text/plain", b""
        if old > found.size:
            return 400, "text/plain", b""
        size, root = self.seen[-1] if self.seen else (0, b"")
        if old != size or (size == found.size and root != found.root):
            return 409, "text/x.tlog.size", f"{size}\n".encode()
        if (old == 0 and proof) or (old and not consistency_holds(old, found.size, root, found.root, proof)):
            return 422, "text/plain", b""
        self.seen.append((found.size, found.root))
        return 200, "text/plain", cosign(self.signer, text, 1_700_000_000 + found.size).encode()


@contextmanager
def standing_by(name=NAMES[0], trusted=SIGNER.verifier):
    """A witness and the class that answers for it."""
    signer = Signer(name, name.encode().ljust(32, b"-"))
    fresh = type("Fresh", (Answering,), {"signer": signer, "trusted": trusted, "seen": [], "asked": [], "lies": []})
    with stores.serving(fresh) as address:
        yield Witness(WitnessKey(name, signer.verifier.public), f"{address}/w"), fresh


@pytest.fixture
def witness():
    with standing_by() as found:
        yield found


def reader(files, size):
    return tiles.node_reader(lambda level, number, width: files[tiles.tile_path(level, number, width)], size)


def grown(*sizes):
    """Checkpoints and node readers of one log at these sizes."""
    data = [f"entry {n}".encode() for n in range(max(sizes))]
    for size in sizes:
        files = logs.publish(data[:size], SIGNER)
        yield files["checkpoint"].decode(), reader(files, size)


def refusal(witness, note, old, read):
    with pytest.raises(NoCosignature) as problem:
        ask(witness, note, old, read, timeout_s=2)
    return problem.value.code


def test_checkpoints_carry_the_cosignature_of_every_batch(log, storage, witness):
    one, handler = witness
    for start, end in ((0, 3), (3, 300), (300, 301)):
        submit(log, *range(start, end))
        seal(log, storage, cosign=cosigner([one], storage))
        note = parse(storage.files["checkpoint"])
        assert one.key.seen_at(note) == 1_700_000_000 + end
        open_checkpoint(storage.files["checkpoint"], SIGNER.verifier)
    assert (handler.asked, [size for size, _ in handler.seen]) == ([0, 3, 300], [3, 300, 301])


def test_a_witness_that_missed_some_is_asked_again_from_where_it_stands(witness):
    one, handler = witness
    (first, read_first), _, (third, read_third) = grown(5, 200, 700)
    ask(one, first, 0, read_first)
    assert parse((third + ask(one, third, 200, read_third)).encode()).signatures[1].name == NAMES[0]
    assert handler.asked == [0, 200, 5]


def test_a_rollback_and_a_fork_get_no_cosignature(witness):
    """LEDGER threats 14 to 16."""
    one, handler = witness
    (old, read_old), (new, read_new) = grown(5, 9)
    ask(one, new, 0, read_new)
    assert refusal(one, old, 5, read_old) == "ahead"
    other = logs.publish([f"other {n}".encode() for n in range(12)], SIGNER)
    assert refusal(one, other["checkpoint"].decode(), 9, reader(other, 12)) == "proof_refused"
    same = logs.publish([f"other {n}".encode() for n in range(9)], SIGNER)
    assert refusal(one, same["checkpoint"].decode(), 9, reader(same, 9)) == "ahead"
    assert [size for size, _ in handler.seen] == [9]


def test_unknown_logs_and_keys_are_told_apart(witness):
    one, _ = witness
    ((note, read),) = grown(5)
    text = Checkpoint.parse(parse(note.encode()).text).text
    assert refusal(one, sign(text, Signer(SIGNER.name, b"o" * 32)), 0, read) == "key_refused"
    elsewhere = logs.publish([b"entry"], Signer("elsewhere.example/log", b"e" * 32))
    assert refusal(one, elsewhere["checkpoint"].decode(), 0, reader(elsewhere, 1)) == "unknown_log"


@pytest.mark.parametrize(
    ("lie", "code"),
    [
        ((200, "text/plain", b""), "bad_answer"),
        ((200, "text/plain", b"\xff\n"), "bad_answer"),
        ((200, "text/plain", b"not a line\n"), "bad_answer"),
        ((200, "text/plain", b"x" * 20_000), "bad_answer"),
        ((409, "text/plain", b"3\n"), "bad_answer"),
        ((409, "text/x.tlog.size", b"03\n"), "bad_answer"),
        ((409, "text/x.tlog.size", b"77\n"), "ahead"),
        ((302, "text/plain", b""), "refused"),
        ((500, "text/plain", b""), "refused"),
    ],
)
def test_answers_that_are_none_are_refused(witness, lie, code):
    one, handler = witness
    ((note, read),) = grown(5)
    handler.lies.append(lie)
    assert refusal(one, note, 0, read) == code


def test_a_cosignature_of_another_checkpoint_is_not_taken(witness):
    one, handler = witness
    (first, _), (second, read) = grown(5, 9)
    handler.lies.append((200, "text/plain", cosign(handler.signer, parse(first.encode()).text, 1).encode()))
    assert refusal(one, second, 0, read) == "bad_answer"


def test_lines_of_strangers_are_passed_over(witness):
    one, handler = witness
    ((note, read),) = grown(5)
    text = parse(note.encode()).text
    own = cosign(handler.signer, text, 7)
    handler.lies.append((200, "text/plain", (cosign(Signer("stranger.example", b"s" * 32), text, 7) + own).encode()))
    assert ask(one, note, 0, read) == own


def test_a_witness_that_is_away_does_not_stop_the_log_and_is_asked_again_later(log, storage):
    told = []
    with standing_by(NAMES[0]) as (here, _), standing_by(NAMES[1]) as (late, handler):
        handler.lies.append((503, "text/plain", b""))
        submit(log, *range(5))
        ask_both = cosigner([here, late], storage, tell=lambda one, problem: told.append((one.key.name, problem.code)))
        assert seal(log, storage, cosign=ask_both) == 5
        assert told == [(NAMES[1], "refused")]
        policy = Policy(SIGNER.verifier, (here.key, late.key), 2)
        with pytest.raises(NoQuorum):
            commands.freeze_log(log, storage=storage, now=NOW, policy=policy)
        assert commands.cosign_again(log, storage=storage, cosign=ask_both) == (NAMES[1],)
        assert commands.cosign_again(log, storage=storage, cosign=ask_both) == ()
        commands.freeze_log(log, storage=storage, now=NOW, policy=policy)
    assert policy.witnessed(parse(storage.files["checkpoint"])) == NAMES[:2]
    assert queries.standing(log, now=NOW).state == "frozen"


def test_nobody_at_the_address_is_unreachable(log, storage):
    with standing_by() as (one, _):
        pass
    ((note, read),) = grown(5)
    assert refusal(one, note, 0, read) == "unreachable"


def test_the_list_of_witnesses_is_read_line_by_line(witness):
    one, _ = witness
    assert parse_witnesses(f"# ours\n{one.key} {one.url}/  # the NGO\n\n") == (one,)
    with pytest.raises(BadNote, match="line 1"):
        parse_witnesses("alone\n")
    with pytest.raises(BadNote, match="no address"):
        parse_witnesses(f"{one.key} ftp://x\n")


def test_heads_of_rounds_stand_once_each_in_the_log_of_the_installation(log, storage):
    heads_key = Signer("vote.example.kz/heads", b"h" * 32)
    heads = commands.create_log(vkey=str(heads_key.verifier), min_batch=1, max_delay_s=60)
    place = type(storage)()
    for numbers in (range(3), range(3, 10)):
        submit(log, *numbers)
        seal(log, storage)
        assert commands.append_head(heads, storage.files["checkpoint"], log) is not None
        assert commands.append_head(heads, storage.files["checkpoint"], log) is None
        seal(heads, place, signer=heads_key)
    entries = tiles.unpack_entries(place.files["tile/entries/000.p/2"], 2)
    assert [open_checkpoint(entry, SIGNER.verifier)[0].size for entry in entries] == [3, 10]
    with pytest.raises(commands.LogRefusal):
        commands.append_head(heads, place.files["checkpoint"], log)
