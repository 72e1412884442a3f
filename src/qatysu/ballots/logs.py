"""Which log belongs to which round, where its files are kept, and who witnesses it."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from django.conf import settings

from qatysu.ballots.models import Slate
from qatysu.bulletin.models import Log
from qatysu.bulletin.s3 import Account, S3Storage
from qatysu.bulletin.storage import FolderStorage, Storage
from qatysu.bulletin.witness import Witness, parse_witnesses
from qatysu.core.errors import NotFound
from qatysu.ledger.notes import BadNote, VerifierKey
from qatysu.ledger.witnesses import Policy
from qatysu.rounds.models import Round

#: The log of the installation, in which the checkpoints of all rounds stand.
HEADS = "heads"


def origin_of(name: str) -> str:
    """Name of a log for ever: host, ``log``, ``<city>-<round>`` (LEDGER 1.2)."""
    return f"{urlsplit(settings.ORIGIN).netloc}/log/{name}"


def name_of(log: Log) -> str:
    """``<city>-<round>``, or ``heads``: the last part of the origin."""
    return log.origin.rpartition("/")[2]


def log_of(round_: Round) -> Log:
    """The log of a round. Raises NotFound while the slate is not frozen, or was frozen before logs existed."""
    slate = Slate.objects.select_related("log").filter(round=round_).first()
    if slate is None or slate.log is None:
        raise NotFound("log")
    return slate.log


def has_log(round_: Round) -> bool:
    """Whether the ballots of the round stand in a log."""
    return Slate.objects.filter(round=round_, log__isnull=False).exists()


def find_log(name: str) -> Log | None:
    """The log named ``<city>-<round>`` or ``heads``; None when there is none."""
    return Log.objects.filter(origin__endswith=f"/log/{name}").first() if name else None


def round_of(log: Log) -> Round | None:
    """The round of a log with city and constitution; None for the heads."""
    slate = Slate.objects.select_related("round__city", "round__constitution").filter(log=log).first()
    return slate.round if slate is not None else None


def storage_of(log: Log) -> Storage:
    """Where the files of a log are: a folder below ``LOG_ROOT``, or a store that ``LOG_STORAGE`` names."""
    return _storage(name_of(log), settings.LOG_STORAGE, Path(settings.LOG_ROOT))


def _storage(name: str, address: str, root: Path) -> Storage:
    if not address:
        return FolderStorage(root / name)
    parts = urlsplit(address)
    bucket, _, prefix = parts.path.strip("/").partition("/")
    account = Account(
        unquote(parts.username or ""), unquote(parts.password or ""), parse_qs(parts.query).get("region", ["us-east-1"])[0]
    )
    port = f":{parts.port}" if parts.port else ""
    return S3Storage(f"{parts.scheme}://{parts.hostname}{port}", bucket, f"{prefix}/{name}".strip("/"), account)


@lru_cache(maxsize=8)
def _read_witnesses(path: str, _modified_ns: int) -> tuple[tuple[Witness, ...], int]:
    lines, quorum = [], 0
    for line in Path(path).read_text("utf-8").splitlines():
        words = line.partition("#")[0].split()
        if words[:1] == ["quorum"]:
            if len(words) != 2 or not (words[1].isascii() and words[1].isdigit()):
                raise BadNote(f"{path}: the quorum is a number")
            quorum = int(words[1])
        else:
            lines.append(line)
    found = parse_witnesses("\n".join(lines))
    if quorum > len(found):
        raise BadNote(f"{path}: the quorum is larger than the number of witnesses")
    return found, quorum


def witnesses() -> tuple[Witness, ...]:
    """The witnesses of this installation; () when none is configured. Raises BadNote for a file that cannot be understood."""
    return _witnessing()[0]


def _witnessing() -> tuple[tuple[Witness, ...], int]:
    if not settings.WITNESSES:
        return (), 0
    path = Path(settings.WITNESSES)
    return _read_witnesses(str(path), path.stat().st_mtime_ns)


def policy_of(log: Log) -> Policy:
    """Whose word the final checkpoint of a log needs."""
    found, quorum = _witnessing()
    return Policy(VerifierKey.parse(log.vkey), tuple(witness.key for witness in found), quorum)
