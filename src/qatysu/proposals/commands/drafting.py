"""A draft: begin it, save it step by step, file one for a resident."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from qatysu.core.errors import Conflict, Invalid, NotAllowed
from qatysu.core.regulation import Action
from qatysu.identity.contact import parse_contact
from qatysu.identity.limits import Limit, take
from qatysu.identity.models import Account, Channel
from qatysu.proposals.commands.guards import lock, note, team_roles
from qatysu.proposals.commands.versions import keep_version, stems_of
from qatysu.proposals.models import Proposal, State, TeamMember, Translation
from qatysu.proposals.readiness import STEP_FIELDS, lacks
from qatysu.rounds.authorize import authorize
from qatysu.rounds.models import Category, Round
from qatysu.rounds.touching import touch
from qatysu.vault import seal

DRAFTS = Limit("drafts", 10, 86_400)
EDITABLE = (State.DRAFT, State.SUBMITTED, State.RETURNED, State.ACCEPTED, State.IN_SESSIONS)


def start_draft(
    *, actor: Any, round_: Round, language: str, now: datetime, prefill: Mapping[str, Any] | None = None
) -> Proposal:
    """A new draft with the actor as its captain, begun with ``prefill``; an untouched one of the person is given again.

    Raises StageClosed, NotAllowed ``too_young``, TooMany.
    """
    with transaction.atomic():
        authorize(actor, Action.DRAFT_PROPOSAL, round_, now=now)
        age = round_.constitution.proposer_min_age
        if actor.birth_year and now.year - actor.birth_year < age:
            raise NotAllowed("too_young", age=age)
        untouched = Proposal.objects.filter(round=round_, author=actor, filed_by=None, state=State.DRAFT, revision=0)
        found = untouched.filter(files=None).first()
        if found is None:
            take([(DRAFTS, str(actor.pk))], now=now)
            found = _new_draft(actor, actor, None, round_, language, now)
        if prefill:
            _apply(found, "what", prefill, now)
        return found


def file_on_behalf(*, actor: Any, round_: Round, identifier: str, name: str, language: str, now: datetime) -> Proposal:
    """A draft of a resident, known by phone or e-mail, written by the Centre and marked so.

    Raises Invalid with field ``identifier``, StageClosed, NotAllowed.
    """
    contact = parse_contact(identifier)
    with transaction.atomic():
        authorize(actor, Action.FILE_ON_BEHALF, round_, now=now)
        field = "phone" if contact.channel is Channel.SMS else "email"
        author, _ = Account.objects.get_or_create(
            **{f"{field}_hash": contact.hash},
            defaults={
                f"{field}_sealed": seal(contact.value),
                "name": name.strip()[:80],
                "language": language,
                "created_at": now,
            },
        )
        return _new_draft(actor, author, actor, round_, language, now)


def _new_draft(actor: Any, author: Any, filed_by: Any, round_: Round, language: str, now: datetime) -> Proposal:
    draft = Proposal.objects.create(
        round=round_, author=author, filed_by=filed_by, language=language, created_at=now, changed_at=now
    )
    TeamMember.objects.create(proposal=draft, account=author, role=TeamMember.Role.CAPTAIN, joined_at=now)
    note(actor, "start_draft", draft, now, on_behalf=filed_by is not None)
    return draft


def save_step(
    *, actor: Any, proposal: Proposal, step: str, values: Mapping[str, Any], revision: int, now: datetime
) -> Proposal:
    """Save the fields of one step; after submission the text stays complete and each revision is kept.

    Saving the same values again changes nothing. Raises Conflict ``edited_elsewhere`` with ``stored`` and ``sent`` when
    the form was opened on an older revision: nothing is lost, the person decides. Raises Conflict ``not_editable``.
    """
    with transaction.atomic():
        row = lock(proposal)
        authorize(actor, Action.EDIT_PROPOSAL, row.round, now=now, also=team_roles(actor, row, now))
        if row.state not in EDITABLE:
            raise Conflict("not_editable", state=row.state)
        sent = {field: values[field] for field in STEP_FIELDS[step] if field in values}
        stored = {field: getattr(row, field) for field in sent}
        if sent == stored:
            return row
        if revision != row.revision:
            raise Conflict("edited_elsewhere", stored=stored, sent=sent, revision=row.revision)
        _apply(row, step, sent, now)
        if row.number is not None:
            keep_version(row, actor, now)
            note(actor, "edit_proposal", row, now, revision=row.revision, step=step)
            touch(row.round)
        return row


def _apply(row: Proposal, step: str, sent: Mapping[str, Any], now: datetime) -> None:
    category = sent.get("category_id")
    if category is not None and not Category.objects.filter(pk=category, round=row.round_id).exists():
        raise Invalid("category_other_round", field="category")
    for field, value in sent.items():
        setattr(row, field, value)
    if row.state not in (State.DRAFT, State.RETURNED):
        for lack in lacks(row, row.round.constitution):
            if lack.step == step:
                raise Invalid(lack.reason, field=lack.field)
    row.revision += 1
    row.changed_at = now
    row.stems = stems_of(row)
    row.save(update_fields=(*sent, "revision", "changed_at", "stems"))


def add_translation(
    *,
    actor: Any,
    proposal: Proposal,
    language: str,
    title: str,
    problem: str,
    solution: str,
    address: str,
    now: datetime,
) -> Translation:
    """The Centre's translation into another language; replaces an earlier one. Raises Invalid for the language it has."""
    with transaction.atomic():
        row = lock(proposal)
        authorize(actor, Action.MODERATE, row.round, now=now)
        if language == row.language:
            raise Invalid("same_language", field="language")
        if not title.strip():
            raise Invalid("title_needed", field="title")
        made, _ = Translation.objects.update_or_create(
            proposal=row,
            language=language,
            defaults={"title": title, "problem": problem, "solution": solution, "address": address},
        )
        row.stems = stems_of(row)
        row.save(update_fields=("stems",))
        note(actor, "translate_proposal", row, now, language=language)
        touch(row.round)
        return made


def adopt_cost(*, actor: Any, proposal: Proposal, cost_tenge: int, now: datetime) -> Proposal:
    """The worked-out estimate takes the place of the rough cost, as a revision of its own; the same sum changes nothing.

    Raises Invalid ``cost_over_cap``, ``cost_under_min``.
    """
    with transaction.atomic():
        row = lock(proposal)
        authorize(actor, Action.PREPARE_PROJECT, row.round, now=now)
        if row.cost_tenge == cost_tenge:
            return row
        _apply(row, "money", {"cost_tenge": cost_tenge}, now)
        keep_version(row, actor, now)
        note(actor, "adopt_cost", row, now, revision=row.revision, cost=cost_tenge)
        touch(row.round)
        return row
