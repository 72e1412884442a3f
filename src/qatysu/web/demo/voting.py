"""Cast the ballots of the demonstration through the real box: same handles, same guards, same rows."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from qatysu.ballots import commands as ballots
from qatysu.core.codes import written
from qatysu.core.regulation import Stage
from qatysu.identity.models import Account
from qatysu.outbox.models import Message
from qatysu.proposals.models import Proposal
from qatysu.rounds.models import Round, RoundStage
from qatysu.rounds.queries import db_now
from qatysu.vault import seal, unseal
from qatysu.web.demo.shapes import Group, Idea

SAMPLES = 5
_KEY = "demonstration-code:"
_BODY = "\nБір реттік дауыс беру коды. Одноразовый код для голосования. One-time voting code."
Votes = list[tuple[str, Sequence[str]]]


def cast_history(round_: Round, ideas: Sequence[Idea], rows: Sequence[Proposal]) -> int:
    """Store one ballot for each published vote of a round that is over. Returns their number."""
    votes: Votes = []
    for idea, row in zip(ideas, rows, strict=True):
        votes += [(f"demonstration:{row.code}:{i}", [row.code]) for i in range(idea.votes)]
    return _cast_past(round_, votes)


def cast_groups(round_: Round, groups: Sequence[Group], rows: Sequence[Proposal], rng: random.Random) -> int:
    """Store the ballots of a round that is over, drawn by ``rng`` from the interests of each group. Returns their number."""
    names = [row.code for row in rows]
    votes: Votes = []
    for group in groups:
        votes += [(f"demonstration:{len(votes) + i}", _drawn(names, group.weights, rng)) for i in range(group.voters)]
    return _cast_past(round_, votes)


def _cast_past(round_: Round, votes: Votes) -> int:
    """Store ballots of a round that is over.

    The database takes ballots only while voting is open by its own clock. The stage is therefore open for the moment
    of the import and then gets back the days on which it really was.
    """
    stage = RoundStage.objects.get(round=round_, stage=Stage.VOTING)
    clock = db_now()
    RoundStage.objects.filter(pk=stage.pk).update(
        opens_at=clock - timedelta(hours=1), closes_at=clock + timedelta(hours=1)
    )
    stored = ballots.cast_many(round_, votes)
    RoundStage.objects.filter(pk=stage.pk).update(opens_at=stage.opens_at, closes_at=stage.closes_at)
    return stored


def cast_by_codes(
    round_: Round,
    ideas: Sequence[Idea],
    rows: Sequence[Proposal],
    voters: int,
    actor: Account,
    now: datetime,
    rng: random.Random,
) -> list[str]:
    """Issue one-time codes, let ``voters`` of them vote and return the rest, as printed. The choices are drawn by ``rng``."""
    codes = ballots.issue_codes(actor=actor, round=round_, count=voters + SAMPLES, now=now)
    names, weights = [row.code for row in rows], [idea.weight for idea in ideas]
    votes: Votes = []
    for code in codes[:voters]:
        votes.append((f"code:{ballots.code_hash(round_, code)}", _drawn(names, weights, rng)))
    ballots.cast_many(round_, votes)
    return [written(code) for code in codes[voters:]]


def _drawn(names: Sequence[str], weights: Sequence[int], rng: random.Random) -> list[str]:
    """One to three different names."""
    wanted = rng.choices((1, 2, 3), weights=(3, 4, 5))[0]
    chosen: list[str] = []
    while len(chosen) < wanted:
        pick = rng.choices(names, weights=weights)[0]
        if pick not in chosen:
            chosen.append(pick)
    return chosen


def post_samples(codes: Sequence[str], resident: Account, address: str, now: datetime) -> None:
    """Put the unused codes into the outbox of the demonstration, as if the Centre had sent them to the resident."""
    Message.objects.bulk_create(
        Message(
            account=resident,
            channel=Message.Channel.EMAIL,
            address_sealed=seal(address),
            subject="Қатысу бюджеті: дауыс беру коды · Бюджет участия: код для голосования",
            body_sealed=seal(code + _BODY),
            dedupe_key=f"{_KEY}{i}",
            state=Message.State.SENT,
            created_at=now,
            send_after=now,
            sent_at=now,
        )
        for i, code in enumerate(codes)
    )


def posted_samples() -> list[str]:
    """The codes that ``post_samples`` stored, as printed; empty before the demonstration is loaded."""
    rows = Message.objects.filter(dedupe_key__startswith=_KEY, wiped_at=None).order_by("dedupe_key")
    return [unseal(bytes(row.body_sealed)).partition("\n")[0] for row in rows]
