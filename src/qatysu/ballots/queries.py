"""Reads of the voting path. No function here tells who chose what."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Count, QuerySet, Sum

from qatysu.ballots.box import Box, box_of
from qatysu.ballots.logs import log_of
from qatysu.ballots.models import Ballot, FailedCast, Judgement, Opening, Participation, Slate, SlateEntry, VotingCode
from qatysu.bulletin.models import Entry, Log
from qatysu.bulletin.queries import place_of
from qatysu.identity.models import Account
from qatysu.ledger.entries import decode
from qatysu.rounds.models import Constitution, Round

_HEX = re.compile(r"[0-9a-f]{12,64}")


class State(StrEnum):
    """How far a ballot has come."""

    ACCEPTED = "accepted"
    IN_BOX = "in_box"
    REPLACED = "replaced"
    ANNULLED = "annulled"
    OPENED = "opened"


@dataclass(frozen=True, slots=True)
class Found:
    """A ballot in the log: ``idx`` is its place once it is published, ``reason`` why it was annulled ('' otherwise)."""

    leaf: bytes
    attempt: int
    state: State
    idx: int | None
    reason: str

    @property
    def fingerprint(self) -> str:
        """The leaf hash in hex: what receipts show."""
        return self.leaf.hex()


@dataclass(frozen=True, slots=True)
class Standing(Found):
    """The ballot in force of a voter."""

    attempts_left: int


def slate_of(round_: Round) -> Slate | None:
    """The frozen slate, or None."""
    return Slate.objects.filter(round=round_).first()


def entries(round_: Round) -> QuerySet[SlateEntry]:
    """Projects on the ballot with the proposal and its category and translations loaded."""
    rows = SlateEntry.objects.filter(slate__round=round_).select_related("proposal__category")
    return rows.prefetch_related("proposal__translations").order_by("pk")


def turnout(round_: Round) -> int:
    """Number of voters with a stored ballot."""
    return Participation.objects.filter(round=round_).count()


def ballots_stored(round_: Round) -> int:
    """Number of ballots in the box, replaced ones included."""
    return Ballot.objects.filter(round=round_).count()


def turnout_by_channel(round_: Round) -> dict[str, int]:
    """Voters by channel; sums to ``turnout``."""
    rows = Participation.objects.filter(round=round_).order_by().values("channel").annotate(n=Count("pk"))
    return {row["channel"]: row["n"] for row in rows}


def standing(round_: Round, voter_id: str) -> Standing | None:
    """The ballot in force of this voter, or None before the first one.

    Raises Conflict ``round_key_sealed`` once nobody here can tell which ballot is whose.
    """
    box = box_of(round_)
    handle = box.handle(voter_id)
    attempt = Participation.objects.filter(round=round_, handle=handle).values_list("attempt", flat=True).first()
    if attempt is None:
        return None
    leaf = bytes(Ballot.objects.values_list("leaf", flat=True).get(round=round_, handle=handle, attempt=attempt))
    found = _found(round_, Log.objects.get(pk=box.log_id), handle, attempt, leaf)
    return Standing(found.leaf, attempt, found.state, found.idx, found.reason, box.max_attempts - attempt)


def _found(round_: Round, log: Log, handle: str, attempt: int, leaf: bytes) -> Found:
    place = place_of(log, leaf)
    idx = place.idx if place is not None and place.is_published else None
    latest = Participation.objects.filter(round=round_, handle=handle).values_list("attempt", flat=True).first()
    judged = Judgement.objects.filter(round=round_, handle=handle, attempt=attempt).order_by("-pk").first()
    if judged is not None and judged.kind == Judgement.Kind.ANNUL:
        return Found(leaf, attempt, State.ANNULLED, idx, judged.reason)
    if latest is not None and latest > attempt:
        return Found(leaf, attempt, State.REPLACED, idx, "")
    if Opening.objects.filter(round=round_).exists():
        return Found(leaf, attempt, State.OPENED, idx, "")
    return Found(leaf, attempt, State.ACCEPTED if idx is None else State.IN_BOX, idx, "")


def find(round_: Round, prefix: str) -> Found | None:
    """The one ballot whose fingerprint starts with ``prefix`` (hex, at least 12 digits); None when there is none or several."""
    if len(prefix) < 12 or not _HEX.fullmatch(prefix):
        return None
    log = log_of(round_)
    low = bytes.fromhex(prefix[:64].ljust(64, "0"))
    high = bytes.fromhex(prefix[:64].ljust(64, "f"))
    rows = list(Entry.objects.filter(log=log, is_voters=True, leaf__gte=low, leaf__lte=high).values_list("leaf", "raw")[:2])
    return _of_entry(round_, log, *map(bytes, rows[0])) if len(rows) == 1 else None


def find_at(round_: Round, idx: int) -> Found | None:
    """The ballot at a place of the log; None when there is no ballot there."""
    log = log_of(round_)
    row = Entry.objects.filter(log=log, is_voters=True, idx=idx).values_list("leaf", "raw").first()
    return _of_entry(round_, log, *map(bytes, row)) if row is not None else None


def _of_entry(round_: Round, log: Log, leaf: bytes, raw: bytes) -> Found:
    cast = decode(raw)
    return _found(round_, log, cast["b"], cast["n"], leaf)


def ballot_named(round_: Round, leaf: bytes) -> tuple[str, int] | None:
    """Handle and attempt of the ballot with this leaf hash, for organisers' acts; None when there is none."""
    return Ballot.objects.filter(round=round_, leaf=leaf).values_list("handle", "attempt").first()


def fingerprints(round_: Round) -> Iterable[str]:
    """Leaf hashes (hex) of all published ballots in their own order, which tells nothing of the order of voting."""
    log = log_of(round_)
    rows = Entry.objects.filter(log=log, is_voters=True, idx__lt=log.published_size).order_by("leaf")
    return (bytes(leaf).hex() for leaf in rows.values_list("leaf", flat=True).iterator())


def opening_of(round_: Round) -> Opening | None:
    """That the ballots were opened, or None."""
    return Opening.objects.filter(round=round_).first()


def annulled(round_: Round) -> dict[tuple[str, int], str]:
    """Handle and attempt of every annulled ballot with the reason."""
    found: dict[tuple[str, int], str] = {}
    for row in Judgement.objects.filter(round=round_).order_by("pk"):
        if row.kind == Judgement.Kind.ANNUL:
            found[row.handle, row.attempt] = row.reason
        else:
            found.pop((row.handle, row.attempt), None)
    return found


def failures(round_: Round) -> dict[str, int]:
    """Submissions that were not stored, by reason."""
    rows = FailedCast.objects.filter(round=round_).order_by().values("reason").annotate(n=Sum("count"))
    return {row["reason"]: row["n"] for row in rows}


def codes_issued(round_: Round) -> int:
    """Number of one-time codes made for the round."""
    return VotingCode.objects.filter(round=round_).count()


def account_obstacle(account: Account, round_: Round, *, year: int) -> str:
    """Why this account may not vote in the round: '' when it may; 'method', 'declaration', 'city' or 'age' otherwise.

    Whoever reaches the voting age in ``year`` may vote: a year of birth is all that is asked for.
    """
    methods = set(round_.constitution.methods)
    by_phone = Constitution.Method.PHONE in methods and account.phone_hash
    by_email = Constitution.Method.EMAIL in methods and account.email_hash
    if not (by_phone or by_email):
        return "method"
    if account.declared_at is None or account.city_id is None:
        return "declaration"
    if account.city_id != round_.city_id:
        return "city"
    if account.birth_year is None or year - account.birth_year < round_.constitution.voter_min_age:
        return "age"
    return ""


def account_voter_id(account: Account) -> str:
    """The voter id of an account; it outlives erasure, because the account's number does (SPEC 15)."""
    return f"account:{account.public_id}"


def box(round_: Round) -> Box:
    """The frozen ballot of the round. Raises NotFound while there is none."""
    return box_of(round_)
