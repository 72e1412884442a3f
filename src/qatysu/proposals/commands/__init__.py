"""Writes about proposals: the public interface of the package, together with ``queries``."""

from qatysu.proposals.commands.drafting import add_translation, adopt_cost, file_on_behalf, save_step, start_draft
from qatysu.proposals.commands.merging import agree_merge, decline_merge, offer_merge
from qatysu.proposals.commands.moving import (
    accept_proposal,
    admit_proposal,
    mark_ready,
    record_withdrawal,
    refuse_admission,
    reject_proposal,
    reopen,
    return_proposal,
    start_session,
    submit_proposal,
    withdraw_proposal,
)
from qatysu.proposals.commands.photos import add_photo, caption_photo, raise_photo, remove_photo
from qatysu.proposals.commands.talking import (
    comment,
    follow,
    hide_comment,
    reply,
    report_comment,
    unfollow,
    unhide_comment,
)
from qatysu.proposals.commands.team import (
    hand_over_captaincy,
    invite_to_team,
    join_team,
    leave_team,
    remove_member,
    revoke_invites,
)

__all__ = [
    "accept_proposal",
    "add_photo",
    "add_translation",
    "admit_proposal",
    "adopt_cost",
    "agree_merge",
    "caption_photo",
    "comment",
    "decline_merge",
    "file_on_behalf",
    "follow",
    "hand_over_captaincy",
    "hide_comment",
    "invite_to_team",
    "join_team",
    "leave_team",
    "mark_ready",
    "offer_merge",
    "raise_photo",
    "record_withdrawal",
    "refuse_admission",
    "reject_proposal",
    "remove_member",
    "remove_photo",
    "reopen",
    "reply",
    "report_comment",
    "return_proposal",
    "revoke_invites",
    "save_step",
    "start_draft",
    "start_session",
    "submit_proposal",
    "unfollow",
    "unhide_comment",
    "withdraw_proposal",
]
