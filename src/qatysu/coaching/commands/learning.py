"""Quizzes and certificates of participation."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from qatysu.audit.commands import record
from qatysu.coaching import notices_talk
from qatysu.coaching.commands.guards import may, note, touched
from qatysu.coaching.models import Certificate, Module, QuizAttempt, Workspace
from qatysu.coaching.participation import participants
from qatysu.core.errors import Invalid, NotAllowed, NotFound
from qatysu.core.regulation import Action
from qatysu.identity.limits import Limit, take
from qatysu.proposals.commands.guards import team_roles
from qatysu.rounds.authorize import authorize
from qatysu.rounds.models import Round
from qatysu.workbook.quiz import quiz_from, score

TRIES = Limit("quiz-tries", 40, 3600)


def take_quiz(
    *, actor: Any, workspace: Workspace, module: Module, answers: Mapping[str, str], now: datetime
) -> QuizAttempt:
    """One try of a member of the team; there may be as many as one likes, and the best one counts.

    ``answers`` are option ids by question id; others are ignored. Raises NotAllowed ``team_only``; NotFound for a module
    without a quiz; Invalid ``quiz_empty``; TooMany.
    """
    with transaction.atomic():
        may(actor, Action.TALK_IN_TEAM, workspace, now)
        if not team_roles(actor, workspace.proposal, now):
            raise NotAllowed("team_only")
        questions = quiz_from(module.quiz)
        if not questions or module.round_id != workspace.proposal.round_id:
            raise NotFound("quiz")
        options = {question.id: {option.id for option in question.options} for question in questions}
        known = {key: value for key, value in answers.items() if value in options.get(key, ())}
        if not known:
            raise Invalid("quiz_empty", field="quiz")
        take([(TRIES, str(actor.pk))], now=now)
        result = score(questions, known)
        made = QuizAttempt.objects.create(
            module=module,
            account=actor,
            right=result.right,
            total=result.total,
            is_passed=result.is_passed,
            answers=known,
            at=now,
        )
        touched(workspace, now)
        note(actor, "take_quiz", workspace, now, module=module.slug)
        return made


def issue_certificates(
    *, actor: Any, round_: Round, accounts: Collection[int] | None, now: datetime
) -> tuple[Certificate, ...]:
    """Certificates for those of ``accounts`` (None: for everybody) who have earned one and have a name and none yet.

    Numbers follow each other without gaps, however many people press the button at once: the round is locked.
    Raises Invalid ``nobody_chosen``.
    """
    with transaction.atomic():
        locked = Round.objects.select_for_update(of=("self",)).select_related("city").get(pk=round_.pk)
        authorize(actor, Action.ISSUE_CERTIFICATE, locked, now=now)
        if accounts is not None and not accounts:
            raise Invalid("nobody_chosen", field="person")
        chosen = [
            one for one in participants(locked) if one.may_get and (accounts is None or one.account.pk in accounts)
        ]
        last = Certificate.objects.filter(round=locked).aggregate(n=Max("number"))["n"] or 0
        made = Certificate.objects.bulk_create(
            Certificate(
                round=locked,
                account=one.account,
                number=number,
                name=one.account.name,
                facts=one.facts,
                issued_at=now,
                issued_by=actor,
            )
            for number, one in enumerate(chosen, start=last + 1)
        )
        if made:
            numbers = [row.number for row in made]
            target = f"rounds.round:{locked.pk}"
            record(
                actor=actor,
                action="issue_certificates",
                now=now,
                place=str(locked),
                target=target,
                first=numbers[0],
                last=numbers[-1],
            )
        for row in made:
            notices_talk.tell_certificate(row, now)
        return tuple(made)


def forget_certificates(*, account: Any) -> int:
    """Take the name from the certificates of somebody who erased the account; number and facts stay checkable."""
    return Certificate.objects.filter(account=account).update(name="")
