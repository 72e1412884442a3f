"""Reads of the voting path. No function here tells who chose what."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, QuerySet, Sum

from qatysu.ballots.box import Box, box_of
from qatysu.ballots.models import Ballot, FailedCast, Participation, Slate, SlateEntry, VotingCode
from qatysu.identity.models import Account
from qatysu.rounds.models import Constitution, Round


@dataclass(frozen=True, slots=True)
class Standing:
    """What is stored for a voter: the present attempt and its commitment."""

    attempt: int
    commitment: str
    attempts_left: int


@dataclass(frozen=True, slots=True)
class Found:
    """A ballot found by its fingerprint: counted, or replaced by a later attempt of the same voter."""

    commitment: str
    is_counted: bool


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
    """What is stored for this voter, or None before the first ballot."""
    box = box_of(round_)
    handle = box.handle(voter_id)
    attempt = Participation.objects.filter(round=round_, handle=handle).values_list("attempt", flat=True).first()
    if attempt is None:
        return None
    stored = Ballot.objects.values_list("commitment", flat=True).get(round=round_, handle=handle, attempt=attempt)
    return Standing(attempt, stored, box.max_attempts - attempt)


def find(round_: Round, prefix: str) -> Found | None:
    """The one ballot whose commitment starts with ``prefix`` (at least 12 hex digits); None when there is none or several."""
    rows = list(Ballot.objects.filter(round=round_, commitment__startswith=prefix)[:2])
    if len(prefix) < 12 or len(rows) != 1:
        return None
    attempt = Participation.objects.values_list("attempt", flat=True).get(round=round_, handle=rows[0].handle)
    return Found(rows[0].commitment, rows[0].attempt == attempt)


def commitments(round_: Round) -> Iterable[str]:
    """All commitments in their own order, which tells nothing of the order of voting."""
    return Ballot.objects.filter(round=round_).order_by("commitment").values_list("commitment", flat=True).iterator()


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
