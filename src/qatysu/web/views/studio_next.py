"""The one thing that a round asks of its organisers now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qatysu.core.regulation import STAGE_ORDER, Stage
from qatysu.proposals.models import State
from qatysu.results.models import Outcome
from qatysu.rounds.models import Round
from qatysu.web.views.studio_gate import address


@dataclass(frozen=True, slots=True)
class Step:
    """The one thing to do next: words, where, and the label of the gold button."""

    title: str
    text: str
    url: str
    label: str


def motion_step(round_: Round, waiting: int) -> Step | None:
    """What comes before all else for a person who can confirm an act of two people; None when nothing waits."""
    if not waiting:
        return None
    title = ngettext("%(n)s act waits for you as the second person", "%(n)s acts wait for you as the second person", waiting)
    return Step(title % {"n": waiting}, _("Read what is asked for, compare it with the protocol, then confirm or decline."),
                address("studio_motions", round_), _("Open the motions"))


def next_step(
    round_: Round,
    stage: Stage | None,
    counts: Mapping[str, int],
    stopping: list[tuple[str, bool, str]],
    outcome: Outcome | None,
) -> Step | None:
    """What the state of the round asks for, ``None`` when nothing; ``stopping`` are findings that stop publication."""
    if stopping:
        text, _stops, url = stopping[0]
        return Step(_("First mend what is missing"), text, url, _("Mend it"))
    if not round_.is_public:
        return Step(_("Everything needed is there"), _("Publish the round: from then on everybody sees it."),
                    address("studio_check", round_), _("Check and publish"))
    if counts.get(State.SUBMITTED):
        text = _("Each author waits for an answer: accept, return with remarks, or reject with a reason.")
        return Step(_("Ideas wait for a check"), text, address("studio_proposals", round_), _("Open the board"))
    if stage is None:
        return None
    if STAGE_ORDER.index(stage) > STAGE_ORDER.index(Stage.VOTING):
        return _after_voting(round_, outcome)
    return _before_the_end(round_, stage, counts)


def _before_the_end(round_: Round, stage: Stage, counts: Mapping[str, int]) -> Step | None:
    board, label = address("studio_proposals", round_), _("Open the board")
    if stage is Stage.SESSIONS and (counts.get(State.ACCEPTED) or counts.get(State.IN_SESSIONS)):
        text = _("Begin the session of every accepted idea, and mark each complete project as ready for the Council.")
        return Step(_("Projects are being prepared"), text, board, label)
    if stage is Stage.VOTING and round_.constitution.frozen_at is not None:
        return Step(_("Voting runs"), _("Watch turnout and failed attempts."),
                    address("studio_voting", round_), _("Open the voting desk"))
    if stage not in (Stage.COUNCIL, Stage.CAMPAIGN, Stage.VOTING):
        return None
    if round_.constitution.frozen_at is not None:
        if "code" not in round_.constitution.methods:
            return None
        return Step(_("The ballot is ready"), _("Print the one-time codes before voting opens."),
                    address("studio_codes", round_), _("Codes"))
    if counts.get(State.READY) or not counts.get(State.ADMITTED):
        return Step(_("The Council decides"), _("Admit or refuse every project that is ready, each with a reason."), board, label)
    return Step(_("Prepare the ballot"), _("Look through the admitted projects and freeze the list."),
                address("studio_slate", round_), _("Open the ballot"))


def _after_voting(round_: Round, outcome: Outcome | None) -> Step | None:
    url, label = address("studio_results", round_), _("Open the results")
    if outcome is None:
        return Step(_("Voting is over"), _("Count the votes and have the result approved."), url, label)
    if outcome.state == Outcome.State.PROVISIONAL:
        text = _("The chair or the secretary writes the number of the protocol by which the Council approved it.")
        return Step(_("Have the result approved"), text, url, label)
    if outcome.state == Outcome.State.APPROVED:
        return Step(_("Publish the results"), _("Pass every check, then publish."), url, label)
    return None
