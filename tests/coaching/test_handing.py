"""Handing in, returning, accepting, the gate to the Council, and leaving."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from qatysu.audit.models import Deed
from qatysu.coaching import commands, queries
from qatysu.coaching.models import Passport, Work, WorkFile, Workspace, WorkState
from qatysu.coaching.passport import digest_of
from qatysu.core.errors import Conflict, IllegalMove, Invalid, NotAllowed, NotFound
from qatysu.core.regulation import Role
from qatysu.files.models import StoredFile
from qatysu.identity.models import Account
from qatysu.outbox.models import Message
from qatysu.proposals.models import Proposal, State
from qatysu.rounds.models import Round
from tests import factories

from . import rooms

pytestmark = pytest.mark.django_db


def fill(actor: Account, room: Workspace, slug: str, now: datetime) -> Work:
    work = rooms.work_in(room, slug)
    return commands.save_work(
        actor=actor, work=work, base=work.version, raw=rooms.FULL[slug], now=now, new_id=rooms.ids()
    ).work


def accepted(captain: Account, coach: Account, room: Workspace, now: datetime) -> None:
    """Both modules filled, handed in and accepted."""
    for slug in rooms.FULL:
        fill(captain, room, slug, now)
        commands.submit_work(actor=captain, work=rooms.work_in(room, slug), now=now)
        commands.accept_work(actor=coach, work=rooms.work_in(room, slug), now=now)


def test_an_unfinished_work_is_not_handed_in_and_says_what_is_missing(
    captain: Account, room: Workspace, annotation: Work, now: datetime
) -> None:
    with pytest.raises(Conflict, match="work_incomplete") as refusal:
        commands.submit_work(actor=captain, work=annotation, now=now)

    assert refusal.value.params["missing"] == ("problem", "people")


def test_the_coach_returns_with_remarks_and_accepts_what_was_mended(
    captain: Account, coach: Account, room: Workspace, now: datetime
) -> None:
    work = commands.submit_work(actor=captain, work=fill(captain, room, "annotation", now), now=now)
    assert Message.objects.filter(account=coach, dedupe_key__startswith="submitted:").count() == 1

    commands.return_work(actor=coach, work=work, remarks=[("people", "Қалай санадыңыз?"), ("", "")], language="kk", now=now)
    returned = rooms.work_in(room, "annotation")
    assert (returned.state, [remark.field for remark in queries.open_remarks(returned)]) == ("returned", ["people"])
    assert Message.objects.filter(account=captain, dedupe_key__startswith="returned:").count() == 1

    commands.save_work(actor=captain, work=returned, base=1, raw={"people": "130"}, now=now, new_id=rooms.ids())
    commands.submit_work(actor=captain, work=returned, now=now)
    done = commands.accept_work(actor=coach, work=returned, now=now)
    assert (done.state, queries.open_remarks(done)) == (WorkState.ACCEPTED, ())


def test_nothing_is_returned_without_a_word(captain: Account, coach: Account, room: Workspace, now: datetime) -> None:
    work = commands.submit_work(actor=captain, work=fill(captain, room, "annotation", now), now=now)

    with pytest.raises(Invalid, match="remark_needed"):
        commands.return_work(actor=coach, work=work, remarks=[("", "  ")], language="kk", now=now)
    with pytest.raises(Invalid, match="unknown_field"):
        commands.return_work(actor=coach, work=work, remarks=[("nowhere", "?")], language="kk", now=now)


def test_nobody_decides_on_the_own_project(round: Round, coach: Account, now: datetime) -> None:
    own = rooms.make_room(round, author=coach)
    work = commands.submit_work(actor=coach, work=fill(coach, own, "annotation", now), now=now)

    with pytest.raises(NotAllowed):
        commands.accept_work(actor=coach, work=work, now=now)


def test_a_team_takes_its_work_back_until_somebody_decides(
    captain: Account, coach: Account, room: Workspace, now: datetime
) -> None:
    work = commands.submit_work(actor=captain, work=fill(captain, room, "annotation", now), now=now)
    assert commands.take_back(actor=captain, work=work, now=now).state == WorkState.OPEN

    commands.submit_work(actor=captain, work=work, now=now)
    commands.accept_work(actor=coach, work=work, now=now)
    with pytest.raises(IllegalMove):
        commands.take_back(actor=captain, work=work, now=now)


def test_only_a_complete_project_goes_to_the_council(captain: Account, coach: Account, room: Workspace, now: datetime) -> None:
    with pytest.raises(Conflict, match="passport_incomplete"):
        commands.mark_ready(actor=coach, proposal=room.proposal, now=now)
    accepted(captain, coach, room, now)

    passport = commands.mark_ready(actor=coach, proposal=room.proposal, now=now)

    proposal = Proposal.objects.get(pk=room.proposal_id)
    assert (proposal.state, proposal.cost_tenge) == (State.READY, 315_000)
    assert (passport.number, passport.content["cost"]) == (1, 315_000)
    assert Passport.objects.get().digest == digest_of(Passport.objects.get().content)


def test_the_database_itself_keeps_the_gate(room: Workspace) -> None:
    with pytest.raises(IntegrityError, match="passport_incomplete"), transaction.atomic():
        Proposal.objects.filter(pk=room.proposal_id).update(state=State.READY)


def test_a_round_without_a_course_has_no_gate(city: object) -> None:
    round_ = factories.make_round(city, slug="bare")  # type: ignore[arg-type]  # reason: fixture
    proposal = factories.make_proposal(round_, state=State.IN_SESSIONS)

    assert Proposal.objects.filter(pk=proposal.pk).update(state=State.READY) == 1


def test_a_project_over_the_cap_is_not_ready(captain: Account, coach: Account, room: Workspace, now: datetime) -> None:
    accepted(captain, coach, room, now)
    Work.objects.filter(workspace=room, module__slug="technical").update(total_tenge=10_000_001)

    with pytest.raises(Conflict, match="passport_incomplete"):
        commands.mark_ready(actor=coach, proposal=room.proposal, now=now)


def test_pictures_of_public_fields_are_published_with_the_passport_and_nothing_else(
    captain: Account, coach: Account, room: Workspace, now: datetime
) -> None:
    files = {}
    for field in ("photos", "offers"):
        stored = StoredFile.objects.create(
            kind="image", name="a.webp", media_type="image/webp", path=field, size_bytes=1, sha256="0" * 64,
            owner=captain, created_at=now,
        )
        work = rooms.work_in(room, "technical")
        files[field] = WorkFile.objects.create(workspace=room, work=work, field=field, file=stored, added_by=captain, at=now)
    raw = {
        "photos": [{"before": str(files["photos"].file.public_id), "after": "", "caption": ""}],
        "offers": [{"file": str(files["offers"].file.public_id), "caption": ""}],
    }
    work = rooms.work_in(room, "technical")
    commands.save_work(actor=captain, work=work, base=0, raw=raw, now=now, new_id=rooms.ids())
    accepted(captain, coach, room, now)

    commands.mark_ready(actor=coach, proposal=room.proposal, now=now)

    published = {f.field: f.published_at is not None for f in WorkFile.objects.all()}
    assert published == {"photos": True, "offers": False}


def test_a_team_that_leaves_keeps_its_reason_and_its_work(
    captain: Account, coach: Account, room: Workspace, now: datetime
) -> None:
    fill(captain, room, "annotation", now)
    commands.record_dropout(
        actor=coach, workspace=room, reason_code="no_time", reason_text="Ауысыммен жұмыс істейді.", now=now
    )

    proposal = Proposal.objects.get(pk=room.proposal_id)
    assert proposal.state == State.WITHDRAWN
    assert proposal.moves.last().reason_text == "Ауысыммен жұмыс істейді."
    assert rooms.work_in(room, "annotation").answers["people"] == 120
    with pytest.raises(Conflict, match="not_in_sessions"):
        fill(captain, room, "annotation", now)
    assert queries.board(proposal.round, now).left == {"no_time": 1}


def test_every_deed_is_in_the_trail(captain: Account, coach: Account, room: Workspace, now: datetime) -> None:
    accepted(captain, coach, room, now)

    deeds = list(Deed.objects.filter(target=f"coaching.workspace:{room.pk}").values_list("action", flat=True))
    assert deeds.count("submit_work") == deeds.count("accept_work") == 2


def test_a_specialist_answers_by_a_link_that_ends(coach: Account, room: Workspace, now: datetime) -> None:
    commands.invite_specialist(
        actor=coach, workspace=room, name="Б. К.", organisation="Горэлектросеть", question="Қуат жете ме?",
        language="kk", days=7, token="secret", now=now,
    )
    opinion = commands.answer_invite(token="secret", verdict="mend", text="Жеке автомат керек.", language="kk", now=now)

    assert (opinion.kind, queries.opinions(room)[0]) == ("specialist", opinion)
    with pytest.raises(NotFound):
        commands.answer_invite(token="secret", verdict="fine", text="Кеш.", language="kk", now=now + timedelta(days=8))
    with pytest.raises(NotFound):
        commands.answer_invite(token="other", verdict="fine", text="Бөтен.", language="kk", now=now)


def test_an_expert_checks_beforehand_but_not_the_own_project(round: Round, room: Workspace, now: datetime) -> None:
    expert = rooms.staff(Role.EXPERT, round)
    given = commands.give_opinion(actor=expert, workspace=room, verdict="fine", text="Дұрыс.", language="kk", now=now)
    own = rooms.make_room(round, author=expert)

    assert given.account == expert
    with pytest.raises(NotAllowed):
        commands.give_opinion(actor=expert, workspace=own, verdict="fine", text="Дұрыс.", language="kk", now=now)


def test_a_translation_is_stale_when_the_text_changes(captain: Account, coach: Account, room: Workspace, now: datetime) -> None:
    work = fill(captain, room, "annotation", now)
    commands.translate_answer(actor=coach, work=work, field="problem", language="ru", text="Во дворе темно.", now=now)
    (pair,) = queries.translation_pairs(room, "ru")
    assert (pair.text, pair.is_stale) == ("Во дворе темно.", False)

    commands.save_work(actor=captain, work=work, base=1, raw={"problem": "Басқа."}, now=now, new_id=rooms.ids())
    (pair,) = queries.translation_pairs(room, "ru")
    assert pair.is_stale


def test_a_coach_takes_a_free_team_and_only_the_lead_gives_teams(round: Round, coach: Account, now: datetime) -> None:
    room, other = rooms.make_room(round), rooms.staff(Role.COACH, round, "Екінші")
    commands.assign_coach(actor=coach, workspace=room, coach=coach, now=now)

    with pytest.raises(NotAllowed):
        commands.assign_coach(actor=other, workspace=room, coach=other, now=now)
    lead = rooms.staff(Role.CENTRE_LEAD, round, "Жетекші")
    assert commands.assign_coach(actor=lead, workspace=room, coach=other, now=now).coach == other
    with pytest.raises(Invalid, match="not_a_coach"):
        commands.assign_coach(actor=lead, workspace=room, coach=room.proposal.author, now=now)
