"""Reads of quizzes and certificates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from qatysu.coaching.models import Certificate, Module, QuizAttempt, Workspace
from qatysu.coaching.participation import Participant as Participant
from qatysu.coaching.participation import participants as participants
from qatysu.core.errors import NotFound
from qatysu.core.regulation import Action
from qatysu.identity.models import Account
from qatysu.rounds.authorize import decide
from qatysu.rounds.models import Round
from qatysu.workbook.quiz import PASS, Question, quiz_from

#: Certificates on one page of the Centre.
PAGE = 100


@dataclass(frozen=True, slots=True)
class Choice:
    """An option in the reader's language."""

    id: str
    label: str
    is_chosen: bool
    is_answer: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """A question in the reader's language; with an attempt, whether it was answered rightly, and why."""

    id: str
    text: str
    choices: tuple[Choice, ...]
    is_right: bool | None
    why: str

    @property
    def answer(self) -> str:
        """Label of the right option."""
        return next((choice.label for choice in self.choices if choice.is_answer), "")

    @property
    def chosen(self) -> str:
        """Label of the option that was chosen; '' for none."""
        return next((choice.label for choice in self.choices if choice.is_chosen), "")


@dataclass(frozen=True, slots=True)
class Result:
    """How far a member of the team got; ``best`` None: not tried yet."""

    account: Account
    best: QuizAttempt | None
    tries: int


def questions_of(module: Module, language: str, attempt: QuizAttempt | None = None) -> tuple[Asked, ...]:
    """The quiz of a module in ``language``. Answers are told only with an attempt. Raises NotFound when there is none."""
    questions = quiz_from(module.quiz)
    if not questions:
        raise NotFound("quiz")
    chosen = dict(attempt.answers) if attempt is not None else {}
    return tuple(_asked(question, language, chosen if attempt is not None else None) for question in questions)


def _asked(question: Question, language: str, answers: dict[str, str] | None) -> Asked:
    picked = (answers or {}).get(question.id, "")
    told = answers is not None
    choices = tuple(
        Choice(option.id, option.label.in_(language), option.id == picked, told and option.id == question.answer)
        for option in question.options
    )
    return Asked(
        id=question.id,
        text=question.question.in_(language),
        choices=choices,
        is_right=picked == question.answer if told else None,
        why=question.why.in_(language) if told else "",
    )


def needed(total: int) -> int:
    """How many right answers of ``total`` pass."""
    return -(-PASS.numerator * total // PASS.denominator)


def best_of(module: Module, account: Any) -> QuizAttempt | None:
    """The best try of a person; of equals the first."""
    rows = QuizAttempt.objects.filter(module=module, account=account)
    return min(rows, key=_rank, default=None)


def _rank(row: QuizAttempt) -> tuple[bool, float, int]:
    """A quiz may have been longer once: shares are compared, passed ones first."""
    return (not row.is_passed, -row.right / row.total, row.pk)


def attempt_of(module: Module, account: Any, pk: int) -> QuizAttempt:
    """An own try. Raises NotFound for those of others."""
    found = QuizAttempt.objects.filter(module=module, account=account, pk=pk).first()
    if found is None:
        raise NotFound("attempt")
    return found


def results_of(room: Workspace, module: Module) -> tuple[Result, ...]:
    """Every member of the team with the best try, for the Centre. Two queries."""
    members = [row.account for row in room.proposal.team.select_related("account").order_by("role", "joined_at", "pk")]
    tries: dict[int, list[QuizAttempt]] = {}
    for row in QuizAttempt.objects.filter(module=module, account__in=[member.pk for member in members]):
        tries.setdefault(row.account_id, []).append(row)
    return tuple(
        Result(member, min(tries.get(member.pk, ()), key=_rank, default=None), len(tries.get(member.pk, ())))
        for member in members
    )


def need_issuer(round_: Round, viewer: Any, now: datetime) -> Round:
    """The round, for those who issue its certificates. Raises NotFound otherwise."""
    if not decide(viewer, Action.ISSUE_CERTIFICATE, round_, now=now).allowed:
        raise NotFound("round")
    return round_


def certificate_at(round_: Round, number: int) -> Certificate:
    """The certificate with this number, for the page that everybody may open. Raises NotFound."""
    found = Certificate.objects.select_related("round__city").filter(round=round_, number=number).first()
    if found is None:
        raise NotFound("certificate")
    return found


def certificate_for(viewer: Any, pk: int, now: datetime) -> Certificate:
    """A certificate to print: the own one, or any for those who issue them. Raises NotFound otherwise."""
    found = Certificate.objects.select_related("round__city", "account").filter(pk=pk).first()
    if found is None or not (
        found.account_id == getattr(viewer, "pk", None)
        or decide(viewer, Action.ISSUE_CERTIFICATE, found.round, now=now).allowed
    ):
        raise NotFound("certificate")
    return found
