"""Writes of the voting path."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from qatysu.audit.commands import record
from qatysu.ballots import writer
from qatysu.ballots.box import Box, box_of
from qatysu.ballots.freezing import adopt_log, freeze_slate, slate_digest
from qatysu.ballots.manifest import REASONS
from qatysu.ballots.models import Ballot, FailedCast, Judgement, Opening, VotingCode
from qatysu.ballots.store import Cast, Stored, store_all
from qatysu.bulletin import commands as bulletin
from qatysu.bulletin.models import Log
from qatysu.core.codes import new_voting_code, normalise_code
from qatysu.core.errors import Conflict, Invalid, NotAllowed, QatysuError
from qatysu.core.regulation import Action
from qatysu.identity import commands as identity
from qatysu.identity import limits
from qatysu.identity.models import Account
from qatysu.ledger.entries import encode
from qatysu.rounds.authorize import authorize
from qatysu.rounds.models import Constitution, Round
from qatysu.vault import keyed_hash

__all__ = (
    "adopt_log", "cast_ballot", "cast_into", "cast_many", "code_hash", "count_failure", "declare", "find_code", "form_hash",
    "freeze_slate", "issue_codes", "judge", "redeem_code", "slate_digest",
)

MOST_CODES = 200_000


def code_hash(round_: Round, code: str) -> str:
    """Keyed hash of a one-time code (canonical form) in this round."""
    return keyed_hash(f"voting-code/{round_}", code)


def issue_codes(
    *, actor: Any, round: Round, count: int, now: datetime, batch: uuid.UUID | None = None
) -> list[str]:
    """Make ``count`` one-time codes; returns them in canonical form. They are shown now and never again.

    ``actor`` None is the operator's command line. ``batch`` names the request: asked for twice it is made once.
    Raises Invalid for a count outside 1..200,000, Conflict ``codes_made`` for a batch that exists.
    """
    if actor is not None:
        authorize(actor, Action.ISSUE_CODES, round, now=now)
    if not 1 <= count <= MOST_CODES:
        raise Invalid("code_count", field="count", most=MOST_CODES)
    codes: set[str] = set()
    while len(codes) < count:
        codes.add(new_voting_code(secrets.choice))
    name = batch or uuid.uuid4()
    ordered = sorted(codes)
    secrets.SystemRandom().shuffle(ordered)
    with transaction.atomic():
        if batch is not None and _is_made(round, batch):
            raise Conflict("codes_made")
        VotingCode.objects.bulk_create(
            (VotingCode(round=round, code_hash=code_hash(round, code), batch=name) for code in ordered),
            batch_size=2000,
        )
        record(actor=actor, action="issue_codes", now=now, place=str(round), target=f"codes:{name}", count=count)
    return ordered


def _is_made(round_: Round, batch: uuid.UUID) -> bool:
    """Whether codes of this batch exist; the lock makes two equal requests wait for one another."""
    Round.objects.select_for_update().get(pk=round_.pk)
    return VotingCode.objects.filter(round=round_, batch=batch).exists()


def cast_ballot(
    *, round: Round, voter_id: str, choices: Sequence[str], form_token: str = "", channel: str = "web"
) -> Stored:
    """Store a ballot of an eligible voter; returns after it is on disk, and waits in the log.

    The database's clock decides whether voting is open. Raises Invalid (the choices), StageClosed, AlreadyVoted, Conflict.
    The same ``form_token`` twice stores one ballot and returns it both times; with another choice it is refused.
    """
    return cast_into(box_of(round), voter_id, choices, form_token=form_token, channel=channel)


def cast_into(box: Box, voter_id: str, choices: Sequence[str], *, form_token: str = "", channel: str = "web") -> Stored:
    """``cast_ballot`` for a box that is at hand."""
    canonical = box.check(list(choices))
    return writer.commit(
        Cast(
            box.round_id, box.log_id, box.origin, box.handle(voter_id), canonical, channel, form_hash(form_token, canonical),
            box.keys().open, box.max_attempts,
        )
    )


def form_hash(token: str, canonical: str) -> str:
    """Mark of a form: 16 hex digits of its token, 16 of token and choice; '' without a token.

    The token is secret and never stored, so the second half tells nothing of the choice.
    """
    if not token:
        return ""
    halves = (hashlib.sha256(text.encode()).hexdigest()[:16] for text in (token, f"{token}\n{canonical}"))
    return "".join(halves)


def cast_many(round_: Round, votes: Iterable[tuple[str, Sequence[str]]]) -> int:
    """Store first ballots of many different voters at once (demonstration). Returns their number.

    Rows are inserted in random order. The guards of the database hold here as everywhere.
    """
    box = box_of(round_)
    keys = box.keys()
    casts = [
        Cast(box.round_id, box.log_id, box.origin, box.handle(voter_id), box.check(list(codes)), "web", "", keys.open, 1)
        for voter_id, codes in votes
    ]
    secrets.SystemRandom().shuffle(casts)
    with transaction.atomic():
        for at in range(0, len(casts), 100):
            refused = [answer for answer in store_all(casts[at : at + 100]) if isinstance(answer, QatysuError)]
            if refused:
                raise refused[0]
    return len(casts)


def judge(*, round: Round, entry: Mapping[str, Any]) -> bytes:
    """Write an ``annul`` or ``reinstate`` entry into the log with its row beside it; returns its leaf hash.

    The caller (``motions``) has authorised it and holds the transaction. Raises Invalid for a ballot that does not exist or a
    reason that the manifest does not have, Conflict ``annulled_already``, ``not_annulled``, ``ballots_opened``.
    """
    if Opening.objects.filter(round=round).exists():
        raise Conflict("ballots_opened")
    if entry["reason"] not in REASONS:
        raise Invalid("reason", field="reason")
    if not Ballot.objects.filter(round=round, handle=entry["b"], attempt=entry["n"]).exists():
        raise Invalid("unknown_ballot", field="ballot")
    log = Log.objects.select_for_update(no_key=True).get(slate__round=round)
    last = Judgement.objects.filter(round=round, handle=entry["b"], attempt=entry["n"]).order_by("-pk").first()
    is_annulled = last is not None and last.kind == Judgement.Kind.ANNUL
    if is_annulled == (entry["t"] == "annul"):
        raise Conflict("annulled_already" if is_annulled else "not_annulled")
    leaf = bulletin.submit(log, encode(entry), is_voters=False)
    Judgement.objects.create(
        round=round, handle=entry["b"], attempt=entry["n"], kind=entry["t"], reason=entry["reason"], leaf=leaf
    )
    return leaf


def count_failure(*, round: Round, reason: str, day: date) -> None:
    """Count a submission that was not stored, by day and reason (PEERS T45). Never raises for a race."""
    row, _ = FailedCast.objects.get_or_create(round=round, day=day, reason=reason[:40])
    FailedCast.objects.filter(pk=row.pk).update(count=F("count") + 1)


def redeem_code(*, round: Round, text: str, network: str, now: datetime) -> str:
    """The voter id behind a typed one-time code; it opens the same ballot each time it is typed.

    Raises Invalid for something that cannot be a code, Conflict for one never issued here, TooMany after many wrong ones
    from one network; right ones do not count, since a whole polling place shares an address.
    """
    if Constitution.Method.CODE not in round.constitution.methods:
        raise Invalid("no_codes_here", field="code")
    code = normalise_code(text)
    if not code:
        raise Invalid("code_form", field="code")
    tries = [(limits.TRY_VOTING_CODE, network)]
    limits.take(tries, now=now)
    voter_id = find_code(round, code)
    limits.give_back(tries)
    return voter_id


def declare(*, account: Any, round: Round, birth_year: int | None, agrees: bool, now: datetime) -> None:
    """Record that a signed-in person lives in the round's city and when the person was born (self-declared).

    Raises Invalid (the fields), NotAllowed for a visitor.
    """
    if not isinstance(account, Account):
        raise NotAllowed("sign_in_first")
    identity.declare_residence(actor=account, city=round.city, birth_year=birth_year, agrees=agrees, now=now)


def find_code(round_: Round, code: str) -> str:
    """The voter id behind a one-time code (canonical form). Raises Conflict when no such code was issued."""
    digest = code_hash(round_, code)
    if not code or not VotingCode.objects.filter(round=round_, code_hash=digest).exists():
        raise Conflict("code_unknown")
    return f"code:{digest}"
