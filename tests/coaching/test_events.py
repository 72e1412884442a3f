"""Events: held for those who can come, kept for those who cannot."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from icalendar import Calendar

from qatysu.audit.models import Deed
from qatysu.coaching.commands import events as commands
from qatysu.coaching.models import Attendance, Event, Workspace
from qatysu.coaching.queries import events as queries
from qatysu.core.errors import Conflict, Invalid, NotAllowed, NotFound
from qatysu.core.regulation import Role
from qatysu.identity.models import Account
from qatysu.outbox.models import Message
from qatysu.places.models import City
from qatysu.rounds.models import Round
from qatysu.vault import unseal
from tests import factories

from . import rooms
from .test_talk_notes import HOSTILE, url

pytestmark = pytest.mark.django_db


def facts(now: datetime, **more: Any) -> commands.EventFacts:
    """A call of an hour in two hours."""
    start = (now + timedelta(hours=2)).replace(second=0, microsecond=0)
    plain = commands.EventFacts(
        title_kk="Смета бойынша кездесу",
        title_ru="Встреча о смете",
        title_en="",
        starts_at=start,
        ends_at=start + timedelta(hours=1),
        place="Мәдениет үйі",
        call_url="https://call.example/room",
    )
    return replace(plain, **more)


def hold(coach: Account, round_: Round, now: datetime, **more: Any) -> Event:
    return commands.create_event(actor=coach, round_=round_, facts=facts(now, **more), now=now)


def address(name: str, round_: Round, **more: Any) -> str:
    with translation.override("kk"):
        return reverse(name, kwargs={"city_slug": round_.city.slug, "round_slug": round_.slug, **more})


@pytest.fixture
def event(coach: Account, round: Round, now: datetime) -> Event:
    return hold(coach, round, now)


def test_only_the_centre_holds_events(
    captain: Account, room: Workspace, round: Round, event: Event, now: datetime
) -> None:
    for nobody in (captain, rooms.staff(Role.EXPERT, round)):
        with pytest.raises(NotAllowed):
            commands.create_event(actor=nobody, round_=round, facts=facts(now), now=now)
        with pytest.raises(NotAllowed):
            commands.cancel_event(actor=nobody, event=event, now=now)
        with pytest.raises(NotAllowed):
            commands.mark_attendance(actor=nobody, event=event, shown=[], present=[], now=now)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title_ru": " "}, "title_ru"),
        ({"title_kk": "а" * 161}, "title_kk"),
        ({"place": "", "call_url": ""}, "place"),
        ({"call_url": "javascript:alert(1)"}, "call_url"),
        ({"recording_url": "https://"}, "recording_url"),
        ({"recording_url": "http://[bad"}, "recording_url"),
    ],
)
def test_a_wrong_event_is_refused_at_its_field(
    coach: Account, round: Round, now: datetime, wrong: dict[str, str], field: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        hold(coach, round, now, **wrong)
    assert refusal.value.field == field


def test_times_must_make_sense(coach: Account, round: Round, now: datetime) -> None:
    for starts, ends, reason in (
        (now, now, "ends_before_start"),
        (now, now + timedelta(days=3), "too_long_event"),
        (now + timedelta(days=999), now + timedelta(days=999, hours=1), "far_away"),
    ):
        with pytest.raises(Invalid, match=reason):
            hold(coach, round, now, starts_at=starts, ends_at=ends)


def test_a_module_of_another_round_is_refused(coach: Account, round: Round, city: City, now: datetime) -> None:
    other = rooms.make_sessions(city, "other")
    with pytest.raises(Invalid, match="module"):
        hold(coach, round, now, module=other.modules.first())


def test_a_second_click_makes_no_second_event(coach: Account, round: Round, event: Event, now: datetime) -> None:
    assert hold(coach, round, now) == event


def test_another_time_and_a_cancellation_are_told_once_in_the_language_of_each(
    captain: Account, mate: Account, coach: Account, event: Event, now: datetime
) -> None:
    mate.language = "ru"
    mate.save()
    later = facts(now, starts_at=event.starts_at + timedelta(days=1), ends_at=event.ends_at + timedelta(days=1))

    moved = commands.change_event(actor=coach, event=event, facts=later, now=now)
    assert moved.revision == 1
    assert set(Message.objects.values_list("account_id", flat=True)) == {captain.pk, mate.pk}
    assert "Встреча о смете" in unseal(Message.objects.get(account=mate).body_sealed)

    commands.change_event(actor=coach, event=event, facts=later, now=now)  # nothing changed
    assert Message.objects.count() == 2
    commands.cancel_event(actor=coach, event=event, now=now)
    commands.cancel_event(actor=coach, event=event, now=now)
    assert Message.objects.count() == 4
    assert Event.objects.get().revision == 2
    with pytest.raises(Conflict, match="event_cancelled"):
        commands.change_event(actor=coach, event=event, facts=facts(now), now=now)


def test_a_recording_added_later_troubles_nobody(
    captain: Account, room: Workspace, coach: Account, event: Event, now: datetime
) -> None:
    after = event.ends_at + timedelta(days=1)
    told = replace(facts(now), recording_url="https://video.example/1", note="Бағаны салыстырдық.")

    commands.change_event(actor=coach, event=event, facts=told, now=after)

    assert Message.objects.count() == 0
    agenda = queries.agenda_of(room, captain, after)
    assert [slot.event.recording_url for slot in agenda.past] == ["https://video.example/1"]


def test_everybody_is_reminded_once_a_day_before(captain: Account, mate: Account, event: Event, now: datetime) -> None:
    assert commands.remind(event.starts_at - timedelta(days=1, minutes=1)) == 0
    assert commands.remind(event.starts_at - timedelta(days=1)) == 2
    assert commands.remind(now) == 0
    newcomer = rooms.join(Workspace.objects.get().proposal, "Жаңа К.")
    assert commands.remind(now) == 1
    assert Message.objects.filter(account=newcomer).count() == 1
    assert commands.remind(event.starts_at) == 0


def test_those_who_want_no_messages_or_have_left_are_not_reminded(
    captain: Account, mate: Account, coach: Account, event: Event, now: datetime
) -> None:
    mate.wants_messages = False
    mate.save()
    room = Workspace.objects.get()
    room.proposal.state = "withdrawn"
    room.proposal.save()
    assert commands.remind(now) == 0
    room.proposal.state = "in_sessions"
    room.proposal.save()
    assert commands.remind(now) == 1
    commands.cancel_event(actor=coach, event=event, now=now)
    Message.objects.all().delete()
    assert commands.remind(now) == 0


def test_the_work_of_a_reminder_that_was_sent_already_is_small(
    round: Round, coach: Account, event: Event, now: datetime
) -> None:
    counts = []
    for number in (1, 4):
        for _ in range(number):
            rooms.make_room(round)
        commands.remind(now)
        with CaptureQueriesContext(connection) as again:
            assert commands.remind(now) == 0
        counts.append(len(again))
    assert counts[0] == counts[1] <= 7


def test_a_person_says_i_was_there_only_while_it_goes_on(
    captain: Account, coach: Account, room: Workspace, round: Round, event: Event, now: datetime
) -> None:
    def at(moment: datetime, actor: Account = captain) -> Attendance:
        return commands.attend(actor=actor, workspace=room, event=event, now=moment)

    for moment in (now, event.ends_at + timedelta(hours=3)):
        with pytest.raises(Conflict, match="event_not_now"):
            at(moment)
    mark = at(event.starts_at)
    assert (mark.marked_by, mark.workspace) == (captain, room)
    assert at(event.ends_at) == mark
    with pytest.raises(NotAllowed, match="team_only"):
        at(event.starts_at, coach)
    other = rooms.make_room(round)
    with pytest.raises(NotAllowed):
        at(event.starts_at, other.proposal.author)


def test_the_list_of_the_centre_adds_takes_away_and_ignores_strangers(
    captain: Account, mate: Account, coach: Account, room: Workspace, event: Event
) -> None:
    stranger, after = factories.make_account(), event.ends_at
    commands.attend(actor=mate, workspace=room, event=event, now=event.starts_at)
    people = [captain.pk, mate.pk, stranger.pk]

    def mark(shown: list[int], present: list[int]) -> tuple[int, int]:
        return commands.mark_attendance(actor=coach, event=event, shown=shown, present=present, now=after)

    with pytest.raises(Conflict, match="event_not_begun"):
        commands.mark_attendance(
            actor=coach, event=event, shown=people, present=people, now=event.starts_at - timedelta(hours=1)
        )
    assert mark([captain.pk, stranger.pk], people) == (1, 0)  # the mate is on another page
    assert mark(people, people) == (0, 0)
    assert mark(people, [captain.pk]) == (0, 1)
    assert list(Attendance.objects.values_list("account", "marked_by")) == [(captain.pk, coach.pk)]
    assert Deed.objects.filter(action="mark_attendance").count() == 2


def calendar(body: bytes) -> Calendar:
    return Calendar.from_ical(body)


def test_the_calendar_file_is_read_back_with_the_right_hour(captain: Account, room: Workspace, event: Event) -> None:
    answer = factories.client_for(captain).get(url("workspace_event_file", room, pk=event.pk))

    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    (entry,) = calendar(answer.content).walk("VEVENT")
    assert entry.decoded("dtstart") == event.starts_at
    assert entry.decoded("dtend") == event.ends_at
    assert b"DTSTART:" + f"{event.starts_at.astimezone(UTC):%Y%m%dT%H%M%SZ}".encode() in answer.content
    assert str(entry["summary"]) == event.title_kk
    assert (int(entry["sequence"]), str(entry["status"])) == (0, "CONFIRMED")
    assert b"\r\n" in answer.content
    assert all(len(line) <= 75 for line in answer.content.split(b"\r\n"))


def test_a_feed_keeps_the_uid_and_shows_what_was_moved_and_cancelled(
    captain: Account, coach: Account, room: Workspace, event: Event, now: datetime
) -> None:
    with translation.override("kk"):
        feed = reverse("calendar_feed", kwargs={"token": queries.feed_token(room, captain)})

    def entries() -> list[tuple[str, int, str]]:
        found = calendar(Client().get(feed).content).walk("VEVENT")  # a calendar signs in nowhere
        return [(str(one["uid"]), int(one["sequence"]), str(one["status"])) for one in found]

    ((uid, first, _status),) = entries()
    commands.change_event(actor=coach, event=event, facts=facts(now, place="Мектеп"), now=now)
    commands.cancel_event(actor=coach, event=event, now=now)
    assert (uid, first) == (entries()[0][0], 0)
    assert entries() == [(uid, 2, "CANCELLED")]


def test_the_address_of_a_feed_ends_with_the_team_and_with_signing_out_everywhere(
    captain: Account, mate: Account, room: Workspace, event: Event, now: datetime
) -> None:
    token = queries.feed_token(room, mate)
    assert queries.room_of_feed(token, now) == (room, mate)
    for wrong in (
        "",
        "x",
        token[:-1],
        token.replace("-", "-1", 1),
        f"{room.pk}-{captain.pk}-{token.rsplit('-', 1)[1]}",
        "9" * 40 + "-1-x",
    ):
        with pytest.raises(NotFound):
            queries.room_of_feed(wrong, now)
    mate.session_epoch += 1
    mate.save()
    with pytest.raises(NotFound):
        queries.room_of_feed(token, now)
    again = queries.feed_token(room, mate)
    room.proposal.team.filter(account=mate).delete()
    with pytest.raises(NotFound):
        queries.room_of_feed(again, now)


def test_hostile_words_stay_words_in_calendars_and_pages(
    captain: Account, coach: Account, room: Workspace, round: Round, now: datetime
) -> None:
    nasty = f"{HOSTILE}\r\nEND:VEVENT\r\nATTACH:http://evil.example/"
    event = hold(coach, round, now, title_kk=nasty[:150], note=nasty, place=nasty[:150])
    browser = factories.client_for(captain)

    found = calendar(browser.get(url("workspace_event_file", room, pk=event.pk)).content)
    page = browser.get(url("workspace_events", room)).content.decode()

    assert len(found.walk("VEVENT")) == 1
    assert "attach" not in found.walk("VEVENT")[0]
    assert "<script>alert" not in page


def test_another_team_and_another_round_find_nothing(
    captain: Account, coach: Account, room: Workspace, round: Round, city: City, event: Event, now: datetime
) -> None:
    other = rooms.make_sessions(city, "other")
    theirs = hold(coach, other, now)
    stranger = factories.client_for(rooms.make_room(round).proposal.author)
    assert stranger.get(url("workspace_events", room)).status_code == 404
    assert stranger.get(url("workspace_event_file", room, pk=event.pk)).status_code == 404
    assert stranger.post(url("workspace_attend", room, pk=event.pk)).status_code == 404
    assert factories.client_for(captain).get(url("workspace_event_file", room, pk=theirs.pk)).status_code == 404
    assert factories.client_for(captain).post(url("workspace_attend", room, pk=theirs.pk)).status_code == 404
    assert factories.client_for(coach).get(address("centre_event", round, pk=theirs.pk)).status_code == 404
    expert = factories.client_for(rooms.staff(Role.EXPERT, round))
    assert expert.get(address("centre_events", round)).status_code == 404


FORM = {"title_kk": "Кездесу", "title_ru": "Встреча", "day": "", "starts": "19:30", "ends": "20:30", "module": ""}
FORM["call_url"] = "https://call.example/"


def test_the_centre_makes_corrects_marks_and_cancels_by_its_pages(
    captain: Account, mate: Account, coach: Account, room: Workspace, round: Round, now: datetime
) -> None:
    browser = factories.client_for(coach)
    day = (now - timedelta(days=1)).date().isoformat()

    made = browser.post(address("centre_event_new", round), FORM | {"day": day, "module": "annotation"})
    event = Event.objects.get()
    assert made.status_code == 302
    zone = ZoneInfo(round.city.time_zone)
    assert event.starts_at == datetime.fromisoformat(f"{day}T19:30").replace(tzinfo=zone)
    assert event.module is not None

    page = browser.get(address("centre_event", round, pk=event.pk)).content.decode()
    assert 'value="19:30"' in page
    browser.post(
        address("centre_event", round, pk=event.pk), FORM | {"day": day, "recording_url": "https://video.example/1"}
    )
    sheet = address("centre_event_attendance", round, pk=event.pk)
    assert 'name="present"' in browser.get(sheet).content.decode()
    browser.post(sheet, {"shown": f"{captain.pk},{mate.pk},x,{'9' * 40}", "present": [str(mate.pk), "x"]})
    assert list(Attendance.objects.values_list("account_id", flat=True)) == [mate.pk]
    assert "checked" in browser.get(sheet).content.decode()
    team = factories.client_for(mate).get(url("workspace_events", room)).content.decode()
    assert "https://video.example/1" in team
    browser.post(address("centre_event_cancel", round, pk=event.pk))
    assert browser.get(address("centre_events", round)).status_code == 200
    assert Event.objects.get().cancelled_at is not None


@pytest.mark.parametrize(
    "wrong",
    [
        {"day": "x"},
        {"starts": "25:00"},
        {"ends": ""},
        {"module": "none"},
        {"title_kk": ""},
        {"day": "0001-01-01", "starts": "00:00"},
        {"day": "9999-12-31", "starts": "23:58", "ends": "23:59"},
        {"module": "a\0b"},
        {"ends": "01:00"},
    ],
)
def test_a_wrong_form_keeps_what_was_typed(coach: Account, round: Round, now: datetime, wrong: dict[str, str]) -> None:
    sent = FORM | {"day": now.date().isoformat(), "place": "Кітапхана"} | wrong
    answer = factories.client_for(coach).post(address("centre_event_new", round), sent)
    assert answer.status_code == 422
    assert 'value="Кітапхана"' in answer.content.decode()
    assert Event.objects.count() == 0


def test_lists_cost_the_same_however_many_teams_there_are(
    coach: Account, round: Round, event: Event, now: datetime
) -> None:
    counts = set()
    for number in (1, 5):
        for _ in range(number):
            room = rooms.make_room(round)
            Attendance.objects.create(
                event=event, account=room.proposal.author, workspace=room, marked_by=coach, at=now
            )
            hold(coach, round, now, title_kk=f"Кездесу {room.pk}")
        with CaptureQueriesContext(connection) as captured:
            queries.roll_of(Event.objects.get(pk=event.pk), 1)
            queries.held_in(round, now)
            queries.agenda_of(room, room.proposal.author, now)
        counts.add(len(captured))
    assert len(counts) == 1, counts
