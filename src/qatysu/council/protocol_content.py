"""What a protocol says: the facts of a meeting as plain data, fixed by a fingerprint when the text is."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from django.utils import translation

from qatysu.coaching.models import Passport
from qatysu.core import collegial
from qatysu.council.models import AgendaItem, Attendance, Meeting, Poll, Recusal, Review, Seat
from qatysu.council.queries.seats import body_rules, meeting_day, presiding_seat, pure_seats, seats_of
from qatysu.proposals.models import Proposal
from qatysu.proposals.reasons import NOT_ADMIT
from qatysu.rounds.queries import is_illustrative as is_illustrative
from qatysu.rounds.queries import zone_of
from qatysu.ui import dates

LANGUAGES = ("kk", "ru")


def digest_of(content: dict[str, Any]) -> str:
    """SHA-256 (64 hex digits) of ``signed_text``."""
    return hashlib.sha256(signed_text(content)).hexdigest()


def signed_text(content: dict[str, Any]) -> bytes:
    """The bytes that an electronic signature signs: ``content`` as canonical JSON, UTF-8, without a line feed at the end."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def content_of(meeting: Meeting, number: str) -> dict[str, Any]:
    """Everything the protocol of a closed meeting says, as JSON values; times are local, ``YYYY-MM-DDTHH:MM``.

    The words of the secretary are in it: ``note`` of the meeting and ``minutes`` of each item.
    """
    round_, zone = meeting.round, zone_of(meeting.round)
    seats = seats_of(round_, meeting_day(meeting))
    items = meeting.items.select_related(
        "matter__proposal", "matter__rapporteur__account", "matter__round__city"
    ).prefetch_related("polls__votes__seat__account", "recusals__seat__account", "matter__proposal__translations")
    rules = body_rules(round_.constitution)
    head = presiding_seat(meeting) if meeting.kind == Meeting.Kind.SITTING else None
    attendance = {row.seat_id: row for row in Attendance.objects.filter(meeting=meeting)}
    answered = {vote.seat_id for item in items for poll in item.polls.all() for vote in poll.votes.all()}
    quorum = collegial.quorum(rules, pure_seats(seats), {str(pk) for pk in attendance} or {str(pk) for pk in answered}, ())
    times = {
        name: moment.astimezone(zone).strftime("%Y-%m-%dT%H:%M")
        for name, moment in (("opened", meeting.opened_at or meeting.starts_at), ("closed", meeting.closed_at or meeting.ends_at))
    }
    return {
        "number": number, "round": str(round_), "kind": meeting.kind, "meeting": meeting.number,
        "city": {name: getattr(round_.city, f"name_{name}") for name in LANGUAGES},
        "title": {name: getattr(round_, f"title_{name}") for name in LANGUAGES},
        "place": meeting.place, "call_url": meeting.call_url, "note": meeting.note, "is_illustrative": is_illustrative(round_),
        **times, "seats": [_seat(seat, attendance.get(seat.pk), seat.pk in answered) for seat in seats],
        "quorum": {"seats": quorum.seats, "needed": quorum.needed, "present": quorum.present, "is_met": quorum.is_met},
        "presides": head.account.name if head else "", "items": [_item(item, zone) for item in items.order_by("position", "pk")],
    }  # fmt: skip


def _seat(seat: Seat, row: Attendance | None, has_answered: bool) -> dict[str, Any]:
    return {
        "id": seat.pk, "name": seat.account.name, "role": seat.role, "votes": seat.votes, "organisation": seat.organisation,
        "post": {"kk": seat.post_kk, "ru": seat.post_ru}, "how": row.how if row else "", "answered": has_answered,
        "stands_in_for": seat.stands_in_for.account.name if seat.stands_in_for else "",
    }  # fmt: skip


def _item(item: AgendaItem, zone: Any) -> dict[str, Any]:
    matter = item.matter
    review = Review.objects.filter(matter=matter).exclude(submitted_at=None).order_by("-turn").first()
    return {
        "matter": matter.number, "kind": matter.kind, "title": {"kk": matter.title_kk, "ru": matter.title_ru},
        "project": _project(matter.proposal) if matter.proposal else None,
        "rapporteur": matter.rapporteur.account.name if matter.rapporteur else "",
        "recommendation": review.recommendation if review else "", "minutes": item.minutes,
        "postponed_why": item.postponed_why, "recusals": [_recusal(row) for row in item.recusals.all()],
        "polls": [_poll(poll, zone) for poll in item.polls.all()], "rating": matter.payload.get("rating", []),
        "paying": matter.payload.get("paying", {}),
    }  # fmt: skip


def _project(proposal: Proposal) -> dict[str, Any]:
    titles = {row.language: row.title for row in proposal.translations.all() if row.title} | {proposal.language: proposal.title}
    passport = Passport.objects.filter(workspace__proposal=proposal).order_by("-number").values_list("digest", flat=True).first()
    return {
        "code": proposal.code, "title": {name: titles.get(name) or proposal.title for name in LANGUAGES},
        "cost": proposal.cost_tenge or 0, "passport": passport or "",
    }  # fmt: skip


def _recusal(row: Recusal) -> dict[str, Any]:
    return {"name": row.seat.account.name, "kind": row.kind}


def _poll(poll: Poll, zone: Any) -> dict[str, Any]:
    decision = getattr(poll, "decision", None)
    until = decision.appeal_until if decision else None
    return {
        "verdict": poll.verdict, "reasons": _reasons(poll.reasons), "text": {"kk": poll.text_kk, "ru": poll.text_ru},
        "rework_until": poll.rework_until.isoformat() if poll.rework_until else "", "options": poll.options, "chosen": poll.chosen,
        "target": poll.target.code if poll.target else "", "outcome": poll.outcome, "counts": poll.counts,
        "voices": [_voice(vote) for vote in sorted(poll.votes.all(), key=lambda row: row.seat_id)],
        "appeal_last_day": dates.last_moment(until, zone)[0].isoformat() if until else "",
    }  # fmt: skip


def _voice(vote: Any) -> dict[str, Any]:
    return {
        "name": vote.seat.account.name, "voice": vote.voice, "dissent": vote.dissent, "language": vote.dissent_language,
        "is_entered": vote.entered_by_id != vote.seat.account_id,
    }  # fmt: skip


def _reasons(codes: Iterable[str]) -> list[dict[str, str]]:
    """Codes with their words in both languages, as they are said today."""
    found = []
    for code in codes:
        row = {"code": code}
        for language in LANGUAGES:
            with translation.override(language):
                row[language] = str(NOT_ADMIT.get(code, code))
        found.append(row)
    return found
