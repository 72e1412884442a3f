"""Refusals of the Council as sentences: what is wrong and the nearest way on."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from qatysu.core.errors import QatysuError, StageClosed
from qatysu.proposals.wording import say as say_of_proposals

_VOTING = _("This member cannot vote on this question now.")
SENTENCES: Mapping[str, Promise] = {
    "text_needed": _("Write a few words where it is empty; decisions need both Kazakh and Russian."),
    "too_long": _("The text is too long."),
    "seat_term": _("The last day comes before the first one."),
    "seat_stand_in": _("Choose the member for whom the substitute stands in; only a substitute does."),
    "seat_deputy": _("The order of deputies is a number from 1; the chair and substitutes have none."),
    "seat_taken": _("This person has a seat already."),
    "two_chairs": _("The Council has a chair already. End that seat first."),
    "account": _("Nobody has signed in with this address yet. Ask the person to sign in once, then name them."),
    "not_yours": _("Only the member decides this."),
    "interest_kind": _("Choose what kind of interest it is."),
    "interest_project": _("Name the number of the project, or choose another kind of interest."),
    "matter_project": _("Name the number of the project."),
    "matter_filed": _("The Council has this question already."),
    "project_not_ready": _("The project has not passed the sessions yet."),
    "meeting_times": _("Check the times: the end comes after the beginning, within a month."),
    "meeting_place": _("Give a place or a link for the call."),
    "meeting_begun": _("The meeting has begun; this cannot change any more."),
    "meeting_over": _("The meeting is over."),
    "meeting_in_past": _("The time of this meeting is over."),
    "meeting_early": _("The term for replies has not begun yet."),
    "meeting_not_open": _("Open the meeting first."),
    "meeting_not_closed": _("Close the meeting first."),
    "meeting_recorded": _("The protocol is closed; nothing of the meeting changes any more."),
    "agenda_empty": _("Put at least one question on the agenda."),
    "sitting_open": _("Another meeting is still open. Close it first."),
    "correspondence_not_allowed": _("The rules of this round do not allow decisions by correspondence."),
    "remote_not_allowed": _("The rules of this round count only those who are in the room."),
    "poll_open": _("A question is put to the vote. Count it first."),
    "poll_closed": _("This vote is counted already."),
    "replies_open": _("Not everybody has replied, and the term is not over yet."),
    "item_over": _("This question is decided or postponed."),
    "verdict": _("Choose what is decided."),
    "voice": _("Choose for, against or abstain."),
    "not_a_sitting": _("Here each member answers alone."),
    "voice_given": _("This voice is given already. It does not change; the chair may put the question again."),
    "recusal_late": _("The voice is given already; one cannot stand aside any more."),
    "seat_not_in_office": _("This person is not in office on the day of the meeting."),
    "vote_not_in_office": _VOTING,
    "vote_without_right": _VOTING,
    "vote_recused": _("This member stands aside on this question and does not vote."),
    "vote_not_present": _("Mark the member as present first."),
    "vote_counted_twice": _("The member is there: the substitute does not vote."),
    "reason_code": _("Choose at least one reason from the list."),
    "rework_day": _("Give a day in the future until which the project is reworked."),
    "options": _("Write at least two different options, one on a line."),
    "merge_target": _("Name the number of the other project of this round."),
    "appeal_filed": _("An appeal is filed already."),
    "appeal_late": _("The term for appeals is over."),
    "appeal_not_possible": _("This decision cannot be appealed."),
    "appeal_taken": _("The Council hears the appeal already."),
    "decision_applied": _("The decision is carried out already."),
    "slate_frozen": _("The ballot is frozen. No project comes in and none leaves."),
    "protocol_fixed": _("The text is fixed for signing. Send it back to change it."),
    "protocol_number": _("Another protocol of the round has this number."),
    "signature_cms": _("This is no electronic signature: a CMS container is needed, such as NCALayer makes."),
    "signature_invalid": _("The signature is not valid for this text, or its certificate is revoked, expired or not for signing."),
    "text_changed": _("The text has changed meanwhile. Read it again, then sign."),
    "checked_already": _("This signature is checked already."),
    "verifier_away": _("The service that checks signatures does not answer. Try again later."),
    "not_for_signing": _("The text is not up for signing now."),
    "not_a_signatory": _("This person does not sign this protocol."),
    "signed_already": _("This signature is there already."),
    "signature_pdf": _("Upload the scan as a PDF."),
    "matter_decided": _("The Council has decided this already."),
    "due_day": _("Give a day from today on."),
    "review_open": _("A member is looking at this project already."),
    "rapporteur_conflict": _("This member has an interest in the project and cannot report on it."),
    "rapporteur_again": _("After an appeal another member reports."),
    "review_submitted": _("The report is handed in and does not change."),
    "point": _("Choose yes, no or unclear."),
    "no_needs_reason": _("Every “no” needs a reason: %(point)s."),
    "points_open": _("Some points have no answer yet."),
    "answered": _("There is an answer already."),
    "own_proposal": _("Nobody decides on the own project: let the chair or the secretary count this vote."),
}
_STAGE = _("Projects are admitted only while the calendar of the round allows it: in the stages of the Council and the campaign.")


def say(error: QatysuError) -> str:
    """The sentence for a refusal; those of proposals have their own table."""
    if isinstance(error, StageClosed):
        return str(_STAGE)
    found = SENTENCES.get(error.reason)
    return str(found) % error.params if found is not None else say_of_proposals(error)
