"""Who is told what about the Council, in the language of each reader; sent later by the worker."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qatysu.core.collegial_states import AppealState
from qatysu.council.models import Appeal, Decision, Inquiry, Meeting, Review, Seat
from qatysu.council.queries.seats import meeting_day, seats_of
from qatysu.identity.models import Account
from qatysu.outbox.commands import enqueue
from qatysu.proposals.notices import contact_of
from qatysu.rounds.models import Round
from qatysu.rounds.queries import zone_of
from qatysu.ui import dates

_SAID: dict[str, Promise] = {
    "called": gettext_lazy("You are invited to a meeting of the Expert Council."),
    "changed": gettext_lazy("A meeting of the Expert Council has another time or place."),
    "cancelled": gettext_lazy("A meeting of the Expert Council is cancelled."),
}


def tell(people: Iterable[Account], round_: Round, words: Callable[[], str], tail: str, key: str, now: datetime) -> None:
    """One message to each of ``people``, with a link to ``tail`` below the Council's address."""
    for person in people:
        contact = contact_of(person)
        if contact is None or not person.is_active:
            continue
        with translation.override(person.language):
            title = str(getattr(round_, f"title_{person.language}", "") or round_.title_ru)
            link = f"{settings.ORIGIN}/{person.language}/council/{round_.city.slug}/{round_.slug}/{tail}"
            enqueue(
                channel=contact[0],
                address=contact[1],
                subject=_("Expert Council: %(round)s") % {"round": title},
                body=f"{words()}\n{link}",
                dedupe_key=f"{key}:{person.pk}",
                now=now,
                account=person,
            )


def tell_named(seat: Seat, now: datetime) -> None:
    """Ask the person to take the seat."""
    tell(
        [seat.account], seat.round,
        lambda: _("You are named to the Expert Council. Please accept the seat, or decline it."), "seats/", f"seat:{seat.pk}", now,
    )  # fmt: skip


def tell_meeting(meeting: Meeting, what: str, now: datetime) -> None:
    """Everybody in office on that day hears of the meeting; a changed one is told once for each change."""
    seats = seats_of(meeting.round, meeting_day(meeting))

    def words() -> str:
        begins = meeting.starts_at.astimezone(zone_of(meeting.round))
        when = f"{dates.long(begins.date(), translation.get_language() or 'kk')}, {begins:%H:%M}"
        return "\n".join(filter(None, (str(_SAID[what]), when, meeting.place, meeting.call_url, meeting.cancel_reason)))

    key = f"meeting:{meeting.pk}:{what}:{meeting.sequence}"
    tell([seat.account for seat in seats], meeting.round, words, f"meetings/{meeting.number}/", key, now)


def tell_decision(decision: Decision, now: datetime) -> None:
    """The captain hears how a refusal may be appealed; the move of the project itself is told by ``proposals``."""
    proposal = decision.matter.proposal
    if proposal is None or decision.appeal_until is None:
        return
    until = decision.appeal_until

    def words() -> str:
        day = dates.last_moment(until, zone_of(decision.matter.round))[0]
        shown = dates.long(day, translation.get_language() or "kk")
        return _("You may appeal against the Council's decision until %(day)s.") % {"day": shown}

    captains = [row.account for row in proposal.team.filter(role="captain").select_related("account")]
    tell(captains or [proposal.author], decision.matter.round, words, f"appeals/{proposal.code}/", f"decision:{decision.pk}", now)


def tell_appeal(appeal: Appeal, now: datetime) -> None:
    """The secretary and the chair hear of an appeal."""
    matter = appeal.decision.matter
    today = now.astimezone(zone_of(matter.round)).date()
    seats = [seat for seat in seats_of(matter.round, today) if seat.role in ("chair", "secretary")]
    tell(
        [seat.account for seat in seats], matter.round, lambda: _("A team appeals against a decision of the Council."),
        f"matters/{matter.number}/", f"appeal:{appeal.pk}", now,
    )  # fmt: skip


def tell_appeal_answer(appeal: Appeal, now: datetime) -> None:
    """The person who appealed hears whether the Council looks at the project again."""
    matter = appeal.decision.matter

    def words() -> str:
        if appeal.state == AppealState.TAKEN:
            return _("The Council hears your project again, with another rapporteur.")
        answer = appeal.answer_kk if translation.get_language() == "kk" else appeal.answer_ru
        return _("The Council cannot hear your appeal: %(answer)s") % {"answer": answer}

    code = matter.proposal.code if matter.proposal else ""
    tell([appeal.filed_by], matter.round, words, f"appeals/{code}/", f"appeal:{appeal.pk}:{appeal.state}", now)


def tell_review(review: Review, now: datetime) -> None:
    """Ask the rapporteur to look at a project."""
    matter = review.matter

    def words() -> str:
        shown = dates.long(review.due_on, translation.get_language() or "kk")
        return _("Please report on a project to the Council by %(day)s.") % {"day": shown}

    tell([review.rapporteur.account], matter.round, words, f"matters/{matter.number}/", f"review:{review.pk}", now)


def tell_inquiry(inquiry: Inquiry, now: datetime) -> None:
    """The team hears that the Council asks."""
    proposal = inquiry.matter.proposal
    if proposal is None:
        return
    team = [row.account for row in proposal.team.select_related("account")]
    tell(
        team or [proposal.author], inquiry.matter.round, lambda: _("The Expert Council asks about your project."),
        f"appeals/{proposal.code}/", f"inquiry:{inquiry.pk}", now,
    )  # fmt: skip
