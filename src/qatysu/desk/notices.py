"""Letters of the desk: answers to people, news to the owner of a question; each in the language of its reader."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from qatysu.desk.mailboxes import address_of
from qatysu.desk.models import Post, Thread
from qatysu.identity.models import Account, Channel
from qatysu.outbox.commands import enqueue
from qatysu.proposals.notices import contact_of
from qatysu.ui import dates
from qatysu.vault import unseal


def reach(thread: Thread) -> tuple[str, str] | None:
    """(channel, address) of the person who asked; None for somebody who left none."""
    if thread.contact_sealed:
        return thread.contact_channel, unseal(bytes(thread.contact_sealed))
    if thread.account is not None and thread.account.is_active:
        return contact_of(thread.account)
    return None


def language_of(thread: Thread) -> str:
    """In which language the person reads."""
    return thread.account.language if thread.account is not None else thread.language


def link_of(thread: Thread, language: str) -> str:
    """The private page of the thread."""
    return f"{settings.ORIGIN}/{language}/help/{unseal(bytes(thread.token_sealed))}/"


def message_id(thread: Thread, serial: str) -> str:
    """Message-ID of a letter of ours; answers carry it back in In-Reply-To."""
    return f"<desk.{thread.ref}.{serial}@{urlsplit(settings.ORIGIN).hostname or 'localhost'}>"


def tell_answer(thread: Thread, post: Post, now: datetime) -> bool:
    """The answer itself by e-mail, or by SMS that it is there. Returns whether anybody could be told."""
    to = reach(thread)
    if to is None:
        return False
    language = language_of(thread)
    with translation.override(language):
        link = link_of(thread, language)
        if to[0] == Channel.SMS:
            body = _("The Project Centre answered your question: %(link)s") % {"link": link}
        else:
            tail = _("Answer this letter, or write on this page:")
            body = f"{post.text}\n\n—\n{_('Project Centre')}\n{tail}\n{link}"
        _send(thread, to, body, f"desk-answer:{post.pk}", str(post.pk), now)
    return True


def acknowledge(thread: Thread, now: datetime) -> None:
    """The question arrived, and until when it will be answered; with the private link."""
    to = reach(thread)
    if to is None or thread.due_at is None:
        return
    language = language_of(thread)
    with translation.override(language):
        link = link_of(thread, language)
        due = thread.due_at.astimezone(_zone(thread))
        said = {"day": dates.long(due.date(), language), "time": f"{due:%H:%M}", "link": link}
        body = _("We have your question. We will answer by %(day)s, %(time)s. Your page: %(link)s") % said
        _send(thread, to, body, f"desk-got:{thread.pk}", "0", now, automatic=True)


def tell_owner(thread: Thread, post: Post, now: datetime) -> None:
    """Whoever took the question learns that the person wrote again."""
    owner = thread.owner
    contact = contact_of(owner) if owner is not None and owner.is_active and owner.wants_messages else None
    if owner is None or contact is None:
        return
    with translation.override(owner.language):
        said = {"ref": thread.ref, "subject": thread.subject}
        body = _("There is a new message in the question “%(subject)s”.") % said
        link = f"{settings.ORIGIN}/{owner.language}/desk/{thread.city.slug}/{thread.pk}/"
        enqueue(
            channel=contact[0],
            address=contact[1],
            subject=_("Question %(ref)s") % said,
            body=f"{body}\n{link}",
            dedupe_key=f"desk-owner:{post.pk}:{owner.pk}",
            now=now,
            account=owner,
            headers={"Auto-Submitted": "auto-generated"},
        )


def tell_assigned(thread: Thread, owner: Account, now: datetime) -> None:
    """Whoever was given a question by somebody else learns of it."""
    contact = contact_of(owner) if owner.wants_messages else None
    if contact is None:
        return
    with translation.override(owner.language):
        body = _("The question “%(subject)s” is yours now.") % {"subject": thread.subject}
        link = f"{settings.ORIGIN}/{owner.language}/desk/{thread.city.slug}/{thread.pk}/"
        enqueue(
            channel=contact[0],
            address=contact[1],
            subject=_("Question %(ref)s") % {"ref": thread.ref},
            body=f"{body}\n{link}",
            dedupe_key=f"desk-given:{thread.pk}:{owner.pk}:{now:%Y%m%d%H%M}",
            now=now,
            account=owner,
            headers={"Auto-Submitted": "auto-generated"},
        )


def _send(
    thread: Thread, to: tuple[str, str], body: str, key: str, serial: str, now: datetime, *, automatic: bool = False
) -> None:
    headers = {"Message-ID": message_id(thread, serial)}
    own = address_of(thread.city.slug)
    if own:
        headers["Reply-To"] = own
    if automatic:
        headers["Auto-Submitted"] = "auto-replied"
    last = thread.posts.filter(message_id__isnull=False, is_staff=False).order_by("-at", "-pk").first()
    if last is not None and last.message_id:
        headers["In-Reply-To"] = headers["References"] = last.message_id
    enqueue(
        channel=to[0],
        address=to[1],
        subject=f"Re: {thread.subject[:160]} [#{thread.ref}]",
        body=body,
        dedupe_key=key,
        now=now,
        account=thread.account,
        headers=headers if to[0] == Channel.EMAIL else None,
    )


def _zone(thread: Thread) -> ZoneInfo:
    return ZoneInfo(thread.city.time_zone)
