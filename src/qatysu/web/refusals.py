"""What a refusal says to a person: what happened, what is safe, what to do (DESIGN 7 and 10)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from qatysu.core.errors import QatysuError, StageClosed
from qatysu.core.periods import WindowState
from qatysu.core.regulation import Action, Stage, stages_for
from qatysu.rounds.models import Round
from qatysu.rounds.queries import StageView, calendar
from qatysu.web.words import STAGE_NAMES, Words


@dataclass(frozen=True, slots=True)
class Refusal:
    """A heading that says what happened, and a text that says what is safe and what to do."""

    title: Words
    text: Words
    #: ``back`` goes to the page before, ``home``, ``projects`` and ``sign_in`` lead there.
    way: str = "back"


_CODES: Mapping[str, Refusal] = {
    "error": Refusal(_("This could not be done"), _("Nothing was changed. Go back and try once more.")),
    "bad_request": Refusal(
        _("The portal could not read the request"), _("Nothing was stored. Go back, reload the page and send it again.")
    ),
    "not_found": Refusal(
        _("There is no such page"),
        _("The address may have a mistake in it, or the page is not public. Votes and projects are where they were."),
        "home",
    ),
    "not_allowed": Refusal(
        _("You may not do this"),
        _(
            "The rules give this act to other people. Nothing was changed. If you think this is wrong, ask the Project Centre."
        ),
    ),
    "second_factor_needed": Refusal(
        _("A second factor is needed"),
        _("Organisers confirm important acts with their authenticator. Sign in with it and try again."),
    ),
    "stage_closed": Refusal(
        _("This stage is not open now"),
        _("The calendar of the round decides. What you had already sent is stored."),
        "projects",
    ),
    "invalid": Refusal(
        _("Something in the form is not right"), _("Nothing was stored. Go back, correct the field and send it again.")
    ),
    "bad_form": Refusal(
        _("The form of the module cannot be saved like this"),
        _("Nothing was stored. Go back and correct what the message names."),
    ),
    "bad_answer": Refusal(
        _("An answer was not understood"), _("Everything else is stored. Go back, correct the answer and send it again.")
    ),
    "bad_sheet": Refusal(
        _("The workbook file was not taken"), _("Nothing of it was stored. Save it as a plain XLSX with values and choose it again.")
    ),
    "conflict": Refusal(
        _("Somebody was faster"),
        _("The page had changed before your answer arrived. Go back, reload it and look once more."),
    ),
    "already_voted": Refusal(
        _("You have already voted"),
        _("The rules allow no further attempt. Your stored ballot stands, and your receipt proves it."),
        "projects",
    ),
    "illegal_move": Refusal(
        _("This step is not possible now"),
        _("The state has changed meanwhile. Nothing was lost; reload the page and see what is possible."),
    ),
    "frozen": Refusal(
        _("The rules are frozen"),
        _("Since voting opened nobody can change the rules or the list of projects. Nothing was changed."),
    ),
    "too_many": Refusal(
        _("Too many attempts"),
        _("The portal stops for a while when something is tried very often. What was stored before is safe."),
    ),
    "csrf": Refusal(
        _("The form has expired"),
        _(
            "Nothing was stored: the page was open for too long, or cookies are switched off. Go back, reload it and send it again."
        ),
    ),
}
_LOG_STOPPED = Refusal(
    _("The log of ballots is stopped"),
    _("Its files and its database do not agree, so nothing is signed until a person has looked. What was sealed before is safe."),
)
_LOG_ENDED = Refusal(_("The log of ballots is closed"), _("It takes nothing more. What is in it can be checked by everybody."))
_LOG_BUSY = Refusal(
    _("The log of ballots is being written"), _("Another process is at work. Nothing was lost; try again in a minute.")
)
_LOG_CODES: Mapping[str, Refusal] = {
    **dict.fromkeys(("log_refused", "log_marked", "log_behind", "log_files_old", "log_differs"), _LOG_STOPPED),
    **dict.fromkeys(("log_frozen", "log_closed"), _LOG_ENDED),
    **dict.fromkeys(("log_busy", "log_other_writer", "log_still_waiting"), _LOG_BUSY),
    "log_no_quorum": Refusal(
        _("Witnesses are missing"), _("Too few of them have signed the end of the log. Ask them once more. Nothing was changed.")
    ),
}
_REASONS: Mapping[str, Refusal] = {
    "not_staff": Refusal(
        _("This page is for organisers"),
        _("Your account has no organiser's role today. Ask the coordinator of your city."),
        "home",
    ),
    "role": _CODES["not_allowed"],
    "round": Refusal(
        _("There is no such round"), _("The address may have a mistake in it, or the round is not public yet."), "home"
    ),
    "city": Refusal(
        _("There is no such city here"),
        _("The address may have a mistake in it. All cities are on the first page."),
        "home",
    ),
    "proposal": Refusal(
        _("There is no such project"),
        _("The address may have a mistake in it, or the idea has not been submitted yet."),
        "home",
    ),
    "method": Refusal(
        _("This account cannot vote in this round"),
        _("The round accepts other ways of proving who you are. Sign in for voting once more and choose one of them."),
        "home",
    ),
    "sign_in_first": Refusal(
        _("Sign in first"),
        _("This act belongs to a person, so the portal must know whose it is. Nothing was stored."),
        "home",
    ),
    "captain_only": Refusal(_("Only the captain may do this"), _("Ask the captain of the team. Nothing was changed.")),
    "own_proposal": Refusal(
        _("You may not judge your own proposal"), _("Somebody else at the Project Centre does it. Nothing was changed.")
    ),
    "too_young": Refusal(
        _("The rules set a higher age"),
        _("You may still comment, follow projects and join a team. The rules of the round name the age."),
        "home",
    ),
    "paper_too_large": Refusal(
        _("This document would be too long to print"),
        _("Nothing was changed. Shorten the texts or leave out pictures, then print it again."),
    ),
    "blocked": Refusal(
        _("This address is blocked for a while"),
        _("Too many wrong codes were typed. What was stored before is safe. Try again later."),
    ),
    "author_limit": Refusal(
        _("You have filed all the proposals that one person may file"),
        _("Withdraw one of them, or join the team of another proposal."),
    ),
    "team_full": Refusal(_("The team is full"), _("Ask the captain whether somebody leaves. Nothing was changed.")),
    "already_member": Refusal(
        _("You are already in this team"), _("There is nothing more to do. The project is on your page.")
    ),
    "edited_elsewhere": Refusal(
        _("The text was changed in another window"),
        _("Both texts are kept in the versions. Open the page again and look which one is right."),
    ),
    "captain_hands_over_first": Refusal(
        _("The team needs a captain"), _("Hand the team over to another member before you leave it.")
    ),
    "invitation_over": Refusal(
        _("The invitation is over"),
        _("Invitations live for a short time. Ask the person who sent it for a new one."),
        "home",
    ),
    "second_person": Refusal(
        _("A second person must confirm this"),
        _(
            "One person alone can neither annul a ballot nor move the dates of voting. Annulments are confirmed by a member of the "
            "commission or the chair of the Expert Council; acts on voting also by the approver in the akimat or another coordinator. "
            "Nothing was changed."
        ),
    ),
    "last_coordinator": Refusal(
        _("The city would lose its last coordinator"), _("Appoint another coordinator first. Nothing was changed.")
    ),
    "voting_closed": Refusal(
        _("Voting is not open now"),
        _("A ballot without a receipt was not accepted. A ballot with a receipt is stored."),
        "projects",
    ),
}


@dataclass(frozen=True, slots=True)
class Closed:
    """The stage that would have allowed the act, and where it stands."""

    name: Words
    view: StageView
    next_name: Words | None
    next_view: StageView | None

    @property
    def state(self) -> str:
        """``before``, ``paused`` or ``after``."""
        return str(self.view.state)


def words_for(code: str, error: QatysuError | None = None) -> Refusal:
    """Words for an error: by its reason where that says more, else by its code."""
    found = _REASONS.get(error.reason) if error is not None else None
    return found or _CODES.get(code) or _LOG_CODES.get(code, _CODES["error"])


def closed_stage(error: QatysuError | None, now: datetime) -> Closed | None:
    """Dates of the stage that an act had to wait for; None when the error does not name round and act."""
    round_ = error.params.get("round") if isinstance(error, StageClosed) else None
    if error is None or not isinstance(round_, Round):
        return None
    wanted = _stages_wanted(error)
    stages = calendar(round_, now)
    waited = [view for view in stages if view.stage in wanted and view.state is not WindowState.OPEN]
    if not waited:
        return None
    coming = [view for view in waited if view.state is not WindowState.AFTER]
    view = coming[0] if coming else waited[-1]
    later = next((v for v in stages if v.opens_at >= view.closes_at and v.stage != view.stage), None)
    return Closed(STAGE_NAMES[view.stage], view, STAGE_NAMES[later.stage] if later else None, later)


def _stages_wanted(error: QatysuError) -> frozenset[Stage]:
    stage, action = error.params.get("stage"), error.params.get("action")
    if stage in set(Stage):
        return frozenset({Stage(stage)})
    return frozenset(stages_for(Action(action))) if action in set(Action) else frozenset()
