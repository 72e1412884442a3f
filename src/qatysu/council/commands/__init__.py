"""Writes of the Council."""

from __future__ import annotations

from qatysu.council.commands.appeals import file_appeal, refuse_appeal, take_appeal, withdraw_appeal
from qatysu.council.commands.deciding import mark_applied
from qatysu.council.commands.matters import collect_matters, file_matter, withdraw_matter
from qatysu.council.commands.meetings import (
    add_item,
    adjourn_meeting,
    call_meeting,
    cancel_meeting,
    change_meeting,
    close_meeting,
    draft_meeting,
    drop_item,
    mark_attendance,
    move_item,
    open_meeting,
    postpone_item,
    resume_meeting,
    write_minutes,
)
from qatysu.council.commands.polls import cancel_poll, cast_voice, close_poll, put_question, recuse
from qatysu.council.commands.protocols import (
    draft_protocol,
    fix_text,
    freeze_protocol,
    needed_seats,
    publish_protocol,
    send_back,
    sign_by_scan,
)
from qatysu.council.commands.seats import (
    accept_seat,
    decline_seat,
    end_interest,
    end_seat,
    name_seat,
    restore_seat,
    suspend_seat,
    tell_interest,
)

__all__ = [
    "accept_seat",
    "add_item",
    "adjourn_meeting",
    "call_meeting",
    "cancel_meeting",
    "cancel_poll",
    "cast_voice",
    "change_meeting",
    "close_meeting",
    "close_poll",
    "collect_matters",
    "decline_seat",
    "draft_meeting",
    "draft_protocol",
    "drop_item",
    "end_interest",
    "end_seat",
    "file_appeal",
    "file_matter",
    "fix_text",
    "freeze_protocol",
    "mark_applied",
    "mark_attendance",
    "move_item",
    "name_seat",
    "needed_seats",
    "open_meeting",
    "postpone_item",
    "publish_protocol",
    "put_question",
    "recuse",
    "refuse_appeal",
    "restore_seat",
    "resume_meeting",
    "send_back",
    "sign_by_scan",
    "suspend_seat",
    "take_appeal",
    "tell_interest",
    "withdraw_appeal",
    "withdraw_matter",
    "write_minutes",
]
