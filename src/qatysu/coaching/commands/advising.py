"""Advice from experts and invited specialists, and translations of the Centre."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from qatysu.coaching import notices
from qatysu.coaching.commands.guards import lock_room, lock_work, may, note
from qatysu.coaching.digests import source_digest, token_hash
from qatysu.coaching.models import Opinion, SpecialistInvite, Work, Workspace, WorkTranslation
from qatysu.core.errors import Conflict, Invalid, NotAllowed, NotFound
from qatysu.core.regulation import Action
from qatysu.proposals.commands.guards import team_roles
from qatysu.workbook.schema import Kind, form_from

LONGEST_DAYS = 60
LANGUAGES = ("kk", "ru", "en")
TEXTS = frozenset({Kind.TEXT, Kind.LONG_TEXT})


def _text(value: str, field: str, limit: int, *, is_needed: bool = True) -> str:
    text = value.replace("\0", "").replace("\r\n", "\n").strip()
    if is_needed and not text:
        raise Invalid("text_needed", field=field)
    if len(text) > limit:
        raise Invalid("too_long", field=field, limit=limit)
    return text


def _language(language: str) -> str:
    if language not in LANGUAGES:
        raise Invalid("language", field="language")
    return language


def _verdict(verdict: str) -> str:
    if verdict not in Opinion.Verdict.values:
        raise Invalid("verdict", field="verdict")
    return verdict


def give_opinion(
    *, actor: Any, workspace: Workspace, verdict: str, text: str, language: str, now: datetime
) -> Opinion:
    """A member of the Council checks beforehand and recommends. Raises NotAllowed ``own_proposal``; Invalid."""
    with transaction.atomic():
        room = lock_room(workspace)
        may(actor, Action.PRECHECK_PROJECT, room, now)
        if team_roles(actor, room.proposal, now):
            raise NotAllowed("own_proposal")
        made = Opinion.objects.create(
            workspace=room,
            kind=Opinion.Kind.EXPERT,
            account=actor,
            verdict=_verdict(verdict),
            language=_language(language),
            text=_text(text, "text", 4000),
            at=now,
        )
        note(actor, "give_opinion", room, now, verdict=verdict)
        notices.tell_opinion(made, now)
        return made


def invite_specialist(
    *,
    actor: Any,
    workspace: Workspace,
    name: str,
    organisation: str,
    question: str,
    language: str,
    days: int,
    token: str,
    now: datetime,
) -> SpecialistInvite:
    """A link for one specialist, valid for ``days``; ``token`` is drawn at the edge and shown once."""
    with transaction.atomic():
        room = lock_room(workspace)
        may(actor, Action.INVITE_SPECIALIST, room, now)
        if not 1 <= days <= LONGEST_DAYS:
            raise Invalid("days", field="days", limit=LONGEST_DAYS)
        made = SpecialistInvite.objects.create(
            workspace=room,
            name=_text(name, "name", 120),
            organisation=_text(organisation, "organisation", 160),
            question=_text(question, "question", 2000),
            language=_language(language),
            token_hash=token_hash(token),
            expires_at=now + timedelta(days=days),
            created_by=actor,
            at=now,
        )
        note(actor, "invite_specialist", room, now, invite=made.pk)
        return made


def revoke_invite(*, actor: Any, invite: SpecialistInvite, now: datetime) -> SpecialistInvite:
    """Make the link useless; an opinion already given stays."""
    with transaction.atomic():
        room = lock_room(invite.workspace)
        may(actor, Action.INVITE_SPECIALIST, room, now)
        row = SpecialistInvite.objects.select_for_update(of=("self",)).get(pk=invite.pk)
        if row.revoked_at is None:
            row.revoked_at = now
            row.save(update_fields=("revoked_at",))
            note(actor, "revoke_invite", room, now, invite=row.pk)
        return row


def answer_invite(*, token: str, verdict: str, text: str, language: str, now: datetime) -> Opinion:
    """The specialist answers by the link; at most five times, each answer is kept.

    Raises NotFound for a link that is unknown, over or revoked; Conflict ``answered_often``; Invalid.
    """
    with transaction.atomic():
        rows = SpecialistInvite.objects.select_for_update(of=("self",)).select_related(
            "workspace__proposal__round__city", "workspace__coach"
        )
        invite = rows.filter(token_hash=token_hash(token), revoked_at=None, expires_at__gt=now).first()
        if invite is None:
            raise NotFound("invite")
        if invite.opinions.count() >= 5:
            raise Conflict("answered_often")
        made = Opinion.objects.create(
            workspace=invite.workspace,
            kind=Opinion.Kind.SPECIALIST,
            invite=invite,
            verdict=_verdict(verdict),
            language=_language(language),
            text=_text(text, "text", 4000),
            at=now,
        )
        note(None, "answer_invite", invite.workspace, now, invite=invite.pk, verdict=verdict)
        notices.tell_opinion(made, now)
        return made


def translate_answer(
    *, actor: Any, work: Work, field: str, language: str, text: str, now: datetime
) -> WorkTranslation | None:
    """The Centre's translation of one text; '' takes it away (None). Raises Invalid ``unknown_field``, ``nothing_to_translate``."""
    with transaction.atomic():
        row = lock_work(work)
        may(actor, Action.TRANSLATE_PROJECT, row.workspace, now)
        asked = form_from(row.module.form).field(field)
        if asked is None or asked.kind not in TEXTS:
            raise Invalid("unknown_field", field="field")
        source = str(row.answers.get(field, ""))
        if not source:
            raise Invalid("nothing_to_translate", field="text")
        words = _text(text, "text", 20_000, is_needed=False)
        found = WorkTranslation.objects.filter(work=row, field=field, language=_language(language))
        if not words:
            found.delete()
            return None
        made, _ = WorkTranslation.objects.update_or_create(
            work=row,
            field=field,
            language=language,
            defaults={"text": words, "source_digest": source_digest(source), "translator": actor, "at": now},
        )
        note(actor, "translate_answer", row.workspace, now, module=row.module.slug, field=field, language=language)
        return made
