"""Questions from the first message to the end: whose turn it is, who may do what, what the database refuses."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from qatysu.core.errors import Conflict, Invalid, NotAllowed, NotFound, TooMany
from qatysu.core.regulation import Role, Stage
from qatysu.desk import commands, queries
from qatysu.desk.models import Post, Thread
from qatysu.desk.queries.rows import file_of
from qatysu.identity.models import Account
from qatysu.outbox.models import Message
from qatysu.places.models import City
from qatysu.proposals.models import State
from qatysu.vault import unseal
from qatysu.vault.triggers import refused_by
from tests import factories
from tests.desk.conftest import ALMATY, ask

FRIDAY = datetime(2026, 11, 20, 17, 0, tzinfo=ALMATY)
MONDAY = datetime(2026, 11, 23, 11, 0, tzinfo=ALMATY)


def test_a_question_is_due_by_opening_hours_and_holidays(city: City, coach: Account) -> None:
    thread = ask(city, FRIDAY)
    assert thread.due_at == datetime(2026, 11, 23, 17, 0, tzinfo=ALMATY)
    commands.set_special_day(
        actor=coach, city=city, day=date(2026, 11, 23), pairs=(), reasons={"kk": "Мереке", "ru": "Праздник"}, now=FRIDAY
    )
    thread.refresh_from_db()
    assert thread.due_at == datetime(2026, 11, 24, 17, 0, tzinfo=ALMATY)
    commands.edit_hours(actor=coach, city=city, week=[[(540, 1080)]] * 6 + [[]], promise_minutes=120, now=FRIDAY)
    thread.refresh_from_db()
    assert thread.due_at == datetime(2026, 11, 21, 10, 0, tzinfo=ALMATY)


def test_an_answer_is_measured_in_open_minutes_and_sent(city: City, coach: Account) -> None:
    thread = ask(city, FRIDAY)
    commands.reply(actor=coach, thread=thread, text="Да, нужна.", now=MONDAY)
    thread.refresh_from_db()
    assert (thread.state, thread.answer_minutes, thread.was_late, thread.owner) == ("waiting", 120, False, coach)
    answer = Message.objects.get(dedupe_key__startswith="desk-answer")
    assert f"[#{thread.ref}]" in answer.subject
    assert "Да, нужна." in unseal(answer.body_sealed)
    assert answer.headers["Message-ID"].startswith(f"<desk.{thread.ref}.")
    assert unseal(answer.address_sealed) == "person@example.kz"
    got = Message.objects.get(dedupe_key__startswith="desk-got")
    assert got.headers["Auto-Submitted"] == "auto-replied"


def test_the_person_writes_on_by_the_private_link(city: City, coach: Account) -> None:
    thread = ask(city, FRIDAY)
    commands.reply(actor=coach, thread=thread, text="Да.", now=MONDAY, is_done=True)
    token = unseal(bytes(thread.token_sealed))
    assert queries.thread_by_token(token).pk == thread.pk
    later = MONDAY + timedelta(hours=1)
    with pytest.raises(NotAllowed):
        commands.write(actor=None, thread=thread, text="А образец?", now=later, token="wrong")
    commands.write(actor=None, thread=thread, text="А образец?", now=later, token=token)
    thread.refresh_from_db()
    assert (thread.state, thread.asked_at, thread.closed_at) == ("open", later, None)
    assert Message.objects.filter(dedupe_key__startswith="desk-owner").count() == 1
    assert thread.answer_minutes == 120
    with pytest.raises(NotFound):
        queries.thread_by_token("x" * 5000)


def test_a_second_click_is_one_question_and_one_answer(city: City, coach: Account, now: datetime) -> None:
    first = ask(city, now)
    assert ask(city, now + timedelta(minutes=1)).pk == first.pk
    posts = {commands.reply(actor=coach, thread=first, text="Да.", now=now + timedelta(minutes=n)).pk for n in (2, 3)}
    assert len(posts) == 1
    assert ask(city, now + timedelta(hours=1)).pk != first.pk


def test_only_the_desk_of_the_city_answers(city: City, person: Account, now: datetime) -> None:
    thread = ask(city, now)
    stranger = factories.make_staff(Role.COACH, factories.make_city("aksu"))
    for actor in (None, person, stranger, factories.make_staff(Role.EXPERT, city)):
        for act in (
            lambda a: commands.reply(actor=a, thread=thread, text="x", now=now),
            lambda a: commands.assign(actor=a, thread=thread, owner=None, now=now),
            lambda a: commands.close(actor=a, thread=thread, now=now),
            lambda a: commands.reopen(actor=a, thread=thread, now=now),
            lambda a: ask(city, now, actor=a, channel="phone"),
            lambda a: commands.record_assist(actor=a, city=city, kind="idea", person="A", consent="b", note="", now=now),
        ):
            with pytest.raises(NotAllowed):
                act(actor)


def test_nobody_answers_the_own_question(city: City, coach: Account, now: datetime) -> None:
    thread = ask(city, now, actor=coach, contact="")
    with pytest.raises(NotAllowed):
        commands.reply(actor=coach, thread=thread, text="Сам себе.", now=now)


def test_assigning_and_letting_go(city: City, coach: Account, person: Account, now: datetime) -> None:
    thread = ask(city, now)
    lead = factories.make_staff(Role.CENTRE_LEAD, city, name="Сергей В.")
    commands.assign(actor=lead, thread=thread, owner=coach, now=now)
    assert Message.objects.filter(dedupe_key__startswith="desk-given").count() == 1
    with pytest.raises(Invalid):
        commands.assign(actor=lead, thread=thread, owner=person, now=now)
    commands.assign(actor=lead, thread=thread, owner=None, now=now)
    assert Thread.objects.get().owner is None


def test_a_call_is_entered_for_the_person(city: City, coach: Account, now: datetime) -> None:
    thread = ask(city, now, actor=coach, channel="phone", contact="", contact_name="Серік аға")
    post = thread.posts.get()
    assert (post.author, post.entered_by, post.is_staff) == (None, coach, False)
    commands.reply(actor=coach, thread=thread, text="Объяснила по телефону.", now=now, channel="phone", is_done=True)
    assert not Message.objects.exists()
    with pytest.raises(Invalid):
        ask(city, now, actor=coach, channel="walk_in", contact="", contact_name=" ")


def test_a_team_asks_from_its_room(city: City, coach: Account, person: Account, now: datetime) -> None:
    round_ = factories.fresh(factories.make_round(city, stage=Stage.SESSIONS, now=now))
    proposal = factories.make_proposal(round_, state=State.IN_SESSIONS, author=person)
    other = factories.make_account("Сосед", city=city)
    with pytest.raises(NotAllowed):
        ask(city, now, actor=other, channel="workspace", proposal=proposal, contact="")
    thread = ask(city, now, actor=person, channel="workspace", proposal=proposal, contact="")
    assert list(queries.threads_of(proposal)) == [thread]
    assert queries.unanswered_for([proposal.pk], now) == {proposal.pk: (1, now)}
    commands.reply(actor=coach, thread=thread, text="Какой материал?", now=now)
    assert queries.unanswered_for([proposal.pk], now) == {}
    assert queries.waiting_on_team([proposal.pk]) == {proposal.pk: (1, now)}


def test_too_many_questions_wait(city: City, now: datetime) -> None:
    for number in range(10):
        ask(city, now, subject=f"Вопрос {number}")
    with pytest.raises(TooMany):
        ask(city, now, subject="Ещё один")


@pytest.mark.parametrize(
    ("field", "fields"),
    [
        ("text", {"text": "  \0 "}),
        ("text", {"text": "я" * 8001}),
        ("identifier", {"contact": ""}),
        ("identifier", {"contact": "ни то ни сё"}),
    ],
)
def test_bad_questions_are_refused_with_the_field(city: City, now: datetime, field: str, fields: dict[str, str]) -> None:
    with pytest.raises(Invalid) as caught:
        ask(city, now, **fields)
    assert caught.value.field == field
    assert not Thread.objects.exists()


def test_headers_cannot_be_injected(city: City, coach: Account, now: datetime) -> None:
    thread = ask(city, now, subject="Смета\r\nBcc: all@example.kz", contact_name="Ольга\r\nBcc: x@y.kz")
    commands.reply(actor=coach, thread=thread, text="Да.", now=now)
    assert all("\n" not in message.subject and "\r" not in message.subject for message in Message.objects.all())
    assert "\n" not in Thread.objects.get().contact_name


def test_what_was_said_stays(city: City, coach: Account, now: datetime) -> None:
    thread = ask(city, now)
    commands.note(actor=coach, thread=thread, text="Позвонить.", now=now)
    for act in (
        lambda: Post.objects.update(text="другое"),
        lambda: Post.objects.all().delete(),
        lambda: Post.objects.filter(is_staff=True).update(text="—", erased_at=now),
        lambda: Thread.objects.filter(pk=thread.pk).update(state="closed"),
        lambda: Thread.objects.filter(pk=thread.pk).update(due_at=None),
        lambda: Thread.objects.filter(pk=thread.pk).update(contact_channel=""),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            act()
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        Post.objects.update(text="другое")
    assert refused_by(caught.value) == "qatysu:append_only:desk_post"


def test_a_person_is_forgotten(city: City, coach: Account, person: Account, now: datetime) -> None:
    by_mail = ask(city, now, contact="aigul@example.kz", text="тайна")
    ask(city, now, actor=person, contact="", text="ещё тайна")
    commands.reply(actor=coach, thread=by_mail, text="Ответ.", now=now)
    assert commands.forget_person(account=person, now=now) == 2
    assert set(Post.objects.values_list("text", flat=True)) == {"—", "Ответ."}
    assert set(Thread.objects.values_list("contact_hash", "contact_channel")) == {("", "")}


def test_the_inbox_is_sorted_by_due_time_with_a_constant_number_of_queries(city: City, coach: Account) -> None:
    for number in range(3):
        ask(city, FRIDAY + timedelta(minutes=number), subject=f"Вопрос {number}", contact=f"p{number}@example.kz")
    late = ask(city, FRIDAY - timedelta(days=4), subject="Давний", contact="old@example.kz")

    def look(which: str = "due", words: str = "") -> tuple[list[str], int]:
        with CaptureQueriesContext(connection) as seen:
            found = queries.inbox(city=city, viewer=coach, which=which, words=words, page=1, now=MONDAY)
            subjects = [row.thread.subject + (row.thread.owner.name if row.thread.owner else "") for row in found.rows]
        assert found.late == 1
        return subjects, len(seen)

    subjects, few = look()
    assert subjects == ["Давний", "Вопрос 0", "Вопрос 1", "Вопрос 2"]
    for number in range(3, 20):
        contact, at = f"p{number}@example.kz", FRIDAY + timedelta(minutes=number)
        ask(city, at, subject=f"Вопрос {number}", contact=contact, network=f"n{number}")
    commands.assign(actor=coach, thread=late, owner=coach, now=MONDAY)
    assert look()[1] == few
    assert look("mine")[0] == ["ДавнийМадина Т."]
    assert look("all", late.ref)[0] == ["ДавнийМадина Т."]
    assert look("all", "50%_")[0] == []


def test_statistics_by_week_channel_and_person(city: City, coach: Account) -> None:
    for number, hours in enumerate((1, 2, 3, 40)):
        asked_at = datetime(2026, 11, 16, 10, 0, tzinfo=ALMATY)
        thread = ask(city, asked_at, subject=f"В{number}", contact=f"p{number}@example.kz")
        commands.reply(actor=coach, thread=thread, text="Ответ.", now=asked_at + timedelta(hours=hours))
    found = queries.statistics(city, MONDAY)
    assert (found.whole.count, found.whole.median, found.whole.p90, found.whole.late) == (4, 120, 960, 1)
    assert found.whole.late_percent == 25
    assert [figure.count for figure in found.weeks][-2:] == [4, 0]
    assert [(figure.label, figure.count) for figure in found.people] == [("Мадина Т.", 4)]


def test_answers_become_frequent_questions(city: City, coach: Account, now: datetime) -> None:
    thread = ask(city, now)
    post = commands.reply(actor=coach, thread=thread, text="Нужна смета.", now=now)
    faq = commands.publish_faq(actor=coach, post=post, now=now)
    assert commands.publish_faq(actor=coach, post=post, now=now).pk == faq.pk
    assert (faq.is_published, faq.question_ru, faq.answer_ru, faq.question_kk) == (False, "Смета", "Нужна смета.", "")
    fields = {"question_ru": "Нужна ли смета?", "answer_ru": "Да.", "category": "sessions", "is_published": "1"}
    with pytest.raises(Invalid) as caught:
        commands.save_faq(actor=coach, city=city, fields=fields, faq=faq, now=now)
    assert caught.value.field == "question_kk"
    fields |= {"question_kk": "Смета керек пе?", "answer_kk": "Иә."}
    commands.save_faq(actor=coach, city=city, fields=fields, faq=faq, now=now)
    assert [row.pk for row in queries.faq(city, "сметы")] == [faq.pk]
    assert queries.faq(city, "голосование") == ()


def test_canned_answers_need_both_languages(city: City, coach: Account, now: datetime) -> None:
    fields = {"slug": "smeta", "title_kk": "Смета", "title_ru": "Смета", "text_kk": "Иә.", "text_ru": "Да."}
    made = commands.save_canned(actor=coach, city=city, fields=fields, now=now)
    with pytest.raises(Conflict):
        commands.save_canned(actor=coach, city=city, fields=fields, now=now)
    with pytest.raises(Invalid):
        commands.save_canned(actor=coach, city=city, fields=fields | {"text_kk": ""}, canned=made, now=now)
    commands.delete_canned(actor=coach, city=city, canned=made, now=now)


def test_a_foreign_file_is_absent(city: City, now: datetime) -> None:
    with pytest.raises(NotFound):
        file_of(ask(city, now), "00000000-0000-0000-0000-000000000007", with_notes=True)
