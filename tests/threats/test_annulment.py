"""Threats 12 and 22 of LEDGER: dates moved behind the log, and organisers who abuse annulment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qatysu.ballots import logs
from qatysu.ballots.models import Ballot, Judgement
from qatysu.bulletin.models import Entry
from qatysu.core.regulation import Role
from qatysu.identity.models import Account
from qatysu.ledger.leaf import nonce
from qatysu.motions import commands, queries
from qatysu.motions.models import Motion
from qatysu.places.models import City
from qatysu.proposals.models import Proposal
from qatysu.rounds.models import Round, RoundStage
from tests import counting, factories
from tests.motions.people import ask, handle_of

ROLES = [
    Role.COORDINATOR, Role.SECRETARY, Role.CHAIR, Role.COMMISSION, Role.EXPERT, Role.COACH, Role.AKIMAT_APPROVER, Role.OPERATOR,
    Role.FUNDER, Role.EDITOR,
]


@pytest.fixture
def round_(city: City, now: datetime) -> Round:
    """Eight voters; five of them chose project 2."""
    made = factories.make_voting_round(city, now=now)
    for number, code in enumerate("22222113"):
        factories.cast(made, f"voter-{number}", [code])
    counting.seal(made, now)
    return made


@pytest.fixture
def lead(city: City) -> Account:
    return factories.make_staff(Role.COORDINATOR, city)


@pytest.fixture
def member(city: City) -> Account:
    return factories.make_staff(Role.COMMISSION, city)


def pages(round_: Round, motion: Motion, handle: str) -> list[str]:
    where = {"city_slug": round_.city.slug, "round_slug": round_.slug}
    name = str(round_)
    return [
        reverse("studio_motions", kwargs=where), reverse("studio_motion", kwargs=where | {"number": motion.pk}),
        f"{reverse('studio_motion_annul', kwargs=where)}?q={handle}", reverse("studio_round", kwargs=where),
        reverse("studio_trail", kwargs=where), reverse("studio_voting", kwargs=where), reverse("api_turnout", args=[name]),
        reverse("api_results", args=[name]), reverse("api_projects", args=[name]),
    ]


@pytest.mark.parametrize("moved", [timedelta(days=-1), timedelta(seconds=1), timedelta(days=3)])
@pytest.mark.parametrize("field", ["opens_at", "closes_at"])
def test_threat_12_dates_edited_in_the_database_are_found(
    round_: Round, lead: Account, client_for: Callable[[Account], Client], moved: timedelta, field: str, now: datetime
) -> None:
    assert queries.box_findings(round_) == []
    row = RoundStage.objects.get(round=round_, stage="voting")
    RoundStage.objects.filter(pk=row.pk).update(**{field: getattr(row, field) + moved})

    assert queries.window_mismatch(round_)
    assert queries.box_findings(round_) == ["window"]
    where = {"city_slug": round_.city.slug, "round_slug": round_.slug}
    page = client_for(lead).get(reverse("studio_round", kwargs=where).replace("/kk/", "/en/")).content.decode()
    assert "The dates of voting in the database are not those of the log." in page
    commands.watch(now)
    check = queries.last_check(logs.log_of(round_))
    assert check is not None
    assert check.findings == ["window"]


@pytest.mark.parametrize("role", ROLES)
def test_threat_22_one_organiser_alone_annuls_nothing(
    round_: Round, lead: Account, client_for: Callable[[Account], Client], role: Role, now: datetime
) -> None:
    person = factories.make_staff(role, round_.city)
    browser = client_for(person)
    browser.raise_request_exception = False
    where = {"city_slug": round_.city.slug, "round_slug": round_.slug}
    handle = handle_of(round_, "voter-0")
    values = {"q": handle, "kind": "annul", "reason": "other", "text": "Because we say so", "protocol": "1"}
    before = Entry.objects.count()

    asked = browser.post(reverse("studio_motion_annul", kwargs=where), values)
    mine = Motion.objects.filter(proposed_by=person).first()
    may_ask = role in {Role.COORDINATOR, Role.SECRETARY, Role.CHAIR, Role.COMMISSION}
    assert (asked.status_code == 302, mine is not None) == (may_ask, may_ask)
    motion = mine or ask(round_, lead, now, handle=handle)
    answer = browser.post(reverse("studio_motion", kwargs=where | {"number": motion.pk}), {"verb": "confirm"})

    if mine is not None or role is not Role.CHAIR:
        assert answer.status_code == 403
    assert Entry.objects.count() == before
    assert not Judgement.objects.exists()
    assert queries.annulments(round_).made == 0


@pytest.mark.parametrize("role", ROLES)
def test_threat_22_no_page_shows_what_a_ballot_says_before_opening(
    round_: Round, lead: Account, member: Account, client_for: Callable[[Account], Client], role: Role, now: datetime
) -> None:
    handle = handle_of(round_, "voter-0")
    done = commands.confirm(actor=member, motion=ask(round_, lead, now, handle=handle), now=now)
    ask(round_, lead, now, handle=handle_of(round_, "voter-1"))
    ballot = Ballot.objects.get(handle=handle)
    from qatysu.ballots.keys import open_key  # reason: keys of the test's own folder

    secrets_ = [ballot.choices, nonce(open_key(str(round_)), handle, 1).hex()]
    browser = client_for(factories.make_staff(role, round_.city))
    for address in pages(round_, done, handle):
        with CaptureQueriesContext(connection) as captured:
            page = browser.get(address).content.decode()
        assert not any(secret in page for secret in secrets_), address
        assert not [query["sql"] for query in captured if "choices" in query["sql"] and "ballots_ballot" in query["sql"]], address


def test_threat_22_pages_are_the_same_whatever_was_chosen(
    round_: Round, lead: Account, client_for: Callable[[Account], Client], now: datetime
) -> None:
    """The ballot's page names no project, and the same ballot with another choice would look the same but for its fingerprint."""
    where = {"city_slug": round_.city.slug, "round_slug": round_.slug}
    browser, texts = client_for(lead), []
    for voter in ("voter-0", "voter-7"):
        handle = handle_of(round_, voter)
        page = browser.get(reverse("studio_motion_annul", kwargs=where), {"q": handle}).content.decode()
        for title in Proposal.objects.values_list("title", flat=True):
            assert title not in page
        texts.append(len(page))
    assert abs(texts[0] - texts[1]) < 120, "place, six words and tokens differ in length, nothing else"


def test_threat_22_annulling_one_project_away_is_visible_to_all(
    round_: Round, lead: Account, member: Account, now: datetime
) -> None:
    from qatysu.results.models import Outcome  # reason: only this test goes as far as the result

    for number in range(5):
        motion = ask(round_, lead, now, handle=handle_of(round_, f"voter-{number}"), reason="other")
        commands.confirm(actor=member, motion=motion, now=now)
    assert queries.annulments(round_).by_reason == (("other", 5),), "the number is public before anything is opened"
    opened = counting.open_all(round_, now, actor=lead)
    counting.declare(lead, opened, now)

    outcome = Outcome.objects.get()
    assert outcome.box["annulled"] == 5
    assert outcome.box["annulled_votes"]["2"] == 5
    assert outcome.ballots == 3


def test_threat_14_an_annulment_cannot_be_deleted(round_: Round, lead: Account, member: Account, now: datetime) -> None:
    motion = commands.confirm(actor=member, motion=ask(round_, lead, now, handle=handle_of(round_, "voter-0")), now=now)
    counting.seal(round_, now)
    entry = Entry.objects.filter(leaf=bytes.fromhex(motion.leaf))
    for rows, guard in (
        (Motion.objects.filter(pk=motion.pk), "qatysu:motion:kept"), (entry, "qatysu:append_only:bulletin_entry"),
        (Judgement.objects.all(), "qatysu:append_only:ballots_judgement"),
    ):
        with pytest.raises(IntegrityError, match=guard), transaction.atomic():
            rows.delete()
    assert queries.annulments(round_).standing == 1
