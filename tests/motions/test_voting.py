"""After the freeze the dates of voting move by two people only, and the log says so in the same transaction."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from qatysu.ballots import logs, sequencing
from qatysu.bulletin.models import Entry
from qatysu.core.errors import Conflict, Invalid, NotAllowed, StageClosed
from qatysu.core.periods import WindowState, last_day
from qatysu.core.regulation import Role, Stage
from qatysu.identity.models import Account
from qatysu.ledger.entries import decode
from qatysu.motions import commands, queries
from qatysu.motions.kinds import Kind
from qatysu.motions.models import Motion
from qatysu.places.models import City
from qatysu.rounds import commands as rounds
from qatysu.rounds.models import CalendarAct, Round, RoundStage, StagePause
from qatysu.rounds.queries import stage_row, window, zone_of
from tests import counting, factories

from .people import DOCUMENT, ask_voting, later_freeze

ACTS: dict[str, Callable[..., Any]] = {
    "pause": rounds.pause_stage, "close": rounds.close_stage_now, "resume": rounds.resume_stage, "open": rounds.open_stage_now,
    "extend": rounds.extend_stage,
}
WHY = "The portal was down for a day"


def last_entry(round_: Round) -> dict[str, Any]:
    raw = Entry.objects.filter(log=logs.log_of(round_), is_voters=False).order_by("-turn").values_list("raw", flat=True)[0]
    return decode(bytes(raw))


def do(round_: Round, lead: Account, second: Account, now: datetime, kind: Kind, **more: Any) -> Motion:
    motion = ask_voting(factories.fresh(round_), lead, now, kind, **more)
    return commands.confirm(actor=second, motion=motion, now=now)


def state(round_: Round, now: datetime) -> WindowState:
    return window(stage_row(round_, Stage.VOTING)).state(now)


@pytest.mark.parametrize("kind", ACTS)
def test_one_person_cannot_move_voting(round_: Round, lead: Account, kind: str, now: datetime) -> None:
    more = {"last_day": (now + timedelta(days=30)).date()} if kind == "extend" else {}
    for second in (None, lead):
        with pytest.raises(NotAllowed) as refusal:
            ACTS[kind](actor=lead, second=second, round_=round_, stage=Stage.VOTING, reason=WHY, now=now, **more)
        assert refusal.value.reason == "second_person"
    assert not CalendarAct.objects.exists()


@pytest.mark.parametrize("role", [Role.SECRETARY, Role.COACH, Role.EXPERT, Role.OPERATOR])
def test_the_second_person_must_have_a_say(round_: Round, lead: Account, role: Role, now: datetime) -> None:
    other = factories.make_staff(role, round_.city)
    with pytest.raises(NotAllowed, match="role"):
        rounds.close_stage_now(actor=lead, second=other, round_=round_, stage=Stage.VOTING, reason=WHY, now=now)
    motion = ask_voting(round_, lead, now, Kind.VOTING_CLOSE)
    with pytest.raises(NotAllowed, match="role"):
        commands.confirm(actor=other, motion=motion, now=now)


@pytest.mark.parametrize("role", [Role.COMMISSION, Role.CHAIR, Role.AKIMAT_APPROVER, Role.COORDINATOR])
def test_who_may_be_the_second(round_: Round, lead: Account, role: Role, now: datetime) -> None:
    do(round_, lead, factories.make_staff(role, round_.city), now, Kind.VOTING_PAUSE)
    assert state(round_, now) is WindowState.PAUSED


def test_only_a_coordinator_asks(round_: Round, member: Account, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        ask_voting(round_, member, now, Kind.VOTING_CLOSE)


def test_an_extension_moves_calendar_and_log_together(round_: Round, lead: Account, member: Account, now: datetime) -> None:
    row = stage_row(round_, Stage.VOTING)
    day = last_day(row.closes_at, zone_of(round_)) + timedelta(days=2)
    do(round_, lead, member, now, Kind.VOTING_EXTEND, last_day=day)

    row.refresh_from_db()
    entry = last_entry(round_)
    assert (entry["t"], entry["what"], entry["act"], entry["document"]) == ("amend", "voting_extended", "12", DOCUMENT)
    assert entry["value"] == row.closes_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert queries.amended_window(round_) == (row.opens_at.replace(microsecond=0), row.closes_at)
    assert not queries.window_mismatch(round_)
    act = CalendarAct.objects.get()
    assert (act.actor, act.kind, act.reason) == (lead, "extend", WHY)


def test_every_act_leaves_calendar_and_log_in_agreement(round_: Round, lead: Account, member: Account, now: datetime) -> None:
    assert queries.box_findings(round_) == []
    told = []
    for kind in (Kind.VOTING_PAUSE, Kind.VOTING_RESUME, Kind.VOTING_PAUSE, Kind.VOTING_CLOSE):
        now += timedelta(seconds=7)
        do(round_, lead, member, now, kind)
        told.append(last_entry(round_)["what"])
        assert not queries.window_mismatch(round_), kind
    assert told == ["voting_paused", "voting_resumed", "voting_paused", "voting_closed"]
    assert state(round_, now) is WindowState.AFTER


def test_voting_opens_early_by_two_people(city: City, lead: Account, member: Account, now: datetime) -> None:
    round_ = later_freeze(city, now)
    RoundStage.objects.filter(round=round_, stage=Stage.CAMPAIGN).update(closes_at=now)
    do(round_, lead, member, now, Kind.VOTING_OPEN)

    assert last_entry(round_)["what"] == "voting_opened"
    assert state(round_, now) is WindowState.OPEN
    assert not queries.window_mismatch(round_)


@pytest.mark.parametrize(
    ("kind", "reason"),
    [(Kind.VOTING_RESUME, "not_paused"), (Kind.VOTING_OPEN, "stage_opened"), (Kind.VOTING_EXTEND, "not_later")],
)
def test_what_cannot_be_done_is_not_asked_for(round_: Round, lead: Account, kind: Kind, reason: str, now: datetime) -> None:
    with pytest.raises((Conflict, Invalid), match=reason):
        ask_voting(round_, lead, now, kind, last_day=now.date())
    assert not Motion.objects.exists()


def test_what_has_become_impossible_is_not_confirmed(round_: Round, lead: Account, member: Account, now: datetime) -> None:
    pause = ask_voting(round_, lead, now, Kind.VOTING_PAUSE)
    do(round_, lead, member, now, Kind.VOTING_CLOSE)
    before = Entry.objects.count()

    with pytest.raises(Conflict, match="stage_not_open"):
        commands.confirm(actor=member, motion=pause, now=now + timedelta(seconds=1))
    assert Entry.objects.count() == before
    assert not StagePause.objects.exists()
    assert Motion.objects.get(pk=pause.pk).state == Motion.State.PROPOSED


def test_an_amendment_names_its_document(round_: Round, lead: Account, now: datetime) -> None:
    with pytest.raises(Invalid, match="document_missing"):
        ask_voting(round_, lead, now, Kind.VOTING_CLOSE, document="")


def test_when_the_log_takes_nothing_the_calendar_stays(round_: Round, lead: Account, member: Account, now: datetime) -> None:
    log = logs.log_of(round_)
    motion = ask_voting(round_, lead, now, Kind.VOTING_CLOSE)
    type(log).objects.filter(pk=log.pk).update(refused_code="log_behind", refused_text="an old backup")

    with pytest.raises(Conflict) as refusal:
        commands.confirm(actor=member, motion=motion, now=now)
    assert refusal.value.code == "log_behind"
    assert state(round_, now) is WindowState.OPEN
    assert not CalendarAct.objects.exists()


def test_the_planned_days_of_voting_are_fixed_with_the_ballot(city: City, lead: Account, now: datetime) -> None:
    round_ = later_freeze(city, now)
    day = (now + timedelta(days=12)).date()
    with pytest.raises(Conflict, match="voting_fixed"):
        rounds.edit_calendar(actor=lead, round_=round_, days={Stage.VOTING: (day, day)}, now=now)
    with pytest.raises(Conflict, match="voting_fixed"):
        rounds.edit_calendar(actor=lead, round_=round_, days={Stage.VOTING: None}, now=now)
    assert not queries.window_mismatch(round_)


def test_another_stage_does_not_drag_voting_along(city: City, lead: Account, now: datetime) -> None:
    round_ = later_freeze(city, now)
    voting = stage_row(round_, Stage.VOTING)
    day = last_day(voting.opens_at, zone_of(round_)) + timedelta(days=3)
    with pytest.raises(Conflict, match="voting_fixed"):
        rounds.extend_stage(actor=lead, round_=round_, stage=Stage.CAMPAIGN, last_day=day, reason=WHY, now=now)
    rounds.close_stage_now(actor=lead, round_=round_, stage=Stage.CAMPAIGN, reason=WHY, now=now)

    assert stage_row(round_, Stage.VOTING).opens_at == voting.opens_at
    assert not queries.window_mismatch(round_)


def test_before_the_freeze_the_calendar_is_moved_by_one(city: City, lead: Account, now: datetime) -> None:
    round_ = factories.make_round(city, stage=Stage.VOTING, now=now, slug="loose")
    rounds.pause_stage(actor=lead, round_=round_, stage=Stage.VOTING, reason=WHY, now=now)
    with pytest.raises(Conflict, match="voting_not_fixed"):
        ask_voting(factories.fresh(round_), lead, now, Kind.VOTING_RESUME)


def test_keys_end_after_the_approval_only(round_: Round, lead: Account, member: Account, now: datetime) -> None:
    from qatysu.bulletin.commands import submit  # reason: the approval belongs to another package
    from qatysu.results.entries import approval

    values = {"text": "The time of appeals is over", "protocol": "21", "document": DOCUMENT}
    with pytest.raises(StageClosed):
        commands.propose_key_end(actor=member, round_=round_, now=now, **values)
    factories.move_to(round_, Stage.WORKS, now)
    round_ = factories.fresh(round_)
    with pytest.raises(Conflict, match="result_not_approved"):
        commands.propose_key_end(actor=member, round_=round_, now=now, **values)
    submit(logs.log_of(round_), approval("7", DOCUMENT), is_voters=False)
    motion = commands.propose_key_end(actor=member, round_=round_, now=now, **values)
    with pytest.raises(NotAllowed):
        commands.confirm(actor=lead, motion=motion, now=now)
    commands.confirm(actor=factories.make_staff(Role.CHAIR, round_.city), motion=motion, now=now)

    entry = last_entry(round_)
    assert (entry["what"], entry["value"]) == ("keys_destroyed", round_.slate.key_digest)


def test_a_box_is_not_closed_when_voting_was_extended_in_the_last_moment(
    round_: Round, lead: Account, member: Account, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = stage_row(round_, Stage.VOTING)
    plain = sequencing.seal_now

    def extend_meanwhile(log: Any, at: datetime) -> int:
        RoundStage.objects.filter(pk=row.pk).update(closes_at=row.closes_at)
        return plain(log, at)

    RoundStage.objects.filter(pk=row.pk).update(closes_at=now - timedelta(seconds=1))
    monkeypatch.setattr(sequencing, "seal_now", extend_meanwhile)
    with pytest.raises(Conflict, match="voting_open"):
        sequencing.close_box(factories.fresh(round_), now)
    assert not sequencing.is_closed(logs.log_of(round_))


def test_a_closed_box_is_not_extended(round_: Round, lead: Account, now: datetime) -> None:
    counting.close(round_, now)
    factories.move_to(round_, Stage.VOTING, now)
    with pytest.raises(Conflict, match="stage_over"):
        ask_voting(factories.fresh(round_), lead, now, Kind.VOTING_EXTEND, last_day=(now + timedelta(days=20)).date())
