"""The logs of the demonstration: sealed as the sequencer does it, the finished rounds opened, counted, approved and published.

Batches of a log are transactions of their own, hence this part is not one of all or nothing: it goes on where it stopped.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from qatysu.ballots import logs, sequencing
from qatysu.core.regulation import Role, Stage
from qatysu.identity.models import Account
from qatysu.results import commands as results
from qatysu.results.models import Outcome
from qatysu.results.opening import open_ballots
from qatysu.rounds.models import Membership, Round
from qatysu.web.demo import council

#: Rounds of the demonstration that have a ballot, by city and slug; those that are finished are counted to the end.
SEALED = (("khromtau", "2020"), ("khromtau", "demo"), ("rudny", "2025"))
PROTOCOL = "7"


def names() -> tuple[str, ...]:
    """Names of the rounds whose logs and keys the demonstration makes."""
    return tuple(f"{city}-{slug}" for city, slug in SEALED)


def seal_all(now: datetime) -> None:
    """Publish what waits in each log of the demonstration, and bring each finished round to its published result."""
    for city, slug in SEALED:
        round_ = Round.objects.select_related("city", "constitution").get(city__slug=city, slug=slug)
        sequencing.seal_now(logs.log_of(round_), now)
        if sequencing.is_over(round_):
            _finish(round_, now)


def _finish(round_: Round, now: datetime) -> None:
    """Close, open, count, approve, publish: each by the right role on its day, each left out when it is done already."""
    log, begins = logs.log_of(round_), round_.stages.get(stage=Stage.RESULTS).opens_at
    secretary, chair, coordinator = (_holder(round_, role) for role in (Role.SECRETARY, Role.CHAIR, Role.COORDINATOR))
    sequencing.close_box(round_, now)
    open_ballots(actor=secretary, round=round_, now=begins + timedelta(hours=10))
    sequencing.seal_now(log, now)
    state = Outcome.objects.filter(round=round_).values_list("state", flat=True).first()
    if state is None:
        results.declare(actor=secretary, round=round_, now=begins + timedelta(hours=11))
    sequencing.seal_now(log, now)
    if state in (None, Outcome.State.PROVISIONAL) and round_.council_seats.exists():
        with transaction.atomic():
            council.approve_results(round_, begins + timedelta(days=4, hours=10))
    elif state in (None, Outcome.State.PROVISIONAL):
        results.approve(actor=chair, round=round_, protocol_number=PROTOCOL, now=begins + timedelta(days=4, hours=11))
    sequencing.seal_now(log, now)
    results.publish(actor=coordinator, round=round_, now=begins + timedelta(days=4, hours=15))


def _holder(round_: Round, role: Role) -> Account:
    found = Membership.objects.select_related("account").filter(city=round_.city, role=role).order_by("pk").first()
    assert found is not None  # noqa: S101  # reason: the demonstration gives every role to somebody
    return found.account
