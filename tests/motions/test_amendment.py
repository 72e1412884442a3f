"""Frozen rules change by two people with a protocol, in the open, and in no other way."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client

from qatysu.core.errors import Conflict, Invalid, NotAllowed
from qatysu.core.regulation import Role
from qatysu.identity.models import Account
from qatysu.motions import commands, queries
from qatysu.motions.models import Motion
from qatysu.places.models import City
from qatysu.results.bundle import constitutions
from qatysu.rounds.freezing import constitution_digest
from qatysu.rounds.models import Amendment, Constitution, Round
from qatysu.vault.triggers import refused_by
from tests import counting, factories

from .people import DOCUMENT
from .test_pages import at


@pytest.fixture
def approver(city: City) -> Account:
    return factories.make_staff(Role.AKIMAT_APPROVER, city, name="Akim A.")


def asked(round_: Round, actor: Account, now: datetime, **values: Any) -> Motion:
    """A motion to change rules."""
    more = {"text": "The members live in three villages", "protocol": "5-О", "document": DOCUMENT}
    return commands.propose_amendment(actor=actor, round_=round_, values=values, now=now, **more)


def test_two_people_amend_and_the_log_says_so(round_: Round, lead: Account, approver: Account, now: datetime) -> None:
    before = round_.constitution.digest
    motion = asked(round_, lead, now, council_remote_counts=False, appeal_days=10)
    assert factories.fresh(round_).constitution.appeal_days == 5

    commands.confirm(actor=approver, motion=motion, now=now)

    after = factories.fresh(round_).constitution
    assert (after.council_remote_counts, after.appeal_days, after.max_choices) == (False, 10, round_.constitution.max_choices)
    row = Amendment.objects.get()
    assert row.changes == {"council_remote_counts": [True, False], "appeal_days": [5, 10]}
    assert (row.old_digest, row.new_digest) == (before, after.digest)
    assert hashlib.sha256(row.old_text.encode()).hexdigest() == before
    assert after.digest == constitution_digest(factories.fresh(round_)) != before
    counting.seal(round_, now)
    (told,) = queries.amendments(round_)
    assert (told.what, told.at, told.protocol) == ("rules", None, "5-О")
    assert queries.box_findings(factories.fresh(round_)) == []


def test_the_bundle_holds_the_rules_before_and_after(round_: Round, lead: Account, approver: Account, now: datetime) -> None:
    before = round_.constitution.digest
    commands.confirm(actor=approver, motion=asked(round_, lead, now, appeal_days=10), now=now)
    files = constitutions(factories.fresh(round_))
    assert list(files) == ["constitution.json", "constitution-1.json"]
    found = [hashlib.sha256(text).hexdigest() for text in files.values()]
    assert found == [before, factories.fresh(round_).constitution.digest]


def test_several_amendments_follow_each_other_even_back(round_: Round, lead: Account, approver: Account, now: datetime) -> None:
    first = round_.constitution.digest
    for days, protocol in ((10, "1"), (5, "2"), (7, "3")):
        motion = commands.propose_amendment(
            actor=lead, round_=round_, values={"appeal_days": days}, text="The term was wrong", protocol=protocol,
            document=DOCUMENT, now=now,
        )
        commands.confirm(actor=approver, motion=motion, now=now)
        assert queries.box_findings(factories.fresh(round_)) == []
    rows = list(Amendment.objects.all())
    assert [row.number for row in rows] == [1, 2, 3]
    assert rows[1].new_digest == first
    # An old amendment opens the door no second time.
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        Constitution.objects.filter(round=round_).update(appeal_days=5, digest=first)
    assert refused_by(error.value) == "qatysu:frozen:constitution"


@pytest.mark.parametrize(
    ("values", "refusal", "kind"),
    [
        ({"threshold_votes": 1}, "not_amendable", Invalid),
        ({"max_attempts": 1}, "not_amendable", Invalid),
        ({"appeal_days": 5}, "nothing_changes", Invalid),
        ({}, "nothing_changes", Invalid),
        ({"appeal_days": 400}, "council_terms", Invalid),
        ({"council_majority_percent": 20}, "council_majority", Invalid),
    ],
)
def test_what_no_amendment_may_say(
    round_: Round, lead: Account, now: datetime, values: dict[str, Any], refusal: str, kind: type[Exception]
) -> None:
    with pytest.raises(kind) as error:
        asked(round_, lead, now, **values)
    assert error.value.reason == refusal  # type: ignore[attr-defined]  # reason: errors of the house
    assert not Motion.objects.exists()


def test_rules_that_are_not_frozen_need_no_amendment(city: City, lead: Account, now: datetime) -> None:
    draft = factories.make_round(city, now=now, slug="draft")
    with pytest.raises(Conflict, match="rules_not_frozen"):
        asked(draft, lead, now, appeal_days=10)


def test_one_person_is_not_two(round_: Round, lead: Account, member: Account, now: datetime) -> None:
    motion = asked(round_, lead, now, appeal_days=10)
    with pytest.raises(NotAllowed):
        commands.confirm(actor=lead, motion=motion, now=now)
    with pytest.raises(NotAllowed):
        asked(round_, member, now, appeal_days=11)
    commands.decline(actor=member, motion=motion, answer="Not in this year", now=now)
    assert not Amendment.objects.exists()
    assert factories.fresh(round_).constitution.appeal_days == 5


def test_the_database_takes_no_change_without_its_amendment(round_: Round, lead: Account, approver: Account, now: datetime) -> None:
    c = round_.constitution
    row: dict[str, Any] = {
        "round": round_, "number": 1, "changes": {}, "old_text": "{}", "old_digest": c.digest, "new_digest": "a" * 64,
        "reason": "none", "protocol": "1", "document": DOCUMENT, "proposed_by": lead, "confirmed_by": approver, "at": now,
    }
    for wrong in ({"confirmed_by": lead}, {"old_digest": "b" * 64}, {"new_digest": c.digest}, {"protocol": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Amendment.objects.create(**row | wrong)
    made = Amendment.objects.create(**row)
    for change in ({"appeal_days": 9}, {"digest": "a" * 64, "max_choices": 9}, {"digest": "a" * 64, "frozen_at": None}):
        with pytest.raises(IntegrityError) as error, transaction.atomic():
            Constitution.objects.filter(round=round_).update(**change)
        assert refused_by(error.value) == "qatysu:frozen:constitution"
    for attempt in (lambda: Amendment.objects.filter(pk=made.pk).update(reason="x"), made.delete):
        with pytest.raises(IntegrityError) as error, transaction.atomic():
            attempt()
        assert refused_by(error.value) == "qatysu:append_only:rounds_amendment"
    # Whoever writes both rows past the program is found: the log knows no such amendment.
    Constitution.objects.filter(round=round_).update(appeal_days=9, digest="a" * 64)
    assert "rules" in queries.box_findings(factories.fresh(round_))


def test_the_pages_of_an_amendment(
    round_: Round, lead: Account, approver: Account, client_for: Callable[[Account], Client], now: datetime
) -> None:
    studio, second = client_for(lead), client_for(approver)
    page = at("studio_motion_rules", round_)
    shown = studio.get(page).content.decode()
    assert "Days to appeal" in shown
    empty = studio.post(page, {"text": "x"})
    assert empty.status_code == 422
    values = dict.fromkeys(("exclusions_kk", "exclusions_ru", "exclusions_en"), "") | {
        "council_quorum_percent": "50", "council_quorum_least": "1", "council_majority": "share_of_votes",
        "council_majority_percent": "50", "council_recusal": "leaves_quorum", "council_remote_counts": "on",
        "text": "Roads are closed in winter", "protocol": "8",
    }
    same = studio.post(page, values | {"appeal_days": "5", "document": SimpleUploadedFile("p.pdf", b"signed")})
    assert "Nothing would change" in same.content.decode()
    sent = studio.post(page, values | {"appeal_days": "14", "document": SimpleUploadedFile("p.pdf", b"signed")})
    assert sent.status_code == 302
    motion = Motion.objects.get()
    assert motion.payload == {"values": {"appeal_days": 14}}
    assert "now 5, would be 14" in second.get(sent["Location"]).content.decode()
    assert second.post(sent["Location"], {"verb": "confirm"}).status_code == 302
    public = Client().get(at("documents", round_)).content.decode()
    assert "was 5, is 14" in public
    assert hashlib.sha256(b"signed").hexdigest() in public
