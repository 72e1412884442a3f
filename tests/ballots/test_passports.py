"""The slate fixes which passport was admitted, and the log says so."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from qatysu.ballots import commands as ballots
from qatysu.ballots import sequencing
from qatysu.ballots.logs import log_of
from qatysu.ballots.models import SlateEntry
from qatysu.coaching.models import Passport, Workspace
from qatysu.core.regulation import Role, Stage
from qatysu.motions import acts, queries
from qatysu.proposals.models import State
from qatysu.vault.triggers import refused_by
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def frozen(city: Any) -> Any:
    """A frozen ballot of two projects: No. 1 has two passports, No. 2 none."""
    now = timezone.now()
    round_ = factories.make_round(city, stage=Stage.VOTING, now=now)
    first, _second = (factories.make_proposal(round_, state=State.ADMITTED, title=title) for title in ("Алаң", "Саябақ"))
    room = Workspace.objects.create(proposal=first, opened_at=now, touched_at=now)
    for number, letter in ((1, "a"), (2, "b")):
        Passport.objects.create(
            workspace=room, number=number, content={}, digest=letter * 64, made_at=now, made_by=first.author
        )
    ballots.freeze_slate(actor=factories.make_staff(Role.COORDINATOR, city), round=factories.fresh(round_), now=now)
    sequencing.seal_now(log_of(round_), timezone.now())
    return factories.fresh(round_)


def test_the_slate_keeps_the_latest_passport_of_each_project(frozen: Any) -> None:
    assert dict(SlateEntry.objects.filter(slate__round=frozen).values_list("code", "passport")) == {"1": "b" * 64, "2": ""}


def test_the_manifest_holds_the_passport_beside_the_title(frozen: Any) -> None:
    manifest = acts.manifest_of(log_of(frozen))
    assert manifest is not None
    hashes = {code: words for code, _cost, _category, words in manifest["projects"]}
    assert hashes == {
        "1": hashlib.sha256(f"Алаң\n{'b' * 64}".encode()).hexdigest(),
        "2": hashlib.sha256("Саябақ".encode()).hexdigest(),
    }
    assert queries.log_findings(frozen) == []


def test_a_passport_of_the_slate_cannot_be_exchanged_by_sql(frozen: Any) -> None:
    with pytest.raises(IntegrityError) as refusal, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE ballots_slateentry SET passport = %s", ["c" * 64])
    assert refused_by(refusal.value) == "qatysu:append_only:ballots_slateentry"


def test_an_exchanged_passport_is_found_by_the_self_check(frozen: Any) -> None:
    entry = SlateEntry.objects.get(slate__round=frozen, code="1")
    with transaction.atomic(), connection.cursor() as cursor:
        for sql in _lifted("ballots_slateentry", "UPDATE"):
            cursor.execute(sql)
        cursor.execute("UPDATE ballots_slateentry SET passport = %s WHERE id = %s", ["c" * 64, entry.pk])
        assert queries.log_findings(frozen) == ["projects"]
        transaction.set_rollback(True)


def _lifted(table: str, event: str) -> tuple[str, ...]:
    """Statements by which the owner of the database would lift the guard."""
    name = f"qatysu_append_only_{table}_{event.lower()}"
    return (f'DROP TRIGGER "{name}"' + ("" if connection.vendor == "sqlite" else f' ON "{table}"'),)
