"""Answers kept for use again, and help given in person."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q


class CannedAnswer(models.Model):
    """A text that the desk often sends."""

    city = models.ForeignKey("places.City", on_delete=models.PROTECT, related_name="canned_answers")
    slug = models.SlugField(max_length=40)
    title_kk = models.CharField(max_length=120)
    title_ru = models.CharField(max_length=120)
    title_en = models.CharField(max_length=120, blank=True)
    text_kk = models.TextField(max_length=4000)
    text_ru = models.TextField(max_length=4000)
    text_en = models.TextField(max_length=4000, blank=True)

    class Meta:
        ordering = ("city", "slug")
        constraints = (models.UniqueConstraint(fields=("city", "slug"), name="cannedanswer_slug"),)


class FaqCategory(models.TextChoices):
    """Parts of the list of questions."""

    IDEAS = "ideas", "ideas"
    SESSIONS = "sessions", "sessions"
    VOTING = "voting", "voting"
    MONEY = "money", "money"
    OTHER = "other", "other"


class Faq(models.Model):
    """A frequent question with its answer."""

    city = models.ForeignKey("places.City", on_delete=models.PROTECT, related_name="faq")
    category = models.CharField(max_length=10, choices=FaqCategory.choices, default=FaqCategory.OTHER)
    position = models.PositiveSmallIntegerField(default=0)
    question_kk = models.CharField(max_length=200)
    question_ru = models.CharField(max_length=200)
    question_en = models.CharField(max_length=200, blank=True)
    answer_kk = models.TextField(max_length=4000, blank=True)
    answer_ru = models.TextField(max_length=4000, blank=True)
    answer_en = models.TextField(max_length=4000, blank=True)
    is_published = models.BooleanField(default=False)
    from_thread = models.ForeignKey(
        "desk.Thread", null=True, blank=True, on_delete=models.PROTECT, related_name="faq"
    )

    class Meta:
        ordering = ("category", "position", "pk")
        constraints = (
            # Whoever reads one of the two languages of the city finds the answer in it.
            models.CheckConstraint(
                condition=Q(is_published=False)
                | ~Q(Q(question_kk="") | Q(question_ru="") | Q(answer_kk="") | Q(answer_ru="")),
                name="faq_published_in_both",
            ),
        )


class Assist(models.Model):
    """Somebody was helped in person, with their consent. Rows are only added."""

    class Kind(models.TextChoices):
        """What was done."""

        IDEA = "idea", "idea filed"
        VOTE = "vote", "helped to vote by themselves"
        ACCOUNT = "account", "helped to sign in"
        OTHER = "other", "other"

    city = models.ForeignKey("places.City", on_delete=models.PROTECT, related_name="assists")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    #: The person as they wish to be named; initials are enough.
    person = models.CharField(max_length=80)
    consent = models.CharField(max_length=300)
    note = models.CharField(max_length=500, blank=True)
    thread = models.ForeignKey("desk.Thread", null=True, blank=True, on_delete=models.PROTECT, related_name="assists")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-at", "-pk")
        constraints = (models.CheckConstraint(condition=~Q(consent="") & ~Q(person=""), name="assist_has_consent"),)
