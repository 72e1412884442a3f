"""How long people wait for an answer, in open minutes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from qatysu.desk.models import Thread
from qatysu.places.models import City

WEEKS = 12


@dataclass(frozen=True, slots=True)
class Figure:
    """Answers of one group: how many, median and 90th percentile in open minutes, how many came late."""

    label: str
    day: date | None
    count: int
    median: int
    p90: int
    late: int

    @property
    def late_percent(self) -> int:
        """Share of late answers in whole percent, rounded half up."""
        return (200 * self.late + self.count) // (2 * self.count) if self.count else 0


@dataclass(frozen=True, slots=True)
class Statistics:
    """Answer times of the last weeks, in all and by week, channel and person who answered."""

    whole: Figure
    weeks: tuple[Figure, ...]
    channels: tuple[Figure, ...]
    people: tuple[Figure, ...]
    opened: int
    overdue: int
    waiting: int

    @property
    def overdue_percent(self) -> int:
        """Share of the questions that wait now and are late, in whole percent."""
        return (200 * self.overdue + self.waiting) // (2 * self.waiting) if self.waiting else 0


@dataclass(frozen=True, slots=True)
class _Answer:
    minutes: int
    was_late: bool
    week: date
    channel: str
    person: str


def percentile(values: Sequence[int], percent: int) -> int:
    """The smallest value that at least ``percent`` percent of ``values`` do not exceed; 0 of nothing."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)] if ordered else 0


def _figure(label: str, answers: Iterable[_Answer], day: date | None = None) -> Figure:
    rows = list(answers)
    minutes = [row.minutes for row in rows]
    late = sum(row.was_late for row in rows)
    return Figure(label, day, len(rows), percentile(minutes, 50), percentile(minutes, 90), late)


def _by(rows: Sequence[_Answer], key: Callable[[_Answer], str]) -> tuple[Figure, ...]:
    groups: dict[str, list[_Answer]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return tuple(_figure(label, groups[label]) for label in sorted(groups, key=lambda each: (-len(groups[each]), each)))


def statistics(city: City, now: datetime) -> Statistics:
    """Of the last twelve weeks (Monday to Sunday in the zone of the city); three queries."""
    zone = ZoneInfo(city.time_zone)
    today = now.astimezone(zone).date()
    monday = today - timedelta(days=today.weekday())
    first = monday - timedelta(weeks=WEEKS - 1)
    since = datetime(first.year, first.month, first.day, tzinfo=zone)
    rows = Thread.objects.filter(city=city, first_answered_at__gte=since, first_answered_at__lte=now).values_list(
        "answer_minutes", "was_late", "first_answered_at", "channel", "first_answered_by__name"
    )
    answers = [
        _Answer(minutes or 0, late, _monday(at, zone), channel, name or "—") for minutes, late, at, channel, name in rows
    ]
    weeks = [first + timedelta(weeks=index) for index in range(WEEKS)]
    open_ = list(Thread.objects.filter(city=city, state="open").values_list("due_at", flat=True))
    return Statistics(
        whole=_figure("", answers),
        weeks=tuple(_figure("", (row for row in answers if row.week == week), week) for week in weeks),
        channels=_by(answers, lambda row: row.channel),
        people=_by(answers, lambda row: row.person),
        opened=Thread.objects.filter(city=city, opened_at__gte=since).count(),
        overdue=sum(due is not None and due < now for due in open_),
        waiting=len(open_),
    )


def _monday(at: datetime | None, zone: ZoneInfo) -> date:
    day = at.astimezone(zone).date() if at else date.min
    return day - timedelta(days=day.weekday())
