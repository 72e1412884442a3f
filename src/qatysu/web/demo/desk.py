"""The desk of the demonstration: hours, answers and a dozen invented questions of different age."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from qatysu.core.regulation import Role
from qatysu.desk import commands
from qatysu.desk.models import CannedAnswer, DeskHours, Faq, SpecialDay, Thread
from qatysu.identity.models import Account
from qatysu.outbox.models import Message
from qatysu.places.models import City
from qatysu.proposals.models import Proposal, State
from qatysu.web.demo.accounts import author_number
from qatysu.web.demo.desk_texts import CANNED, FAQ
from qatysu.web.demo.shapes import named

#: Monday to Friday 10:00 to 18:00, as the footer of the city says.
WEEK = [*[[[600, 1080]] for _ in range(5)], [], []]
#: Public holidays: month, day, name.
HOLIDAYS: tuple[tuple[int, int, tuple[str, str, str]], ...] = (
    (1, 1, ("Жаңа жыл", "Новый год", "New Year")),
    (1, 2, ("Жаңа жыл", "Новый год", "New Year")),
    (3, 8, ("Әйелдер күні", "Международный женский день", "Women's Day")),
    (3, 21, ("Наурыз мейрамы", "Наурыз мейрамы", "Nauryz")),
    (3, 22, ("Наурыз мейрамы", "Наурыз мейрамы", "Nauryz")),
    (3, 23, ("Наурыз мейрамы", "Наурыз мейрамы", "Nauryz")),
    (5, 1, ("Халықтар бірлігі күні", "Праздник единства народа", "Unity Day")),
    (5, 7, ("Отан қорғаушы күні", "День защитника Отечества", "Defender's Day")),
    (5, 9, ("Жеңіс күні", "День Победы", "Victory Day")),
    (7, 6, ("Астана күні", "День столицы", "Capital Day")),
    (8, 30, ("Конституция күні", "День Конституции", "Constitution Day")),
    (10, 25, ("Республика күні", "День Республики", "Republic Day")),
    (12, 16, ("Тәуелсіздік күні", "День Независимости", "Independence Day")),
)


@dataclass(frozen=True, slots=True)
class Talk:
    """A question: when, how, by whom, and what the desk did. ``hours`` are counted back from now."""

    hours: int
    channel: str
    language: str
    name: str
    subject: str
    text: str
    answer: str = ""
    #: Hours from the question to the answer.
    after: int = 0
    is_done: bool = False
    note: str = ""
    is_owned: bool = False


TALKS: tuple[Talk, ...] = (
    Talk(76, "email", "ru", "Ольга Н.", "Смета: цена на саженцы",
         "Здравствуйте! Где взять цену на саженцы вяза и какую ставить, если в питомниках разные?",
         is_owned=True),
    Talk(30, "workspace", "kk", "", "Сызбаның жаңа нұсқасы",
         "Сызбаны қайта салдық. Жарық бағандарының арақашықтығы дұрыс па, қарап бересіз бе?"),
    Talk(6, "workspace", "ru", "", "Ответ на замечания",
         "Мы исправили площадь покрытия. Нужно ли отдельно показывать бордюр?",
         is_owned=True),
    Talk(3, "phone", "kk", "Серік аға", "Таңертең қоңырау шалуды сұрайды",
         "Ауысымнан кейін бос. Құжат тізімін телефонмен түсіндіруді сұрады.",
         note="Ертең 10:30-да қоңырау шалу."),
    Talk(2, "web", "ru", "Тимур", "Можно ли вступить в команду", "Хочу помочь проекту со скейт-площадкой. К кому обратиться?"),
    Talk(1, "web", "kk", "Гүлнұр", "Орындық қоюға бола ма", "Ауламыздың алдына үш орындық қою үшін жеке жоба керек пе?"),
    Talk(98, "email", "kk", "Дәурен", "Мерзімді ұзарту",
         "Техникалық жобаны бітіре алмадық, тағы бір апта бере аласыз ба?",
         "Иә, модуль ашық тұр. Жұмаға дейін жіберіңіз, мен жексенбіде қараймын.", 20),
    Talk(122, "web", "ru", "Елена", "Чья земля за школой",
         "Не понимаю, можно ли занимать пустырь за школой.",
         "Мы запросили акимат: участок городской. Приложите, пожалуйста, схему с размерами.", 5),
    Talk(170, "walk_in", "ru", "Мария Ивановна", "Помочь войти на портал",
         "Пришла без смартфона, спросила, как подать идею.",
         "Записали идею вместе, показала, как войти по коду из SMS.", 0, is_done=True),
    Talk(200, "phone", "ru", "житель", "Часы работы в субботу",
         "Спросил, открыты ли мы в субботу.",
         "Нет: с понедельника по пятницу, с 10:00 до 18:00. Вечер можно назначить.", 0, is_done=True),
    Talk(290, "web", "kk", "Айбек", "Дауыс беру қашан",
         "Дауыс беру қай күні басталады?",
         "Күні раунд күнтізбесінде жазылған, басталғанда SMS келеді.", 3, is_done=True),
    Talk(460, "email", "ru", "Виктор", "Смета выше предела",
         "Вышло 14 миллионов. Что делать?",
         "Разделите работы на две очереди: сначала основание и свет, потом покрытие. Строки 4 и 7 можно уменьшить.", 30, is_done=True),
)  # fmt: skip


def fill_desk(*, city: City, rows: Sequence[Proposal], roles: Mapping[Role, Account], now: datetime) -> None:
    """Hours, holidays, ready answers, frequent questions and talks of ``city``; its messages are not sent."""
    _keep(city, now)
    teams = [row for row in rows if row.state == State.IN_SESSIONS]
    coach = roles[Role.COACH]
    for index, talk in enumerate(TALKS):
        proposal = teams[index % len(teams)] if talk.channel == "workspace" and teams else None
        if talk.channel != "workspace" or proposal is not None:
            _talk(city, talk, index, proposal, coach if index % 3 else roles[Role.CENTRE_LEAD], now)
    consent, at = "ауызша, әріптестің қатысуымен", now - timedelta(hours=169)
    commands.record_assist(actor=coach, city=city, kind="idea", person="М. И.", consent=consent, note="", now=at)
    # Everything here lies in the past: nobody is told of it today.
    Message.objects.filter(dedupe_key__startswith="desk-").delete()


def _keep(city: City, now: datetime) -> None:
    DeskHours.objects.create(city=city, week=WEEK)
    for year in (now.year, now.year + 1):
        for month, day, name in HOLIDAYS:
            SpecialDay.objects.create(city=city, day=date(year, month, day), **named("reason", name))
    for slug, title, text in CANNED:
        CannedAnswer.objects.create(city=city, slug=slug, **named("title", title), **named("text", text))
    for position, (category, question, answer) in enumerate(FAQ, 1):
        words: dict[str, Any] = named("question", question) | named("answer", answer)
        Faq.objects.create(city=city, category=category, position=position, is_published=True, **words)


def _talk(city: City, talk: Talk, index: int, proposal: Proposal | None, staff: Account, now: datetime) -> Thread:
    asked = now - timedelta(hours=talk.hours)
    actor: Any = None
    if talk.channel in ("phone", "walk_in"):
        actor = staff
    elif proposal is not None:
        actor = proposal.author
    contact = "" if actor is not None else author_number(9, index + 1) if talk.channel == "web" else f"person{index}@demo.invalid"
    thread = commands.open_thread(
        actor=actor, city=city, channel=talk.channel, subject=talk.subject, text=talk.text, language=talk.language,
        contact=contact, contact_name=talk.name, proposal=proposal, network=f"demo-{index}", acknowledged=False, now=asked,
    )  # fmt: skip
    if talk.is_owned:
        commands.assign(actor=staff, thread=thread, owner=staff, now=asked + timedelta(hours=1))
    if talk.note:
        commands.note(actor=staff, thread=thread, text=talk.note, now=asked + timedelta(minutes=5))
    if talk.answer:
        at = asked + timedelta(hours=talk.after, minutes=7)
        commands.reply(actor=staff, thread=thread, text=talk.answer, is_done=talk.is_done, channel=talk.channel, now=at)
    return thread
