"""Are the key files of a round fit for use, and how a key file ends (LEDGER 1.11, threat 26)."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from qatysu.ballots.keys import LENGTH, path_of, promise_name
from qatysu.ballots.models import Slate
from qatysu.bulletin.models import Entry
from qatysu.ledger.entries import BadEntry, decode
from qatysu.ledger.leaf import commitment, derive_key, nonce
from qatysu.ledger.notes import Signer

#: SHA-256 of keys that stand in standards, tests and examples: whoever reads those has them.
KNOWN = frozenset(
    {
        "630dcd2966c4336691125448bbb25b4ff412a49c732db2c8abc1b8581bd710dd",  # 00 01 … 1f
        "ae216c2ef5247a3782c135efa279a3e4cdc61094270f5d2be58c6204b7a612c9",  # 01 02 … 20
        "644d50ab64864c20a12b3c4656d46b4a48f69ef7c47ecdc8415cd28316b22ef5",  # RFC 8032, test 1
        "3d2d9682cdba529682a152f678e25c6c29847bf2588ca4e1b3023c1579f9958d",  # RFC 8032, test 2
        "d8eca0cca720d33bf6d9a3e8057053ff6a4d19a62a9874fa7f7004ea662fb2f9",  # RFC 8032, test 3
        "28024a74943422cca068bb8189df16977c0cd8b322fcdf9c782f59ab6c0aa7e9",  # RFC 8032, test 1024
        "918a483206abfc9207f58443b4403c208a687265175377ea43db32a0def92492",  # RFC 8032, test SHA(abc)
        "6f443d0b477017f54deaedf678a8e262542bb42b3435bc5cb0d3732cf82db3d3",  # SLIP-39, a vector of 256 bits
        "3ced39d10e6b03783bdafa741a2387d4235e04a6d09fb233ef5e293c1688cc20",  # SLIP-39, another one
        "005b30a3ab171b8c3bed01ad5e340de09c0efab48ec02a82bac2081139d18663",  # BIP-39, a vector of 256 bits
        "3eb1bd439947eb762998e566ccc2e099c791118b2f40579cc4f7da2b5061b7f9",  # 0123456789abcdef, twice
        "f96eef424e5294a13a595ea5efa8950a5530dabc626e17d7bcf232667b11c318",  # demo, eight times
        "9dbd30e7cbb76924b34bebf5e8104c659a9f047f5ba5c16ab75b5942e81fc959",  # test, eight times
        "bcf6a4a10ef26cb2378fdafe360d87850beef5c49f6905caea5dacba04b3abb0",  # kill, eight times
        "db447fdfcd02873a47afe7c4226c9f035a993429a98e051ae6a3adc8a2541826",  # secret__, four times
        "7d5f5ad0674ec2f2960b1a34f33370a0f71471fa0e3ef0c0a692977d276dafe8",  # changeme, four times
    }
)
#: SHA-256 of the keys that a demonstration made, one a line, beside them: they are no keys of an election.
DEMONSTRATION = "demonstration"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a key file. ``code``: ``absent``, ``not_for_us`` (belongs to another user), ``readable_by_others``,
    ``empty``, ``length``, ``constant``, ``known``, ``demonstration`` or ``foreign``.
    """

    kind: str
    code: str
    path: Path


def look_at(path: Path, kind: str) -> bytes | Fault:
    """The key in a file, or what is wrong with the file or the key itself."""
    try:
        mode = path.stat().st_mode
        key = path.read_bytes()
    except FileNotFoundError:
        return Fault(kind, "absent", path)
    except PermissionError:
        return Fault(kind, "not_for_us", path)
    if mode & 0o077:
        return Fault(kind, "readable_by_others", path)
    code = _weakness(key)
    return Fault(kind, code, path) if code else key


def _weakness(key: bytes) -> str:
    if not key.strip():
        return "empty" if len(key) != LENGTH else "constant"
    if len(key) != LENGTH:
        return "length"
    if len(set(key)) == 1:
        return "constant"
    digest = hashlib.sha256(key).hexdigest()
    if digest in KNOWN:
        return "known"
    return "demonstration" if not settings.DEMO and digest in _of_demonstration() else ""


def _of_demonstration() -> frozenset[str]:
    try:
        return frozenset((Path(settings.KEY_FOLDER) / DEMONSTRATION).read_text().split())
    except OSError:
        return frozenset()


def mark_demonstration() -> None:
    """Remember that the keys that stand here now are of a demonstration: they never serve an election."""
    paths = [path for kind in ("round", "promise", "log") for path in _folder(kind).glob(f"*.{kind}")]
    digests = _of_demonstration() | {hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}
    mark = Path(settings.KEY_FOLDER) / DEMONSTRATION
    mark.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    mark.touch(mode=0o600)
    mark.write_text("".join(f"{digest}\n" for digest in sorted(digests)))


def _folder(kind: str) -> Path:
    return path_of("any", kind).parent


def faults(slate: Slate, kinds: Iterable[str]) -> Iterator[Fault]:
    """What is wrong with the keys of these kinds (``round``, ``promise``, ``log``, ``open``, ``vkey``) of a frozen round."""
    for kind in kinds:
        path = path_of(str(slate.round), kind)
        if kind == "vkey":
            if path.exists() and slate.log is not None and path.read_text().strip() != slate.log.vkey:
                yield Fault(kind, "foreign", path)
            continue
        found = look_at(path, kind)
        if isinstance(found, Fault):
            yield found
        elif not _FITS[kind](slate, found):
            yield Fault(kind, "foreign", path)


def _round_fits(slate: Slate, key: bytes) -> bool:
    return hashlib.sha256(key).hexdigest() == slate.key_digest


def _log_fits(slate: Slate, key: bytes) -> bool:
    return slate.log is not None and str(Signer(slate.origin, key).verifier) == slate.log.vkey


def _promise_fits(slate: Slate, key: bytes) -> bool:
    """Whether it is the key that the manifest names; True while there is no manifest to compare with."""
    raw = Entry.objects.filter(log=slate.log, turn=1).values_list("raw", flat=True).first() if slate.log is not None else None
    try:
        named = decode(bytes(raw)).get("promise") if raw is not None else None
    except BadEntry:
        return True  # a spoilt row: the self-check of the log finds it
    return named is None or named == str(Signer(promise_name(slate.origin), key).verifier)


def _open_fits(slate: Slate, key: bytes) -> bool:
    """Whether it opens a ballot of the round; True while there is none to try."""
    ballot = slate.round.ballots.values_list("handle", "attempt", "choices", "leaf").first()
    if ballot is None:
        return True
    handle, attempt, choices, leaf = ballot
    entry = Entry.objects.filter(log=slate.log, leaf=leaf).values_list("raw", flat=True).first()
    made = commitment(slate.origin, handle, attempt, nonce(key, handle, attempt), choices)
    return entry is None or made.encode() in bytes(entry)


_FITS = {"round": _round_fits, "log": _log_fits, "promise": _promise_fits, "open": _open_fits}


def open_of(round_key: bytes) -> bytes:
    """What is left of the round key after the close: nonces can be made with it, no handle."""
    return derive_key(round_key, "open")


def wipe(path: Path) -> bool:
    """Overwrite a key file with chance, flush, and remove it. Returns whether there was one.

    A file system that copies on write, a journal or an SSD may keep the old bytes: hence keys belong on an encrypted disk.
    """
    try:
        length = path.stat().st_size
    except FileNotFoundError:
        return False
    with path.open("r+b") as file:
        file.write(secrets.token_bytes(max(length, LENGTH)))
        file.flush()
        os.fsync(file.fileno())
    path.unlink()
    flush_folder(path.parent)
    return True


def flush_folder(folder: Path) -> None:
    """Make durable which files a folder has."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        with suppress(OSError):
            os.fsync(handle)
    finally:
        os.close(handle)
