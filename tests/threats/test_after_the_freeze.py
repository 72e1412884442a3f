"""Rules, slate, prices and decisions after the freeze: form, interface for machines, shell and SQL change nothing, or are found."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client

from qatysu.ballots.models import SlateEntry
from qatysu.core.regulation import Role, Stage
from qatysu.council import commands as council_commands
from qatysu.council.models import Decision, Matter, Verdict
from qatysu.identity.models import Account
from qatysu.motions import queries
from qatysu.places.models import City
from qatysu.proposals.models import Proposal, State
from qatysu.rounds.freezing import constitution_text
from qatysu.rounds.models import Round
from qatysu.vault.triggers import refused_by
from tests import counting, factories
from tests.council import holding
from tests.threats.conftest import sql

ClientFor = Callable[[Account], Client]


@pytest.fixture
def frozen(city: City, now: datetime) -> Round:
    """Voting is open, two ballots are in the box."""
    made = factories.make_voting_round(city, now=now)
    factories.cast(made, "anna", ["1"])
    factories.cast(made, "bolat", ["2"])
    counting.seal(made, now)
    return made


def state_of(round_: Round) -> tuple[Any, ...]:
    """All that was fixed, as the database has it now."""
    row = factories.fresh(round_)
    slate = tuple(SlateEntry.objects.filter(slate__round=row).order_by("pk").values_list("code", "cost_tenge", "title", "passport"))
    projects = tuple(Proposal.objects.filter(round=row).order_by("pk").values_list("pk", "state"))
    return constitution_text(row), row.constitution.digest, row.constitution.frozen_at, slate, projects


FORMS: Mapping[str, tuple[str, dict[str, str]]] = {
    "rules": ("rules/", {"save": "1", "appeal_days": "30", "max_choices": "3", "threshold_votes": "1"}),
    "reserve": ("money/", {"form": "reserve", "reserve_tenge": "5"}),
    "funder": ("money/", {
        "form": "new", "new-name_kk": "а", "new-name_ru": "б", "new-name_en": "c", "new-amount_tenge": "5000000",
    }),
    "category": ("categories/", {"form": "new", "name_kk": "а", "name_ru": "б", "name_en": "c", "slug": "other", "plan": "park"}),
    "slate": ("slate/freeze/", {"confirm": "on", "word": "khromtau-demo"}),
    "admission": ("proposals/{last}/", {"decision": "admit"}),
    "refusal": ("proposals/1/", {"decision": "refuse", "codes": "land", "text": "The land belongs to somebody else"}),
    "calendar": ("calendar/", {"voting-opens": "2026-01-01", "voting-closes": "2027-01-01"}),
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_no_form_of_the_studio_changes_what_is_fixed(frozen: Round, client_for: ClientFor, form: str) -> None:
    late = factories.make_proposal(frozen, state=State.READY)
    before = state_of(frozen)
    address, data = FORMS[form]
    staff = client_for(factories.make_staff(Role.COORDINATOR, frozen.city))
    answer = staff.post(f"/ru/studio/khromtau/demo/{address.format(last=late.number)}", data)
    assert answer.status_code < 500
    assert state_of(frozen) == before
    assert queries.box_findings(factories.fresh(frozen)) == []


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("what", ["turnout", "projects", "results", "results.pb", "results.csv"])
def test_the_interface_for_machines_only_reads(frozen: Round, client_for: ClientFor, method: str, what: str) -> None:
    before = state_of(frozen)
    staff = client_for(factories.make_staff(Role.COORDINATOR, frozen.city))
    answer = getattr(staff, method)(f"/api/v1/rounds/khromtau-demo/{what}", {"projects": []}, content_type="application/json")
    assert answer.status_code == 405
    assert state_of(frozen) == before


SHELL = {
    "rules": "from qatysu.rounds.models import Constitution as C; c = C.objects.get(); c.max_choices = 9; c.save()",
    "thaw": "from qatysu.rounds.models import Constitution as C; C.objects.update(frozen_at=None)",
    "money": "from qatysu.rounds.models import Funder as F; F.objects.update(amount_tenge=1)",
    "price": "from qatysu.ballots.models import SlateEntry as E; E.objects.update(cost_tenge=1)",
    "project off": "from qatysu.ballots.models import SlateEntry as E; E.objects.first().delete()",
    "another slate": "from qatysu.ballots.models import Slate as S; S.objects.update(max_choices=9)",
}
SQL = {
    "rules": "UPDATE rounds_constitution SET threshold_votes = 0",
    "thaw": "UPDATE rounds_constitution SET frozen_at = NULL",
    "no rules": "DELETE FROM rounds_constitution",
    "money": "DELETE FROM rounds_funder",
    "category": "UPDATE rounds_category SET budget_tenge = 1",
    "reserve": "UPDATE rounds_round SET reserve_tenge = 7",
    "price": "UPDATE ballots_slateentry SET cost_tenge = 1",
    "passport": "UPDATE ballots_slateentry SET passport = ''",
    "project off": "DELETE FROM ballots_slateentry",
    "slate": "UPDATE ballots_slate SET max_choices = 9",
    "acts": "UPDATE rounds_calendaract SET reason = 'x'",
}


@pytest.mark.parametrize("what", SHELL)
def test_the_shell_is_refused_by_the_database(frozen: Round, what: str) -> None:
    before = state_of(frozen)
    with pytest.raises(IntegrityError, match="qatysu:"), transaction.atomic():
        call_command("shell", "--no-imports", command=SHELL[what])
    assert state_of(frozen) == before


@pytest.mark.parametrize("what", SQL)
def test_sql_is_refused_by_the_database(frozen: Round, what: str) -> None:
    before = state_of(frozen)
    if what == "acts":
        from qatysu.rounds.models import CalendarAct, RoundStage  # reason: this row only

        CalendarAct.objects.create(
            stage=RoundStage.objects.get(round=frozen, stage="voting"), kind="pause", reason="storm",
            actor=factories.make_staff(Role.COORDINATOR, frozen.city), at=frozen.created_at,
        )  # fmt: skip
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        sql(SQL[what])
    assert refused_by(error.value)
    assert state_of(frozen) == before


FOUND = {
    "UPDATE rounds_constitution SET threshold_votes = 7": "rules",
    "UPDATE rounds_constitution SET appeal_days = 99": "rules",
    "UPDATE rounds_round SET reserve_tenge = 7": "rules",
    "UPDATE rounds_funder SET amount_tenge = amount_tenge + 1": "rules",
    "UPDATE ballots_slateentry SET cost_tenge = 1": "projects",
    "UPDATE ballots_slateentry SET passport = 'aa'": "projects",
    "DELETE FROM ballots_slateentry WHERE code = '3'": "projects",
    "UPDATE ballots_slate SET max_choices = 9": "limits",
}


def lift_all() -> None:
    """What the owner of the tables can do; the rollback at the end of the test puts the guards back."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for table in ("rounds_constitution", "rounds_round", "rounds_funder", "ballots_slateentry", "ballots_slate"):
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            return
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in cursor.fetchall():
            cursor.execute(f'DROP TRIGGER "{name}"')


@pytest.mark.parametrize("statement", FOUND)
def test_who_lifts_the_guards_is_found_by_the_log_and_everybody_is_told(frozen: Round, statement: str) -> None:
    lift_all()
    assert sql(statement) >= 1
    assert queries.box_findings(factories.fresh(frozen)) == [FOUND[statement]]
    assert 'role="alert"' in Client().get("/ru/khromtau/demo/verify/").content.decode()


def test_a_decision_of_the_council_stays_as_it_was_taken(city: City, now: datetime) -> None:
    round_ = factories.fresh(factories.make_round(city, stage=Stage.COUNCIL, now=now))
    council = holding.seated(round_, now)
    factories.make_proposal(round_, state=State.READY)
    council_commands.collect_matters(actor=council.keeper, round_=round_, now=now)
    holding.decided(council, Matter.objects.get(), Verdict.ADMIT, now)
    for statement in (
        "UPDATE council_decision SET verdict = 'not_admit'", "DELETE FROM council_decision", "DELETE FROM council_pollvote",
        "UPDATE proposals_proposal SET state = 'not_admitted'",
    ):
        with pytest.raises(IntegrityError, match="qatysu:"), transaction.atomic():
            sql(statement)
    assert Decision.objects.get().verdict == Verdict.ADMIT
