"""How a project is looked at before it is decided on: checklist, rapporteur, opinions of akimat units, questions to the team."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from qatysu.council.models.seats import Verdict

_PERSON = settings.AUTH_USER_MODEL
_LANGUAGES = [("kk", "kk"), ("ru", "ru"), ("en", "en")]


class Point(models.Model):
    """One point of the checklist of a round."""

    round = models.ForeignKey("rounds.Round", on_delete=models.PROTECT, related_name="council_points")
    slug = models.SlugField(max_length=40)
    position = models.PositiveSmallIntegerField()
    label_kk = models.CharField(max_length=200)
    label_ru = models.CharField(max_length=200)
    label_en = models.CharField(max_length=200)
    #: Code of the reason of a refusal that a "no" here suggests (``proposals.reasons.NOT_ADMIT``).
    reason = models.CharField(max_length=30, blank=True)
    #: The machine answers it beforehand: ``cap``, ``duplicates``, ``documents``, ``operator``, ``land``, ``utilities``; '' by people.
    check_code = models.CharField(max_length=20, blank=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ("round", "position")
        constraints = (models.UniqueConstraint(fields=("round", "slug"), name="point_once"),)


class Review(models.Model):
    """The review of a project by a rapporteur; after an appeal another one with another rapporteur (``turn`` 2, 3, ...)."""

    matter = models.ForeignKey("council.Matter", on_delete=models.PROTECT, related_name="reviews")
    turn = models.PositiveSmallIntegerField(default=1)
    rapporteur = models.ForeignKey("council.Seat", on_delete=models.PROTECT, related_name="reviews")
    assigned_by = models.ForeignKey(_PERSON, on_delete=models.PROTECT, related_name="+")
    assigned_at = models.DateTimeField()
    due_on = models.DateField()
    recommendation = models.CharField(max_length=10, blank=True, choices=Verdict.choices)
    summary = models.TextField(max_length=4000, blank=True)
    language = models.CharField(max_length=2, blank=True, choices=_LANGUAGES)
    submitted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("matter", "turn")
        constraints = (
            models.UniqueConstraint(fields=("matter", "turn"), name="review_turn_once"),
            models.CheckConstraint(
                condition=Q(submitted_at__isnull=True) | (~Q(recommendation="") & ~Q(summary="")),
                name="review_submitted_whole",
            ),
        )


class PointAnswer(models.Model):
    """The rapporteur's answer to one point. Every "no" needs a reason."""

    class Answer(models.TextChoices):
        """What is found."""

        YES = "yes", "yes"
        NO = "no", "no"
        UNCLEAR = "unclear", "unclear"

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="answers")
    point = models.ForeignKey(Point, on_delete=models.PROTECT, related_name="answers")
    answer = models.CharField(max_length=8, choices=Answer.choices)
    text = models.CharField(max_length=1000, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ("review", "point")
        constraints = (
            models.UniqueConstraint(fields=("review", "point"), name="pointanswer_once"),
            models.CheckConstraint(condition=~Q(answer="no") | ~Q(text=""), name="pointanswer_no_has_reason"),
        )


class UnitOpinion(models.Model):
    """What a unit of the akimat (land, utilities, education ...) says about a project; asked first, answered once."""

    class Verdict(models.TextChoices):
        """The short of it."""

        AGREED = "agreed", "agreed"
        CONDITION = "condition", "agreed on a condition"
        AGAINST = "against", "against"

    matter = models.ForeignKey("council.Matter", on_delete=models.PROTECT, related_name="opinions")
    unit = models.CharField(max_length=160)
    question = models.CharField(max_length=1000)
    asked_by = models.ForeignKey(_PERSON, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    due_on = models.DateField()
    verdict = models.CharField(max_length=10, blank=True, choices=Verdict.choices)
    text = models.TextField(max_length=4000, blank=True)
    language = models.CharField(max_length=2, blank=True, choices=_LANGUAGES)
    answered_by = models.ForeignKey(_PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("matter", "asked_at", "pk")
        constraints = (
            models.CheckConstraint(
                condition=(Q(answered_at__isnull=True) & Q(verdict=""))
                | (Q(answered_at__isnull=False) & ~Q(verdict="") & ~Q(text="") & Q(answered_by__isnull=False)),
                name="unitopinion_whole",
            ),
        )


class Inquiry(models.Model):
    """A question of the Council to the team, with its answer."""

    matter = models.ForeignKey("council.Matter", on_delete=models.PROTECT, related_name="inquiries")
    text = models.CharField(max_length=2000)
    language = models.CharField(max_length=2, choices=_LANGUAGES)
    asked_by = models.ForeignKey(_PERSON, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    due_on = models.DateField()
    answer = models.TextField(max_length=4000, blank=True)
    answer_language = models.CharField(max_length=2, blank=True, choices=_LANGUAGES)
    answered_by = models.ForeignKey(_PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("matter", "asked_at", "pk")
        constraints = (
            models.CheckConstraint(
                condition=(Q(answered_at__isnull=True) & Q(answer=""))
                | (Q(answered_at__isnull=False) & ~Q(answer="") & Q(answered_by__isnull=False)),
                name="inquiry_whole",
            ),
        )
