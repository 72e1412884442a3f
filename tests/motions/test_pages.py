"""The organisers' screens of acts by two people."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from qatysu.bulletin.models import Entry, Log
from qatysu.core.regulation import Role, Stage
from qatysu.identity.models import Account
from qatysu.motions import commands, queries
from qatysu.motions.kinds import Kind
from qatysu.motions.models import Motion
from qatysu.motions.targets import get_ballot
from qatysu.places.models import City
from qatysu.rounds.models import Round
from qatysu.rounds.queries import stage_row
from tests import counting, factories

from .people import WHY, ask, ask_voting, handle_of

ClientFor = Callable[[Account], Client]


def at(name: str, round_: Round, **more: Any) -> str:
    return reverse(name, kwargs={"city_slug": round_.city.slug, "round_slug": round_.slug, **more}).replace("/kk/", "/en/")


def test_from_six_words_to_an_annulled_ballot(
    round_: Round, lead: Account, member: Account, client_for: ClientFor, now: datetime
) -> None:
    seen = get_ballot(round_, handle_of(round_, "anna"))
    studio, second = client_for(lead), client_for(member)

    found = studio.get(at("studio_motion_annul", round_), {"q": str(seen.idx)})
    assert seen.leaf in found.content.decode()
    values = {"q": seen.leaf, "kind": "annul", "reason": "forced", "text": WHY, "protocol": "7"}
    asked = studio.post(at("studio_motion_annul", round_), values)
    motion = Motion.objects.get()
    assert (asked.status_code, asked["Location"]) == (302, at("studio_motion", round_, number=motion.pk))
    assert "You can decide" not in studio.get(at("studio_motions", round_)).content.decode()

    waits = second.get(at("studio_round", round_)).content.decode()
    assert "1 act waits for you as the second person" in waits
    assert "1 act waits for you as the second person" in second.get("/en/studio/").content.decode()
    assert "You can decide" in second.get(at("studio_motions", round_)).content.decode()
    assert second.post(at("studio_motion", round_, number=motion.pk), {"verb": "confirm"}).status_code == 302
    assert "will stand in the log with the next batch" in second.get(at("studio_motions", round_)).content.decode()
    counting.seal(round_, now)
    page = second.get(at("studio_motions", round_)).content.decode()
    assert "place in the log: 5" in page
    assert "the voter was under pressure" in page
    assert queries.annulments(round_).by_reason == (("forced", 1),)


def test_the_proposer_gets_no_button_and_is_refused(round_: Round, member: Account, client_for: ClientFor, now: datetime) -> None:
    motion = ask(round_, member, now, handle=handle_of(round_, "anna"))
    browser, address = client_for(member), at("studio_motion", round_, number=motion.pk)
    browser.raise_request_exception = False

    page = browser.get(address).content.decode()
    assert 'value="confirm"' not in page
    assert "another person must confirm" in page
    assert "Chair of the Expert Council" in page, "who can confirm is said"
    refused = browser.post(address, {"verb": "confirm"})
    assert refused.status_code == 403
    assert "A second person must confirm this" in refused.content.decode()
    assert Motion.objects.get().state == "proposed"


def test_declining_needs_words_and_both_see_them(
    round_: Round, lead: Account, member: Account, client_for: ClientFor, now: datetime
) -> None:
    motion = ask(round_, lead, now, handle=handle_of(round_, "anna"))
    address = at("studio_motion", round_, number=motion.pk)
    second = client_for(member)
    assert second.post(address, {"verb": "decline", "answer": "no"}).status_code == 422
    assert second.post(address, {"verb": "decline", "answer": "It is another ballot"}).status_code == 302
    assert "It is another ballot" in client_for(lead).get(address).content.decode()


def test_the_proposer_takes_it_back(round_: Round, lead: Account, client_for: ClientFor, now: datetime) -> None:
    motion = ask(round_, lead, now, handle=handle_of(round_, "anna"))
    client_for(lead).post(at("studio_motion", round_, number=motion.pk), {"verb": "withdraw"})
    assert Motion.objects.get().state == "withdrawn"


def test_a_page_that_has_grown_old_does_not_ask_for_the_contrary(
    round_: Round, lead: Account, member: Account, client_for: ClientFor, now: datetime
) -> None:
    handle = handle_of(round_, "anna")
    commands.confirm(actor=member, motion=ask(round_, lead, now, handle=handle), now=now)
    values = {"q": handle, "kind": "annul", "reason": "forced", "text": WHY, "protocol": "8"}
    answer = client_for(lead).post(at("studio_motion_annul", round_), values)
    assert answer.status_code == 422
    assert "This ballot is annulled already." in answer.content.decode()


@pytest.mark.parametrize("text", ["nothing", "9999", "алма алма алма алма алма алма"])
def test_what_is_not_found_is_said_beside_the_field(round_: Round, lead: Account, client_for: ClientFor, text: str) -> None:
    answer = client_for(lead).get(at("studio_motion_annul", round_), {"q": text})
    assert answer.status_code == 200
    assert "Nothing was saved yet" in answer.content.decode()


def test_an_act_on_voting_becomes_a_motion(
    round_: Round, lead: Account, member: Account, client_for: ClientFor, now: datetime
) -> None:
    studio = client_for(lead)
    address = at("studio_calendar_act", round_, stage="voting", kind="extend")
    assert "This act needs a second person" in studio.get(address).content.decode()
    row = stage_row(round_, "voting")
    values = {"last_day": str((row.closes_at + timedelta(days=3)).date()), "text": "The portal was down", "protocol": "9"}
    assert studio.post(address, values).status_code == 422, "without the document"
    file = SimpleUploadedFile("protocol.pdf", b"protocol 9", "application/pdf")
    assert studio.post(address, values | {"document": file}).status_code == 302

    motion = Motion.objects.get()
    assert (motion.kind, motion.document) == ("voting_extend", hashlib.sha256(b"protocol 9").hexdigest())
    assert stage_row(round_, "voting").closes_at == row.closes_at
    client_for(member).post(at("studio_motion", round_, number=motion.pk), {"verb": "confirm"})
    assert stage_row(round_, "voting").closes_at > row.closes_at
    assert "The portal was down" in studio.get(at("studio_calendar", round_)).content.decode()


def test_the_calendar_form_neither_offers_nor_takes_days_of_voting(
    city: City, lead: Account, client_for: ClientFor, now: datetime
) -> None:
    from .people import later_freeze  # reason: only this test begins before voting

    round_ = later_freeze(city, now)
    studio, address = client_for(lead), at("studio_calendar", round_)
    page = studio.get(address).content.decode()
    assert "voting-first" not in page
    assert "audit-first" in page
    day = (now + timedelta(days=9)).date()
    answer = studio.post(address, {"voting-first": str(day), "voting-last": str(day)})
    assert answer.status_code == 422
    assert "move only by an act of two people" in answer.content.decode()
    for kind in ("open", "extend"):
        assert studio.get(at("studio_calendar_act", round_, stage="voting", kind=kind)).status_code == 200


def test_other_stages_are_moved_by_one_person_as_before(round_: Round, lead: Account, client_for: ClientFor) -> None:
    address = at("studio_calendar_act", round_, stage="audit", kind="extend")
    row = stage_row(round_, "audit")
    values = {"last_day": str((row.closes_at + timedelta(days=1)).date()), "reason": "More time for appeals"}
    assert client_for(lead).post(address, values).status_code == 302
    assert not Motion.objects.exists()


def test_a_refusing_log_is_said_in_words(round_: Round, lead: Account, member: Account, client_for: ClientFor, now: datetime) -> None:
    motion = ask_voting(round_, lead, now, Kind.VOTING_CLOSE)
    Log.objects.update(refused_code="log_behind", refused_text="old")
    answer = client_for(member).post(at("studio_motion", round_, number=motion.pk), {"verb": "confirm"}, follow=True)
    page = answer.content.decode()
    assert "an old backup was restored. The operator must mend it first." in page
    assert "Something is wrong with the ballot box" in page


@pytest.mark.parametrize("page", ["studio_round", "studio_motions", "studio_voting", "studio_results", "studio_trail", "studio_slate"])
def test_the_banner_stands_on_every_page_of_the_round(round_: Round, lead: Account, client_for: ClientFor, page: str) -> None:
    studio = client_for(lead)
    assert "Something is wrong with the ballot box" not in studio.get(at(page, round_)).content.decode()
    Log.objects.update(refused_code="log_differs", refused_text="row 3")
    found = studio.get(at(page, round_)).content.decode()
    assert "Something is wrong with the ballot box" in found
    assert "do not agree" in found


def test_the_end_of_the_keys_is_asked_for(round_: Round, member: Account, client_for: ClientFor, now: datetime) -> None:
    address = at("studio_motion_keys", round_)
    browser = client_for(member)
    assert "This is asked for after voting" in browser.get(address).content.decode()
    factories.move_to(round_, Stage.WORKS, now)
    file = SimpleUploadedFile("p.pdf", b"p", "application/pdf")
    answer = browser.post(address, {"text": "The time of appeals is over", "protocol": "4", "document": file})
    assert answer.status_code == 422
    assert "until the Council has approved" in answer.content.decode()


def test_a_motion_of_another_round_is_not_found(
    round_: Round, city: City, lead: Account, client_for: ClientFor, now: datetime
) -> None:
    motion = ask(round_, lead, now, handle=handle_of(round_, "anna"))
    other = factories.make_round(city, stage=Stage.IDEAS, now=now, slug="other")
    browser = client_for(lead)
    browser.raise_request_exception = False
    assert browser.get(at("studio_motion", other, number=motion.pk)).status_code == 404
    assert browser.get(at("studio_motion_annul", other)).status_code == 404


def test_pages_of_a_round_without_motions_are_empty_but_there(round_: Round, client_for: ClientFor) -> None:
    expert = client_for(factories.make_staff(Role.EXPERT, round_.city))
    page = expert.get(at("studio_motions", round_)).content.decode()
    assert "No act waits for a second person" in page
    assert "No ballot is annulled." in page
    assert "Ask for an act" not in page
    assert Entry.objects.count() == 5


def test_everybody_sees_what_two_people_did_with_the_dates(
    round_: Round, lead: Account, member: Account, client_for: ClientFor, now: datetime
) -> None:
    address = f"/en/{round_.city.slug}/{round_.slug}/verify/"
    assert "by two people" not in Client().get(address).content.decode()
    day = (stage_row(round_, "voting").closes_at + timedelta(days=2)).date()
    for kind, more in ((Kind.VOTING_EXTEND, {"last_day": day}), (Kind.VOTING_PAUSE, {})):
        asked = ask_voting(factories.fresh(round_), lead, now, kind, protocol="№ 5-к", **more)
        commands.confirm(actor=member, motion=asked, now=now)
    counting.seal(round_, now)
    page = Client().get(address).content.decode()
    for words in ("Voting was extended to", "Voting was paused at", "№ 5-к", "entry 6"):
        assert words in page
    assert [each.what for each in queries.amendments(round_)] == ["voting_extended", "voting_paused"]
    assert queries.amendments(round_)[0].at == stage_row(round_, "voting").closes_at
