"""Notes: who may read and write, who is called, what is never lost."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from qatysu.coaching.commands import talking as commands
from qatysu.coaching.mentions import named, pieces
from qatysu.coaching.models import Mention, Note, Work, Workspace
from qatysu.coaching.queries import talking
from qatysu.core.errors import Invalid, NotAllowed, NotFound, TooMany
from qatysu.core.regulation import Role
from qatysu.identity.models import Account
from qatysu.outbox.models import Message
from qatysu.rounds.models import Round
from qatysu.vault import unseal
from tests import factories

from . import rooms

pytestmark = pytest.mark.django_db

PEOPLE = [(1, "Лаура Сейткали"), (2, "Марат Б."), (3, "Лаура Ахмет"), (4, "")]
HOSTILE = '<script>alert(1)</script>{{ 7*7 }}"><img src=x onerror=alert(1)>\x00 @Нұрлан Ж.'


def url(name: str, room: Workspace, **more: object) -> str:
    round_ = room.proposal.round
    with translation.override("kk"):
        return reverse(
            name, kwargs={"city_slug": round_.city.slug, "round_slug": round_.slug, "code": room.proposal.code, **more}
        )


def say(actor: Account, room: Workspace, text: str, now: datetime, **more: object) -> Note:
    return commands.write_note(actor=actor, workspace=room, text=text, language="kk", now=now, **more)


def called(note: Note) -> set[int]:
    return set(note.mentions.values_list("account_id", flat=True))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("@Лаура Сейткали, қара", {1}),
        ("@лаура сейткали", {1}),
        ("сәлем @Марат!", {2}),
        ("@Лаура", set()),  # two of them: nobody is guessed
        ("a@Марат", set()),
        ("@Маратхан", set()),
        ("@Бейтаныс және @", set()),
        ("@Марат Б. мен @Лаура Ахмет", {2, 3}),
    ],
)
def test_a_name_after_an_at_calls_that_person_alone(text: str, found: set[int]) -> None:
    assert named(text, PEOPLE) == found
    assert "".join(piece.text for piece in pieces(text, PEOPLE)) == text


def test_a_named_person_is_told_in_their_language_and_nobody_else(
    captain: Account, mate: Account, coach: Account, room: Workspace, now: datetime
) -> None:
    mate.language = "ru"
    mate.save()
    stranger = factories.make_account("Бөтен Адам")

    note = say(captain, room, f"@{mate.name} және @{stranger.name}, қараңдаршы", now, mentioned=[stranger.pk, 10**9])

    assert called(note) == {mate.pk}
    told = Message.objects.get(account=mate)
    assert "/ru/workspace/" in unseal(told.body_sealed)
    assert f"#note-{note.pk}" in unseal(told.body_sealed)
    assert not Message.objects.filter(account=stranger).exists()
    assert "қараңдаршы" not in unseal(told.body_sealed)  # what a team says stays in its room


def test_a_person_chosen_in_the_list_is_named_in_the_text(
    captain: Account, mate: Account, room: Workspace, now: datetime
) -> None:
    note = say(captain, room, "бағаны тексер", now, mentioned=[mate.pk])

    assert note.text == f"@{mate.name} бағаны тексер"
    assert called(note) == {mate.pk}


def test_an_answer_reaches_the_person_answered_and_stays_with_the_field(
    captain: Account, coach: Account, room: Workspace, annotation: Work, now: datetime
) -> None:
    asked = say(captain, room, "Бұл дұрыс па?", now, work=annotation, field="problem")

    answer = say(coach, room, "Иә", now, parent=asked)
    more = say(captain, room, "Рақмет", now, parent=answer)

    assert (answer.work_id, answer.field, answer.parent, answer.is_staff) == (annotation.pk, "problem", asked, True)
    assert more.parent == asked  # threads are two levels deep
    assert called(answer) == {captain.pk}
    assert called(more) == {coach.pk}
    assert not asked.is_staff


def test_a_note_of_the_team_reaches_the_coach_once_a_day_and_one_of_the_coach_the_whole_team(
    captain: Account, mate: Account, coach: Account, room: Workspace, now: datetime
) -> None:
    say(captain, room, "Бір", now)
    say(captain, room, "Екі", now)
    assert Message.objects.filter(account=coach).count() == 1

    say(coach, room, "Сәлем", now)
    assert Message.objects.filter(account__in=[captain, mate]).count() == 2


def test_who_has_left_the_team_hears_nothing_more(
    captain: Account, mate: Account, room: Workspace, now: datetime
) -> None:
    asked = say(mate, room, "Сұрақ", now)
    room.proposal.team.filter(account=mate).delete()

    answer = say(captain, room, f"@{mate.name} жауап", now, parent=asked)

    assert called(answer) == set()


def test_the_same_words_twice_are_one_note_and_many_notes_are_slowed(
    captain: Account, room: Workspace, now: datetime
) -> None:
    assert say(captain, room, "Бір", now) == say(captain, room, "Бір", now + timedelta(minutes=1))

    for i in range(commands.NOTES.most - 1):
        say(captain, room, f"Сөз {i}", now)
    with pytest.raises(TooMany):
        say(captain, room, "Тағы", now)
    assert room.notes.count() == commands.NOTES.most


@pytest.mark.parametrize("text", ["", "  \n ", "\0", "а" * 4001])
def test_an_empty_or_endless_note_is_refused(captain: Account, room: Workspace, now: datetime, text: str) -> None:
    with pytest.raises(Invalid):
        say(captain, room, text, now)


def test_a_note_on_a_field_that_is_not_there_or_not_ours_is_refused(
    captain: Account, room: Workspace, annotation: Work, round: Round, now: datetime
) -> None:
    other = rooms.make_room(round)
    theirs = Note.objects.create(workspace=other, author=other.proposal.author, language="kk", text="Құпия", at=now)
    with pytest.raises(Invalid, match="unknown_field"):
        say(captain, room, "Не?", now, work=annotation, field="nothing")
    with pytest.raises(NotFound):
        say(captain, room, "Не?", now, work=rooms.work_in(other, "annotation"))
    with pytest.raises(NotFound):
        say(captain, room, "Не?", now, parent=theirs)


@pytest.mark.parametrize("role", [Role.EXPERT, Role.COORDINATOR, Role.AKIMAT_OFFICER])
def test_the_talk_is_closed_to_those_who_only_read_rooms(
    room: Workspace, round: Round, now: datetime, role: Role
) -> None:
    reader = rooms.staff(role, round)
    with pytest.raises(NotFound):
        talking.room_to_talk(round, room.proposal.code, reader, now)
    with pytest.raises(NotAllowed):
        say(reader, room, "Мен де", now)
    assert factories.client_for(reader).get(url("workspace_talk", room)).status_code == 404


def test_another_team_finds_nothing(room: Workspace, round: Round, now: datetime) -> None:
    other = rooms.make_room(round)
    stranger = factories.client_for(other.proposal.author)
    mine = Note.objects.create(workspace=room, author=room.proposal.author, language="kk", text="Құпия", at=now)

    for name in ("workspace_talk", "workspace_tasks"):
        assert stranger.get(url(name, room)).status_code == 404
    for name in ("workspace_note", "workspace_seen"):
        assert stranger.post(url(name, room), {"text": "x"}).status_code == 404
    # An answer to a note of another room, sent to one's own.
    assert stranger.post(url("workspace_note", other), {"text": "x", "parent": mine.pk}).status_code == 404
    assert Note.objects.count() == 1


def test_a_page_shows_hostile_words_as_words_and_carries_their_language(
    captain: Account, coach: Account, room: Workspace
) -> None:
    browser = factories.client_for(captain)

    answer = browser.post(url("workspace_note", room), {"text": HOSTILE})
    page = browser.get(url("workspace_talk", room)).content.decode()

    assert answer.status_code == 302
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{ 7*7 }}" in page
    assert '<b class="called">@Нұрлан Ж.</b>' in page
    assert '<p class="said" lang="kk">' in page


def test_a_refused_note_is_shown_again_with_its_text(captain: Account, room: Workspace) -> None:
    browser = factories.client_for(captain)
    for i in range(commands.NOTES.most):
        browser.post(url("workspace_note", room), {"text": f"Сөз {i}"})

    refused = browser.post(url("workspace_note", room), {"text": "Ұзақ жазылған мәтін"})

    assert refused.status_code == 429
    assert "Ұзақ жазылған мәтін" in refused.content.decode()


def test_forms_beside_fields_say_which_text_is_meant(
    captain: Account, coach: Account, room: Workspace, annotation: Work, now: datetime
) -> None:
    browser, back = factories.client_for(captain), "/kk/cabinet/"
    sent = {
        "module": "annotation",
        "next": back,
        "text:problem": "Мәселе туралы",
        "text:people": "басқа",
        "send": "problem",
    }

    answer = browser.post(url("workspace_note", room), sent)
    note = Note.objects.get()
    browser.post(
        url("workspace_note", room),
        {"module": "annotation", f"text:problem:{note.pk}": "Жауап", "send": f"problem:{note.pk}"},
    )
    outside = browser.post(url("workspace_note", room), {"text": "Сыртқа", "next": "//evil.example/"})

    assert answer["Location"] == back
    assert (note.text, note.field, note.work) == ("Мәселе туралы", "problem", annotation)
    found = talking.notes_of(annotation, captain)
    assert [(said.note.text, [reply.note.text for reply in said.replies]) for said in found["problem"]] == [
        ("Мәселе туралы", ["Жауап"])
    ]
    assert "evil" not in outside["Location"]


def test_reading_marks_nothing_and_a_press_marks_what_was_said_to_me(
    captain: Account, mate: Account, room: Workspace, now: datetime
) -> None:
    say(captain, room, f"@{mate.name} бір", now)
    browser = factories.client_for(mate)

    page = browser.get(url("workspace_talk", room)).content.decode()
    assert "talk-new" in page
    assert Mention.objects.filter(seen_at=None).count() == 1

    browser.post(url("workspace_seen", room))
    assert Mention.objects.filter(seen_at=None).count() == 0
    assert "talk-new" not in browser.get(url("workspace_talk", room)).content.decode()


def test_the_talk_costs_the_same_however_long_it_is(
    captain: Account, coach: Account, room: Workspace, annotation: Work, now: datetime
) -> None:
    counts = set()
    for number in (1, 15):
        for i in range(number):
            about = {"workspace": room, "language": "kk", "at": now}
            note = Note.objects.create(work=annotation, field="problem", author=captain, text=f"{i}", **about)
            Note.objects.create(parent=note, author=coach, text="ия", **about)
        fresh = rooms.work_in(room, "annotation")
        with CaptureQueriesContext(connection) as page:
            assert len(talking.talk_of(fresh.workspace, captain).threads) == number + (number > 1)
        with CaptureQueriesContext(connection) as beside:
            talking.notes_of(fresh, captain)
        counts.add((len(page), len(beside)))
    assert len(counts) == 1, counts
    assert max(max(pair) for pair in counts) <= 8


@given(text=st.text(max_size=300), names=st.lists(st.text(max_size=20), max_size=6))
def test_cutting_at_names_loses_no_letter_and_calls_nobody_who_is_not_there(text: str, names: list[str]) -> None:
    people = list(enumerate(names))
    called_text = f"{text} @{names[0]}" if names else text

    assert "".join(piece.text for piece in pieces(called_text, people)) == called_text
    assert named(called_text, people) <= set(range(len(names)))


@pytest.mark.parametrize("bad", ["\0", "a\0b", "9" * 60, "' OR 1=1 --", "💥" * 50])
def test_wild_values_in_every_part_of_a_form_are_refused_in_words(
    captain: Account, room: Workspace, annotation: Work, bad: str
) -> None:
    browser = factories.client_for(captain)
    for sent in (
        {"text": "x", "module": bad},
        {"text": "x", "module": "annotation", "field": bad},
        {"text": "x", "parent": bad},
        {"text": "x", "mention": bad, "next": bad},
        {"send": bad, f"text:{bad}": "x", "module": "annotation"},
    ):
        assert browser.post(url("workspace_note", room), sent).status_code in (302, 404, 422)
    assert browser.get(url("workspace_talk", room), {"module": bad, "page": bad}).status_code == 200
    assert browser.post(url("workspace_tasks", room), {"text": bad, "assignee": bad, "due_on": bad}).status_code == 422
