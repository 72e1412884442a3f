"""What a team writes is kept, whoever was faster and whatever was typed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from qatysu.coaching import commands, queries
from qatysu.coaching.models import Clash, Work, Workspace, WorkState, WorkVersion
from qatysu.core.errors import Conflict, NotAllowed, NotFound
from qatysu.identity.models import Account
from qatysu.outbox.models import Message
from tests import factories

from . import rooms

pytestmark = pytest.mark.django_db


def save(actor: Account, work: Work, raw: dict[str, Any], now: datetime, base: int | None = None) -> commands.Saved:
    fresh = rooms.work_in(work.workspace, work.module.slug)
    return commands.save_work(
        actor=actor, work=fresh, base=fresh.version if base is None else base, raw=raw, now=now, new_id=rooms.ids()
    )


def test_a_save_keeps_the_answer_and_who_wrote_it(captain: Account, annotation: Work, now: datetime) -> None:
    saved = save(captain, annotation, {"problem": "Қараңғы.", "people": "1 200"}, now)

    assert saved.work.answers == {"problem": "Қараңғы.", "people": 1200}
    assert (saved.work.version, saved.work.answered, saved.work.required) == (1, 2, 2)
    assert [(row.author, row.fields) for row in queries.versions(saved.work)] == [(captain, ("problem", "people"))]


def test_the_same_again_is_no_new_version(captain: Account, annotation: Work, now: datetime) -> None:
    save(captain, annotation, {"problem": "Қараңғы."}, now)

    saved = save(captain, annotation, {"problem": "Қараңғы."}, now)

    assert (saved.changed, saved.work.version) == ((), 1)


def test_fields_that_are_not_sent_stay(captain: Account, annotation: Work, now: datetime) -> None:
    save(captain, annotation, {"problem": "Қараңғы.", "people": "5"}, now)

    assert save(captain, annotation, {"people": "6"}, now).work.answers == {"problem": "Қараңғы.", "people": 6}


def test_what_cannot_be_read_is_kept_as_typed_and_the_rest_is_saved(captain: Account, annotation: Work, now: datetime) -> None:
    saved = save(captain, annotation, {"problem": "Қараңғы.", "people": "көп"}, now)

    assert [fault.field for fault in saved.faults] == ["people"]
    assert saved.work.answers == {"problem": "Қараңғы."}
    assert "көп" in str(saved.work.unread)

    assert save(captain, annotation, {"people": "120"}, now).work.unread == {}


def test_two_people_in_different_fields_both_stay(captain: Account, mate: Account, annotation: Work, now: datetime) -> None:
    save(captain, annotation, {"problem": "Бірінші."}, now, base=0)

    saved = save(mate, annotation, {"people": "70"}, now, base=0)

    assert saved.work.answers == {"problem": "Бірінші.", "people": 70}
    assert saved.foreign == ("problem",)
    assert saved.clashes == ()
    assert saved.work.versions.last().kind == WorkVersion.Kind.MERGE


def test_two_people_in_one_field_lose_nothing_and_both_are_told(
    captain: Account, mate: Account, annotation: Work, now: datetime
) -> None:
    save(captain, annotation, {"problem": "Капитанның сөзі."}, now, base=0)

    saved = save(mate, annotation, {"problem": "Мараттың сөзі."}, now, base=0)

    assert saved.work.answers["problem"] == "Капитанның сөзі."
    (clash,) = saved.clashes
    assert (clash.kept, clash.other) == ("Капитанның сөзі.", "Мараттың сөзі.")
    assert (clash.kept_author, clash.other_author) == (captain, mate)
    assert Message.objects.filter(account=captain, dedupe_key__startswith="clash:").count() == 1


def test_lines_of_one_estimate_written_by_two_are_both_in_it(
    captain: Account, mate: Account, technical: Work, now: datetime
) -> None:
    first = save(captain, technical, {"estimate": [rooms.line()]}, now).work
    stored = first.answers["estimate"][0]
    as_sent = rooms.line() | {"id": stored["id"]}
    save(captain, technical, {"estimate": [as_sent, rooms.line("Шам") | {"id": "aaaaaaaa"}]}, now, base=1)

    theirs = [as_sent | {"price": "160000"}, rooms.line("Кабель") | {"id": "bbbbbbbb"}]
    saved = save(mate, technical, {"estimate": theirs}, now, base=1)

    assert saved.clashes == ()
    assert {row["item"] for row in saved.work.answers["estimate"]} == {"Опора", "Шам", "Кабель"}
    assert saved.work.answers["estimate"][0]["price"] == 160_000


def test_settling_a_clash_makes_the_chosen_text_the_answer(
    captain: Account, mate: Account, annotation: Work, now: datetime
) -> None:
    save(captain, annotation, {"problem": "Бір."}, now, base=0)
    (clash,) = save(mate, annotation, {"problem": "Екі."}, now, base=0).clashes

    saved = commands.settle_clash(actor=captain, clash=clash, raw="Бір, екі.", now=now, new_id=rooms.ids())

    assert saved.work.answers["problem"] == "Бір, екі."
    assert saved.clashes == ()
    kept = Clash.objects.get()
    assert (kept.kept, kept.other, kept.settled_by) == ("Бір.", "Екі.", captain)
    with pytest.raises(NotFound):
        commands.settle_clash(actor=mate, clash=clash, raw="Үш.", now=now, new_id=rooms.ids())


def test_an_old_version_can_be_had_back(captain: Account, annotation: Work, now: datetime) -> None:
    save(captain, annotation, {"problem": "Бірінші.", "people": "5"}, now)
    save(captain, annotation, {"problem": "Екінші.", "people": ""}, now)

    work = commands.restore_version(actor=captain, work=annotation, number=1, now=now)

    assert (work.answers, work.version) == ({"problem": "Бірінші.", "people": 5}, 3)
    assert queries.answers_at(work, 2) == {"problem": "Екінші."}


def test_a_stranger_and_another_team_cannot_write(round: Any, annotation: Work, now: datetime) -> None:
    for actor in (factories.make_account(), rooms.make_room(round).proposal.author):
        with pytest.raises(NotAllowed):
            save(actor, annotation, {"problem": "Бөтен."}, now)


def test_a_coach_writes_for_a_team_in_the_own_name(coach: Account, room: Workspace, annotation: Work, now: datetime) -> None:
    before = room.touched_at

    assert save(coach, annotation, {"problem": "Телефонмен айтты."}, now).work.changed_by == coach
    room.refresh_from_db()
    assert room.touched_at == before


def test_a_work_handed_in_cannot_be_written_on(captain: Account, annotation: Work, now: datetime) -> None:
    save(captain, annotation, rooms.FULL["annotation"], now)
    commands.submit_work(actor=captain, work=annotation, now=now)

    with pytest.raises(Conflict, match="work_submitted"):
        save(captain, annotation, {"people": "1"}, now)


def test_ticks_follow_the_checklist(captain: Account, annotation: Work, now: datetime) -> None:
    for point in ("asked", "read"):
        commands.tick_point(actor=captain, work=annotation, point=point, is_done=True, now=now)
    work = commands.tick_point(actor=captain, work=annotation, point="read", is_done=False, now=now)

    assert work.ticks == ["asked"]


def test_versions_cannot_be_rewritten_by_any_program(captain: Account, annotation: Work, now: datetime) -> None:
    save(captain, annotation, {"problem": "Бар."}, now)

    with pytest.raises(IntegrityError, match="append_only"), transaction.atomic():
        WorkVersion.objects.update(changes={})
    with pytest.raises(IntegrityError, match="append_only"), transaction.atomic():
        WorkVersion.objects.all().delete()


def test_the_estimate_is_summed_with_its_reserve(captain: Account, technical: Work, now: datetime) -> None:
    work = save(captain, technical, {"estimate": [rooms.line(), rooms.line("Кабель", "2,5", "1001")]}, now).work

    # 300 000 + 2 502,5 rounded up; 5 % of 302 503 rounded up.
    assert work.total_tenge == 302_503 + 15_126
    assert work.state == WorkState.OPEN
