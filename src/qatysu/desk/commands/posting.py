"""What every message has in common: its words, its files, and whose turn it is afterwards."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from qatysu.audit.commands import record
from qatysu.core.errors import Conflict, Invalid, NotFound
from qatysu.desk.clock import clock_of
from qatysu.desk.models import Post, PostFile, Thread, ThreadState
from qatysu.files.commands import accept_upload
from qatysu.identity.models import Account

LONGEST_TEXT, LONGEST_QUOTED, LONGEST_SUBJECT, LONGEST_NAME = 8000, 20_000, 160, 80
MOST_FILES = 5
#: The same words of the same person within this time are a second click.
AGAIN = timedelta(minutes=10)
#: Owner of files that came by e-mail from people without an account; nobody can sign in as it.
_MAILROOM = uuid.UUID("6d61696c-726f-4f6d-8000-717461796474")


def printable(text: str) -> str:
    """``text`` without control signs and stray carriage returns; may be empty."""
    return "".join(ch for ch in text.replace("\r\n", "\n").replace("\r", "\n") if ch >= " " or ch in "\n\t").strip()


def clean_text(text: str, limit: int = LONGEST_TEXT) -> str:
    """Words without NUL and stray carriage returns. Raises Invalid ``text_needed`` or ``too_long`` with field ``text``."""
    words = printable(text)
    if not words or len(words) > limit:
        raise Invalid("too_long" if words else "text_needed", field="text", limit=limit)
    return words


def one_line(text: str, limit: int) -> str:
    """``text`` on one line of printable signs, cut at ``limit``."""
    return " ".join("".join(ch if ch.isprintable() else " " for ch in text).split())[:limit].strip()


def language_from(code: str) -> str:
    """One of the three languages; Kazakh for anything else."""
    return code if code in ("kk", "ru", "en") else "kk"


def lock(thread: Thread) -> Thread:
    """The thread read again FOR UPDATE, with city, people and project. Raises NotFound."""
    rows = Thread.objects.select_for_update(of=("self",)).select_related("city", "account", "owner", "proposal", "round__city")
    found = rows.filter(pk=thread.pk).first()
    if found is None:
        raise NotFound("thread")
    return found


def mailroom(now: datetime) -> Account:
    """The account that owns files of people without one."""
    values = {"is_active": False, "created_at": now, "wants_messages": False}
    return Account.objects.get_or_create(public_id=_MAILROOM, defaults=values)[0]


def add_files(post: Post, uploads: Sequence[UploadedFile[Any]], now: datetime) -> None:
    """Store files with ``post``. Raises Invalid with field ``file``; ``too_many_files`` for more than five."""
    if len(uploads) > MOST_FILES:
        raise Invalid("too_many_files", field="file", limit=MOST_FILES)
    for upload in uploads:
        stored = accept_upload(owner=post.author or post.entered_by or mailroom(now), upload=upload, now=now)
        PostFile.objects.create(post=post, file=stored)


def same_again(thread: Thread, author: Any, text: str, now: datetime, *, is_staff: bool, is_note: bool = False) -> Post | None:
    """The last message of the thread when it is this one, sent a moment ago by the same person."""
    last = thread.posts.order_by("-at", "-pk").first()
    is_same = (
        last is not None
        and last.text == text
        and last.is_staff == is_staff
        and last.is_note == is_note
        and last.author_id == getattr(author, "pk", None)
        and last.at >= now - AGAIN
    )
    return last if is_same else None


def asked(thread: Thread, now: datetime) -> None:
    """The person wrote: an answer is owed, since the first question that has none."""
    thread.changed_at = now
    if thread.state != ThreadState.OPEN:
        thread.state, thread.closed_at = ThreadState.OPEN, None
        thread.asked_at, thread.due_at = now, clock_of(thread.city).due(now)
    thread.save()


def answered(thread: Thread, actor: Any, now: datetime, *, is_done: bool) -> None:
    """The desk answered; the first answer is measured in open minutes by the hours of today."""
    if thread.first_answered_at is None:
        since = thread.asked_at or thread.opened_at
        thread.first_answered_at, thread.first_answered_by = now, actor
        thread.answer_minutes = clock_of(thread.city).minutes(since, now)
        thread.was_late = thread.due_at is not None and now > thread.due_at
    thread.owner = thread.owner or actor
    settle(thread, now, is_done=is_done)


def settle(thread: Thread, now: datetime, *, is_done: bool) -> None:
    """Nothing is owed: the thread waits for the person, or is done."""
    thread.state = ThreadState.CLOSED if is_done else ThreadState.WAITING
    thread.closed_at = now if is_done else None
    thread.asked_at = thread.due_at = None
    thread.changed_at = now
    thread.save()


def need_open(thread: Thread) -> None:
    """Raises Conflict ``thread_closed``."""
    if thread.state == ThreadState.CLOSED:
        raise Conflict("thread_closed")


def did(actor: Any, action: str, thread: Thread, now: datetime, **detail: Any) -> None:
    """One line of the trail about this thread."""
    record(
        actor=actor,
        action=action,
        now=now,
        place=thread.city.slug,
        target=f"desk.thread:{thread.pk}",
        **detail,
    )
