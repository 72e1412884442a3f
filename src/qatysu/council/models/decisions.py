"""What the Council decided, and who appealed."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from qatysu.core.collegial_states import AppealState
from qatysu.council.models.seats import Verdict

_PERSON = settings.AUTH_USER_MODEL


class Decision(models.Model):
    """A decision. Append-only, except that ``applied_at`` is set once: the database refuses every other change."""

    matter = models.ForeignKey("council.Matter", on_delete=models.PROTECT, related_name="decisions")
    poll = models.OneToOneField("council.Poll", on_delete=models.PROTECT, related_name="decision")
    turn = models.PositiveSmallIntegerField(default=1)
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    reasons = models.JSONField(default=list, blank=True)
    text_kk = models.TextField(max_length=2000, blank=True)
    text_ru = models.TextField(max_length=2000, blank=True)
    rework_until = models.DateField(null=True, blank=True)
    chosen = models.CharField(max_length=200, blank=True)
    target = models.ForeignKey("proposals.Proposal", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    #: End of the period in which it may be appealed; none where nobody is refused anything.
    appeal_until = models.DateTimeField(null=True, blank=True)
    #: When the project (the tie, the results) followed it.
    applied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("matter", "turn")
        constraints = (
            models.UniqueConstraint(fields=("matter", "turn"), name="decision_turn_once"),
            models.CheckConstraint(
                condition=~Q(verdict__in=("not_admit", "rework")) | (~Q(text_kk="") & ~Q(text_ru="")),
                name="decision_refusal_has_texts",
            ),
        )


class Appeal(models.Model):
    """An appeal of the team against a decision; one decision is appealed once."""

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="appeal")
    state = models.CharField(max_length=10, choices=[(s.value, s.value) for s in AppealState], default=AppealState.FILED)
    text = models.TextField(max_length=4000)
    language = models.CharField(max_length=2, choices=[("kk", "kk"), ("ru", "ru"), ("en", "en")])
    filed_by = models.ForeignKey(_PERSON, on_delete=models.PROTECT, related_name="+")
    filed_at = models.DateTimeField()
    #: Why it was not taken, or what came of it.
    answer_kk = models.TextField(max_length=2000, blank=True)
    answer_ru = models.TextField(max_length=2000, blank=True)
    answered_by = models.ForeignKey(_PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("filed_at", "pk")
        constraints = (
            models.CheckConstraint(condition=~Q(text=""), name="appeal_says_why"),
            models.CheckConstraint(
                condition=~Q(state="refused") | (~Q(answer_kk="") & ~Q(answer_ru="")), name="appeal_refused_with_reason"
            ),
        )
