"""Deeds of the trail in words."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from qatysu.audit.models import Deed
from qatysu.proposals.reasons import label, state_label
from qatysu.web.words import STAGE_NAMES

DEEDS: Mapping[str, Promise] = {
    "create_city": _("Founded the city"),
    "edit_city": _("Changed the city"),
    "add_population": _("Added a head count"),
    "add_organiser": _("Added an organiser"),
    "create_round": _("Made the round"),
    "copy_round": _("Copied the round"),
    "edit_round": _("Changed the title"),
    "edit_constitution": _("Changed the rules"),
    "set_reserve": _("Set the reserve"),
    "save_funder": _("Saved a funder"),
    "remove_funder": _("Removed a funder"),
    "save_category": _("Saved a category"),
    "remove_category": _("Removed a category"),
    "publish_round": _("Published the round"),
    "edit_calendar": _("Changed the calendar"),
    "extend_stage": _("Extended a stage"),
    "pause_stage": _("Paused a stage"),
    "resume_stage": _("Resumed a stage"),
    "open_stage": _("Opened a stage early"),
    "close_stage": _("Closed a stage early"),
    "invite_staff": _("Invited a person to a role"),
    "accept_invitation": _("Accepted an invitation to a role"),
    "revoke_invitation": _("Took an invitation back"),
    "end_membership": _("Ended a role"),
    "start_draft": _("Began a draft"),
    "edit_proposal": _("Changed a proposal"),
    "translate_proposal": _("Translated a proposal"),
    "offer_merge": _("Offered a merge"),
    "decline_merge": _("Declined a merge"),
    "invite_to_team": _("Made a link into a team"),
    "revoke_invites": _("Took the links into a team back"),
    "join_team": _("Joined a team"),
    "leave_team": _("Left a team"),
    "remove_member": _("Removed a member from a team"),
    "hand_over_captaincy": _("Handed the team over to another captain"),
    "add_photo": _("Added a photo"),
    "remove_photo": _("Removed a photo"),
    "caption_photo": _("Named a photo"),
    "raise_photo": _("Moved a photo"),
    "comment": _("Wrote a comment"),
    "report_comment": _("Reported a comment"),
    "hide_comment": _("Hid a comment"),
    "unhide_comment": _("Showed a comment again"),
    "freeze_slate": _("Froze the ballot"),
    "issue_codes": _("Issued one-time codes"),
    "declare_residence": _("Declared to live in the city"),
    "declare": _("Counted the votes"),
    "decide_tie": _("Decided a tie"),
    "approve_results": _("Approved the results"),
    "publish_results": _("Published the results"),
    "propose_motion": _("Asked for an act of two people"),
    "confirm_motion": _("Confirmed an act of two people"),
    "decline_motion": _("Declined an act of two people"),
    "withdraw_motion": _("Took a motion back"),
    "follow_log": _("Set the dates of voting to what the log says"),
}
_MOVE = "proposal_"


def deed_text(action: str) -> str:
    """A deed in words; a deed of a later version of the program is shown by its code."""
    if action.startswith(_MOVE):
        return state_label(action.removeprefix(_MOVE))
    return str(DEEDS.get(action, action))


def deed_object(deed: Deed, numbers: Mapping[str, int]) -> str:
    """What the deed was done to: the number of a proposal (``numbers`` by key) or a stage; '' when its words say it."""
    kind, _sep, key = deed.target.partition(":")
    if kind == "rounds.stage":
        return str(STAGE_NAMES.get(key, key))
    return f"№ {numbers[key]}" if kind == "proposals.proposal" and key in numbers else ""


def deed_reason(deed: Deed) -> str:
    """The reason as written, or the words of a coded one."""
    if not deed.action.startswith(_MOVE):
        return deed.reason
    return label(deed.action.removeprefix(_MOVE), deed.reason) or deed.reason
