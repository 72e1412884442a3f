"""Reads of the Council."""

from __future__ import annotations

from qatysu.council.queries.seats import (
    Bench,
    Viewer,
    bench_of,
    body_rules,
    day_of,
    found_conflicts,
    get_matter,
    get_meeting,
    presiding_seat,
    pure_seats,
    quorum_of,
    seat_of,
    seats_of,
    standing,
)

__all__ = [
    "Bench",
    "Viewer",
    "bench_of",
    "body_rules",
    "day_of",
    "found_conflicts",
    "get_matter",
    "get_meeting",
    "presiding_seat",
    "pure_seats",
    "quorum_of",
    "seat_of",
    "seats_of",
    "standing",
]
