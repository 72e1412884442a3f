"""Writes of the project sessions: the public interface of the package, together with ``queries``."""

from qatysu.coaching.commands.advising import (
    answer_invite,
    give_opinion,
    invite_specialist,
    revoke_invite,
    translate_answer,
)
from qatysu.coaching.commands.course import install_course
from qatysu.coaching.commands.handing import (
    accept_work,
    add_remark,
    resolve_remark,
    return_work,
    submit_work,
    take_back,
)
from qatysu.coaching.commands.keeping import add_file, remove_file
from qatysu.coaching.commands.passports import mark_ready
from qatysu.coaching.commands.rooms import assign_coach, choose_type, open_workspace, record_dropout
from qatysu.coaching.commands.saving import Saved, restore_version, save_work, settle_clash, tick_point

__all__ = [
    "Saved",
    "accept_work",
    "add_file",
    "add_remark",
    "answer_invite",
    "assign_coach",
    "choose_type",
    "give_opinion",
    "install_course",
    "invite_specialist",
    "mark_ready",
    "open_workspace",
    "record_dropout",
    "remove_file",
    "resolve_remark",
    "restore_version",
    "return_work",
    "revoke_invite",
    "save_work",
    "settle_clash",
    "submit_work",
    "take_back",
    "tick_point",
    "translate_answer",
]
