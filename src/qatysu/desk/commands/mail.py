"""Letters of the mailboxes become questions. A letter is taken up once, and never lost silently."""

from __future__ import annotations

import logging
import re
import ssl
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from imaplib import IMAP4
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _
from imap_tools import BaseMailBox, ImapToolsError, MailBox, MailBoxStartTls, MailBoxUnencrypted, MailMessageFlags

from qatysu.core.errors import Invalid, QatysuError
from qatysu.desk import letters
from qatysu.desk.commands import threads
from qatysu.desk.commands.posting import LONGEST_QUOTED, LONGEST_TEXT, add_files, printable
from qatysu.desk.letters import Incoming
from qatysu.desk.mailboxes import Account, accounts
from qatysu.desk.models import Channel, Letter, Mailbox, Post, Thread
from qatysu.identity.contact import parse_contact
from qatysu.identity.limits import Limit, take
from qatysu.places.models import City

log = logging.getLogger("qatysu.desk.mail")
PAUSE = timedelta(seconds=60)
TIMEOUT_S = 20
MOST_LETTERS = 50
#: A person writes a few letters; a loop of machines writes thousands.
LETTERS = Limit("desk-letters", 20, 3600)
Outcome = Letter.Outcome


def fetch_mail(now: datetime) -> int:
    """Take up the unread letters of every mailbox that was not looked into within the last minute. Returns how many.

    Failures are one line in the log without addresses; the letters stay unread and are taken up later.
    """
    try:
        boxes = accounts()
    except ValueError as error:
        log.error("%s", error)
        return 0
    return sum(_fetch_box(box, now) for box in boxes if _claim(box, now))


def _claim(box: Account, now: datetime) -> bool:
    """True for the one worker that may look into ``box`` now."""
    row, is_new = Mailbox.objects.get_or_create(name=box.key, defaults={"checked_at": now})
    return is_new or bool(Mailbox.objects.filter(pk=row.pk, checked_at__lte=now - PAUSE).update(checked_at=now))


def _fetch_box(box: Account, now: datetime) -> int:
    city = City.objects.filter(slug=box.city).first()
    if city is None:
        log.error("QATYSU_DESK_IMAP names a city that is not here")
        return 0
    error = ""
    count = 0
    try:
        with _connect(box) as mailbox:
            for uid in mailbox.uids("UNSEEN")[:MOST_LETTERS]:
                count += _take_up(mailbox, uid, box, city, now)
    except (OSError, ImapToolsError, IMAP4.error) as problem:
        error = type(problem).__name__
        log.warning("letters of %s were not fetched: %s", city.slug, error)
    Mailbox.objects.filter(name=box.key).update(error=error)
    return count


def _connect(box: Account) -> AbstractContextManager[BaseMailBox]:
    """TLS always, but on this machine itself. Certificates are checked by the standard library's defaults."""
    if box.is_tls:
        opened: Any = MailBox(box.host, box.port, timeout=TIMEOUT_S, ssl_context=ssl.create_default_context())
    elif box.is_local:
        opened = MailBoxUnencrypted(box.host, box.port, timeout=TIMEOUT_S)
    else:
        opened = MailBoxStartTls(box.host, box.port, timeout=TIMEOUT_S, ssl_context=ssl.create_default_context())
    found: AbstractContextManager[BaseMailBox] = opened.login(box.user, box.password, initial_folder=box.folder)
    return found


def _take_up(mailbox: BaseMailBox, uid: str, box: Account, city: City, now: datetime) -> int:
    """One letter, in a transaction of its own; marked as read once it is stored."""
    is_large = _size(mailbox, uid) > letters.LARGEST_BYTES
    raw = _bytes(mailbox, uid, "BODY.PEEK[HEADER]" if is_large else "BODY.PEEK[]")
    if not raw:
        return 0
    try:
        outcome = take_up(raw, box=box, city=city, now=now, is_large=is_large)
    except Exception as problem:  # noqa: BLE001  # reason: one strange letter must not hold up the others
        log.error("a letter to %s could not be read: %s", city.slug, type(problem).__name__)
        Letter.objects.get_or_create(key=letters.key_of(raw), defaults={"outcome": Outcome.UNREADABLE, "at": now})
        mailbox.flag(uid, [MailMessageFlags.FLAGGED, MailMessageFlags.SEEN], True)
        return 0
    mailbox.flag(uid, [MailMessageFlags.SEEN], True)
    return int(outcome is not None)


def _size(mailbox: BaseMailBox, uid: str) -> int:
    """Bytes of a letter as the server counts them; 0 for one that is gone."""
    _kind, answer = mailbox.client.uid("fetch", uid, "(RFC822.SIZE)")
    found = re.search(rb"RFC822\.SIZE (\d+)", b" ".join(part for part in answer if isinstance(part, bytes)))
    return int(found[1]) if found else 0


def _bytes(mailbox: BaseMailBox, uid: str, part: str) -> bytes:
    """A part of a letter as it lies on the server; empty for one that is gone."""
    _kind, answer = mailbox.client.uid("fetch", uid, f"({part})")
    return next((bytes(item[1]) for item in answer if isinstance(item, tuple)), b"")


def take_up(raw: bytes, *, box: Account, city: City, now: datetime, is_large: bool = False) -> str | None:
    """Store one letter. Returns what became of it; None when it was taken up before."""
    mail = letters.read(raw, own_address=box.address, own_host=urlsplit(settings.ORIGIN).hostname or "localhost")
    if Letter.objects.filter(key=mail.key).exists():
        return None
    try:
        with transaction.atomic():
            outcome, thread = _place(mail, city, now, is_large=is_large)
            Letter.objects.create(key=mail.key, outcome=outcome, thread=thread, at=now)
    except IntegrityError:
        # Another worker stored it at this very moment.
        if Letter.objects.filter(key=mail.key).exists():
            return None
        raise
    return str(outcome)


def _place(mail: Incoming, city: City, now: datetime, *, is_large: bool) -> tuple[Outcome, Thread | None]:
    if mail.is_own:
        return Outcome.OWN, None
    known = Thread.objects.filter(city=city, ref__in=mail.refs).select_related("city", "account").first() if mail.refs else None
    if mail.is_bounce:
        if known is not None:
            _note(known, _("A letter of this thread could not be delivered: the address may be wrong."), now)
        return Outcome.BOUNCED, known
    if mail.is_automatic:
        return Outcome.AUTOMATIC, known
    try:
        contact = parse_contact(mail.sender)
        take([(LETTERS, contact.hash)], now=now)
    except Invalid:
        return Outcome.UNREADABLE, None
    except QatysuError:
        return Outcome.LIMITED, known
    hashes = {known.contact_hash, known.account.email_hash if known.account else ""} if known is not None else set()
    post = _store(mail, city, known if contact.hash in hashes else None, now)
    if known is not None and contact.hash not in hashes:
        _note(post.thread, _("The letter names question %(ref)s, but came from another address.") % {"ref": known.ref}, now)
    _attach(mail, post, now, is_large=is_large)
    return (Outcome.ADDED if known is not None and contact.hash in hashes else Outcome.OPENED), post.thread


def _store(mail: Incoming, city: City, known: Thread | None, now: datetime) -> Post:
    language = known.language if known is not None else mail.language
    words = printable(mail.text)
    with translation.override(language):
        text = words[:LONGEST_TEXT] or _("(a letter without words)")
    quoted = printable(words[LONGEST_TEXT:] + "\n" + mail.quoted)[:LONGEST_QUOTED]
    message_id = mail.message_id or None
    if known is not None:
        return threads.write(
            actor=None, thread=known, text=text, quoted=quoted, now=now, channel=Channel.EMAIL, message_id=message_id
        )
    made = threads.open_thread(
        actor=None, city=city, channel=Channel.EMAIL, subject=mail.subject or text[:80], text=text, quoted=quoted,
        language=language, contact=mail.sender, contact_name=mail.sender_name, message_id=message_id, now=now,
    )  # fmt: skip
    return made.posts.order_by("pk")[0]


def _attach(mail: Incoming, post: Post, now: datetime, *, is_large: bool) -> None:
    """Files of the letter; those that cannot be kept are named to the desk with the reason."""
    lost: list[str] = [f"{name}: {_('too many files')}" for name in mail.dropped]
    for file in mail.files:
        try:
            with transaction.atomic():
                add_files(post, [SimpleUploadedFile(file.name, file.data)], now)
        except Invalid as error:
            lost.append(f"{file.name}: {error.reason}")
    if is_large:
        lost.append(_("the letter is too large; its text and files are in the mailbox"))
    if lost:
        _note(post.thread, _("Not taken over from the letter:") + "\n" + "\n".join(f"• {line[:200]}" for line in lost), now)


def _note(thread: Thread, text: str, now: datetime) -> None:
    threads.note(actor=None, thread=thread, text=text, now=now)
