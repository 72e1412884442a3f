"""The gate to the Council: only a complete project passes, and what passes is fixed in a passport."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from qatysu.coaching.commands.guards import lock_room, may, note
from qatysu.coaching.models import Passport, Workspace
from qatysu.coaching.passport import digest_of, gather, public_files
from qatysu.coaching.queries.overview import readiness
from qatysu.coaching.queries.works import works_of
from qatysu.core.errors import Conflict
from qatysu.core.regulation import Action
from qatysu.proposals import commands as proposals
from qatysu.proposals.models import Proposal
from qatysu.vault.triggers import refused_by

GATE = "qatysu:gate:passport_incomplete"


def mark_ready(*, actor: Any, proposal: Proposal, now: datetime) -> Passport:
    """The Centre sends a complete project to the Council: the estimate becomes its cost, the passport is fixed, its
    pictures become public.

    Raises Conflict ``passport_incomplete`` with ``missing`` (codes and module slugs); Invalid with the first lack of the
    proposal itself; NotAllowed, StageClosed, IllegalMove.
    """
    try:
        with transaction.atomic():
            room = lock_room(Workspace.objects.get(proposal=proposal))
            may(actor, Action.PREPARE_PROJECT, room, now)
            works = works_of(room)
            state = readiness(room, works)
            if not state.is_ready:
                raise Conflict("passport_incomplete", missing=tuple((i.code, i.module) for i in state.missing))
            total = next((work.total_tenge for work in works if work.total_tenge), None)
            if total is not None:
                proposals.adopt_cost(actor=actor, proposal=room.proposal, cost_tenge=total, now=now)
            proposals.mark_ready(actor=actor, proposal=room.proposal, now=now)
            return issue(actor=actor, workspace=lock_room(room), now=now)
    except IntegrityError as error:
        if refused_by(error) == GATE:
            raise Conflict("passport_incomplete", missing=()) from error
        raise


def issue(*, actor: Any, workspace: Workspace, now: datetime) -> Passport:
    """Fix the present state of a project as its next passport and publish its pictures, in the caller's transaction."""
    works = works_of(workspace)
    # Through JSON once: what is stored is what was hashed, on either database.
    content = json.loads(json.dumps(gather(workspace, works, now), ensure_ascii=False))
    last = workspace.passports.order_by("-number").first()
    made = Passport.objects.create(
        workspace=workspace,
        number=last.number + 1 if last else 1,
        content=content,
        digest=digest_of(content),
        made_at=now,
        made_by=actor,
    )
    workspace.files.filter(file__public_id__in=public_files(works), published_at=None).update(published_at=now)
    note(actor, "issue_passport", workspace, now, number=made.number, digest=made.digest)
    return made
