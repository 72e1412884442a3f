"""Writes of the voting path."""

from __future__ import annotations

import hashlib
import json
import secrets
import uuid
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import F

from qatysu.audit.commands import record
from qatysu.ballots import writer
from qatysu.ballots.box import Box, box_of
from qatysu.ballots.keys import discard_unused_key, make_round_key
from qatysu.ballots.models import Ballot, FailedCast, Participation, Slate, SlateEntry, VotingCode
from qatysu.ballots.store import Cast, Stored
from qatysu.core.codes import new_voting_code, normalise_code
from qatysu.core.errors import Conflict, Frozen, Invalid, NotAllowed
from qatysu.core.regulation import Action
from qatysu.identity import commands as identity
from qatysu.identity import limits
from qatysu.identity.models import Account
from qatysu.ledger.leaf import commitment, nonce
from qatysu.proposals.models import Proposal, State
from qatysu.rounds import commands as rounds
from qatysu.rounds.authorize import authorize
from qatysu.rounds.models import Constitution, Round
from qatysu.rounds.rule_params import conflict_groups
from qatysu.rounds.touching import touch
from qatysu.vault import keyed_hash

MOST_CODES = 200_000


def origin_of(round_: Round) -> str:
    """Name of the round's ballot box for ever: host, ``log``, ``<city>-<round>`` (LEDGER 1.2)."""
    return f"{urlsplit(settings.ORIGIN).netloc}/log/{round_}"


def freeze_slate(*, actor: Any, round: Round, now: datetime) -> Slate:
    """Fix the ballot of a round: admitted projects, limits, constitution, round key. Nothing of it changes afterwards.

    Raises Frozen when it is frozen already, Invalid when nothing is admitted, a cost is missing or nobody could vote.
    """
    authorize(actor, Action.FREEZE_SLATE, round, now=now)
    name = str(round)
    with transaction.atomic():
        locked = Round.objects.select_for_update().get(pk=round.pk)
        if Slate.objects.filter(round=locked).exists():
            raise Frozen("slate_frozen")
        admitted = list(Proposal.objects.filter(round=locked, state=State.ADMITTED).order_by("number"))
        constitution = Constitution.objects.get(round=locked)
        _check_freezable(admitted, constitution)
        rounds.freeze_constitution(locked, now)
        constitution.refresh_from_db()
        key_digest = make_round_key(name)
        try:
            slate = _write_slate(locked, constitution, admitted, key_digest, now)
            record(
                actor=actor, action="freeze_slate", now=now, place=name, target=f"slate:{slate.pk}", digest=slate.digest
            )
            touch(locked)
        except BaseException:
            discard_unused_key(name)
            raise
    return slate


def _check_freezable(admitted: Sequence[Proposal], constitution: Constitution) -> None:
    if not admitted:
        raise Invalid("nothing_admitted")
    if any(not proposal.cost_tenge for proposal in admitted):
        raise Invalid("admitted_without_cost")
    if not constitution.methods:
        raise Invalid("no_eligibility_method")
    if len(admitted) < constitution.min_choices:
        raise Invalid("fewer_projects_than_choices")
    if {code for group in conflict_groups(constitution) for code in group.projects} - {proposal.code for proposal in admitted}:
        raise Invalid("conflict_off_ballot")


def _write_slate(
    round_: Round, constitution: Constitution, admitted: Sequence[Proposal], key_digest: str, now: datetime
) -> Slate:
    slate = Slate.objects.create(
        round=round_,
        origin=origin_of(round_),
        min_choices=constitution.min_choices,
        max_choices=min(constitution.max_choices, len(admitted)),
        max_attempts=constitution.max_attempts,
        digest=slate_digest(round_, constitution, admitted),
        key_digest=key_digest,
        frozen_at=now,
    )
    SlateEntry.objects.bulk_create(
        SlateEntry(slate=slate, code=p.code, proposal=p, title=p.title, cost_tenge=p.cost_tenge or 0) for p in admitted
    )
    return slate


def slate_digest(round_: Round, constitution: Constitution, admitted: Sequence[Proposal]) -> str:
    """SHA-256 (hex) over the constitution and the projects with their costs and titles."""
    lines = [[proposal.code, proposal.cost_tenge, proposal.title] for proposal in admitted]
    body = json.dumps([str(round_), constitution.digest, lines], ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(body.encode()).hexdigest()


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
    """Store a ballot of an eligible voter; returns after it is on disk.

    The database's clock decides whether voting is open. Raises Invalid (the choices), StageClosed, AlreadyVoted.
    The same ``form_token`` twice stores one ballot and returns it both times.
    """
    return cast_into(box_of(round), voter_id, choices, form_token=form_token, channel=channel)


def cast_into(box: Box, voter_id: str, choices: Sequence[str], *, form_token: str = "", channel: str = "web") -> Stored:
    """``cast_ballot`` for a box that is at hand."""
    canonical = box.check(list(choices))
    form_hash = hashlib.sha256(form_token.encode()).hexdigest()[:32] if form_token else ""
    cast = Cast(
        box.round_id, box.origin, box.handle(voter_id), canonical, channel, form_hash, box.keys().open, box.max_attempts
    )
    return writer.commit(cast)


def cast_many(round_: Round, votes: Iterable[tuple[str, Sequence[str]]]) -> int:
    """Store first ballots of many voters at once (demonstration, imports). Returns their number.

    Rows are inserted in random order. The guards of the database hold here as everywhere.
    """
    box = box_of(round_)
    keys = box.keys()
    participations, ballots = [], []
    for voter_id, codes in votes:
        handle, choices = box.handle(voter_id), box.check(list(codes))
        promised = commitment(box.origin, handle, 1, nonce(keys.open, handle, 1), choices)
        participations.append(Participation(round=round_, handle=handle, attempt=1))
        ballots.append(Ballot(round=round_, handle=handle, attempt=1, choices=choices, commitment=promised))
    chance = secrets.SystemRandom()
    chance.shuffle(participations)
    chance.shuffle(ballots)
    with transaction.atomic():
        Participation.objects.bulk_create(participations, batch_size=1000)
        Ballot.objects.bulk_create(ballots, batch_size=1000)
    return len(ballots)


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
