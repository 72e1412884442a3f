"""Builders: a box with ballots, and the people who ask and agree."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from qatysu.core.regulation import Role, Stage
from qatysu.identity.models import Account
from qatysu.motions import commands
from qatysu.motions.kinds import Kind
from qatysu.motions.models import Motion
from qatysu.motions.targets import get_ballot
from qatysu.rounds.models import Round
from tests import factories

DOCUMENT = "ab" * 32
WHY = "The code was sold in the market"


def ask(round_: Round, actor: Account, now: datetime, *, handle: str, kind: Kind = Kind.ANNUL, **more: Any) -> Motion:
    """A motion about the last ballot of ``handle``."""
    values = {"reason": "bought", "text": WHY, "protocol": "№ 3-к", "attempt": get_ballot(round_, handle).attempt} | more
    return commands.propose_on_ballot(actor=actor, round_=round_, kind=kind, handle=handle, now=now, **values)


def ask_voting(round_: Round, actor: Account, now: datetime, kind: Kind, **more: Any) -> Motion:
    """A motion about voting."""
    values = {"text": "The portal was down for a day", "protocol": "12", "document": DOCUMENT} | more
    return commands.propose_on_voting(actor=actor, round_=round_, kind=kind, now=now, **values)


def handle_of(round_: Round, voter: str) -> str:
    """The handle under which the ballots of ``voter`` stand."""
    from qatysu.ballots.box import box_of  # reason: needs the keys of the test's own folder

    return box_of(round_).handle(voter)


def later_freeze(city: Any, now: datetime) -> Round:
    """A round whose ballot is frozen while the campaign is open: voting has not begun."""
    from qatysu.ballots import commands as ballots  # reason: as above
    from qatysu.proposals.models import State

    round_ = factories.make_round(city, stage=Stage.CAMPAIGN, now=now, slug="early")
    factories.make_proposal(round_, state=State.ADMITTED)
    ballots.freeze_slate(actor=factories.make_staff(Role.COORDINATOR, city), round=factories.fresh(round_), now=now)
    return factories.fresh(round_)
