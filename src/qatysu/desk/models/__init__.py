"""Rows of the desk."""

from qatysu.desk.models.answers import Assist, CannedAnswer, Faq
from qatysu.desk.models.hours import DeskHours, SpecialDay
from qatysu.desk.models.mail import Letter, Mailbox
from qatysu.desk.models.threads import Channel, Post, PostFile, Thread, ThreadState

__all__ = [
    "Assist",
    "CannedAnswer",
    "Channel",
    "DeskHours",
    "Faq",
    "Letter",
    "Mailbox",
    "Post",
    "PostFile",
    "SpecialDay",
    "Thread",
    "ThreadState",
]
