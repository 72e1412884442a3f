"""Rows of the Expert Council, in the order in which a decision comes about."""

from __future__ import annotations

from qatysu.council.models.decisions import Appeal, Decision
from qatysu.council.models.meetings import AgendaItem, Attendance, Meeting
from qatysu.council.models.polls import Poll, PollVote, Recusal
from qatysu.council.models.protocols import Protocol, Signature
from qatysu.council.models.reviews import Inquiry, Point, PointAnswer, Review, UnitOpinion
from qatysu.council.models.seats import Matter, MatterKind, Seat, SeatInterest, Verdict

__all__ = [
    "AgendaItem",
    "Appeal",
    "Attendance",
    "Decision",
    "Inquiry",
    "Matter",
    "MatterKind",
    "Meeting",
    "Point",
    "PointAnswer",
    "Poll",
    "PollVote",
    "Protocol",
    "Recusal",
    "Review",
    "Seat",
    "SeatInterest",
    "Signature",
    "UnitOpinion",
    "Verdict",
]
