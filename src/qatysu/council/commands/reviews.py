"""How a project is looked at before the meeting: a rapporteur with a checklist, units of the akimat, questions to the team."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from qatysu.core.collegial_interests import CERTAIN
from qatysu.core.collegial_states import MatterState
from qatysu.core.errors import Conflict, Invalid, NotAllowed, NotFound
from qatysu.core.regulation import Action
from qatysu.council import notices
from qatysu.council.checklist import POINTS
from qatysu.council.commands.guards import lock_matter, note, words
from qatysu.council.models import Inquiry, Matter, Point, PointAnswer, Review, Seat, UnitOpinion, Verdict
from qatysu.council.queries.seats import day_of, found_conflicts, seats_of
from qatysu.proposals.commands.guards import team_roles
from qatysu.proposals.reasons import NOT_ADMIT
from qatysu.rounds.authorize import authorize
from qatysu.rounds.models import Round
from qatysu.rounds.touching import locked

Answers = Mapping[int, tuple[str, str]]
_OPEN = (MatterState.PENDING, MatterState.ON_AGENDA, MatterState.POSTPONED, MatterState.REOPENED)
#: What a report may recommend.
RECOMMENDED = (Verdict.ADMIT, Verdict.REWORK, Verdict.NOT_ADMIT, Verdict.MERGE)


def ensure_points(round_: Round) -> None:
    """Give the round the standard checklist when it has none, in the caller's transaction."""
    if Point.objects.filter(round=round_).exists():
        return
    Point.objects.bulk_create(
        Point(
            round=round_, slug=each.slug, position=position, label_kk=each.kk, label_ru=each.ru, label_en=each.en, reason=each.reason,
            check_code=each.check,
        )
        for position, each in enumerate(POINTS, 1)
    )  # fmt: skip


@transaction.atomic
def edit_point(
    *, actor: Any, round_: Round, point: Point | None, labels: Mapping[str, str], reason: str, is_active: bool, now: datetime
) -> Point:
    """Change a point of the checklist, or add one. Reports that were handed in keep what they answered.

    ``labels`` by language. Raises Invalid ``text_needed`` without Kazakh and Russian words, ``reason_code``; NotFound.
    """
    authorize(actor, Action.KEEP_COUNCIL, round_, now=now)
    row = locked(round_)
    ensure_points(row)
    if point is not None and point.round_id != row.pk:
        raise NotFound("point")
    if reason and reason not in NOT_ADMIT:
        raise Invalid("reason_code", field="reason")
    told = {f"label_{each}": words(labels.get(each, ""), f"label_{each}", least=3, most=200) for each in ("kk", "ru")}
    told["label_en"] = words(labels.get("en", ""), "label_en", least=0, most=200) or told["label_ru"]
    if point is None:
        place = (Point.objects.filter(round=row).aggregate(n=Max("position"))["n"] or 0) + 1
        point = Point(round=row, slug=f"own-{place}", position=place)
    for name, value in {**told, "reason": reason, "is_active": is_active}.items():
        setattr(point, name, value)
    point.save()
    note(actor, "edit_point", row, point, now, slug=point.slug, is_active=is_active)
    return point


def _open_matter(matter: Matter) -> Matter:
    row = lock_matter(matter)
    if row.state not in _OPEN:
        raise Conflict("matter_decided", state=row.state)
    return row


def _due(round_: Round, due_on: date | None, now: datetime) -> date:
    if due_on is None or due_on < day_of(round_, now):
        raise Invalid("due_day", field="due_on")
    return due_on


@transaction.atomic
def assign_review(*, actor: Any, matter: Matter, seat: Seat, due_on: date | None, now: datetime) -> Review:
    """Ask a member to report on a project. After an appeal it is another one than before.

    Raises Conflict ``matter_decided``, ``review_open``, ``rapporteur_conflict``, ``rapporteur_again``; Invalid ``due_day``,
    ``seat_not_in_office``, ``matter_project``.
    """
    row = _open_matter(matter)
    authorize(actor, Action.KEEP_COUNCIL, row.round, now=now)
    if row.proposal is None:
        raise Invalid("matter_project", field="matter")
    day = _due(row.round, due_on, now)
    if seat.pk not in {one.pk for one in seats_of(row.round, day_of(row.round, now))}:
        raise Invalid("seat_not_in_office", field="seat")
    if any(one.kind in CERTAIN for one in found_conflicts(seat, row.proposal)):
        raise Conflict("rapporteur_conflict")
    earlier = list(row.reviews.order_by("turn"))
    if earlier and earlier[-1].submitted_at is None:
        raise Conflict("review_open")
    if row.decisions.exists() and seat.pk in {one.rapporteur_id for one in earlier}:
        raise Conflict("rapporteur_again")
    ensure_points(row.round)
    made = Review.objects.create(
        matter=row, turn=len(earlier) + 1, rapporteur=seat, assigned_by=actor, assigned_at=now, due_on=day
    )
    row.rapporteur = seat
    row.save(update_fields=["rapporteur"])
    note(actor, "assign_review", row.round, made, now, matter=row.number, seat=seat.pk)
    notices.tell_review(made, now)
    return made


def _own_review(actor: Any, review: Review) -> Review:
    rows = Review.objects.select_for_update(of=("self",)).select_related("matter__round", "rapporteur")
    row = rows.filter(pk=review.pk).first()
    if row is None:
        raise NotFound("review")
    if row.rapporteur.account_id != getattr(actor, "pk", None):
        raise NotAllowed("not_yours")
    if row.submitted_at is not None:
        raise Conflict("review_submitted")
    return row


@transaction.atomic
def answer_points(*, actor: Any, review: Review, answers: Answers, now: datetime) -> Review:
    """Keep answers to points: ``{key of point: (yes | no | unclear, reason)}``; others stay as they are.

    Raises NotAllowed ``not_yours``, Conflict ``review_submitted``, Invalid ``point``, ``no_needs_reason`` (``point`` names it).
    """
    row = _own_review(actor, review)
    authorize(actor, Action.SIT_IN_COUNCIL, row.matter.round, now=now)
    points = {point.pk: point for point in Point.objects.filter(round=row.matter.round, is_active=True)}
    for key, (answer, text) in answers.items():
        if key not in points or answer not in PointAnswer.Answer.values:
            raise Invalid("point", field=f"p{key}")
        text = words(text, f"t{key}", least=0, most=1000)
        if answer == PointAnswer.Answer.NO and not text:
            raise Invalid("no_needs_reason", field=f"t{key}", point=points[key].label_ru)
        PointAnswer.objects.update_or_create(review=row, point=points[key], defaults={"answer": answer, "text": text, "at": now})
    return row


@transaction.atomic
def submit_review(
    *, actor: Any, review: Review, answers: Answers, recommendation: str, summary: str, language: str, now: datetime
) -> Review:
    """Hand the report in: every point answered, every "no" with its reason, a recommendation in words. It then stays.

    Raises as ``answer_points``; Invalid ``points_open``, ``verdict``, ``text_needed``.
    """
    row = answer_points(actor=actor, review=review, answers=answers, now=now)
    open_points = Point.objects.filter(round=row.matter.round, is_active=True).exclude(answers__review=row)
    if open_points.exists():
        raise Invalid("points_open", field="points")
    if recommendation not in RECOMMENDED:
        raise Invalid("verdict", field="recommendation")
    row.recommendation, row.summary = recommendation, words(summary, "summary", least=5)
    row.language, row.submitted_at = language, now
    row.save(update_fields=("recommendation", "summary", "language", "submitted_at"))
    note(actor, "submit_review", row.matter.round, row, now, matter=row.matter.number, recommendation=recommendation)
    return row


@transaction.atomic
def ask_unit(*, actor: Any, matter: Matter, unit: str, question: str, due_on: date | None, now: datetime) -> UnitOpinion:
    """Ask a unit of the akimat about a project. Raises Conflict ``matter_decided``, Invalid ``due_day``, ``text_needed``."""
    row = _open_matter(matter)
    authorize(actor, Action.KEEP_COUNCIL, row.round, now=now)
    made = UnitOpinion.objects.create(
        matter=row, unit=words(unit, "unit", least=2, most=160), question=words(question, "question", least=5, most=1000),
        asked_by=actor, asked_at=now, due_on=_due(row.round, due_on, now),
    )  # fmt: skip
    note(actor, "ask_unit", row.round, made, now, matter=row.number)
    return made


@transaction.atomic
def answer_unit(*, actor: Any, opinion: UnitOpinion, verdict: str, text: str, language: str, now: datetime) -> UnitOpinion:
    """An officer of the akimat answers once. Raises Conflict ``answered``, Invalid ``verdict``, ``text_needed``."""
    row = UnitOpinion.objects.select_for_update(of=("self",)).select_related("matter__round").get(pk=opinion.pk)
    authorize(actor, Action.GIVE_UNIT_OPINION, row.matter.round, now=now)
    if row.answered_at is not None:
        raise Conflict("answered")
    if verdict not in UnitOpinion.Verdict.values:
        raise Invalid("verdict", field="verdict")
    row.verdict, row.text, row.language = verdict, words(text, "text", least=5), language
    row.answered_by, row.answered_at = actor, now
    row.save(update_fields=("verdict", "text", "language", "answered_by", "answered_at"))
    note(actor, "answer_unit", row.matter.round, row, now, matter=row.matter.number, verdict=verdict)
    return row


@transaction.atomic
def ask_team(*, actor: Any, matter: Matter, text: str, language: str, due_on: date | None, now: datetime) -> Inquiry:
    """A member asks the team. Raises Conflict ``matter_decided``, Invalid ``due_day``, ``text_needed``, ``matter_project``."""
    row = _open_matter(matter)
    authorize(actor, Action.SIT_IN_COUNCIL, row.round, now=now)
    if row.proposal is None:
        raise Invalid("matter_project", field="matter")
    made = Inquiry.objects.create(
        matter=row, text=words(text, "question", least=5, most=2000), language=language, asked_by=actor, asked_at=now,
        due_on=_due(row.round, due_on, now),
    )  # fmt: skip
    note(actor, "ask_team", row.round, made, now, matter=row.number)
    notices.tell_inquiry(made, now)
    return made


@transaction.atomic
def answer_team(*, actor: Any, inquiry: Inquiry, text: str, language: str, now: datetime) -> Inquiry:
    """Somebody of the team answers once. Raises NotAllowed ``not_yours``, Conflict ``answered``, Invalid ``text_needed``."""
    row = Inquiry.objects.select_for_update(of=("self",)).select_related("matter__proposal", "matter__round").get(pk=inquiry.pk)
    if row.matter.proposal is None or not team_roles(actor, row.matter.proposal, now):
        raise NotAllowed("not_yours")
    if row.answered_at is not None:
        raise Conflict("answered")
    row.answer, row.answer_language = words(text, "answer", least=2), language
    row.answered_by, row.answered_at = actor, now
    row.save(update_fields=("answer", "answer_language", "answered_by", "answered_at"))
    note(actor, "answer_team", row.matter.round, row, now, matter=row.matter.number)
    return row
