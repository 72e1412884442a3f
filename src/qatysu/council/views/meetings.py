"""Meetings: preparing them, and the room in which the Council votes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from qatysu.core.collegial import Presence
from qatysu.core.collegial_interests import InterestKind
from qatysu.core.errors import Invalid, NotFound
from qatysu.council import commands, queries, words
from qatysu.council.calendar_file import invitation
from qatysu.council.commands.polls import VERDICTS
from qatysu.council.models import AgendaItem, Matter, Meeting, Poll, Seat, Verdict
from qatysu.council.queries import Viewer, pages
from qatysu.council.views.common import address, attempt, base, council_round, day, local_time, number
from qatysu.council.views.council import project_of
from qatysu.proposals.reasons import NOT_ADMIT
from qatysu.rounds.access import staff
from qatysu.rounds.models import Round
from qatysu.rounds.queries import zone_of


@staff
@never_cache
@require_http_methods(["GET", "POST"])
def new_meeting(request: HttpRequest, city_slug: str, round_slug: str) -> HttpResponse:
    """Prepare a meeting; the matters that wait are offered for its agenda."""
    round_, viewer = council_round(request, city_slug, round_slug)
    if not viewer.may_keep:
        raise NotFound("meeting")
    made: list[Meeting] = []
    if request.method == "POST":
        error = attempt(request, lambda: made.append(_draft(request, round_)))
        if error is None:
            return HttpResponseRedirect(address("council_meeting", round_, number=made[0].number))
    rules = queries.body_rules(round_.constitution)
    context = base(
        round_, viewer, posted=request.POST, waiting=pages.home_of(round_).waiting, may_write=rules.correspondence_allowed,
        ticked=set(request.POST.getlist("matter")),
    )  # fmt: skip
    return render(request, "council/meeting_new.html", context, status=200 if request.method == "GET" else 422)


def _draft(request: HttpRequest, round_: Round) -> Meeting:
    post, now = request.POST, timezone.now()
    kind = Meeting.Kind.CORRESPONDENCE if post.get("kind") == "correspondence" else Meeting.Kind.SITTING
    made = commands.draft_meeting(
        actor=request.user, round_=round_, kind=kind, starts_at=local_time(round_, post.get("starts", ""), "starts"),
        ends_at=local_time(round_, post.get("ends", ""), "ends"), place=post.get("place", ""), call_url=post.get("call_url", ""),
        note_text=post.get("note", ""), now=now,
    )  # fmt: skip
    for matter in Matter.objects.filter(round=round_, pk__in=[number(pk) for pk in post.getlist("matter")], state__in=pages.WAITING):
        commands.add_item(actor=request.user, meeting=made, matter=matter, now=now)
    return made


@staff
@never_cache
@require_http_methods(["GET", "POST"])
def meeting(request: HttpRequest, city_slug: str, round_slug: str, number: int) -> HttpResponse:
    """The room: who is there, the question that is put, my voice, the agenda with what was decided."""
    round_, viewer = council_round(request, city_slug, round_slug)
    row = queries.get_meeting(round_, number, request.user, timezone.now())
    if request.method == "POST":
        error = attempt(request, lambda: _deed(request, row))
        if error is None:
            anchor = f"#item-{request.POST['item']}" if request.POST.get("item", "").isdigit() else ""
            return HttpResponseRedirect(address("council_meeting", round_, number=row.number) + anchor)
        row.refresh_from_db()
        return _room(request, row, viewer, status=error.status)
    return _room(request, row, viewer)


def _room(request: HttpRequest, row: Meeting, viewer: Viewer, status: int = 200) -> HttpResponse:
    room = pages.room_of(row)
    asked = request.GET.get("pulse", "")
    current, zone = room.open_item, zone_of(row.round)
    mine = viewer.seat if current and viewer.seat in current.waiting else None
    context = base(
        row.round, viewer, meeting=row, room=room, current=current, mine=mine, posted=request.POST,
        verdicts={item.item.pk: [(v.value, words.VERDICTS[v]) for v in VERDICTS.get(item.item.matter.kind, ())
                                 or (Verdict.APPROVE, Verdict.DECLINE)] for item in room.items},
        reasons=NOT_ADMIT.items(), voices=words.VOICES.items(), interests=words.INTERESTS.items(), presence=words.PRESENCE.items(),
        here={seat.pk for seat, mark in room.seats if mark and mark.left_at is None}, waiting=pages.home_of(row.round).waiting,
        starts=row.starts_at.astimezone(zone), ends=row.ends_at.astimezone(zone),
        is_letter=row.kind == Meeting.Kind.CORRESPONDENCE,
    )  # fmt: skip
    if request.headers.get("HX-Request") and asked:
        answer = render(request, "council/_pulse.html", context)
        if asked != room.key:
            answer["HX-Refresh"] = "true"
        return answer
    return render(request, "council/meeting.html", context, status=status)


def _deed(request: HttpRequest, row: Meeting) -> None:
    """One deed in the room, named by ``do``."""
    post, now = request.POST, timezone.now()
    who: dict[str, Any] = {"actor": request.user, "now": now}
    reason = post.get("reason", "")
    deeds: dict[str, Callable[[], Any]] = {
        "call": lambda: commands.call_meeting(meeting=row, **who),
        "cancel": lambda: commands.cancel_meeting(meeting=row, reason=reason, **who),
        "open": lambda: commands.open_meeting(meeting=row, **who),
        "break": lambda: commands.adjourn_meeting(meeting=row, **who),
        "resume": lambda: commands.resume_meeting(meeting=row, **who),
        "close": lambda: commands.close_meeting(meeting=row, **who),
        "change": lambda: _change(request, row),
        "add": lambda: _add(request, row),
        "drop": lambda: commands.drop_item(item=_item(row, post), **who),
        "up": lambda: commands.move_item(item=_item(row, post), up=True, **who),
        "down": lambda: commands.move_item(item=_item(row, post), up=False, **who),
        "minutes": lambda: commands.write_minutes(item=_item(row, post), text=post.get("minutes", ""), **who),
        "postpone": lambda: commands.postpone_item(item=_item(row, post), reason=reason, **who),
        "attend": lambda: commands.mark_attendance(meeting=row, seat=_seat(row, post), how=_how(post.get("how", "")), **who),
        "recuse": lambda: _recuse(request, row),
        "put": lambda: _put(request, row),
        "voice": lambda: _voice(request, row),
        "rest": lambda: commands.cast_rest(poll=_poll(row, post), voice=post.get("voice", ""), **who),
        "count": lambda: commands.close_poll(poll=_poll(row, post), **who),
        "cancel-poll": lambda: commands.cancel_poll(poll=_poll(row, post), reason=reason, **who),
    }
    verb = post.get("do", "")
    if verb not in deeds:
        raise NotFound("deed")
    deeds[verb]()


def _change(request: HttpRequest, row: Meeting) -> None:
    post = request.POST
    commands.change_meeting(
        actor=request.user, meeting=row, starts_at=local_time(row.round, post.get("starts", ""), "starts"),
        ends_at=local_time(row.round, post.get("ends", ""), "ends"), place=post.get("place", ""), call_url=post.get("call_url", ""),
        note_text=post.get("note", ""), now=timezone.now(),
    )  # fmt: skip


def _add(request: HttpRequest, row: Meeting) -> None:
    for key in request.POST.getlist("matter"):
        matter = Matter.objects.filter(round=row.round, pk=number(key)).first()
        if matter is None:
            raise NotFound("matter")
        commands.add_item(actor=request.user, meeting=row, matter=matter, now=timezone.now())


def _recuse(request: HttpRequest, row: Meeting) -> None:
    post = request.POST
    kind = post.get("kind", "")
    if kind not in {each.value for each in InterestKind}:
        raise Invalid("interest_kind", field="kind")
    commands.recuse(
        actor=request.user, item=_item(row, post), seat=_seat(row, post), kind=InterestKind(kind), text=post.get("text", ""),
        now=timezone.now(),
    )  # fmt: skip


def _put(request: HttpRequest, row: Meeting) -> None:
    post = request.POST
    verdict = post.get("verdict", "")
    if verdict not in Verdict.values:
        raise Invalid("verdict", field="verdict")
    commands.put_question(
        actor=request.user, item=_item(row, post), verdict=Verdict(verdict), reasons=post.getlist("reasons"),
        text_kk=post.get("text_kk", ""), text_ru=post.get("text_ru", ""),
        rework_until=day(post.get("rework_until", ""), "rework_day", "rework_until"),
        options=[line.strip()[:200] for line in post.get("options", "").splitlines() if line.strip()],
        target=project_of(row.round, post.get("target", "")), now=timezone.now(),
    )  # fmt: skip


def _voice(request: HttpRequest, row: Meeting) -> None:
    post = request.POST
    commands.cast_voice(
        actor=request.user, poll=_poll(row, post), seat=_seat(row, post), voice=post.get("voice", ""),
        dissent=post.get("dissent", ""), language=(get_language() or "kk")[:2], now=timezone.now(),
    )  # fmt: skip


def _how(text: str) -> Presence | None:
    if text == "left":
        return None
    if text not in {each.value for each in Presence}:
        raise NotFound("presence")
    return Presence(text)


def _item(row: Meeting, post: Any) -> AgendaItem:
    found = AgendaItem.objects.select_related("meeting", "matter").filter(meeting=row, pk=number(post.get("item"))).first()
    if found is None:
        raise NotFound("item")
    return found


def _seat(row: Meeting, post: Any) -> Seat:
    found = Seat.objects.select_related("account").filter(round=row.round, pk=number(post.get("seat"))).first()
    if found is None:
        raise NotFound("seat")
    return found


def _poll(row: Meeting, post: Any) -> Poll:
    found = Poll.objects.select_related("item__meeting").filter(item__meeting=row, pk=number(post.get("poll"))).first()
    if found is None:
        raise NotFound("poll")
    return found


@staff
@require_safe
def calendar(request: HttpRequest, city_slug: str, round_slug: str, number: int) -> HttpResponse:
    """The invitation as a calendar file."""
    round_, _viewer = council_round(request, city_slug, round_slug)
    row = queries.get_meeting(round_, number, request.user, timezone.now())
    page = request.build_absolute_uri(address("council_meeting", round_, number=row.number))
    title = _("Meeting No. %(n)s of the Expert Council") % {"n": row.number}
    answer = HttpResponse(invitation(row, title, page, timezone.now()), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="council-{row.number}.ics"'
    return answer
