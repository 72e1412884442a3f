"""Questions of teams, for the pages of their projects."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, QuerySet

from qatysu.desk.models import Thread, ThreadState


def unanswered_for(proposals: Iterable[int], now: datetime) -> dict[int, tuple[int, datetime]]:
    """Questions about projects that the desk owes an answer: how many, and since when, by proposal; one query."""
    rows = Thread.objects.filter(proposal__in=list(proposals), state=ThreadState.OPEN, asked_at__lte=now)
    found = rows.order_by().values_list("proposal_id").annotate(n=Count("pk"), oldest=Min("asked_at"))
    return {pk: (count, oldest) for pk, count, oldest in found}


def waiting_on_team(proposals: Iterable[int]) -> dict[int, tuple[int, datetime]]:
    """Threads in which the desk asked the team and waits: how many, and since when, by proposal; one query."""
    rows = Thread.objects.filter(proposal__in=list(proposals), state=ThreadState.WAITING)
    found = rows.order_by().values_list("proposal_id").annotate(n=Count("pk"), oldest=Min("changed_at"))
    return {pk: (count, oldest) for pk, count, oldest in found}


def threads_of(proposal: Any) -> QuerySet[Thread]:
    """Threads of a project, newest first, with owner; show only what is no note to its team."""
    return Thread.objects.filter(proposal=proposal).select_related("owner", "city").order_by("-opened_at", "-pk")
