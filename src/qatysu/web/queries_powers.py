"""Who decides what: read from the regulation itself, so that page and program cannot disagree (study 3.2)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from qatysu.core.regulation import Action, Role
from qatysu.motions.people import roles_of_action
from qatysu.places.models import Organiser
from qatysu.rounds.models import Round
from qatysu.rounds.role_names import ROLE_NAMES


@dataclass(frozen=True, slots=True)
class _Power:
    """A decision: who asks for it, who agrees as a second person (None: one is enough), what it leaves behind."""

    what: Promise
    action: Action
    second: Action | None
    trace: Promise


#: In the order of the year.
_IN_LOG = _("an entry of the log with the protocol")
_POWERS: tuple[_Power, ...] = (
    _Power(_("Propose a project"), Action.DRAFT_PROPOSAL, None, _("the proposal with its number")),
    _Power(_("Set rules, money and calendar before voting"), Action.EDIT_ROUND, None, _("the trail; everybody sees the rules change")),
    _Power(_("Approve the normative documents"), Action.EDIT_DOCUMENT, Action.APPROVE_DOCUMENT, _("an act of the akimat")),
    _Power(_("Accept, return or reject a proposal"), Action.CHECK_PROPOSAL, None, _("the reason, sent to the author")),
    _Power(_("Help a team and accept its work"), Action.COACH_PROJECT, None, _("remarks and versions of each section")),
    _Power(_("Admit a project to the vote, or not"), Action.ADMIT, None, _("a vote of the Council and its protocol")),
    _Power(_("Freeze the ballot and the rules"), Action.FREEZE_SLATE, None, _("the fingerprint in the first entry of the log")),
    _Power(_("Vote"), Action.CAST_BALLOT, None, _("a receipt; the ballot in the public log")),
    _Power(_("Extend, pause or end voting"), Action.PROPOSE_VOTING_ACT, Action.CONFIRM_VOTING_ACT, _IN_LOG),
    _Power(_("Annul a ballot"), Action.PROPOSE_ANNULMENT, Action.CONFIRM_ANNULMENT, _IN_LOG),
    _Power(_("Amend frozen rules"), Action.PROPOSE_AMENDMENT, Action.CONFIRM_AMENDMENT, _IN_LOG),
    _Power(_("Count the votes"), Action.COUNT, None, _("a count that everybody can repeat")),
    _Power(_("Decide a tie, approve the results"), Action.APPROVE_RESULTS, None, _("a vote of the Council and its protocol")),
    _Power(_("Publish the results"), Action.PUBLISH_RESULTS, None, _("the results page with all files")),
    _Power(_("Destroy the keys"), Action.PROPOSE_KEY_END, Action.CONFIRM_KEY_END, _IN_LOG),
    _Power(_("Hide an insult or personal data"), Action.MODERATE, None, _("the reason in its place")),
)


@dataclass(frozen=True, slots=True)
class Side:
    """Roles that act, in words, and the organisers whose people hold them."""

    roles: tuple[Promise, ...]
    organisers: tuple[Organiser, ...]


@dataclass(frozen=True, slots=True)
class Power:
    """One row of the table."""

    what: Promise
    first: Side
    second: Side | None
    trace: Promise


@dataclass(frozen=True, slots=True)
class Powers:
    """The page: organisers with what each decides, and all decisions."""

    organisers: tuple[tuple[Organiser, tuple[Promise, ...]], ...]
    powers: tuple[Power, ...]


def powers(round_: Round) -> Powers:
    """Organisers of the city and all decisions of the regulation; one query."""
    organisers = tuple(round_.city.organisers.all())
    rows = tuple(_row(power, organisers) for power in _POWERS)
    own = tuple((each, tuple(row.what for row in rows if _acts(row, each))) for each in organisers)
    return Powers(own, rows)


def _row(power: _Power, organisers: Iterable[Organiser]) -> Power:
    second = _side(power.second, organisers) if power.second else None
    return Power(power.what, _side(power.action, organisers), second, power.trace)


def _side(action: Action, organisers: Iterable[Organiser]) -> Side:
    roles = roles_of_action(action)
    # Whoever may do it as a resident may do it whatever else they are.
    shown = tuple(role for role in roles if role is Role.RESIDENT) or roles
    held = tuple(each for each in organisers if set(each.roles) & {str(role) for role in shown})
    return Side(tuple(ROLE_NAMES[role] for role in shown), held)


def _acts(row: Power, organiser: Organiser) -> bool:
    """Whether its people have the last word on it: whoever must agree decides, not whoever asks."""
    return organiser in (row.second or row.first).organisers
