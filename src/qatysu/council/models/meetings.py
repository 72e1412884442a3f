"""Meetings with agenda and attendance."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from qatysu.core.collegial import Presence
from qatysu.core.collegial_states import MeetingState

_PERSON = settings.AUTH_USER_MODEL


class Meeting(models.Model):
    """A meeting of the Council, or a vote by correspondence within a term."""

    class Kind(models.TextChoices):
        """How the Council meets."""

        SITTING = "sitting", "sitting"
        CORRESPONDENCE = "correspondence", "by correspondence"

    round = models.ForeignKey("rounds.Round", on_delete=models.PROTECT, related_name="council_meetings")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=16, choices=Kind.choices, default=Kind.SITTING)
    state = models.CharField(max_length=10, choices=[(s.value, s.value) for s in MeetingState], default=MeetingState.DRAFT)
    #: A sitting begins; a vote by correspondence takes replies from here ...
    starts_at = models.DateTimeField()
    #: ... to here. Of a sitting: when it is expected to end.
    ends_at = models.DateTimeField()
    place = models.CharField(max_length=200, blank=True)
    call_url = models.URLField(max_length=300, blank=True)
    #: What the secretary writes beside the agenda; goes into the minutes.
    note = models.TextField(max_length=4000, blank=True)
    created_by = models.ForeignKey(_PERSON, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    called_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    cancel_reason = models.CharField(max_length=300, blank=True)
    #: Raised by every change that invitations tell; the calendar file carries it.
    sequence = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("round", "number")
        constraints = (
            models.UniqueConstraint(fields=("round", "number"), name="meeting_number_once"),
            models.UniqueConstraint(
                fields=("round",), condition=Q(state="open", kind="sitting"), name="meeting_one_sitting"
            ),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="meeting_lasts"),
            models.CheckConstraint(condition=~Q(state="cancelled") | ~Q(cancel_reason=""), name="meeting_cancelled_why"),
        )

    def __str__(self) -> str:
        return f"{self.round_id}/{self.number}"


class AgendaItem(models.Model):
    """A matter on the agenda of a meeting."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="items")
    matter = models.ForeignKey("council.Matter", on_delete=models.PROTECT, related_name="items")
    position = models.PositiveSmallIntegerField()
    #: What was said about it, for the minutes.
    minutes = models.TextField(max_length=4000, blank=True)
    postponed_why = models.CharField(max_length=300, blank=True)
    is_over = models.BooleanField(default=False)

    class Meta:
        ordering = ("meeting", "position", "pk")
        constraints = (models.UniqueConstraint(fields=("meeting", "matter"), name="agendaitem_once"),)


class Attendance(models.Model):
    """Who attends a meeting, and how; the row is changed when somebody comes later or leaves."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="attendance")
    seat = models.ForeignKey("council.Seat", on_delete=models.PROTECT, related_name="attendance")
    how = models.CharField(max_length=6, choices=[(how.value, how.value) for how in Presence])
    came_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)
    marked_by = models.ForeignKey(_PERSON, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("meeting", "seat")
        constraints = (
            models.UniqueConstraint(fields=("meeting", "seat"), name="attendance_once_in_meeting"),
            models.CheckConstraint(condition=Q(left_at__isnull=True) | Q(left_at__gte=F("came_at")), name="attendance_in_order"),
        )
