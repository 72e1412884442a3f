"""From the first ballot to the published result: organisers, Council, the sequencer, and a reader who knows nothing before."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import QATYSU, Portal, running, second_factor, sign_in
from tests.journeys.test_voting import open_ballot, send_ballot

pytestmark = pytest.mark.journey
STUDIO = "/en/studio/khromtau/demo/"


def act(page: Page, stage: str, kind: str, button: str) -> None:
    page.goto(f"{STUDIO}calendar/{stage}/{kind}/")
    page.get_by_label("Reason").fill("Trial of the whole way from ballot to result.")
    page.get_by_role("button", name=button).click()
    expect(page.get_by_role("alert")).to_have_count(0)


def close_voting(asks: Page, confirms: Page, protocol: Path) -> None:
    """One person asks for the end of voting, another one confirms it."""
    asks.goto(f"{STUDIO}calendar/voting/close/")
    asks.get_by_label("What happened and why").fill("Trial of the whole way from ballot to result.")
    asks.get_by_label("Number of the protocol").fill("12")
    protocol.write_text("The commission ends voting today.")
    asks.locator("input[type=file]").set_input_files([str(protocol)])
    asks.get_by_role("button", name="Ask for it").click()
    asks.get_by_text("What is asked for").wait_for()
    confirms.goto(asks.url)
    confirms.get_by_role("button", name="Confirm", exact=True).click()
    expect(confirms.get_by_role("alert")).to_have_count(0)


def work(portal: Portal) -> None:
    """The worker closes what is over and seals what is due."""
    subprocess.run([QATYSU, "worker", "--once"], env=portal.env, check=True, capture_output=True)


def decide_tie_if_there_is_one(page: Page) -> None:
    while page.get_by_role("button", name="Record the decision").count():
        codes = page.locator(".tie > p").first.inner_text().split("№")[1].split("decide")[0].split(",")
        page.locator(".tie form input[type=text]").first.fill(" ".join(code.strip() for code in codes))
        page.get_by_label("Reason").fill("Decided by the Council at its meeting.")
        page.get_by_role("button", name="Record the decision").click()


def test_from_the_ballot_to_the_published_result(
    visit: Callable[..., Page], tmp_path_factory: pytest.TempPathFactory, tmp_path: Path
) -> None:
    with running(tmp_path_factory.mktemp("closing")) as portal:
        voter, coordinator, chair, secretary, reader = (visit(where=portal) for _ in range(5))
        open_ballot(voter, portal.codes(1)[0])
        send_ballot(voter, 2)
        voter.wait_for_url("**/receipt/")

        for page, role in ((coordinator, "coordinator"), (chair, "chair"), (secretary, "secretary")):
            sign_in(page, role)
            second_factor(page)
        close_voting(coordinator, chair, tmp_path / "protocol.txt")
        voter.goto("/en/khromtau/demo/ballot/")
        expect(voter.get_by_role("button", name="Review")).to_have_count(0)
        work(portal)
        coordinator.goto(STUDIO + "results/")
        now = coordinator.locator("#counting li[aria-current=step] h3")
        expect(now).to_have_text("Time of audit")
        expect(coordinator.get_by_role("button", name="Open the ballots")).to_have_count(0)
        act(coordinator, "audit", "close", "Close now")
        coordinator.goto(STUDIO + "results/")
        coordinator.get_by_role("button", name="Open the ballots").click()
        work(portal)
        # Nobody reloads: the page asks by itself until the openings are sealed.
        coordinator.get_by_role("button", name="Count the votes").click(timeout=30_000)
        work(portal)
        reader.goto("/en/khromtau/demo/results/")
        assert "Every check is passed" not in reader.content()

        secretary.goto(STUDIO + "results/")
        decide_tie_if_there_is_one(secretary)
        work(portal)
        secretary.goto(STUDIO + "results/")
        expect(secretary.get_by_text("Every check is passed")).to_be_visible()
        secretary.get_by_label("protocol").fill("7/2")
        secretary.get_by_role("button", name="Approve the result").click()
        work(portal)
        coordinator.goto(STUDIO + "results/")
        coordinator.get_by_role("button", name="Publish the results").click()

        answer = reader.goto("/en/khromtau/demo/results/")
        assert answer is not None
        assert answer.status == 200
        data = reader.request.get("/api/v1/rounds/khromtau-demo/results").json()
        assert data["voters"] == reader.request.get("/api/v1/rounds/khromtau-demo/turnout").json()["voters"]
        winners = sum(1 for line in data["projects"] if line["verdict"] == "funded")
        expect(reader.get_by_role("heading", level=1)).to_contain_text(f"{winners} projects of {len(data['projects'])} won")
        anybody = [QATYSU, "verify", f"{portal.address}/log/khromtau-demo", "--json"]
        found = json.loads(subprocess.run(anybody, env=portal.env, check=True, capture_output=True, text=True).stdout)
        assert (found["good"], found["winners"], found["voters"]) == (True, data["winners"], data["voters"])
