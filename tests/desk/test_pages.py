"""Pages of the desk: who sees which, what a form does, what a stranger learns."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from qatysu.core.regulation import Stage
from qatysu.desk import commands
from qatysu.desk.models import Assist, CannedAnswer, DeskHours, Faq, SpecialDay, Thread
from qatysu.identity.models import Account
from qatysu.places.models import City
from qatysu.proposals.models import State
from qatysu.vault import unseal
from tests import factories
from tests.desk.conftest import ask

ClientFor = Callable[..., Client]


@pytest.fixture
def desk(coach: Account, client_for: ClientFor) -> Client:
    """The browser of a coach."""
    return client_for(coach)


def test_a_visitor_asks_and_gets_a_private_page(city: City, client: Client, desk: Client) -> None:
    page = client.get("/ru/khromtau/help/")
    assert page.status_code == 200
    sent = {"text": "Нужна ли смета?", "contact": "a@example.kz", "contact_name": "Ольга"}
    answer = client.post("/ru/khromtau/help/", sent)
    thread = Thread.objects.get()
    token = unseal(bytes(thread.token_sealed))
    assert answer["Location"] == f"/ru/help/{token}/"
    own = client.get(answer["Location"])
    assert own["X-Robots-Tag"].startswith("noindex")
    assert own["Referrer-Policy"] == "no-referrer"
    assert "Нужна ли смета?" in own.content.decode()
    assert desk.post(f"/ru/desk/khromtau/{thread.pk}/", {"act": "note", "text": "тайная заметка"}).status_code == 302
    assert desk.post(f"/ru/desk/khromtau/{thread.pk}/", {"act": "reply", "text": "Да, нужна."}).status_code == 302
    shown = client.get(answer["Location"]).content.decode()
    assert "Да, нужна." in shown
    assert "тайная заметка" not in shown
    assert client.post(answer["Location"], {"text": "Спасибо!"}).status_code == 302
    assert Thread.objects.get().state == "open"
    assert client.get("/ru/help/nonsense/").status_code == 404


def test_a_refused_question_keeps_its_words(city: City, client: Client) -> None:
    answer = client.post("/ru/khromtau/help/", {"text": "Мой длинный вопрос", "contact": "не адрес"})
    assert answer.status_code == 422
    assert "Мой длинный вопрос" in answer.content.decode()


def test_a_program_that_fills_everything_in_asks_nothing(city: City, client: Client) -> None:
    sent = {"text": "Buy", "contact": "a@example.kz", "website": "http://spam.example"}
    assert client.post("/ru/khromtau/help/", sent).status_code == 302
    assert not Thread.objects.exists()


def test_own_questions_are_the_persons_alone(city: City, person: Account, client_for: ClientFor, now: datetime) -> None:
    thread = ask(city, now, actor=person, contact="")
    by_mail = ask(city, now, contact="aigul@example.kz", subject="Письмом")
    mine = client_for(person)
    page = mine.get("/ru/cabinet/questions/").content.decode()
    assert "Письмом" in page
    assert mine.get(f"/ru/cabinet/questions/{by_mail.pk}/").status_code == 200
    other = client_for(factories.make_account("Сосед", city=city))
    assert other.get(f"/ru/cabinet/questions/{thread.pk}/").status_code == 404
    assert other.post(f"/ru/cabinet/questions/{thread.pk}/", {"text": "x"}).status_code == 404


def test_a_team_asks_and_all_of_it_reads(city: City, person: Account, client_for: ClientFor, now: datetime) -> None:
    round_ = factories.fresh(factories.make_round(city, stage=Stage.SESSIONS, now=now))
    proposal = factories.make_proposal(round_, state=State.IN_SESSIONS, author=person)
    mate = factories.make_account("Тимур", city=city)
    proposal.team.create(account=mate, role="member", joined_at=now)
    url = f"/ru/cabinet/questions/khromtau/{round_.slug}/{proposal.code}/"
    assert client_for(person).get(url).status_code == 200
    answer = client_for(person).post(url, {"subject": "Схема", "text": "Верно ли?"})
    thread = Thread.objects.get()
    assert (thread.channel, thread.proposal) == ("workspace", proposal)
    assert client_for(mate).get(answer["Location"]).status_code == 200
    assert client_for(factories.make_account("Чужой", city=city)).post(url, {"text": "x"}).status_code == 404


def picture() -> SimpleUploadedFile:
    """A photo."""
    out = BytesIO()
    Image.new("RGB", (30, 30), "blue").save(out, "JPEG")
    return SimpleUploadedFile("схема.jpg", out.getvalue(), "image/jpeg")


def test_files_are_seen_by_the_two_sides_alone(
    city: City, person: Account, desk: Client, client_for: ClientFor, client: Client, now: datetime
) -> None:
    thread = ask(city, now, actor=person, contact="")
    desk.post(f"/ru/desk/khromtau/{thread.pk}/", {"act": "reply", "text": "Вот схема.", "files": picture()})
    file = thread.posts.get(is_staff=True).files.get().file
    assert client_for(person).get(f"/ru/cabinet/questions/{thread.pk}/files/{file.public_id}/").status_code == 200
    assert desk.get(f"/ru/desk/khromtau/{thread.pk}/files/{file.public_id}/").status_code == 200
    for path in (f"/files/{file.public_id}/", f"/files/{file.public_id}.webp", f"/ru/help/x/files/{file.public_id}/"):
        assert client.get(path, follow=True).status_code == 404
    other = client_for(factories.make_account("Сосед", city=city))
    assert other.get(f"/ru/cabinet/questions/{thread.pk}/files/{file.public_id}/").status_code == 404


def test_a_ready_answer_is_added_to_what_was_typed(city: City, desk: Client, coach: Account, now: datetime) -> None:
    fields = {"slug": "a", "title_kk": "т", "title_ru": "т", "text_kk": "дайын", "text_ru": "готовый текст"}
    canned = commands.save_canned(actor=coach, city=city, fields=fields, now=now)
    thread = ask(city, now)
    page = desk.post(f"/kk/desk/khromtau/{thread.pk}/", {"act": "insert", "canned": canned.pk, "text": "Здравствуйте!"})
    assert "Здравствуйте!\n\nготовый текст" in page.content.decode()
    assert thread.posts.count() == 1
    assert desk.post(f"/kk/desk/khromtau/{thread.pk}/", {"act": "insert", "canned": "0"}).status_code == 404


def test_a_call_with_its_answer_is_written_down_at_once(city: City, desk: Client) -> None:
    sent = {"channel": "phone", "language": "kk", "contact_name": "Серік", "subject": "Сағат", "text": "Қашан ашық?"}
    sent["answer"] = "10-нан."
    assert desk.post("/kk/desk/khromtau/new/", sent).status_code == 302
    assert (Thread.objects.get().state, Thread.objects.get().posts.count()) == ("closed", 2)
    assert desk.post("/kk/desk/khromtau/new/", sent | {"channel": "email"}).status_code == 422


def test_hours_days_answers_and_questions_are_edited(city: City, desk: Client) -> None:
    week = {f"day_{day}_a_from": "9:00" for day in range(5)} | {f"day_{day}_a_to": "13:00" for day in range(5)}
    assert desk.post("/ru/desk/khromtau/hours/", week | {"promise": "4"}).status_code == 302
    assert (DeskHours.objects.get().week[0], DeskHours.objects.get().promise_minutes) == ([[540, 780]], 240)
    for bad in ({"day_0_a_to": "25:00"}, {"day_0_a_to": "8:00"}, {"day_0_a_to": ""}, {"promise": "0"}, {"promise": "9999"}):
        assert desk.post("/ru/desk/khromtau/hours/", week | {"promise": "4"} | bad).status_code == 422
    assert desk.post("/ru/desk/khromtau/hours/", {"promise": "4"}).status_code == 422
    soon = f"{datetime.now().year + 1}-03-22"  # noqa: DTZ005  # reason: any day of next year
    day = {"day": soon, "reason_kk": "Наурыз", "reason_ru": "Наурыз"}
    assert desk.post("/ru/desk/khromtau/hours/day/", day).status_code == 302
    assert desk.post("/ru/desk/khromtau/hours/day/", day | {"day": "никогда"}).status_code == 422
    assert SpecialDay.objects.get().spans == []
    assert desk.post("/ru/desk/khromtau/hours/day/", {"day": soon, "act": "remove"}).status_code == 302
    canned = {"slug": "a-b", "title_kk": "т", "title_ru": "т", "text_kk": "т", "text_ru": "т"}
    assert desk.post("/ru/desk/khromtau/answers/", canned).status_code == 302
    pk = CannedAnswer.objects.get().pk
    assert desk.post(f"/ru/desk/khromtau/answers/{pk}/", canned | {"text_ru": ""}).status_code == 422
    assert desk.post(f"/ru/desk/khromtau/answers/{pk}/", {"act": "delete"}).status_code == 302
    faq = {"category": "ideas", "question_kk": "с", "question_ru": "в", "answer_kk": "ж", "answer_ru": "о", "is_published": "1"}
    assert desk.post("/ru/desk/khromtau/faq/", faq).status_code == 302
    assert desk.post(f"/ru/desk/khromtau/faq/{Faq.objects.get().pk}/", faq | {"category": "x"}).status_code == 422
    assist = {"kind": "idea", "person": "М. И.", "consent": "устно"}
    assert desk.post("/ru/desk/khromtau/assisted/", assist).status_code == 302
    assert desk.post("/ru/desk/khromtau/assisted/", assist | {"consent": ""}).status_code == 422
    assert Assist.objects.count() == 1


def test_people_text_is_never_markup(city: City, desk: Client, now: datetime) -> None:
    thread = ask(city, now, subject="<script>alert(1)</script>", text="<img src=x onerror=alert(1)>", contact_name="<b>x</b>")
    for path in ("", f"{thread.pk}/"):
        page = desk.get(f"/ru/desk/khromtau/{path}").content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "<b>x</b>" not in page


@pytest.mark.parametrize("path", ["", "?show=all", "statistics/", "faq/"])
def test_pages_ask_a_constant_number_of_queries(city: City, desk: Client, coach: Account, now: datetime, path: str) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert desk.get(f"/ru/desk/khromtau/{path}").status_code == 200
        return len(seen)

    def fill(first: int, last: int) -> None:
        for number in range(first, last):
            thread = ask(city, now, subject=f"В{number}", contact=f"p{number}@example.kz", network=f"n{number}")
            if number % 2:
                commands.reply(actor=coach, thread=thread, text="Ответ", now=now)

    fill(0, 2)
    count()
    few = count()
    fill(2, 14)
    assert count() == few
