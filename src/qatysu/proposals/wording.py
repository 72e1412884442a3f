"""Refusals of this package as sentences: what is wrong and the nearest way to mend it."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qatysu.core.errors import NotAllowed, QatysuError, StageClosed, TooMany
from qatysu.core.money import tenge
from qatysu.proposals.readiness import SHORTEST_TEXT, SHORTEST_TITLE, Lack
from qatysu.rounds.models import Constitution

SENTENCES: Mapping[str, Promise] = {
    "title_needed": _("Give the idea a short name."),
    "title_short": _("The name is too short: use at least %(shortest_title)s letters."),
    "place_needed": _("Say where it is: write the address or mark the point on the plan."),
    "text_needed": _("Write a few sentences."),
    "problem_needed": _("Describe the problem in a few sentences."),
    "problem_short": _("Say a little more about the problem: at least %(shortest_text)s letters."),
    "solution_needed": _("Describe the solution in a few sentences."),
    "solution_short": _("Say a little more about the solution: at least %(shortest_text)s letters."),
    "category_needed": _("Choose a category."),
    "category_other_round": _("Choose a category of this round."),
    "cost_needed": _("Name a rough cost in tenge. An estimate is enough; the Centre will help to make it precise."),
    "cost_over_cap": _(
        "It costs more than one project may cost: %(cap)s. Make it smaller, or split it into two ideas."
    ),
    "cost_under_min": _("It costs less than one project must cost: %(min)s."),
    "author_limit": _(
        "The rules allow up to %(limit)s proposals of one author. Withdraw one of yours to submit this one."
    ),
    "too_young": _("The rules allow proposals from the age of %(age)s. Ask an adult to be the captain of the team."),
    "file_empty": _("The file is empty. Choose it again."),
    "file_too_large": _("The file is larger than 15 MB. Choose a smaller one."),
    "file_type": _("This kind of file is not accepted. Use a photo (JPG, PNG, WebP, HEIC) or a PDF."),
    "file_broken": _("The file is damaged or incomplete. Choose it again or take a new photo."),
    "image_too_large_px": _("The photo has more than 50 megapixels. Choose a smaller one."),
    "too_many_files": _("Eight files are the most. Remove one to add another."),
    "file_missing": _("Choose a file first."),
    "edited_elsewhere": _(
        "The text was changed elsewhere meanwhile. Nothing is lost: compare both texts and save again."
    ),
    "not_editable": _("In its present state the proposal cannot be changed."),
    "captain_only": _("Only the captain of the team may do this."),
    "captain_hands_over_first": _("Hand the captain's place over to somebody first."),
    "team_full": _("The team is full."),
    "reason_code": _("Choose a reason from the list."),
    "reason_text_needed": _("Explain the reason in words."),
    "too_long": _("The text is too long."),
    "not_mergeable": _("These two proposals cannot be merged in their present state."),
    "merge_offered": _("A merge of this proposal is offered already."),
    "merge_into_itself": _("A proposal cannot be merged into itself."),
    "merge_closed": _("This offer is already closed."),
    "merge_target": _("There is no such proposal in this round."),
    "comment_hidden": _("The message you answer was hidden by the moderator."),
    "ballot_frozen": _("The ballot is fixed: an admitted project can no longer be withdrawn. Ask the Project Centre."),
    "illegal_move": _(
        "In its present state the proposal cannot be changed in this way. Somebody may have been faster."
    ),
    "stage_closed": _("This stage of the round is not open now. What you wrote is kept."),
    "own_proposal": _("You are the author of this proposal. Another person must decide on it."),
    "same_language": _("The author wrote in this language: choose another one."),
    "contact": _("Write a phone number or an e-mail address."),
    "phone": _("This is not a mobile number of Kazakhstan."),
    "email": _("This is not an e-mail address."),
    "comments": _("You have written a lot in a short time. Wait a few minutes."),
    "comment-reports": _("You have reported a lot in a short time. Wait a little."),
    "drafts": _("You have begun many ideas today. Finish one of them first."),
    "number": _("Write the sum in figures, in whole tenge."),
}


def say(error: QatysuError, constitution: Constitution | None = None) -> str:
    """The sentence for a refusal in the reader's language."""
    reason = "illegal_move" if error.code == "illegal_move" else error.reason
    if isinstance(error, StageClosed):
        reason = "stage_closed"
    return sentence(reason, constitution, **error.params) or _fallback(error)


def sentence(reason: str, constitution: Constitution | None = None, **params: object) -> str:
    """The sentence for a reason code; '' when this package has none."""
    found = SENTENCES.get(reason)
    if found is None:
        return ""
    money = {"cap": tenge(constitution.cap), "min": tenge(constitution.min_cost_tenge)} if constitution else {}
    values = {
        "shortest_title": SHORTEST_TITLE,
        "shortest_text": SHORTEST_TEXT,
        "cap": "",
        "min": "",
        "limit": "",
        "age": "",
    }
    return str(found) % (values | money | params)


def of_lack(lack: Lack, constitution: Constitution) -> str:
    """The sentence for something that prevents submission."""
    return sentence(lack.reason, constitution)


def _fallback(error: QatysuError) -> str:
    if isinstance(error, TooMany):
        return gettext("Too many tries. Wait a little.")
    if isinstance(error, NotAllowed):
        return gettext("You may not do this.")
    return gettext("This could not be done. Nothing was changed.")
