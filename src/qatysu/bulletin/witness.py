"""Client of witnesses: ``add-checkpoint`` of C2SP tlog-witness. A witness that is away or refuses never stops the log."""

from __future__ import annotations

import base64
import logging
import re
import ssl
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from qatysu.bulletin.queries import tile_reader
from qatysu.bulletin.sealing import Cosign
from qatysu.bulletin.storage import Storage
from qatysu.ledger import tiles
from qatysu.ledger.merkle import ReadNode, consistency_proof
from qatysu.ledger.notes import BadNote, Checkpoint, parse
from qatysu.ledger.witnesses import WitnessKey

_log = logging.getLogger("qatysu.bulletin")
#: A longer answer is not read: signature lines have about 150 bytes.
LARGEST_ANSWER = 16_384
TIMEOUT_S = 10.0
_SIZE = re.compile(rb"(0|[1-9][0-9]{0,18})\n")


class NoCosignature(Exception):
    """The witness gave none. ``code`` is stable, the text is for the operator."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


@dataclass(frozen=True, slots=True)
class Witness:
    """A witness: its key, and the address below which it takes checkpoints."""

    key: WitnessKey
    url: str

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
            raise BadNote(f"{self.url!r} is no address of a witness")


def parse_witnesses(text: str) -> tuple[Witness, ...]:
    """Lines ``VKEY ADDRESS``; ``#`` begins a remark. Raises BadNote with the line."""
    found = []
    for number, raw in enumerate(text.splitlines(), 1):
        words = raw.partition("#")[0].split()
        if words and len(words) != 2:
            raise BadNote(f"line {number}: a witness is VKEY ADDRESS")
        if words:
            found.append(Witness(WitnessKey.parse(words[0]), words[1].rstrip("/")))
    return tuple(found)


def ask(witness: Witness, note: str, old: int, read: ReadNode, *, timeout_s: float = TIMEOUT_S) -> str:
    """The signature line of ``witness`` under the checkpoint ``note``.

    ``old`` is the size that it saw last as far as we know; when it knows better (409) its own is taken, once. ``read`` gives
    nodes of our tree. Raises NoCosignature: ``unreachable``, ``unknown_log`` (404), ``key_refused`` (403), ``proof_refused``
    (422), ``ahead`` (it has seen more entries, or others), ``refused`` (any other answer), ``bad_answer``.
    """
    checkpoint = Checkpoint.parse(parse(note.encode()).text)
    for _ in range(2):
        if old > checkpoint.size:
            raise NoCosignature("ahead", f"{witness.key.name} has seen {old} entries, this checkpoint has {checkpoint.size}")
        status, kind, body = _post(witness, _request(note, checkpoint.size, old, read), timeout_s)
        if status == 200:
            return _line(witness.key, note, body)
        if status != 409:
            raise _refusal(witness, status)
        known = _SIZE.fullmatch(body)
        if known is None or kind.partition(";")[0].strip() != "text/x.tlog.size":
            raise NoCosignature("bad_answer", f"{witness.key.name} refuses the size and does not say which it knows")
        if int(known[1]) == old:
            break
        old = int(known[1])
    raise NoCosignature("ahead", f"{witness.key.name} has seen another tree of {old} entries")


def _request(note: str, size: int, old: int, read: ReadNode) -> bytes:
    proof = consistency_proof(old, size, read) if 0 < old < size else ()
    lines = [f"old {old}", *(base64.b64encode(value).decode() for value in proof), "", ""]
    return "\n".join(lines).encode() + note.encode()


def _post(witness: Witness, body: bytes, timeout_s: float) -> tuple[int, str, bytes]:
    """(status, content type, answer). Redirects are not followed: an answer 3xx is a refusal."""
    parts = urlsplit(witness.url)
    address = (parts.hostname or "", parts.port)
    made: HTTPConnection
    if parts.scheme == "https":
        made = HTTPSConnection(*address, timeout=timeout_s, context=ssl.create_default_context())
    else:
        made = HTTPConnection(*address, timeout=timeout_s)
    try:
        headers = {"Content-Type": "text/plain; charset=utf-8", "Connection": "close"}
        made.request("POST", f"{parts.path}/add-checkpoint", body, headers)
        with made.getresponse() as answer:
            data = answer.read(LARGEST_ANSWER + 1)
    except (OSError, HTTPException) as problem:
        raise NoCosignature("unreachable", f"{witness.key.name} cannot be reached: {type(problem).__name__}") from None
    finally:
        made.close()
    if len(data) > LARGEST_ANSWER:
        raise NoCosignature("bad_answer", f"{witness.key.name} answers with more than {LARGEST_ANSWER} bytes")
    return answer.status, answer.headers.get("Content-Type", ""), data


def _refusal(witness: Witness, status: int) -> NoCosignature:
    codes = {403: "key_refused", 404: "unknown_log", 422: "proof_refused"}
    words = {403: "does not trust the key of this log", 404: "does not know this log", 422: "does not accept the consistency proof"}
    said = words.get(status, f"answers {status}")
    return NoCosignature(codes.get(status, "refused"), f"{witness.key.name} {said}")


def _line(key: WitnessKey, note: str, body: bytes) -> str:
    """The line of ``key`` among those of the answer, checked. Lines of unknown keys are passed over."""
    try:
        for line in body.decode("utf-8").splitlines(keepends=True):
            one = parse((note.partition("\n\n")[0] + "\n\n" + line).encode())
            if one.signatures[0].name == key.name and one.signatures[0].key == key.id and key.seen_at(one) is not None:
                return line
    except (BadNote, UnicodeDecodeError) as problem:
        raise NoCosignature("bad_answer", f"{key.name} answers with what is no cosignature: {problem}") from None
    raise NoCosignature("bad_answer", f"{key.name} answers without a cosignature of its own")


#: Told about a witness that gave no cosignature.
Tell = Callable[[Witness, NoCosignature], None]


def _warn(witness: Witness, problem: NoCosignature) -> None:
    _log.warning("witness %s: %s (%s)", witness.key.name, problem, problem.code)


def cosigner(witnesses: Iterable[Witness], storage: Storage, *, timeout_s: float = TIMEOUT_S, tell: Tell = _warn) -> Cosign:
    """What ``seal_batch`` calls: asks every witness in turn and returns the lines that came. ``tell`` hears of the others."""
    known = tuple(witnesses)

    def cosign(note: str, old: int) -> str:
        size = Checkpoint.parse(parse(note.encode()).text).size
        read = tiles.node_reader(tile_reader(storage), size)
        lines = []
        for witness in known:
            try:
                lines.append(ask(witness, note, old, read, timeout_s=timeout_s))
            except NoCosignature as problem:
                tell(witness, problem)
        return "".join(lines)

    return cosign
