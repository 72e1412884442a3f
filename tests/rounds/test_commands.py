"""A round from a preset, its rules, its freezing and its copy."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction
from django.utils.translation import override

from qatysu.audit.models import Deed
from qatysu.core.errors import Conflict, Frozen, Invalid, NotAllowed
from qatysu.core.regulation import Role, Stage
from qatysu.identity.models import Account
from qatysu.places.models import City
from qatysu.rounds import commands, queries
from qatysu.rounds.checks import check_round, stopping
from qatysu.rounds.models import Category, Constitution, Funder, Round

from .conftest import NOW, grant, make_account, make_city

TITLES = commands.Titles("Айналым", "Раунд", "Round")


def codes(round_: Round) -> set[str]:
    return {problem.code for problem in check_round(Round.objects.get(pk=round_.pk), NOW)}


def test_preset_of_the_pilot_gives_its_published_money_and_rule(round_: Round) -> None:
    c = round_.constitution

    assert queries.budget_of(round_) == 65_000_000
    assert (c.threshold_votes, c.threshold_op, c.fit, c.counts_mode, c.ballot_type) == (10, "gt", "skip", "live", "one")
    assert round_.categories.count() == 6
    voting = queries.stage_row(round_, Stage.VOTING)
    assert (voting.closes_at - voting.opens_at).days == 21


def test_preset_bnu_takes_the_index_of_the_year(coordinator: Account, city: City) -> None:
    made = commands.create_round(
        actor=coordinator, city=city, slug="bnu", titles=TITLES, preset="bnu", starts_on=date(2026, 1, 20), now=NOW
    )

    assert made.constitution.cap == 20_000 * 4_325
    assert "budget_zero" in codes(made)


def test_preset_equal_shares_gives_ballots_of_several_projects_and_the_rule(coordinator: Account, city: City) -> None:
    made = commands.create_round(
        actor=coordinator, city=city, slug="mes", titles=TITLES, preset="equal-shares", starts_on=date(2026, 1, 1), now=NOW
    )

    c = made.constitution
    assert (c.rule, c.ballot_type, c.max_choices, c.threshold_votes, c.tie) == ("equal-shares", "up_to_k", 5, 0, "refuse")
    assert c.rule_params == {"utility": "cost", "completion": "add1", "step": "100", "comparison": "none"}
    with pytest.raises(Invalid, match="preset"):
        commands.create_round(
            actor=coordinator, city=city, slug="lot", titles=TITLES, preset="lot", starts_on=date(2026, 1, 1), now=NOW
        )


def test_the_same_submission_twice_makes_one_round(coordinator: Account, city: City, round_: Round) -> None:
    again = commands.create_round(
        actor=coordinator,
        city=city,
        slug="y2026",
        titles=TITLES,
        preset="khromtau-2020",
        starts_on=date(2026, 2, 1),
        now=NOW,
    )

    assert again == round_
    with pytest.raises(Conflict, match="slug_taken"):
        commands.create_round(
            actor=coordinator,
            city=city,
            slug="y2026",
            titles=commands.Titles("a", "b", "c"),
            preset="bnu",
            starts_on=date(2026, 2, 1),
            now=NOW,
        )


@pytest.mark.parametrize("slug", ["", "New", "new", "projects", "-a", "a-", "ру", "a" * 41, "7days"])
def test_addresses_that_cannot_be(coordinator: Account, city: City, slug: str) -> None:
    with pytest.raises(Invalid, match="slug"):
        commands.create_round(
            actor=coordinator, city=city, slug=slug, titles=TITLES, preset="bnu", starts_on=date(2026, 2, 1), now=NOW
        )


def test_founder_of_a_city_becomes_its_coordinator(coordinator: Account) -> None:
    fields = {
        "slug": "aksu",
        "name_kk": "Ақсу",
        "name_ru": "Аксу",
        "name_en": "Aksu",
        "time_zone": "Asia/Almaty",
        "south": 52.0,
        "west": 76.8,
        "north": 52.1,
        "east": 77.0,
    }
    made = commands.create_city(actor=coordinator, fields=fields, now=NOW)

    assert queries.city_roles(coordinator, made.pk, NOW.date()) == {Role.COORDINATOR}
    assert commands.create_city(actor=coordinator, fields=fields, now=NOW) == made
    with pytest.raises(Invalid, match="zone"):
        commands.create_city(actor=coordinator, fields=fields | {"slug": "rudny", "time_zone": "Asia/Rudny"}, now=NOW)
    with pytest.raises(NotAllowed):
        commands.create_city(actor=make_account(), fields=fields | {"slug": "rudny"}, now=NOW)


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"cap_tenge": None}, "cap_missing"),
        ({"cap_tenge": 0}, "cap_missing"),
        ({"min_cost_tenge": 15_000_001}, "least_over_cap"),
        ({"ballot_type": "up_to_k", "min_choices": 4, "max_choices": 3}, "choices"),
        ({"max_attempts": 6}, "attempts"),
        ({"methods": ["iin"]}, "method"),
        ({"voter_min_age": 3}, "age"),
        ({"council_quorum_percent": 101}, "percent"),
        ({"council_majority_percent": 30}, "council_majority"),
        ({"council_majority_percent": 100}, "council_majority"),
        ({"council_quorum_least": 0}, "council_terms"),
        ({"appeal_days": 400}, "council_terms"),
        ({"frozen_at": NOW}, "unknown_rule"),
    ],
)
def test_edit_constitution_refuses(coordinator: Account, round_: Round, values: dict[str, object], reason: str) -> None:
    with pytest.raises(Invalid) as refusal:
        commands.edit_constitution(actor=coordinator, round_=round_, values=values, now=NOW)

    assert refusal.value.reason == reason
    assert Constitution.objects.get(round=round_).cap_tenge == 15_000_000


def test_edit_constitution_keeps_what_was_before_in_the_trail(coordinator: Account, round_: Round) -> None:
    commands.edit_constitution(actor=coordinator, round_=round_, values={"threshold_votes": 20}, now=NOW)

    deed = Deed.objects.get(action="edit_constitution")
    assert deed.detail == {"changed": {"threshold_votes": [10, 20]}}


def test_reserve_may_not_exceed_the_budget(coordinator: Account, round_: Round) -> None:
    with pytest.raises(Invalid, match="reserve_over_budget"):
        commands.set_reserve(actor=coordinator, round_=round_, reserve_tenge=65_000_001, now=NOW)
    commands.set_reserve(actor=coordinator, round_=round_, reserve_tenge=4_000_000, now=NOW)
    funder = round_.funders.get(position=1)
    with pytest.raises(Invalid, match="amount"):
        commands.save_funder(actor=coordinator, round_=round_, funder_id=funder.pk, fields={"amount_tenge": 0}, now=NOW)
    commands.save_funder(actor=coordinator, round_=round_, funder_id=funder.pk, fields={"amount_tenge": 1}, now=NOW)

    assert queries.budget_of(Round.objects.get(pk=round_.pk)) == 15_000_001


def test_a_frozen_constitution_refuses_commands_and_sql(coordinator: Account, round_: Round) -> None:
    frozen = commands.freeze_constitution(round_, NOW)
    again = commands.freeze_constitution(round_, datetime(2026, 4, 1, tzinfo=UTC))

    assert len(frozen.digest) == 64
    assert again.frozen_at == NOW
    with pytest.raises(Frozen):
        commands.edit_constitution(actor=coordinator, round_=round_, values={"threshold_votes": 1}, now=NOW)
    with pytest.raises(Frozen):
        commands.set_reserve(actor=coordinator, round_=round_, reserve_tenge=1, now=NOW)
    funder = round_.funders.get(position=1)
    with pytest.raises(Frozen):
        commands.save_funder(actor=coordinator, round_=round_, funder_id=funder.pk, fields={"amount_tenge": 1}, now=NOW)
    for statement in (
        lambda: Constitution.objects.filter(round=round_).update(threshold_votes=0),
        lambda: Constitution.objects.filter(round=round_).update(frozen_at=None),
        lambda: Constitution.objects.filter(round=round_).delete(),
        lambda: Funder.objects.filter(round=round_).update(amount_tenge=1),
        lambda: Funder.objects.filter(round=round_).delete(),
        lambda: Category.objects.filter(round=round_).update(name_kk=""),
        lambda: Round.objects.filter(pk=round_.pk).update(reserve_tenge=1),
    ):
        with pytest.raises(IntegrityError, match="qatysu:frozen:"), transaction.atomic():
            statement()
    Round.objects.filter(pk=round_.pk).update(title_kk="Басқа атау")


def test_digest_follows_every_rule(coordinator: Account, round_: Round) -> None:
    before = commands.constitution_digest(round_)
    commands.edit_constitution(actor=coordinator, round_=round_, values={"appeal_days": 6}, now=NOW)

    assert commands.constitution_digest(Round.objects.get(pk=round_.pk)) != before


def test_copy_moves_every_day_and_takes_no_people(coordinator: Account, round_: Round) -> None:
    other = make_city("rudny", time_zone="Asia/Qostanay")
    grant(coordinator, Role.COORDINATOR, other)
    commands.freeze_constitution(round_, NOW)
    made = commands.copy_round(
        actor=coordinator, source=round_, city=other, slug="y2027", titles=TITLES, starts_on=date(2027, 2, 1), now=NOW
    )

    assert made.stages.count() == round_.stages.count()
    assert queries.stage_row(made, Stage.VOTING).opens_at == datetime(2027, 5, 6, 19, 0, tzinfo=UTC)
    assert made.constitution.frozen_at is None
    assert queries.budget_of(made) == 65_000_000
    assert made.copied_from == round_
    assert not made.memberships.exists()


def test_copy_needs_a_role_in_both_cities(coordinator: Account, round_: Round) -> None:
    other = make_city("rudny")
    stranger = grant(make_account(), Role.COORDINATOR, other)

    with pytest.raises(NotAllowed):
        commands.copy_round(
            actor=coordinator, source=round_, city=other, slug="x1", titles=TITLES, starts_on=date(2027, 2, 1), now=NOW
        )
    with pytest.raises(NotAllowed):
        commands.copy_round(
            actor=stranger, source=round_, city=other, slug="x1", titles=TITLES, starts_on=date(2027, 2, 1), now=NOW
        )


def test_publishing_waits_for_a_way_to_recognise_voters(coordinator: Account, round_: Round) -> None:
    commands.edit_constitution(actor=coordinator, round_=round_, values={"methods": []}, now=NOW)
    with pytest.raises(Invalid) as refusal:
        commands.publish_round(actor=coordinator, round_=round_, now=NOW)
    commands.edit_constitution(actor=coordinator, round_=round_, values={"methods": ["code"]}, now=NOW)
    commands.publish_round(actor=coordinator, round_=round_, now=NOW)

    assert refusal.value.params == {"codes": ["no_method"]}
    assert Round.objects.get(pk=round_.pk).is_public


def test_check_names_what_is_missing(coordinator: Account, round_: Round) -> None:
    commands.edit_constitution(actor=coordinator, round_=round_, values={"methods": ["phone", "code"]}, now=NOW)
    round_.stages.filter(stage="council").delete()

    found = codes(round_)
    assert {"codes_beside_accounts", "no_council", "stage_missing", "live_counts", "no_population"} <= found
    assert [p.code for p in stopping(Round.objects.get(pk=round_.pk), NOW)] == ["stage_missing"]


def test_plain_rules_say_what_the_constitution_holds(round_: Round) -> None:
    with override("en"):
        text = " ".join(sentence for _, sentence in queries.plain_rules(round_))

    assert "15\u202f000\u202f000\u00a0₸" in text
    assert "more than 10 votes" in text
