"""Pages of an idea, from the first click to the submitted idea."""

from __future__ import annotations

import io
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from qatysu.core.regulation import Role, Stage
from qatysu.identity.models import Account
from qatysu.proposals import commands
from qatysu.proposals.models import Proposal, State
from qatysu.rounds.models import Round
from tests import factories

from .conftest import complete

BASE = "/en/khromtau/demo/"


def jpeg() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (640, 480), "navy").save(out, "JPEG")
    return SimpleUploadedFile("yard.jpg", out.getvalue())


def idea(proposal: Proposal, step: str) -> str:
    return f"/en/cabinet/ideas/{proposal.token}/{step}/"


def test_propose_page_shows_the_rules_to_everybody(round: Round, client: Client) -> None:
    page = client.get(BASE + "propose/")
    assert page.status_code == 200
    assert "10\u202f000\u202f000" in page.content.decode()


@pytest.mark.parametrize("stage", [Stage.PREPARATION, Stage.VOTING])
def test_propose_page_says_when_ideas_are_not_collected(round: Round, client: Client, stage: Stage) -> None:
    factories.move_to(round, stage, timezone.now())
    assert "Ideas are not collected now" in client.get(BASE + "propose/").content.decode()


def test_starting_twice_gives_one_draft(round: Round, browser: Client) -> None:
    first, second = browser.post(BASE + "propose/start/"), browser.post(BASE + "propose/start/")
    assert first["Location"] == second["Location"]
    assert Proposal.objects.count() == 1


def test_typical_project_fills_the_draft(round: Round, browser: Client) -> None:
    browser.post(BASE + "propose/start/", {"typical": "lighting"})
    draft = Proposal.objects.get()
    assert (draft.plan, draft.cost_tenge, draft.title) == ("lighting", 3_260_000, "Light in a yard")


def test_visitor_is_sent_to_sign_in(round: Round, client: Client) -> None:
    assert "/sign-in/" in client.post(BASE + "propose/start/")["Location"]


@pytest.mark.parametrize("step", ["what", "why", "money", "photos", "team", "check"])
@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_every_step_opens(mine: Proposal, browser: Client, step: str, language: str) -> None:
    assert browser.get(f"/{language}/cabinet/ideas/{mine.token}/{step}/").status_code == 200


@pytest.mark.parametrize("step", ["what", "check"])
def test_a_draft_of_somebody_else_does_not_exist(mine: Proposal, round: Round, step: str) -> None:
    for stranger in (factories.make_account(), factories.make_staff(Role.COORDINATOR, round.city)):
        assert factories.client_for(stranger).get(idea(mine, step)).status_code == 404


def test_foreign_acts_are_not_found(mine: Proposal) -> None:
    stranger = factories.client_for(factories.make_account())
    for path in ("submit/", "photos/add/", "photos/1/", "team/change/", "withdraw/", "merge/", "what/"):
        assert stranger.post(f"/en/cabinet/ideas/{mine.token}/{path}").status_code == 404


def test_unknown_step_is_not_found(mine: Proposal, browser: Client) -> None:
    assert browser.get(idea(mine, "nonsense")).status_code == 404
    assert browser.get(f"/en/cabinet/ideas/{uuid.uuid4()}/what/").status_code == 404


def what(**fields: Any) -> dict[str, Any]:
    return {
        "title": "Жарық",
        "language": "kk",
        "address": "Абай, 3",
        "latitude": "",
        "longitude": "",
        "revision": 0,
    } | fields


def test_saving_a_step_goes_on_and_says_when(mine: Proposal, browser: Client) -> None:
    answer = browser.post(idea(mine, "what"), what(go="next"), follow=True)
    assert answer.redirect_chain[0][0].endswith("/why/?saved=1")
    assert "Saved at" in answer.content.decode()
    mine.refresh_from_db()
    assert (mine.title, mine.revision, mine.latitude) == ("Жарық", 1, None)


def test_click_on_the_plan_without_script_marks_the_place(mine: Proposal, browser: Client) -> None:
    browser.post(idea(mine, "what"), what(**{"point.x": "160", "point.y": "106"}))
    mine.refresh_from_db()
    assert (round_to(mine.latitude), round_to(mine.longitude)) == (50.245, 58.435)
    browser.post(idea(mine, "what"), what(**{"revision": 1, "point.x": "0", "point.y": "0"}))
    mine.refresh_from_db()
    assert mine.latitude is None


def round_to(value: float | None) -> float:
    assert value is not None
    return float(f"{value:.3f}")


def test_two_editors_lose_nothing(mine: Proposal, browser: Client) -> None:
    browser.post(idea(mine, "what"), what(title="Бірінші мәтін"))
    page = browser.post(idea(mine, "what"), what(title="Екінші мәтін", address="Басқа"))
    text = page.content.decode()
    assert page.status_code == 409
    assert "Бірінші мәтін" in text
    assert "Екінші мәтін" in text
    assert browser.post(idea(mine, "what"), what(title="Екінші мәтін", revision=1)).status_code == 302
    mine.refresh_from_db()
    assert mine.title == "Екінші мәтін"


def test_closed_stage_keeps_what_was_typed(mine: Proposal, browser: Client, round: Round) -> None:
    factories.move_to(round, Stage.VOTING, timezone.now())
    page = browser.post(idea(mine, "what"), what(title="Кеш келген ой"))
    assert page.status_code == 409
    assert "Кеш келген ой" in page.content.decode()
    assert "The stage of ideas is closed" in page.content.decode()
    mine.refresh_from_db()
    assert mine.state == State.DRAFT
    assert browser.post(idea(mine, "submit")).status_code == 409


HOSTILE = [
    "<script>alert(1)</script>",
    "{{ 7|add:7 }}{% debug %}",
    "a" * 160,
    "Ә\u202e\u200b️‍🔥",
    "';DROP TABLE--",
    '"><img src=x onerror=1>',
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_titles_are_only_text(mine: Proposal, browser: Client, text: str) -> None:
    assert browser.post(idea(mine, "what"), what(title=text)).status_code == 302
    for step in ("what", "check"):
        page = browser.get(idea(mine, step)).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page


@pytest.mark.parametrize(
    "fields",
    [
        {"title": "x" * 161},
        {"title": "nul\0"},
        {"language": "de"},
        {"revision": "x"},
        {"latitude": "nan", "longitude": "inf"},
        {"latitude": "900"},
    ],
)
def test_impossible_values_are_refused_with_the_form(mine: Proposal, browser: Client, fields: dict[str, Any]) -> None:
    page = browser.post(idea(mine, "what"), what(**fields))
    assert page.status_code == 422
    assert 'role="alert"' in page.content.decode()


def test_broken_encoding_is_no_fault(mine: Proposal, browser: Client) -> None:
    body = b"title=%ff%fe&language=kk&address=%c3&revision=0"
    answer = browser.post(idea(mine, "what"), body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code < 500


@pytest.mark.parametrize(
    ("typed", "stored"), [("4 500 000 ₸", 4_500_000), ("٤٥٠٠٠٠٠", 4_500_000), ("4.500.000 тг", 4_500_000), ("", None)]
)
def test_sums_are_read_as_people_write_them(mine: Proposal, browser: Client, typed: str, stored: int | None) -> None:
    assert browser.post(idea(mine, "money"), {"category": "parks", "cost": typed, "revision": 0}).status_code == 302
    mine.refresh_from_db()
    assert mine.cost_tenge == stored


@pytest.mark.parametrize("typed", ["-5", "1e9", "много", "9" * 40])
def test_other_sums_are_refused_beside_the_field(mine: Proposal, browser: Client, typed: str) -> None:
    page = browser.post(idea(mine, "money"), {"category": "parks", "cost": typed, "revision": 0})
    assert page.status_code == 422
    assert "cost-error" in page.content.decode()


def test_cost_above_the_cap_is_remarked_at_once(mine: Proposal, browser: Client) -> None:
    page = browser.post(idea(mine, "money"), {"category": "parks", "cost": "11000000", "revision": 0}, follow=True)
    assert "is more than one project may cost" in page.content.decode()


def test_submitting_twice_is_one_proposal(mine: Proposal, browser: Client) -> None:
    first = browser.post(idea(mine, "submit"))
    second = browser.post(idea(mine, "submit"))
    assert first["Location"] == second["Location"] == BASE + "projects/1/"
    assert mine.moves.count() == 1


def test_incomplete_draft_is_not_submitted(round: Round, author: Account, browser: Client) -> None:
    draft = complete(round, author, problem="")
    page = browser.post(idea(draft, "submit"))
    assert page.status_code == 422
    assert "1 thing is still missing" in page.content.decode()


def test_wrong_file_keeps_the_right_one(mine: Proposal, browser: Client) -> None:
    bad = SimpleUploadedFile("page.svg", b"<svg onload=alert(1)>")
    page = browser.post(idea(mine, "photos/add"), {"files": [jpeg(), bad], "caption": "Аула"})
    text = page.content.decode()
    assert page.status_code == 422
    assert "page.svg" in text
    assert "This kind of file is not accepted" in text
    assert mine.files.count() == 1


def test_photos_are_captioned_ordered_and_removed(mine: Proposal, browser: Client, author: Account) -> None:
    browser.post(idea(mine, "photos/add"), {"files": [jpeg()], "caption": "Аула"})
    browser.post(idea(mine, "photos/add"), {"files": [jpeg()], "caption": "again"})
    assert mine.files.count() == 1
    one = mine.files.get()
    browser.post(idea(mine, f"photos/{one.pk}"), {"act": "caption", "caption": "Жаңа"})
    browser.post(idea(mine, f"photos/{one.pk}"), {"act": "raise"})
    assert mine.files.get().caption == "Жаңа"
    browser.post(idea(mine, f"photos/{one.pk}"), {"act": "remove"})
    assert browser.post(idea(mine, f"photos/{one.pk}"), {"act": "remove"}).status_code == 302
    assert mine.files.count() == 0


def test_files_of_a_draft_are_for_its_team_and_staff(
    mine: Proposal, browser: Client, coach: Account, client: Client
) -> None:
    browser.post(idea(mine, "photos/add"), {"files": [jpeg()]})
    path = f"/files/{mine.files.get().file.public_id}"
    for address in (f"{path}.webp", f"{path}.thumb.webp", f"{path}/"):
        assert client.get(address, follow=True).status_code == 404
        assert factories.client_for(factories.make_account()).get(address, follow=True).status_code == 404
        shown = browser.get(address)
        assert (shown.status_code, shown["Cache-Control"]) == (200, "private, no-store")
        assert shown["Content-Security-Policy"].startswith("sandbox")
    assert factories.client_for(coach).get(f"{path}.webp").status_code == 200
    commands.submit_proposal(actor=mine.author, proposal=mine, now=timezone.now())
    assert client.get(f"{path}.webp")["Cache-Control"].startswith("public")


def test_documents_are_downloads(mine: Proposal, browser: Client) -> None:
    body = b"%PDF-1.4\n%%EOF"
    browser.post(idea(mine, "photos/add"), {"files": [SimpleUploadedFile("act.pdf", body)]})
    answer = browser.get(f"/files/{mine.files.get().file.public_id}/")
    assert answer.content == body
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_invitation_brings_a_person_into_the_team(mine: Proposal, browser: Client) -> None:
    page = browser.post(idea(mine, "team/change"), {"act": "invite"}).content.decode()
    path = page.split('id="link">http://testserver')[1].split("</p>")[0]
    friend = factories.client_for(factories.make_account())
    assert friend.get(path).status_code == 200
    assert mine.team.count() == 1
    assert friend.post(path).status_code == friend.post(path).status_code == 302
    assert mine.team.count() == 2
    assert friend.get(idea(mine, "what")).status_code == 200
    assert friend.get(idea(mine, "withdraw")).status_code == 404
    browser.post(idea(mine, "team/change"), {"act": "revoke"})
    assert friend.get(path).status_code == 404


def test_withdrawing_needs_a_reason(mine: Proposal, browser: Client) -> None:
    assert browser.get(idea(mine, "withdraw")).status_code == 200
    assert browser.post(idea(mine, "withdraw"), {"reason_code": "no_time"}).status_code == 422
    assert browser.post(idea(mine, "withdraw"), {"reason_code": "?", "reason_text": "x"}).status_code == 422
    assert browser.post(idea(mine, "withdraw"), {"reason_code": "no_time", "reason_text": "Ауысым"}).status_code == 302
    mine.refresh_from_db()
    assert mine.state == State.WITHDRAWN
