"""How a team works together without meeting: notes, tasks, and events for those who can come."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

_PERSON = settings.AUTH_USER_MODEL


class Note(models.Model):
    """A message of the team or its coach, about the project, a module or one field."""

    workspace = models.ForeignKey("coaching.Workspace", on_delete=models.PROTECT, related_name="notes")
    work = models.ForeignKey("coaching.Work", null=True, blank=True, on_delete=models.PROTECT, related_name="notes")
    field = models.CharField(max_length=40, blank=True)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replies")
    author = models.ForeignKey(_PERSON, on_delete=models.PROTECT, related_name="+")
    is_staff = models.BooleanField(default=False)
    language = models.CharField(max_length=2)
    text = models.CharField(max_length=4000)
    at = models.DateTimeField()

    class Meta:
        ordering = ("workspace", "at", "pk")
        constraints = (models.CheckConstraint(condition=~Q(text=""), name="note_says_something"),)


class Mention(models.Model):
    """Somebody was named in a note."""

    note = models.ForeignKey(Note, on_delete=models.CASCADE, related_name="mentions")
    account = models.ForeignKey(_PERSON, on_delete=models.PROTECT, related_name="mentions")
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("note", "account"), name="mention_once"),)


class Task(models.Model):
    """Something that somebody in the team will do."""

    workspace = models.ForeignKey("coaching.Workspace", on_delete=models.PROTECT, related_name="tasks")
    text = models.CharField(max_length=300)
    assignee = models.ForeignKey(_PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="tasks")
    due_on = models.DateField(null=True, blank=True)
    author = models.ForeignKey(_PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(_PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("workspace", "at", "pk")
        constraints = (
            models.CheckConstraint(condition=~Q(text=""), name="task_says_something"),
            models.CheckConstraint(
                condition=(Q(done_at__isnull=True) & Q(done_by__isnull=True))
                | (Q(done_at__isnull=False) & Q(done_by__isnull=False)),
                name="task_done_by_somebody",
            ),
        )


class Event(models.Model):
    """A call or a meeting. Nothing requires coming: the recording and the notes stay."""

    round = models.ForeignKey("rounds.Round", on_delete=models.PROTECT, related_name="events")
    module = models.ForeignKey("coaching.Module", null=True, blank=True, on_delete=models.SET_NULL, related_name="events")
    title_kk = models.CharField(max_length=160)
    title_ru = models.CharField(max_length=160)
    title_en = models.CharField(max_length=160, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    place = models.CharField(max_length=200, blank=True)
    call_url = models.URLField(max_length=300, blank=True)
    recording_url = models.URLField(max_length=300, blank=True)
    note = models.TextField(max_length=4000, blank=True)
    created_by = models.ForeignKey(_PERSON, on_delete=models.PROTECT, related_name="+")
    #: Raised by every change, for the calendars of those who have taken it.
    revision = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("starts_at", "pk")
        constraints = (
            models.CheckConstraint(condition=Q(starts_at__lt=F("ends_at")), name="event_starts_before_end"),
        )


class Attendance(models.Model):
    """A person was at an event."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="attendance")
    account = models.ForeignKey(_PERSON, on_delete=models.PROTECT, related_name="attendance")
    workspace = models.ForeignKey("coaching.Workspace", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    marked_by = models.ForeignKey(_PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("event", "account"), name="attendance_once"),)
