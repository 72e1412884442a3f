"""Votes of the Council on one item: each question put, every voice, who stood aside."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from qatysu.council.models.seats import Verdict

_PERSON = settings.AUTH_USER_MODEL
_FINAL = ("adopted", "not_adopted", "tied", "no_quorum", "cancelled")


class Poll(models.Model):
    """A draft decision put to the vote. Closed ones never change: a trigger of the database refuses it."""

    item = models.ForeignKey("council.AgendaItem", on_delete=models.PROTECT, related_name="polls")
    position = models.PositiveSmallIntegerField()
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    #: Codes of reasons of a refusal (``proposals.reasons``) or of rework.
    reasons = models.JSONField(default=list, blank=True)
    text_kk = models.TextField(max_length=2000, blank=True)
    text_ru = models.TextField(max_length=2000, blank=True)
    rework_until = models.DateField(null=True, blank=True)
    #: Of a choice: what is chosen from. One option names an order of codes, joined by ``>``.
    options = models.JSONField(default=list, blank=True)
    #: The project that this one is merged into.
    target = models.ForeignKey("proposals.Proposal", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    opened_by = models.ForeignKey(_PERSON, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=12, blank=True, choices=[(name, name) for name in _FINAL])
    chosen = models.CharField(max_length=200, blank=True)
    #: Counts as ``core.collegial`` gave them: seats, needed, present, for, against, abstained, not_voted, recused, chair_decided.
    counts = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ("item", "position")
        constraints = (
            models.UniqueConstraint(fields=("item", "position"), name="poll_position_once"),
            models.UniqueConstraint(fields=("item",), condition=Q(closed_at__isnull=True), name="poll_one_open"),
            models.CheckConstraint(
                condition=(Q(closed_at__isnull=True) & Q(outcome="")) | (Q(closed_at__isnull=False) & ~Q(outcome="")),
                name="poll_closed_with_outcome",
            ),
            models.CheckConstraint(
                condition=~Q(verdict__in=("not_admit", "rework")) | (~Q(text_kk="") & ~Q(text_ru="")),
                name="poll_refusal_has_texts",
            ),
            models.CheckConstraint(condition=~Q(verdict="rework") | Q(rework_until__isnull=False), name="poll_rework_has_day"),
        )


class PollVote(models.Model):
    """One voice. Append-only: who errs asks the chair to put the question again."""

    poll = models.ForeignKey(Poll, on_delete=models.PROTECT, related_name="votes")
    seat = models.ForeignKey("council.Seat", on_delete=models.PROTECT, related_name="votes_given")
    #: for, against, abstain; of a choice the option, '' for none of them.
    voice = models.CharField(max_length=200)
    #: Dissent: why the member votes otherwise. Goes into the protocol.
    dissent = models.TextField(max_length=2000, blank=True)
    dissent_language = models.CharField(max_length=2, blank=True)
    at = models.DateTimeField()
    #: The secretary who entered a show of hands; the member themself otherwise.
    entered_by = models.ForeignKey(_PERSON, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("poll", "seat")
        constraints = (models.UniqueConstraint(fields=("poll", "seat"), name="pollvote_once"),)


class Recusal(models.Model):
    """A member stands aside on one item. ``detected`` says what the software found; the member or the chair decided it."""

    item = models.ForeignKey("council.AgendaItem", on_delete=models.PROTECT, related_name="recusals")
    seat = models.ForeignKey("council.Seat", on_delete=models.PROTECT, related_name="recusals")
    kind = models.CharField(max_length=16)
    text = models.CharField(max_length=300, blank=True)
    is_detected = models.BooleanField(default=False)
    recorded_by = models.ForeignKey(_PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("item", "seat")
        constraints = (models.UniqueConstraint(fields=("item", "seat"), name="recusal_once"),)
