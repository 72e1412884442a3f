"""Names of stages, verdicts and acts in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from qatysu.core.regulation import Stage
from qatysu.proposals import reasons
from qatysu.proposals.models import State
from qatysu.rounds.stage_names import STAGE_NAMES as STAGE_NAMES

Words = str | Promise

#: The sentence of the hero while a stage is open.
STAGE_NEWS: dict[str, Words] = {
    Stage.PREPARATION: _("The round is being prepared"),
    Stage.IDEAS: _("Ideas are being collected"),
    Stage.SESSIONS: _("Ideas become projects"),
    Stage.COUNCIL: _("The Expert Council checks the projects"),
    Stage.CAMPAIGN: _("Teams present their projects"),
    Stage.VOTING: _("Voting is open"),
    Stage.AUDIT: _("The count is being checked"),
    Stage.RESULTS: _("The results are being published"),
    Stage.AWARD: _("The teams are being honoured"),
    Stage.WORKS: _("The winners are being built"),
    Stage.CLOSING: _("The round is being closed"),
}

#: What a reader learns from the hero while a stage is open.
STAGE_LEADS: dict[str, Words] = {
    Stage.PREPARATION: _("The organisers are agreeing on the rules and the calendar."),
    Stage.IDEAS: _(
        "Say what should become better in the yard, in the street or in the park. Any resident may propose."
    ),
    Stage.SESSIONS: _("The Project Centre helps the teams turn ideas into projects with a plan and an estimate."),
    Stage.COUNCIL: _("Experts look at land, networks and law, and give a reason for every decision."),
    Stage.CAMPAIGN: _("Get to know the projects that will be on the ballot."),
    Stage.VOTING: _("Residents proposed these projects. Choose the ones that shall be built."),
    Stage.AUDIT: _("Voting is over. The count is checked before the results are published."),
    Stage.RESULTS: _("Voting is over. See which projects won and why."),
    Stage.AWARD: _("Thank you to everybody who took part."),
    Stage.WORKS: _("The winning projects are being built."),
    Stage.CLOSING: _("The year is over. See what was proposed, chosen and built."),
}


@dataclass(frozen=True, slots=True)
class Mark:
    """A word with the shape that goes with it (``status--<shape>``, '' is the empty ring)."""

    word: Words
    shape: str = ""


#: What became of a project, by ``rules.model.Reason``.
OUTCOMES: dict[str, Mark] = {
    "selected": Mark(_("Won"), "ok"),
    "partial": Mark(_("Funded besides the list"), "ok"),
    "other_money": Mark(_("Funded from other money"), "ok"),
    "withdrawn": Mark(_("Withdrawn")),
    "excluded": Mark(_("Another project was chosen instead")),
    "below_threshold": Mark(_("Did not pass")),
    "conflict": Mark(_("A rival project won")),
    "does_not_fit": Mark(_("Did not fit into the budget")),
    "after_stop": Mark(_("The list had ended before it")),
    "no_support": Mark(_("Nobody chose it")),
    "supporters_lack": Mark(_("Its supporters had too little left")),
    "not_in_best_set": Mark(_("Not among the best set")),
    "tied": Mark(_("A tie that the Council decides"), "wait"),
    "behind_tie": Mark(_("Waits for the tie to be decided"), "wait"),
}

ACTS: dict[str, Words] = {
    "extend": _("Extended"),
    "pause": _("Paused"),
    "resume": _("Resumed"),
    "close": _("Closed early"),
    "open": _("Opened"),
}


def state_mark(state: str) -> Mark:
    """Word and shape of a proposal's state."""
    return Mark(reasons.state_label(state), reasons.STATE_MARKS[State(state)])
