"""What Rudny's invented teams say to each other, their tasks, and the meetings of the round. Everything is illustrative."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from qatysu.coaching.models import Attendance, Event, Mention, Note, QuizAttempt, Task, Workspace
from qatysu.identity.models import Account
from qatysu.rounds.models import Round
from qatysu.web.demo.shapes import LANGUAGES, Text, named
from qatysu.workbook.quiz import quiz_from, score

#: (who: captain, mate or coach; module and field, '' for the project; is an answer to the line before; text). ``{0}`` is a name.
LINES: tuple[tuple[str, str, str, bool, Text], ...] = (
    ("captain", "", "", False, (
        "Кеше кешке орнын өлшедік: ұзындығы 46 метр, ені 28. Ауысымнан кейін суретке де түсіріп аламын.",
        "Вчера вечером измерили место: 46 метров на 28. После смены ещё сниму на телефон.",
        "We measured the place last night: 46 metres by 28. I will take photos after my shift.",
    )),
    ("coach", "", "", True, (
        "Жарайсыздар. Өлшемдерді жоспарға салыңыздар, сонда смета да дәл шығады.",
        "Отлично. Нанесите размеры на план, тогда и смета выйдет точнее.",
        "Well done. Put the sizes on the plan and the estimate will be more precise too.",
    )),
    ("mate", "annotation", "evidence", False, (
        "@{0} бейсенбіде 20 минут санадым: 34 адам өтті. Осында жаз, жарай ма?",
        "@{0} в четверг считал 20 минут: прошли 34 человека. Впиши сюда, ладно?",
        "@{0} I counted for 20 minutes on Thursday: 34 people passed. Write it here, will you?",
    )),
    ("captain", "annotation", "evidence", True, (
        "Жаздым. Сенбіде тағы бір санасақ, сан сенімдірек болады.",
        "Вписано. Если посчитаем ещё и в субботу, число будет надёжнее.",
        "Done. If we count on Saturday too, the number will be safer.",
    )),
    ("coach", "", "", False, (
        "@{0} келесі кездесуде бағаның қайдан алынатынын айтамыз. Келе алмасаңыз, жазбасы қалады.",
        "@{0} на следующей встрече расскажем, откуда брать цены. Если не сможете прийти, останется запись.",
        "@{0} at the next meeting we talk about where prices come from. If you cannot come, there will be a recording.",
    )),
)  # fmt: skip
#: What the coach writes to a team that is silent.
CALLED: Text = (
    "@{0} сәлеметсіз бе! Қай жері қиын? Бірінші модульді бірге толтырып шығайық: ауысымнан кейін кез келген кеште жазыңыз.",
    "@{0} здравствуйте! Что трудно? Давайте заполним первый модуль вместе: напишите в любой вечер после смены.",
    "@{0} hello! What is hard? Let us fill in the first module together: write on any evening after your shift.",
)
#: (who, days until it is due, None without a day; days since it was done, None while it is open; text).
TASKS: tuple[tuple[str, int | None, int | None, Text], ...] = (
    ("captain", 3, None, ("Екі жеткізушіден баға сұрау", "Запросить цены у двух поставщиков", "Ask two suppliers for prices")),
    ("mate", 1, None, ("Кешке орнын суретке түсіру", "Снять место вечером", "Take photos of the place in the evening")),
    ("", None, None, ("Үш үйден көршілердің пікірін жинау", "Собрать мнения соседей из трёх домов", "Ask neighbours of three houses")),
    ("mate", -4, 5, ("Орынды рулеткамен өлшеу", "Измерить место рулеткой", "Measure the place with a tape")),
)  # fmt: skip
#: (days from now, hour in the city's zone, title, place, note).
MEETINGS: tuple[tuple[int, int, Text, str, Text], ...] = (
    (-9, 19, ("Алғашқы кездесу: сессиялар қалай өтеді", "Первая встреча: как проходят сессии", "How the sessions work"), "", (
        "Модульдер төртеу, ретін өзіңіз таңдайсыз. Кеңесші әр тапсырылған жұмысты үш күнде оқиды.",
        "Модулей четыре, порядок выбираете сами. Консультант читает сданную работу за три дня.",
        "There are four modules in any order. The coach reads what you hand in within three days.",
    )),
    (2, 19, ("Смета: баға қайдан алынады", "Смета: откуда берутся цены", "The estimate: where prices come from"), "", ("", "", "")),
    (6, 11, ("Орнында кездесу: өлшеу және суретке түсіру", "Встреча на месте: замеры и съёмка", "On site: measuring and photos"),
     "Орталық кітапхана · Центральная библиотека", ("", "", "")),
)  # fmt: skip
CALL, RECORDING = "https://example.org/call", "https://example.org/recording"
#: Teams that have found their way to the talk.
TALKATIVE = 4


@dataclass(frozen=True, slots=True)
class Voices:
    """Who speaks in one room."""

    captain: Account
    mate: Account
    coach: Account

    def of(self, who: str) -> Account:
        """The account of ``captain``, ``mate`` or ``coach``."""
        return {"captain": self.captain, "mate": self.mate, "coach": self.coach}[who]


def speak(round_: Round, coach: Account, now: datetime) -> None:
    """Notes, tasks and quizzes of the teams that talk, and the meetings of the round."""
    rooms = Workspace.objects.filter(proposal__round=round_).select_related("proposal", "coach").order_by("proposal__number")
    zone = ZoneInfo(round_.city.time_zone)
    held = _meet(round_, coach, now, zone)
    for place, room in enumerate(rooms):
        team = [row.account for row in room.proposal.team.select_related("account").order_by("role", "joined_at", "pk")]
        voices = Voices(team[0], team[1] if len(team) > 1 else team[0], room.coach or coach)
        language = LANGUAGES.index(room.proposal.language)
        if place >= TALKATIVE:
            _call(room, voices, language, now)
            continue
        _talk(room, voices, language, now)
        _list(room, voices, language, now)
        Attendance.objects.create(event=held, account=voices.captain, workspace=room, marked_by=coach, at=held.ends_at)
        _answer(room, voices.captain, now)


def _meet(round_: Round, coach: Account, now: datetime, zone: ZoneInfo) -> Event:
    """The meetings; returns the first, which is over."""
    made = []
    for days, hour, title, place, note in MEETINGS:
        start = (now + timedelta(days=days)).astimezone(zone).replace(hour=hour, minute=0, second=0, microsecond=0)
        is_past = days < 0
        made.append(
            Event.objects.create(
                round=round_,
                **named("title", title),
                starts_at=start,
                ends_at=start + timedelta(hours=1),
                place=place,
                call_url="" if place else CALL,
                recording_url=RECORDING if is_past else "",
                note=f"{note[0]}\n{note[1]}".strip(),
                created_by=coach,
                changed_at=now - timedelta(days=8 if is_past else 3),
            )
        )
    return made[0]


def _talk(room: Workspace, voices: Voices, language: int, now: datetime) -> None:
    works = {work.module.slug: work for work in room.works.select_related("module")}
    before: Note | None = None
    for number, (who, module, field, is_answer, text) in enumerate(LINES):
        author = voices.of(who)
        made = Note.objects.create(
            workspace=room,
            work=works.get(module),
            field=field if module in works else "",
            parent=before if is_answer else None,
            author=author,
            is_staff=who == "coach",
            language=room.proposal.language,
            text=text[language].format(voices.captain.name),
            at=now - timedelta(days=len(LINES) - number, hours=number),
        )
        if "{0}" in text[language] and author != voices.captain:
            seen = now - timedelta(days=1) if who == "mate" else None
            Mention.objects.create(note=made, account=voices.captain, seen_at=seen)
        before = made if not is_answer else before


def _call(room: Workspace, voices: Voices, language: int, now: datetime) -> None:
    """The coach asks a silent team how it is."""
    note = Note.objects.create(
        workspace=room,
        author=voices.coach,
        is_staff=True,
        language=room.proposal.language,
        text=CALLED[language].format(voices.captain.name),
        at=now - timedelta(days=2),
    )
    Mention.objects.create(note=note, account=voices.captain)


def _list(room: Workspace, voices: Voices, language: int, now: datetime) -> None:
    for who, due, done, text in TASKS:
        Task.objects.create(
            workspace=room,
            text=text[language],
            assignee=voices.of(who) if who else None,
            due_on=None if due is None else (now + timedelta(days=due)).date(),
            author=voices.captain,
            at=now - timedelta(days=8),
            done_at=None if done is None else now - timedelta(days=done),
            done_by=None if done is None else voices.of(who),
        )


def _answer(room: Workspace, account: Account, now: datetime) -> None:
    """The captain has passed the quiz of the first module."""
    work = room.works.select_related("module").order_by("module__position").first()
    questions = quiz_from(work.module.quiz) if work is not None else ()
    if work is None or not questions:
        return
    answers = {question.id: question.answer for question in questions}
    result = score(questions, answers)
    QuizAttempt.objects.create(
        module=work.module,
        account=account,
        right=result.right,
        total=result.total,
        is_passed=result.is_passed,
        answers=answers,
        at=now - timedelta(days=2),
    )
