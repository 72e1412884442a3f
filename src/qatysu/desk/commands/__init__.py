"""Writes of the desk."""

from qatysu.desk.commands.answers import delete_canned, publish_faq, save_canned, save_faq
from qatysu.desk.commands.keeping import edit_hours, record_assist, remove_special_day, set_special_day
from qatysu.desk.commands.mail import fetch_mail
from qatysu.desk.commands.threads import (
    assign,
    close,
    forget_person,
    is_asker,
    link_proposal,
    note,
    open_thread,
    reopen,
    reply,
    write,
)

__all__ = [
    "assign",
    "close",
    "delete_canned",
    "edit_hours",
    "fetch_mail",
    "forget_person",
    "is_asker",
    "link_proposal",
    "note",
    "open_thread",
    "publish_faq",
    "record_assist",
    "remove_special_day",
    "reopen",
    "reply",
    "save_canned",
    "save_faq",
    "set_special_day",
    "write",
]
