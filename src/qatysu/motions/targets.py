"""Finding the ballot that a motion is about, by what is public of it. No function here reads what was chosen."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from qatysu.ballots.logs import log_of
from qatysu.ballots.models import Ballot, Participation
from qatysu.ballots.words import prefix_of
from qatysu.bulletin.models import Entry, Log
from qatysu.core.errors import Invalid
from qatysu.ledger.entries import BadEntry, decode
from qatysu.motions.acts import acts_of, annulled
from qatysu.rounds.models import Round

_PLACE = re.compile(r"[#№\s]*(\d{1,10})")
_HANDLE = re.compile(r"([0-9a-f]{32})(?:/(\d{1,3}))?")
_PREFIX = re.compile(r"[0-9a-f]{12,64}")


@dataclass(frozen=True, slots=True)
class Ballotted:
    """A ballot as the log shows it: never what was chosen.

    ``idx`` is its place (None while it waits); ``latest`` the last attempt of the same voter; ``reason`` why it is annulled.
    """

    handle: str
    attempt: int
    leaf: str
    idx: int | None
    latest: int
    reason: str

    @property
    def state(self) -> str:
        """``annulled``, ``replaced``, ``waiting`` or ``in_box``."""
        if self.reason:
            return "annulled"
        if self.attempt < self.latest:
            return "replaced"
        return "waiting" if self.idx is None else "in_box"


def find_ballot(round_: Round, text: str) -> Ballotted:
    """The ballot named by six words, a place in the log, a fingerprint (12 hex digits or more) or a handle (32, ``/attempt``).

    Raises Invalid ``ballot_unknown``, ``ballot_ambiguous``, or what is wrong with the words; NotFound without a log.
    """
    log = log_of(round_)
    typed = " ".join(text.split()).casefold()
    if place := _PLACE.fullmatch(typed):
        return _of_entries(round_, log, list(Entry.objects.filter(log=log, idx=int(place[1]))[:1]))
    if (named := _HANDLE.fullmatch(typed)) and Participation.objects.filter(round=round_, handle=named[1]).exists():
        return get_ballot(round_, named[1], int(named[2]) if named[2] else None)
    prefix = typed.replace(" ", "")
    if not _PREFIX.fullmatch(prefix):
        prefix = prefix_of(typed)
    low = bytes.fromhex(prefix.ljust(64, "0"))
    high = bytes.fromhex(prefix.ljust(64, "f"))
    return _of_entries(round_, log, list(Entry.objects.filter(log=log, leaf__gte=low, leaf__lte=high)[:2]))


def get_ballot(round_: Round, handle: str, attempt: int | None = None) -> Ballotted:
    """The ballot of a handle, its last one when ``attempt`` is None. Raises Invalid ``ballot_unknown``."""
    log = log_of(round_)
    rows = Ballot.objects.filter(round=round_, handle=handle).order_by("-attempt")
    row = (rows if attempt is None else rows.filter(attempt=attempt)).values_list("leaf", flat=True).first()
    return _of_entries(round_, log, list(Entry.objects.filter(log=log, leaf=bytes(row))) if row is not None else [])


def _of_entries(round_: Round, log: Log, rows: list[Entry]) -> Ballotted:
    """The ballot of the one entry found. What the entry says is what counts, not our own tables."""
    if len(rows) > 1:
        raise Invalid("ballot_ambiguous", field="q")
    fields = _cast(rows)
    handle, attempt = str(fields["b"]), int(fields["n"])
    last = Participation.objects.filter(round=round_, handle=handle).values_list("attempt", flat=True).first() or 0
    reason = annulled(acts_of(log)).get((handle, attempt), "")
    return Ballotted(handle, attempt, bytes(rows[0].leaf).hex(), rows[0].idx, max(last, attempt), reason)


def _cast(rows: list[Entry]) -> dict[str, Any]:
    """Fields of the entry if it is a ballot. Raises Invalid ``ballot_unknown``."""
    try:
        fields = decode(bytes(rows[0].raw)) if rows else {"t": ""}
    except BadEntry:
        fields = {"t": ""}
    if fields["t"] != "cast":
        raise Invalid("ballot_unknown", field="q")
    return fields
