"""Project sessions of the demonstration: finished ones with passports, and Rudny's teams on their way."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from qatysu.coaching.commands.course import lay_out
from qatysu.coaching.commands.passports import issue
from qatysu.coaching.commands.rooms import furnish
from qatysu.coaching.course_files import default_course
from qatysu.coaching.digests import source_digest
from qatysu.coaching.models import (
    Module,
    Opinion,
    ProjectType,
    Remark,
    SpecialistInvite,
    Work,
    Workspace,
    WorkState,
    WorkTranslation,
    WorkVersion,
)
from qatysu.coaching.standing import recount
from qatysu.core.regulation import Role, Stage
from qatysu.identity.models import Account
from qatysu.proposals.models import Move, Proposal, State
from qatysu.rounds.models import Round
from qatysu.web.demo import session_texts as texts
from qatysu.web.demo.calendars import Period
from qatysu.web.demo.proposals import Cast
from qatysu.web.demo.session_answers import TYPES, Author, without_reserve
from qatysu.web.demo.session_talk import speak
from qatysu.web.demo.shapes import LANGUAGES, Text
from qatysu.workbook.schema import form_from

N, S, R, A = WorkState.OPEN, WorkState.SUBMITTED, WorkState.RETURNED, WorkState.ACCEPTED
#: States of proposals that have been in the sessions.
BEEN = (State.IN_SESSIONS, State.READY, State.ADMITTED, State.NOT_ADMITTED)


@dataclass(frozen=True, slots=True)
class Course:
    """How far a team is: state of each module, percent of the fields of the one in work, days since its last deed."""

    states: tuple[WorkState, ...]
    percent: int
    silent_days: int
    has_coach: bool = True


DONE = Course((A, A, A, A), 100, 2)
#: Rudny's teams in turn: from nearly ready to nearly lost.
ON_THE_WAY: tuple[Course, ...] = (
    Course((A, A, R, N), 60, 1),
    Course((A, S, N, N), 30, 2),
    Course((A, A, A, S), 100, 0),
    Course((R, N, N, N), 100, 9),
    Course((N, N, N, N), 40, 13),
    Course((A, N, N, N), 50, 4),
    Course((N, N, N, N), 0, 20, has_coach=False),
)


def hold(
    round_: Round,
    rows: Sequence[Proposal],
    cast: Cast,
    periods: tuple[Period, ...],
    now: datetime,
    *,
    is_over: bool,
) -> None:
    """The sessions of a round: course, rooms, works; passports for every project that became ready.

    A random stream of its own, so that what is invented here moves nothing else of the demonstration.
    """
    rng = random.Random(f"sessions:{round_}")  # noqa: S311  # reason: the same invented data every time, no secrets
    stage = next(period for period in periods if period.stage is Stage.SESSIONS)
    works_from = next(period for period in periods if period.stage is Stage.WORKS).opens_at
    lay_out(round_=round_, course=default_course(), now=stage.opens_at)
    if is_over:
        for module in Module.objects.filter(round=round_):
            without_reserve(module)
    types = {kind.slug: kind for kind in ProjectType.objects.filter(round=round_)}
    ready = dict(Move.objects.filter(proposal__round=round_, new=State.READY).values_list("proposal_id", "at"))
    on_the_way = iter(ON_THE_WAY * 9)
    zone = ZoneInfo(round_.city.time_zone)
    for place, proposal in enumerate(row for row in rows if row.state in BEEN):
        proposal.round = round_
        course = DONE if proposal.state != State.IN_SESSIONS else next(on_the_way)
        author = Author(proposal, types.get(TYPES.get(proposal.plan, "")), works_from.astimezone(zone).date(), now, rng)
        room = _room(author, course, cast, stage.opens_at, min(now, stage.closes_at), place)
        if proposal.state != State.IN_SESSIONS:
            issue(actor=cast.roles[Role.COACH], workspace=room, now=ready.get(proposal.pk, stage.closes_at))
    if not is_over:
        speak(round_, cast.roles[Role.COACH], now)


def _room(author: Author, course: Course, cast: Cast, opened: datetime, until: datetime, place: int) -> Workspace:
    room = furnish(proposal=author.proposal, now=opened)
    coach = cast.roles[Role.CENTRE_LEAD if place % 4 == 3 else Role.COACH]
    room.project_type, room.coach = author.kind, coach if course.has_coach else None
    room.opened_at, room.touched_at = opened, max(until - timedelta(days=course.silent_days, hours=3), opened)
    room.save(update_fields=("project_type", "coach", "opened_at", "touched_at"))
    works = list(room.works.select_related("module").order_by("module__position"))
    team = [member.account for member in author.proposal.team.select_related("account").order_by("joined_at", "pk")]
    span = room.touched_at - opened
    for index, (work, state) in enumerate(zip(works, course.states, strict=False)):
        work.workspace = room
        begun = opened + span * index / len(works)
        done = opened + span * (index + 1) / len(works)
        is_last_open = state == N and (index == 0 or course.states[index - 1] != N)
        percent = 100 if state != N else course.percent if is_last_open else 0
        _write(author, work, state, percent, team, begun, done)
        _judge(author, work, state, coach, done)
    _advise(author, room, course, cast, until)
    return room


def _write(
    author: Author, work: Work, state: WorkState, percent: int, team: Sequence[Account], begun: datetime, done: datetime
) -> None:
    """The work with two versions: what the captain began and what somebody else of the team added."""
    answers = author.answers(work) if percent else {}
    fields = list(answers)[: max(len(answers) * percent // 100, 1)] if answers else []
    half = max(len(fields) * 2 // 3, 1)
    parts = [fields[:half], fields[half:]]
    for number, part in enumerate((part for part in parts if part), 1):
        WorkVersion.objects.create(
            work=work,
            number=number,
            changes={field: answers[field] for field in part},
            author=team[(number - 1) % len(team)],
            at=begun + (done - begun) * number / 3,
        )
        work.version, work.changed_by = number, team[(number - 1) % len(team)]
        work.changed_at = begun + (done - begun) * number / 3
    work.answers = {field: answers[field] for field in fields}
    work.state = state
    work.submitted_at = done if state != N else None
    if percent == 100 and work.module.checklist:
        work.ticks = [point["id"] for point in work.module.checklist]
    counts = recount(work, form_from(work.module.form))
    work.decided_at, work.decided_by = None, None
    work.save(update_fields=("version", "changed_by", "changed_at", "answers", "ticks", "submitted_at", *counts))
    _translate(author, work)


def _judge(author: Author, work: Work, state: WorkState, coach: Account, done: datetime) -> None:
    if state in (R, A):
        work.decided_at, work.decided_by = done + timedelta(hours=20), coach
    work.save(update_fields=("state", "decided_at", "decided_by"))
    if state == R and work.module.slug in texts.REMARKS:
        field, text = texts.REMARKS[work.module.slug]
        known = form_from(work.module.form).field(field) is not None
        Remark.objects.create(
            work=work,
            field=field if known else "",
            text=author.say(text),
            language=author.proposal.language,
            author=coach,
            at=done + timedelta(hours=20),
        )


def _translate(author: Author, work: Work) -> None:
    """The Centre has put what was written into the other language, for works that are finished."""
    if work.state != A:
        return
    source = author.proposal.language
    own = {row.language: row for row in author.proposal.translations.all()}
    for field in form_from(work.module.form).fields:
        text = texts.LONG.get(field.id) or texts.SHORT.get(field.id)
        if not field.is_translated or not work.answers.get(field.id):
            continue
        for language in ("kk", "ru"):
            if language == source:
                continue
            words = _in_other(field.id, text, own.get(language), language)
            if words:
                WorkTranslation.objects.create(
                    work=work,
                    field=field.id,
                    language=language,
                    text=words,
                    source_digest=source_digest(str(work.answers[field.id])),
                    translator=author.proposal.author,
                    at=work.changed_at,
                )


def _in_other(field: str, text: Text | None, own: object, language: str) -> str:
    if field == "problem":
        return f"{getattr(own, 'problem', '')} {texts.DAILY[LANGUAGES.index(language)]}"
    if field == "summary":
        return str(getattr(own, "solution", ""))[:300]
    return text[LANGUAGES.index(language)] if text else ""


def _advise(author: Author, room: Workspace, course: Course, cast: Cast, until: datetime) -> None:
    """An expert's opinion on finished projects, and a specialist's answer on every third."""
    if course.states[2] != A:
        return
    language = author.proposal.language
    Opinion.objects.create(
        workspace=room,
        kind=Opinion.Kind.EXPERT,
        account=cast.roles[Role.EXPERT],
        verdict=Opinion.Verdict.FINE,
        language=language,
        text=author.say(texts.EXPERT),
        at=until - timedelta(days=1),
    )
    if room.pk % 3:
        return
    invite = SpecialistInvite.objects.create(
        workspace=room,
        name="С. Т.",
        organisation="Су және жылу желілері" if language == "kk" else "Водоканал и теплосети",
        question=author.say(texts.ASKED),
        language=language,
        token_hash=f"{author.rng.getrandbits(256):064x}",
        expires_at=until + timedelta(days=7),
        created_by=cast.roles[Role.COACH],
        at=until - timedelta(days=6),
    )
    Opinion.objects.create(
        workspace=room,
        kind=Opinion.Kind.SPECIALIST,
        invite=invite,
        verdict=Opinion.Verdict.MEND,
        language=language,
        text=author.say(texts.ANSWERED),
        at=until - timedelta(days=4),
    )
