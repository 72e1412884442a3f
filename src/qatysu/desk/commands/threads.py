"""Questions: opened, answered, noted, given to somebody, closed."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from qatysu.core.codes import ALPHABET
from qatysu.core.errors import Invalid, NotAllowed
from qatysu.core.regulation import Action
from qatysu.desk import notices
from qatysu.desk.clock import clock_of
from qatysu.desk.commands.posting import (
    AGAIN,
    LONGEST_NAME,
    LONGEST_SUBJECT,
    add_files,
    answered,
    asked,
    clean_text,
    did,
    language_from,
    lock,
    need_open,
    one_line,
    same_again,
    settle,
)
from qatysu.desk.models import Channel, Post, Thread, ThreadState
from qatysu.desk.standing import authorize_desk, keeps
from qatysu.identity.contact import Contact, parse_contact
from qatysu.identity.limits import Limit, take
from qatysu.identity.models import Account
from qatysu.places.models import City
from qatysu.proposals.commands.guards import team_roles
from qatysu.proposals.models import Proposal
from qatysu.rounds.authorize import authorize
from qatysu.vault import keyed_hash, seal

#: A carrier puts a whole district behind one address; a person asks a few questions.
ASK_NETWORK = Limit("desk-network", 30, 3600)
ASK_PERSON = Limit("desk-person", 10, 3600)
BY_HAND = frozenset({Channel.PHONE, Channel.WALK_IN})


def token_hash(token: str) -> str:
    """What finds the thread of a private link."""
    return keyed_hash("desk-link", token)


@dataclass(frozen=True, slots=True)
class _Asker:
    """Who asks: an account, or a name with an address, or a name alone (in person)."""

    account: Account | None
    name: str
    contact: Contact | None

    @property
    def key(self) -> str:
        if self.account is not None:
            return f"account:{self.account.pk}"
        return f"contact:{self.contact.hash}" if self.contact else ""


def open_thread(
    *,
    actor: Any,
    city: City,
    channel: str,
    subject: str,
    text: str,
    language: str,
    now: datetime,
    proposal: Proposal | None = None,
    contact: str = "",
    contact_name: str = "",
    network: str = "",
    uploads: Sequence[UploadedFile[Any]] = (),
    message_id: str | None = None,
    quoted: str = "",
    acknowledged: bool = True,
) -> Thread:
    """A new question with its first message; the same one again within ten minutes is the same thread.

    ``phone`` and ``walk_in`` are entered by the desk; ``workspace`` by the team of ``proposal``; ``web`` by anybody, from
    ``network``. Raises Invalid (fields ``subject``, ``text``, ``identifier``, ``file``), NotAllowed, TooMany.
    """
    kind = Channel(channel)
    with transaction.atomic():
        _may_open(actor, kind, city, proposal, now)
        asker = _asker(actor, kind, contact, contact_name)
        words, title = clean_text(text), one_line(subject, LONGEST_SUBJECT) or one_line(text, 80)
        if not title:
            raise Invalid("subject_needed", field="subject")
        known = _opened_just_now(city, asker, title, words, now)
        if known is not None:
            return known
        if kind in (Channel.WEB, Channel.WORKSPACE):
            take([(ASK_NETWORK, network or "unknown"), (ASK_PERSON, asker.key or network)], now=now)
        thread = _new(city, kind, title, language_from(language), asker, proposal, now)
        by_hand = actor if kind in BY_HAND else None
        post = Post.objects.create(
            thread=thread, author=asker.account, entered_by=by_hand, language=thread.language, text=words, quoted=quoted,
            channel=kind, message_id=message_id, at=now,
        )  # fmt: skip
        add_files(post, uploads, now)
        did(actor, "open_thread", thread, now, channel=str(kind))
        if acknowledged and kind in (Channel.WEB, Channel.EMAIL):
            notices.acknowledge(thread, now)
        return thread


def _may_open(actor: Any, kind: Channel, city: City, proposal: Proposal | None, now: datetime) -> None:
    if kind in BY_HAND:
        authorize_desk(actor, city, now)
    elif kind is Channel.WORKSPACE:
        if proposal is None or proposal.round.city_id != city.pk:
            raise Invalid("proposal", field="proposal")
        authorize(actor, Action.TALK_IN_TEAM, proposal.round, now=now, also=team_roles(actor, proposal, now))
    if proposal is not None and kind in BY_HAND and proposal.round.city_id != city.pk:
        raise Invalid("proposal", field="proposal")


def _asker(actor: Any, kind: Channel, contact: str, name: str) -> _Asker:
    """Raises Invalid with field ``identifier`` when nobody could be answered."""
    clean = one_line(name, LONGEST_NAME)
    parsed = parse_contact(contact) if contact.strip() else None
    if kind in BY_HAND:
        if parsed is None and not clean:
            raise Invalid("name_needed", field="contact_name")
        return _Asker(None, clean, parsed)
    if isinstance(actor, Account):
        return _Asker(actor, actor.name, None)
    if parsed is None:
        raise Invalid("contact", field="identifier")
    return _Asker(None, clean, parsed)


def _opened_just_now(city: City, asker: _Asker, subject: str, text: str, now: datetime) -> Thread | None:
    rows = Thread.objects.filter(city=city, subject=subject, opened_at__gte=now - AGAIN, opened_at__lte=now)
    if asker.account is not None:
        rows = rows.filter(account=asker.account)
    else:
        rows = rows.filter(account=None, contact_name=asker.name, contact_hash=asker.contact.hash if asker.contact else "")
    found = rows.order_by("-opened_at").first()
    return found if found is not None and found.posts.filter(text=text).exists() else None


def _new(
    city: City, kind: Channel, subject: str, language: str, asker: _Asker, proposal: Proposal | None, now: datetime
) -> Thread:
    token = secrets.token_urlsafe(24)
    contact = asker.contact
    return Thread.objects.create(
        city=city, round=proposal.round if proposal else None, proposal=proposal, channel=kind, subject=subject,
        language=language, account=asker.account, contact_name="" if asker.account else asker.name,
        contact_channel=contact.channel.value if contact else "", contact_sealed=seal(contact.value) if contact else None,
        contact_hash=contact.hash if contact else "", ref="".join(secrets.choice(ALPHABET) for _ in range(8)),
        token_sealed=seal(token), token_hash=token_hash(token), opened_at=now, asked_at=now, due_at=clock_of(city).due(now),
        changed_at=now,
    )  # fmt: skip


def is_asker(actor: Any, thread: Thread) -> bool:
    """Whether the thread is the account's own question: asked signed in, or from an address of the account."""
    if not isinstance(actor, Account):
        return False
    hashes = {actor.email_hash, actor.phone_hash} - {None, ""}
    return thread.account_id == actor.pk or bool(thread.contact_hash and thread.contact_hash in hashes)


def write(
    *,
    actor: Any,
    thread: Thread,
    text: str,
    now: datetime,
    token: str = "",
    channel: str = Channel.WEB,
    network: str = "",
    uploads: Sequence[UploadedFile[Any]] = (),
    message_id: str | None = None,
    quoted: str = "",
) -> Post:
    """The person who asked (or the team) writes on; a closed question opens again.

    ``token`` of the private link, or the account itself, shows who it is; letters were compared with the address before.
    Raises NotAllowed, Invalid, TooMany.
    """
    with transaction.atomic():
        row = lock(thread)
        is_letter = Channel(channel) is Channel.EMAIL
        if not is_letter and not _may_write(actor, row, token, now):
            raise NotAllowed("role", action="desk_write")
        words, author = clean_text(text), actor if isinstance(actor, Account) else None
        same = same_again(row, author, words, now, is_staff=False)
        if same is not None:
            return same
        if not is_letter:
            take([(ASK_NETWORK, network or "unknown"), (ASK_PERSON, f"thread:{row.pk}")], now=now)
        post = Post.objects.create(
            thread=row, author=author, language=row.language, text=words, quoted=quoted, channel=channel,
            message_id=message_id, at=now,
        )  # fmt: skip
        add_files(post, uploads, now)
        asked(row, now)
        did(actor, "write_to_desk", row, now, post=post.pk)
        notices.tell_owner(row, post, now)
        return post


def _may_write(actor: Any, thread: Thread, token: str, now: datetime) -> bool:
    if token and secrets.compare_digest(token_hash(token), thread.token_hash):
        return True
    if is_asker(actor, thread):
        return True
    return thread.proposal is not None and bool(team_roles(actor, thread.proposal, now))


def reply(
    *,
    actor: Any,
    thread: Thread,
    text: str,
    now: datetime,
    is_done: bool = False,
    channel: str = Channel.WEB,
    uploads: Sequence[UploadedFile[Any]] = (),
) -> Post:
    """The desk answers; ``is_done`` closes the question. By phone or in person nothing is sent, the words are kept.

    Raises NotAllowed, Invalid, Conflict ``own_question``.
    """
    with transaction.atomic():
        row = lock(thread)
        authorize_desk(actor, row.city, now)
        if is_asker(actor, row):
            raise NotAllowed("own_question")
        words = clean_text(text)
        same = same_again(row, actor, words, now, is_staff=True)
        if same is not None:
            return same
        post = Post.objects.create(
            thread=row, author=actor, is_staff=True, language=row.language, text=words, channel=channel, at=now
        )
        add_files(post, uploads, now)
        answered(row, actor, now, is_done=is_done)
        did(actor, "answer_thread", row, now, post=post.pk)
        if Channel(channel) not in BY_HAND:
            notices.tell_answer(row, post, now)
        return post


def note(*, actor: Any, thread: Thread, text: str, now: datetime) -> Post:
    """A note that only the desk reads; it changes nothing else. ``actor`` None: the program itself (lost files)."""
    with transaction.atomic():
        row = lock(thread)
        if actor is not None:
            authorize_desk(actor, row.city, now)
        words = clean_text(text)
        same = same_again(row, actor, words, now, is_staff=True, is_note=True)
        if same is not None:
            return same
        made = Post.objects.create(
            thread=row, author=actor, is_staff=True, is_note=True, language=row.language, text=words, channel=Channel.WEB, at=now
        )
        if actor is not None:
            did(actor, "note_thread", row, now, post=made.pk)
        return made


def assign(*, actor: Any, thread: Thread, owner: Account | None, now: datetime) -> Thread:
    """Give the question to a member of the desk, take it, or (None) let it go. Raises Invalid ``not_a_keeper``."""
    with transaction.atomic():
        row = lock(thread)
        authorize_desk(actor, row.city, now)
        if owner is not None and not keeps(owner, row.city, now):
            raise Invalid("not_a_keeper", field="owner")
        if row.owner_id == (owner.pk if owner else None):
            return row
        row.owner, row.changed_at = owner, now
        row.save(update_fields=("owner", "changed_at"))
        did(actor, "assign_thread", row, now, owner=owner.pk if owner else None)
        if owner is not None and owner.pk != actor.pk:
            notices.tell_assigned(row, owner, now)
        return row


def close(*, actor: Any, thread: Thread, now: datetime) -> Thread:
    """Nothing more is owed; closed again it stays closed."""
    with transaction.atomic():
        row = lock(thread)
        authorize_desk(actor, row.city, now)
        if row.state != ThreadState.CLOSED:
            settle(row, now, is_done=True)
            did(actor, "close_thread", row, now)
        return row


def reopen(*, actor: Any, thread: Thread, now: datetime) -> Thread:
    """An answer is owed after all, from now on."""
    with transaction.atomic():
        row = lock(thread)
        authorize_desk(actor, row.city, now)
        if row.state != ThreadState.OPEN:
            asked(row, now)
            did(actor, "reopen_thread", row, now)
        return row


def link_proposal(*, actor: Any, thread: Thread, proposal: Proposal | None, now: datetime) -> Thread:
    """Say which project the question is about. Raises Invalid ``proposal`` for one of another city."""
    with transaction.atomic():
        row = lock(thread)
        authorize_desk(actor, row.city, now)
        if proposal is not None and proposal.round.city_id != row.city_id:
            raise Invalid("proposal", field="proposal")
        if row.channel == Channel.WORKSPACE:
            raise Invalid("proposal_fixed", field="proposal")
        row.proposal, row.round = proposal, proposal.round if proposal else None
        row.save(update_fields=("proposal", "round"))
        did(actor, "link_thread", row, now, proposal=proposal.pk if proposal else None)
        return row


def forget_person(*, account: Account, now: datetime) -> int:
    """Erase what ``account`` wrote to desks and the addresses left there. Returns how many threads that were."""
    with transaction.atomic():
        hashes = [value for value in (account.email_hash, account.phone_hash) if value]
        own = Thread.objects.filter(account=account) | Thread.objects.filter(contact_hash__in=hashes)
        ids = list(own.values_list("pk", flat=True))
        words = Post.objects.filter(is_staff=False, erased_at=None)
        (words.filter(thread__in=ids) | words.filter(author=account)).update(text="—", quoted="", erased_at=now)
        empty = {"contact_name": "", "contact_channel": "", "contact_sealed": None, "contact_hash": ""}
        return Thread.objects.filter(pk__in=ids).update(subject="—", **empty)


__all__ = [
    "assign",
    "close",
    "forget_person",
    "is_asker",
    "link_proposal",
    "need_open",
    "note",
    "open_thread",
    "reopen",
    "reply",
    "token_hash",
    "write",
]
