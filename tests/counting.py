"""The way of a box after the vote, by the real commands and with the sequencer at hand: for tests that need a counted round."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

from qatysu.ballots import logs, sequencing
from qatysu.core.regulation import Role, Stage
from qatysu.results import commands, opening
from qatysu.results.models import Outcome
from qatysu.rounds.models import Round
from tests import factories


def seal(round_: Round, now: datetime | None = None) -> int:
    """Publish what waits in the log of the round; returns how many entries."""
    return sequencing.seal_now(logs.log_of(round_), now or timezone.now())


def close(round_: Round, now: datetime | None = None) -> Round:
    """End voting (the time of audit begins) and close the box."""
    now = now or timezone.now()
    factories.move_to(round_, Stage.AUDIT, now)
    sequencing.close_box(factories.fresh(round_), now)
    return factories.fresh(round_)


def open_all(round_: Round, now: datetime | None = None, actor: Any = None) -> Round:
    """Close the box when it is not closed, end the audit, open every ballot and publish the openings."""
    now = now or timezone.now()
    if not sequencing.is_closed(logs.log_of(round_)):
        close(round_, now)
    factories.move_to(round_, Stage.RESULTS, now)
    round_ = factories.fresh(round_)
    opening.open_ballots(actor=actor or factories.make_staff(Role.COORDINATOR, round_.city), round=round_, now=now)
    seal(round_, now)
    return factories.fresh(round_)


def declare(actor: Any, round_: Round, now: datetime) -> Outcome:
    """Count, and publish the result entry when no tie holds it back."""
    outcome = commands.declare(actor=actor, round=round_, now=now)
    seal(round_, now)
    return outcome


def decide_tie(actor: Any, round_: Round, order: list[str], reason: str, now: datetime) -> Outcome:
    """Decide a tie, and publish the result entry when it was the last."""
    outcome = commands.decide_tie(actor=actor, round=round_, order=order, reason=reason, now=now)
    seal(round_, now)
    return outcome


def publish(coordinator: Any, chair: Any, round_: Round, now: datetime) -> None:
    """Approve and publish."""
    commands.approve(actor=chair, round=round_, protocol_number="7", now=now)
    seal(round_, now)
    commands.publish(actor=coordinator, round=round_, now=now)
