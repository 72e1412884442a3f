"""The checking page: a search in the box, and the facts of the box that anybody may compare."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import ngettext

from qatysu.ballots import logs, pages, queries, receipts
from qatysu.ballots.words import prefix_of, six_words
from qatysu.bulletin import queries as bulletin
from qatysu.bulletin.errors import LogRefusal
from qatysu.bulletin.models import Log
from qatysu.bulletin.sealing import Published, published
from qatysu.core.errors import Invalid
from qatysu.ledger.notes import BadNote, parse
from qatysu.motions import queries as motions
from qatysu.motions.queries import Annulments
from qatysu.rounds.models import Round
from qatysu.ui.typography import NBSP
from qatysu.web.motion_words import REASONS, amended, finding_texts

#: A longer number is a fingerprint.
_LONGEST_PLACE = 9


@dataclass(frozen=True, slots=True)
class Seal:
    """A witness, and when it signed the published state (None: it has not)."""

    name: str
    seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class BoxFacts:
    """What is public of a ballot box. ``root`` is hex, '' before the first sealing; ``waiting`` entries are not sealed yet."""

    name: str
    address: str
    origin: str
    vkey: str
    qr: tuple[int, str]
    size: int
    root: str
    waiting: int
    batch: int
    delay: str
    is_late: bool
    is_closed: bool
    seals: tuple[Seal, ...]
    quorum: int
    annulments: Annulments
    reasons: tuple[tuple[Any, int], ...]

    @property
    def short_root(self) -> str:
        """Four groups of the root, to compare by eye."""
        return " ".join(self.root[i : i + 4] for i in range(0, 16, 4))

    @property
    def signed(self) -> int:
        """Number of witnesses that have signed the published state."""
        return sum(seal.seen_at is not None for seal in self.seals)


def box_facts(round_: Round, now: datetime) -> BoxFacts | None:
    """The facts of the round's box; None before its ballot is frozen, or where it was frozen before there were logs."""
    if not logs.has_log(round_):
        return None
    log = logs.log_of(round_)
    standing = bulletin.standing(log, now=now)
    found = _published(log)
    annulments = motions.annulments(round_)
    seals, quorum = _seals(log, found)
    return BoxFacts(
        name=logs.name_of(log),
        address=f"/log/{logs.name_of(log)}",
        origin=log.origin,
        vkey=log.vkey,
        qr=pages.qr(log.vkey),
        size=found.checkpoint.size if found else 0,
        root=found.checkpoint.root.hex() if found else "",
        waiting=standing.waiting,
        batch=log.min_batch,
        delay=duration(log.max_delay_s),
        is_late=standing.state is bulletin.State.LATE,
        is_closed=receipts.is_closed(log),
        seals=seals,
        quorum=quorum,
        annulments=annulments,
        reasons=tuple((REASONS.get(code, code), count) for code, count in annulments.by_reason),
    )


def _published(log: Log) -> Published | None:
    """The published state; None as well when the files are not of this log, which the banner then says."""
    try:
        return published(log, logs.storage_of(log))
    except LogRefusal:
        return None


def _seals(log: Log, found: Published | None) -> tuple[tuple[Seal, ...], int]:
    policy = logs.policy_of(log)
    return tuple(Seal(key.name, _seen_at(key, found)) for key in policy.witnesses), policy.quorum


def _seen_at(key: Any, found: Published | None) -> datetime | None:
    try:
        seen = key.seen_at(parse(found.data)) if found is not None else None
    except BadNote:
        return None
    return datetime.fromtimestamp(seen, UTC) if seen is not None else None


def duration(seconds: int) -> str:
    """``10 minutes``: the longest unit that says it in whole numbers."""
    if seconds % 3600 == 0:
        text = ngettext("%(n)d hour", "%(n)d hours", seconds // 3600) % {"n": seconds // 3600}
    elif seconds % 60 == 0:
        text = ngettext("%(n)d minute", "%(n)d minutes", seconds // 60) % {"n": seconds // 60}
    else:
        text = ngettext("%(n)d second", "%(n)d seconds", seconds) % {"n": seconds}
    return text.replace(" ", NBSP, 1)


def search(round_: Round, query: str) -> dict[str, Any]:
    """The answer to a search by six words, a fingerprint or a place; ``refusal`` says what is wrong with the query."""
    answer: dict[str, Any] = {"query": query, "found": None, "searched": False, "refusal": None}
    if not query.strip() or not logs.has_log(round_):
        return answer
    try:
        found = _find(round_, query)
    except Invalid as refusal:
        return answer | {"refusal": refusal}
    return answer | {"searched": True} | (_told(round_, found) if found is not None else {})


def _told(round_: Round, found: queries.Found) -> dict[str, Any]:
    log = logs.log_of(round_)
    closed, opened = receipts.is_closed(log), receipts.opened(log, found)
    return {
        "found": found,
        "fingerprint": pages.grouped_fingerprint(found.fingerprint),
        "words": six_words(found.fingerprint),
        "is_closed": closed,
        "is_opened": opened is not None,
        "road": pages.road(found, is_closed=closed, is_opened=opened is not None),
    }


def _find(round_: Round, query: str) -> queries.Found | None:
    folded = "".join(query.casefold().split())
    if folded.isascii() and folded.isdigit() and len(folded) <= _LONGEST_PLACE:
        return queries.find_at(round_, int(folded))
    if folded and all(ch in "0123456789abcdef" for ch in folded):
        if len(folded) < 12:
            raise Invalid("fingerprint_short", field="q")
        return queries.find(round_, folded[:64])
    return queries.find(round_, prefix_of(query))


def proof_of(round_: Round, fingerprint: str) -> bytes | None:
    """The ``.tlog-proof`` file of a published ballot by its whole fingerprint: nothing that the log does not show to everybody."""
    if len(fingerprint) != 64 or not logs.has_log(round_):
        return None
    found = queries.find(round_, fingerprint)
    return receipts.proof_file(logs.log_of(round_), found) if found is not None else None


def page(round_: Round, query: str, now: datetime) -> dict[str, Any]:
    """Everything that the checking page shows."""
    return {
        "round": round_,
        "city": round_.city,
        "box": box_facts(round_, now),
        "turnout": queries.turnout(round_),
        "findings": finding_texts(motions.box_findings(round_)),
        "amendments": amended(motions.amendments(round_)),
    } | search(round_, query)

