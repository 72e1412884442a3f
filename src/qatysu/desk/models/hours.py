"""When the desk is open, and how soon it promises to answer."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

#: Eight open hours: by the same hour of the next working day.
PROMISE_MINUTES = 8 * 60


def usual_week() -> list[Any]:
    """Monday to Friday, 10:00 to 18:00, in minutes of the day."""
    return [[[600, 1080]] for _ in range(5)] + [[], []]


class DeskHours(models.Model):
    """Weekly opening hours of a city's desk: seven lists of [opens, closes] in minutes of the day, Monday first."""

    city = models.OneToOneField("places.City", on_delete=models.PROTECT, related_name="desk_hours")
    week = models.JSONField(default=usual_week)
    #: Minutes of open time within which a question is answered.
    promise_minutes = models.PositiveIntegerField(default=PROMISE_MINUTES)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(promise_minutes__gte=30, promise_minutes__lte=14_400), name="deskhours_promise_sane"
            ),
        )


class SpecialDay(models.Model):
    """A day that differs from the week: closed when ``spans`` is empty (a holiday), else open then (a moved day)."""

    city = models.ForeignKey("places.City", on_delete=models.PROTECT, related_name="desk_days")
    day = models.DateField()
    spans = models.JSONField(default=list, blank=True)
    reason_kk = models.CharField(max_length=120)
    reason_ru = models.CharField(max_length=120)
    reason_en = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ("city", "day")
        constraints = (models.UniqueConstraint(fields=("city", "day"), name="specialday_once"),)
