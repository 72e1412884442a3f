"""From the first ballot to the published result: organiser, Council, and a reader who knows nothing before."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import running, second_factor, sign_in
from tests.journeys.test_voting import open_ballot, send_ballot

pytestmark = pytest.mark.journey
STUDIO = "/en/studio/khromtau/demo/"


def act(page: Page, stage: str, kind: str, button: str) -> None:
    page.goto(f"{STUDIO}calendar/{stage}/{kind}/")
    page.get_by_label("Reason").fill("Trial of the whole way from ballot to result.")
    page.get_by_role("button", name=button).click()
    expect(page.get_by_role("alert")).to_have_count(0)


def decide_tie_if_there_is_one(page: Page) -> None:
    if page.get_by_role("button", name="Record the decision").count():
        codes = page.locator(".next p").inner_text().split("№")[1].split("decide")[0].split(",")
        page.locator("form.form input[type=text], form.form textarea").first.fill(" ".join(code.strip() for code in codes))
        page.get_by_label("Reason").fill("Decided by the Council at its meeting.")
        page.get_by_role("button", name="Record the decision").click()


def test_from_the_ballot_to_the_published_result(visit: Callable[..., Page], tmp_path_factory: pytest.TempPathFactory) -> None:
    with running(tmp_path_factory.mktemp("closing")) as portal:
        voter, coordinator, secretary, reader = (visit(where=portal) for _ in range(4))
        open_ballot(voter, portal.codes(1)[0])
        send_ballot(voter, 2)
        voter.wait_for_url("**/receipt/")

        sign_in(coordinator, "coordinator")
        second_factor(coordinator)
        act(coordinator, "voting", "close", "Close now")
        voter.goto("/en/khromtau/demo/ballot/")
        expect(voter.get_by_role("button", name="Review")).to_have_count(0)
        coordinator.goto(STUDIO + "calendar/")
        if coordinator.locator("a[href$='/audit/open/']").count():
            act(coordinator, "audit", "open", "Open now")
        coordinator.goto(STUDIO + "results/")
        coordinator.get_by_role("button", name="Count the votes").click()
        reader.goto("/en/khromtau/demo/results/")
        assert "Every check is passed" not in reader.content()

        sign_in(secretary, "secretary")
        second_factor(secretary)
        secretary.goto(STUDIO + "results/")
        decide_tie_if_there_is_one(secretary)
        secretary.get_by_label("protocol").fill("7/2")
        secretary.get_by_role("button", name="Approve the result").click()
        coordinator.goto(STUDIO + "results/")
        coordinator.get_by_role("button", name="Publish the results").click()

        answer = reader.goto("/en/khromtau/demo/results/")
        assert answer is not None
        assert answer.status == 200
        data = reader.request.get("/api/v1/rounds/khromtau-demo/results").json()
        assert data["voters"] == reader.request.get("/api/v1/rounds/khromtau-demo/turnout").json()["voters"]
        winners = sum(1 for line in data["projects"] if line["verdict"] == "funded")
        expect(reader.get_by_role("heading", level=1)).to_contain_text(f"{winners} projects of {len(data['projects'])} won")
