"""What an organiser does through the pages, with bad input and double clicks on the way."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from qatysu.ballots.models import Slate, VotingCode
from qatysu.core.regulation import Role, Stage
from qatysu.identity.models import Account
from qatysu.places.models import City, Population
from qatysu.proposals.models import Comment, CommentReport, MergeOffer, State, Translation
from qatysu.results.models import Outcome
from qatysu.rounds.models import CalendarAct, Constitution, Round
from tests import counting, factories

from .test_pages import at

NEW = {
    "title_kk": "2027 жыл", "title_ru": "2027 год", "title_en": "Year 2027", "slug": "y2027", "preset": "khromtau-2020",
    "starts_on": "2027-02-01",
}


def staff_client(role: Role, city: City) -> Client:
    return factories.client_for(factories.make_staff(role, city))


def rules_of(round_: Round, **changes: object) -> dict[str, object]:
    c = Constitution.objects.get(round=round_)
    names = (
        "cap_tenge", "cap_mrp", "mrp_tenge", "min_cost_tenge", "proposer_min_age", "proposals_per_author", "voter_min_age",
        "methods", "ballot_type", "min_choices", "max_choices", "ballot_order", "max_attempts", "counts_mode", "cadence",
        "threshold_op", "threshold_votes", "rule", "fit", "tie", "council_quorum_percent", "council_majority_percent", "appeal_days",
    )
    values = {name: getattr(c, name) for name in names} | {"parts": "none"} | changes
    return {name: "" if value is None else value for name, value in values.items()}


def test_wizard_makes_a_public_round_from_a_preset(studio: Client, city: City) -> None:
    first = reverse("studio_round_new", kwargs={"city_slug": city.slug})

    assert studio.post(first, NEW | {"slug": "новый"}).status_code == 422
    assert studio.post(first, NEW | {"starts_on": "9999-12-31"}).status_code == 422
    assert studio.post(first, NEW | {"starts_on": "0001-01-01"}).status_code == 422
    answers = [studio.post(first, NEW) for _ in range(2)]
    round_ = Round.objects.get(slug="y2027")
    assert [a.headers["Location"] for a in answers] == [at("studio_money", round_)] * 2

    assert studio.post(at("studio_money", round_), {"form": "reserve", "reserve_tenge": "999000000000"}).status_code == 422
    assert studio.post(at("studio_money", round_), {"form": "reserve", "reserve_tenge": "4000000"}).status_code == 302
    preview = studio.post(at("studio_rules", round_), rules_of(round_, threshold_votes=25) | {"preview": "1"})
    assert "25" in preview.content.decode()
    assert Constitution.objects.get(round=round_).threshold_votes == 10
    saved = studio.post(at("studio_rules", round_), rules_of(round_, threshold_votes=25) | {"save": "1"})
    assert saved.headers["Location"] == at("studio_calendar", round_)
    days = {"voting-first": "2027-05-07", "voting-last": "2027-05-20"}
    assert studio.post(at("studio_calendar", round_), days).headers["Location"] == at("studio_check", round_)
    assert not Round.objects.get(slug="y2027").is_public
    studio.post(at("studio_publish", round_))
    studio.post(at("studio_publish", round_))

    round_.refresh_from_db()
    assert round_.is_public
    assert round_.reserve_tenge == 4_000_000
    assert Constitution.objects.get(round=round_).threshold_votes == 25


def test_refused_rules_keep_what_was_typed(studio: Client, round_: Round) -> None:
    answer = studio.post(at("studio_rules", round_), rules_of(round_, min_cost_tenge=77_777_777, exclusions_ru="Только свои слова"))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="77777777"' in page
    assert "Только свои слова" in page
    assert 'role="alert"' in page
    assert 'aria-invalid="true"' in page


@pytest.mark.parametrize("value", ["", "abc", "-1", "99999999999999999999", "1e5"])
def test_no_number_breaks_the_rules_page(studio: Client, round_: Round, value: str) -> None:
    for name in ("cap_mrp", "max_choices", "threshold_votes", "min_cost_tenge"):
        assert studio.post(at("studio_rules", round_), rules_of(round_) | {name: value}).status_code in (302, 422)


def test_new_city_with_its_head_count(studio: Client) -> None:
    form = {
        "name_kk": "Ақсу", "name_ru": "Аксу", "name_en": "Aksu", "slug": "aqsu", "time_zone": "Asia/Almaty", "south": "52.0",
        "west": "76.8", "north": "52.1", "east": "77.0", "population-count": "40000", "population-counted_on": "2026-01-01",
        "population-territory_kk": "қала", "population-territory_ru": "город", "population-territory_en": "town",
        "population-source": "stat.gov.kz",
    }

    assert studio.post(reverse("studio_city_new"), form | {"north": "51"}).status_code == 422
    assert studio.post(reverse("studio_city_new"), form | {"time_zone": "Mars/Base"}).status_code == 422
    assert studio.post(reverse("studio_city_new"), form | {"population-count": "0"}).status_code == 422
    assert studio.post(reverse("studio_city_new"), form | {"population-counted_on": "2999-01-01"}).status_code == 422
    assert [studio.post(reverse("studio_city_new"), form).status_code for _ in range(2)] == [302, 302]
    assert Population.objects.filter(city__slug="aqsu").count() == 1


def test_extension_is_public_and_needs_a_reason(studio: Client, round_: Round) -> None:
    url = at("studio_calendar_act", round_, stage="ideas", kind="extend")
    day = (timezone.now() + timedelta(days=8)).date().isoformat()

    assert studio.post(url, {"last_day": day, "reason": ""}).status_code == 422
    assert studio.post(url, {"last_day": "2020-01-01", "reason": "Too few ideas"}).status_code == 422
    assert studio.post(url, {"last_day": day, "reason": "Too few ideas"}).status_code == 302
    assert studio.post(url, {"last_day": day, "reason": "Too few ideas"}).status_code == 422
    assert [act.reason for act in CalendarAct.objects.all()] == ["Too few ideas"]


def test_coach_may_look_at_the_calendar_but_not_move_it(city: City, round_: Round) -> None:
    coach = staff_client(Role.COACH, city)

    assert coach.get(at("studio_calendar", round_)).status_code == 200
    answer = coach.post(at("studio_calendar_act", round_, stage="ideas", kind="pause"), {"reason": "I want a break"})
    assert answer.status_code == 403
    assert not CalendarAct.objects.exists()


def test_check_of_an_idea_with_a_reason(city: City, round_: Round) -> None:
    coach = staff_client(Role.COACH, city)
    proposal = factories.make_proposal(round_)
    url = at("studio_proposal", round_, code=proposal.code)
    reason = {"return-reason_code": "place", "return-reason_text": "Which yard?"}

    assert coach.post(url, {"decision": "return", "return-reason_code": "place"}).status_code == 422
    assert coach.post(url, {"decision": "return"} | reason).status_code == 302
    assert coach.post(url, {"decision": "return"} | reason).status_code == 302
    assert coach.post(url, {"decision": "explode"}).status_code == 404
    proposal.refresh_from_db()
    assert proposal.state == State.RETURNED
    assert proposal.moves.count() == 1


def test_refusal_of_the_council_is_not_undone_by_a_coach(city: City) -> None:
    round_ = factories.make_round(city, stage=Stage.COUNCIL)
    proposal = factories.make_proposal(round_, state=State.NOT_ADMITTED)
    url = at("studio_proposal", round_, code=proposal.code)

    assert staff_client(Role.COACH, city).post(url, {"decision": "ready"}).status_code == 409
    assert staff_client(Role.CHAIR, city).post(url, {"decision": "appeal"}).status_code == 302
    proposal.refresh_from_db()
    assert proposal.state == State.READY


def test_drafts_are_not_on_the_desk(studio: Client, round_: Round) -> None:
    factories.make_proposal(round_, state=State.DRAFT, title="Құпия ой")

    assert "Құпия ой" not in studio.get(at("studio_proposals", round_)).content.decode()


def test_merge_translation_and_moderation(city: City, round_: Round) -> None:
    coach = staff_client(Role.COACH, city)
    first, second = factories.make_proposal(round_), factories.make_proposal(round_)
    comment = Comment.objects.create(
        proposal=first, author=factories.make_account(), language="kk", text="Жаман сөз", at=timezone.now()
    )
    CommentReport.objects.create(comment=comment, account=factories.make_account(), at=timezone.now())

    for _ in range(2):
        coach.post(at("studio_merge", round_, code=first.code), {"target": second.code})
        coach.post(at("studio_translate", round_, code=first.code, language="ru"), {"title": "Площадка"})
    coach.post(at("studio_moderate", round_, comment_id=comment.pk), {"verb": "hide", "reason": ""})
    assert not Comment.objects.get().hidden_at
    coach.post(at("studio_moderate", round_, comment_id=comment.pk), {"verb": "hide", "reason": "Брань"})

    assert MergeOffer.objects.count() == 1
    assert Translation.objects.get().title == "Площадка"
    assert Comment.objects.get().hidden_reason == "Брань"


def test_freezing_needs_a_tick_and_happens_once(studio: Client, city: City) -> None:
    round_ = factories.make_round(city, stage=Stage.CAMPAIGN)
    factories.make_proposal(round_, state=State.ADMITTED)

    studio.post(at("studio_freeze", round_))
    assert not Slate.objects.exists()
    studio.post(at("studio_freeze", round_), {"sure": "yes"})
    studio.post(at("studio_freeze", round_), {"sure": "yes"})
    assert Slate.objects.count() == 1
    assert studio.post(at("studio_rules", round_), rules_of(round_, threshold_votes=3)).status_code == 422


def test_codes_are_given_once(studio: Client, city: City) -> None:
    round_ = factories.make_round(city, stage=Stage.CAMPAIGN)
    form = {"count": "3", "token": uuid.uuid4().hex, "csv": "1"}

    table = studio.post(at("studio_codes", round_), form)
    again = studio.post(at("studio_codes", round_), form)
    sheet = studio.post(at("studio_codes", round_), {"count": "2", "token": uuid.uuid4().hex, "sheet": "1"})

    assert table.headers["Content-Disposition"] == 'attachment; filename="codes-khromtau-demo.csv"'
    assert table.headers["Cache-Control"].count("no-store") == 1
    assert len(table.content.decode().split()) == 4
    assert again.status_code == 422
    assert sheet.status_code == 200
    assert VotingCode.objects.count() == 5
    assert studio.post(at("studio_codes", round_), {"count": "2", "token": "spoilt"}).status_code == 422
    assert studio.post(at("studio_codes", round_), {"count": "0", "token": "x"}).status_code == 422


def test_open_count_approve_publish(coordinator: Account, city: City) -> None:
    """Each step shows its state and reason; each act out of turn is refused; the log is sealed in between by the sequencer."""
    round_, now = factories.make_voting_round(city, threshold_votes=0), timezone.now()
    factories.cast(round_, "code:a", ["1"])
    factories.cast(round_, "code:b", ["1", "2"])
    url = "/en/studio/khromtau/demo/results/"
    lead, chair = factories.client_for(coordinator), staff_client(Role.CHAIR, city)

    def said(verb: str) -> str:
        assert lead.post(url, {"verb": verb}).status_code == 302
        return " ".join(lead.get(url).text.replace("\u00a0", " ").replace("\u202f", " ").split())

    assert "not possible in the present stage" in said("open")
    factories.move_to(round_, Stage.AUDIT, now)
    assert "The box is not closed yet." in said("open")
    assert "This happens by itself within a minute after the end of voting." in said("count")
    counting.close(round_, now)
    assert "The time of audit is not over. No ballot is opened before its end." in said("open")
    assert "The ballots of 2 voters are sealed. Nothing is added." in lead.get(url).text.replace("\u00a0", " ")
    factories.move_to(round_, Stage.RESULTS, now)
    assert "Not every ballot is open in the public log, 2 are missing." in said("count")
    assert chair.post(url, {"verb": "open"}).status_code == 403
    assert "0 of 2 are in the public log. The rest follows within a minute." in said("open")
    assert 'hx-trigger="every 3s"' in lead.get(url).text
    counting.seal(round_, now)
    assert 'hx-trigger="every 3s"' not in lead.get(url).text
    assert chair.post(url, {"verb": "count"}).status_code == 403
    assert "The result is on its way into the public log." in said("count")
    early = chair.post(url, {"verb": "approve", "approve-protocol_number": "7"})
    assert (early.status_code, "Not every check is passed. Nothing was changed." in early.text) == (422, True)
    counting.seal(round_, now)
    assert "The result stands in the public log. No other one can replace it." in lead.get(url).text.replace("\u00a0", " ")
    assert chair.post(url, {"verb": "approve", "approve-protocol_number": ""}).status_code == 422
    assert chair.post(url, {"verb": "approve", "approve-protocol_number": "7"}).status_code == 302
    assert [lead.post(url, {"verb": "publish"}).status_code for _ in range(2)] == [302, 302]
    assert Outcome.objects.get().state == Outcome.State.PUBLISHED
    assert lead.get(url).status_code == 200


def test_copy_into_the_next_year(studio: Client, round_: Round) -> None:
    form = {"city": "khromtau", "slug": "y2028", "title_kk": "а", "title_ru": "б", "title_en": "c", "starts_on": "2028-02-01"}

    assert studio.post(at("studio_copy", round_), form | {"city": "astana"}).status_code == 422
    assert [studio.post(at("studio_copy", round_), form).status_code for _ in range(2)] == [302, 302]
    assert Round.objects.get(slug="y2028").copied_from == round_


def test_categories_are_named_added_and_kept_while_used(studio: Client, round_: Round) -> None:
    url = at("studio_categories", round_)
    new = {"form": "new", "new-name_kk": "Су", "new-name_ru": "Вода", "new-name_en": "Water", "new-plan": "park"}

    assert studio.post(url, new | {"new-name_kk": ""}).status_code == 422
    assert [studio.post(url, new).status_code for _ in range(2)] == [302, 302]
    water = round_.categories.get(slug="water")
    factories.make_proposal(round_, category=water)
    values = {"name_kk": "Су", "name_ru": "Вода", "name_en": "Water", "plan": "alley"}
    fields = {f"c{water.pk}-{name}": value for name, value in values.items()}
    assert studio.post(url, {"form": str(water.pk), "remove": "1"} | fields).status_code == 422
    assert studio.post(url, {"form": str(water.pk)} | fields).status_code == 302
    assert round_.categories.get(slug="water").plan == "alley"
