"""Twenty projects in a browser: a sitting with quorum, recusal, dissent, refusals, an appeal; the ballot, a tie, the results."""

from __future__ import annotations

import base64
import html
import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Locator, Page, WebSocketRoute, expect

from tests.journeys.conftest import QATYSU, Portal, running, second_factor, sign_in
from tests.journeys.council_round import SLUG
from tests.journeys.test_closing import work
from tests.journeys.test_pages import faults
from tests.papers import reading

pytestmark = pytest.mark.journey
ROUND = f"khromtau/{SLUG}"
COUNCIL, STUDIO = f"/kk/council/{ROUND}/", f"/ru/studio/{ROUND}/"
SHOTS = os.environ.get("QATYSU_TEST_SHOTS", "")
DISSENT = "Гүлзардың суаруы есептелмеген, күту шығыны анық емес."
#: Which ballots are cast: project 1 leads, 2 and 3 are equal and only one of them can be paid.
BALLOTS = (("1", "2"), ("1", "3"), ("1",))
#: The smallest bytes that begin as CMS signedData does. No service is asked here, and the page says so.
CONTAINER = bytes.fromhex("308006092a864886f70d010702a080") + bytes(40)


def shot(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"council-{name}.png"), full_page=True)


def press(page: Page, button: Locator) -> None:
    """A click that sends a form; refusals fail the journey."""
    with page.expect_navigation():
        button.click()
    fault = page.locator(".messages .msg--error, .message--error, [role=alert]")
    assert fault.count() == 0, fault.first.inner_text()


def clean(page: Page) -> None:
    """No fault by axe, and nothing wider than the page, as it stands now."""
    assert not (found := list(faults(page))), found


def person(visit: Callable[..., Page], portal: Portal, role: str, width: int = 1280) -> Page:
    page = visit(where=portal, width=width)
    sign_in(page, role)
    if role != "resident":
        second_factor(page)
    return page


def seat_members(coordinator: Page, members: dict[str, Page]) -> None:
    """Named by an order, accepted by each."""
    for role in ("chair", "secretary", "member"):
        coordinator.goto(f"{COUNCIL}seats/")
        form = coordinator.locator("details:has(#ct)")
        form.locator("summary").click()
        form.locator("#ct").fill(f"{'expert' if role == 'member' else role}@demo.qatysu.example")
        form.locator("#rl").select_option(role)
        form.locator("#bs").fill("Өкім № 5")
        press(coordinator, form.locator("button[value=name]"))
    for page in members.values():
        page.goto(f"{COUNCIL}seats/")
        press(page, page.locator("button[value=accept]"))


def new_meeting(secretary: Page) -> str:
    """Everything that waits is on the agenda; all are there. Returns the address of the room."""
    secretary.goto(f"{COUNCIL}meetings/new/")
    begins = datetime.now(ZoneInfo("Asia/Almaty")) + timedelta(minutes=2)
    secretary.locator("#ms").fill(begins.strftime("%Y-%m-%dT%H:%M"))
    secretary.locator("#me").fill((begins + timedelta(hours=3)).strftime("%Y-%m-%dT%H:%M"))
    secretary.locator("#mp").fill("Әкімдік, 2-қабат")
    press(secretary, secretary.locator("form.form button"))
    for deed in ("call", "open"):
        press(secretary, secretary.locator(f"button[name=do][value={deed}]"))
    for index in range(secretary.locator(".present").count()):
        press(secretary, secretary.locator(".present").nth(index).locator("button[value=room]"))
    return secretary.url


def put(secretary: Page, item: Locator, verdict: str, refusal: bool = False, options: str = "") -> None:
    fold = item.locator("details:has(> form input[value=put])").first
    fold.locator("summary").first.click()
    fold.locator(f"input[name=verdict][value={verdict}]").check()
    if refusal:
        fold.locator("details summary").click()
        fold.locator("input[name=reasons][value=land]").check()
        fold.locator("textarea[name=text_kk]").fill("Жер жеке меншікте, сондықтан мұнда салуға болмайды.")
        fold.locator("textarea[name=text_ru]").fill("Земля в частной собственности, строить здесь нельзя.")
    if options:
        fold.locator("textarea[name=options]").fill(options)
    press(secretary, fold.locator("form:has(input[value=put]) button.btn--gold"))


def show_of_hands(secretary: Page, number: int, voice: str = "for") -> None:
    """The secretary writes the voices down, all at once where the board offers it, then counts."""
    while (hands := item_of(secretary, number).locator("form.hand")).count():
        press(secretary, hands.last.locator(f"button[value='{voice}']"))
    press(secretary, item_of(secretary, number).locator("button[value=count]"))


def item_of(page: Page, number: int) -> Locator:
    return page.locator("article.agenda[id^=item-]").nth(number - 1)


def dissent(expert: Page, room: str) -> None:
    """The member votes on the own phone."""
    expert.goto(room)
    vote = expert.locator(".vote")
    vote.locator("summary").click()
    vote.locator("#ds").fill(DISSENT)
    clean(expert)
    shot(expert, "voice")
    press(expert, vote.locator("button[value=against]"))


def hold_admission(secretary: Page, expert: Page) -> None:
    room = new_meeting(secretary)
    expect(secretary.locator("article.agenda[id^=item-]")).to_have_count(20)
    conflict = item_of(secretary, 1).locator(".notice--wait")
    expect(conflict).to_have_count(1)
    press(secretary, conflict.locator("button"))
    clean(secretary)
    shot(secretary, "room")
    for number in range(1, 21):
        put(secretary, item_of(secretary, number), "not_admit" if number > 17 else "admit", refusal=number > 17)
        if number == 2:
            clean(secretary)
            dissent(expert, room)
            secretary.goto(room)
        show_of_hands(secretary, number)
    press(secretary, secretary.locator("button[value=close]"))


def sign_electronically(page: Page, path: str) -> None:
    """NCALayer answers as its public description says; the fake stands in for the program on the signer's computer."""
    asked: list[dict[str, object]] = []

    def program(socket: WebSocketRoute) -> None:
        def hear(message: str | bytes) -> None:
            asked.append(json.loads(message))
            socket.send(json.dumps({"status": True, "body": {"result": [base64.b64encode(CONTAINER).decode()]}}))

        socket.on_message(hear)
        socket.send(json.dumps({"result": {"version": "1.4"}}))

    page.route_web_socket("wss://127.0.0.1:13579/", program)
    page.goto(path)
    page.locator("details:has([data-ncalayer]) summary").click()
    clean(page)
    shot(page, "signing")
    press(page, page.locator("[data-ncalayer] button"))
    assert asked[0]["module"] == "kz.gov.pki.knca.basics"


def record(secretary: Page, chair: Page, scan: bytes) -> str:
    """Draft, fix, sign (the chair electronically, the secretary on paper), close, publish. Returns the public address."""
    secretary.locator("a[href$='/protocol/']").first.click()
    for deed in ("draft", "fix"):
        press(secretary, secretary.locator(f"button[name=do][value={deed}]"))
    path = secretary.url
    sign_electronically(chair, path)
    secretary.goto(path)
    form = secretary.locator("form:has(button[value=sign])").first
    form.locator("input[type=file]").set_input_files([{"name": "scan.pdf", "mimeType": "application/pdf", "buffer": scan}])
    press(secretary, form.locator("button[value=sign]"))
    for deed in ("freeze", "publish"):
        press(secretary, secretary.locator(f"button[name=do][value={deed}]"))
    secretary.goto(f"/kk/{ROUND}/council/")
    links = secretary.locator(f"a[href^='/kk/{ROUND}/council/protocols/']")
    found = [links.nth(n).get_attribute("href") or "" for n in range(links.count())]
    return max(found, key=lambda href: int(href.rstrip("/").rsplit("/", 1)[1]))


def read_protocol(reader: Page, address: str, words: dict[str, list[str]]) -> None:
    """Everybody opens it on the screen, as PDF and as DOCX, in both languages."""
    reader.goto(address)
    shot(reader, f"protocol-{address.rstrip('/').rsplit('/', 1)[1]}")
    for language, expected in words.items():
        pdf = reader.request.get(f"{address}{language}.pdf").body()
        docx = reader.request.get(f"{address}{language}.docx").body()
        document = html.unescape(zipfile.ZipFile(io.BytesIO(docx)).read("word/document.xml").decode())
        for each in expected:
            assert each in reading.text(pdf), (language, each)
            assert each in document, (language, each)
        if SHOTS:
            (Path(SHOTS) / f"protocol-{address.rstrip('/').rsplit('/', 1)[1]}-{language}.pdf").write_bytes(pdf)
            (Path(SHOTS) / f"protocol-{address.rstrip('/').rsplit('/', 1)[1]}-{language}.docx").write_bytes(docx)


def appeal(resident: Page, secretary: Page) -> None:
    """The captain of the last project appeals, the Council hears it again and admits."""
    resident.goto(f"{COUNCIL}appeals/20/")
    resident.locator("#txt").fill("Жер қала меншігіне өтті, акті тіркелген.")
    press(resident, resident.locator("form:has(#txt) button"))
    clean(resident)
    shot(resident, "appeal")
    secretary.goto(f"{COUNCIL}matters/20/")
    clean(secretary)
    press(secretary, secretary.locator("button[value=take]"))
    new_meeting(secretary)
    expect(secretary.locator("article.agenda[id^=item-]")).to_have_count(1)
    put(secretary, item_of(secretary, 1), "admit")
    show_of_hands(secretary, 1)
    press(secretary, secretary.locator("button[value=close]"))


def act(page: Page, stage: str, kind: str) -> None:
    """An act of one person on the calendar."""
    page.goto(f"{STUDIO}calendar/{stage}/{kind}/")
    page.locator("form.form textarea").first.fill("Сынақ: бюллетеннен нәтижеге дейін.")
    press(page, page.locator("form.form button").last)


def act_of_two(asks: Page, confirms: Page, kind: str, paper: Path) -> None:
    """An act on voting after the freeze."""
    asks.goto(f"{STUDIO}calendar/voting/{kind}/")
    asks.locator("textarea[name=text]").fill("Сынақ: бюллетеннен нәтижеге дейін.")
    asks.locator("input[name=protocol]").fill(f"12-{kind}")
    asks.locator("input[type=file]").set_input_files([str(paper)])
    press(asks, asks.locator("form:has(input[type=file]) button").last)
    confirms.goto(asks.url)
    clean(confirms)
    press(confirms, confirms.locator("button[value=confirm]"))


def vote(visit: Callable[..., Page], portal: Portal) -> None:
    command = [QATYSU, "codes", f"khromtau-{SLUG}", "--count", str(len(BALLOTS))]
    codes = subprocess.run(command, env=portal.env, check=True, capture_output=True, text=True).stdout.split()[1:]
    for code, choices in zip(codes, BALLOTS, strict=True):
        page = visit(where=portal, width=390)
        page.goto(f"/kk/{ROUND}/ballot/")
        page.locator("input[name=code]").fill(code)
        page.locator("form:has(input[name=code]) button").click()
        page.wait_for_url("**/ballot/")
        for choice in choices:
            page.locator(f"input[name=choice][value='{choice}']").check(force=True)
        page.locator("form:has(input[name=choice]) button").last.click()
        page.locator("form[action$='/confirm/'] button, form[action*='confirm'] button").first.click()
        page.wait_for_url("**/receipt/")
        page.context.close()


def results(secretary: Page, button: str) -> None:
    secretary.goto(f"{STUDIO}results/")
    press(secretary, secretary.locator(f"button[name=verb][value={button}]"))


def ask_and_decide(secretary: Page, chair: Page, verb: str, verdict: str, voice: str, scan: bytes, options: str = "") -> str:
    """The Council is asked, meets, decides; the decision is carried out. Returns the address of the protocol."""
    results(secretary, f"ask-{verb}")
    new_meeting(secretary)
    put(secretary, item_of(secretary, 1), verdict, options=options)
    show_of_hands(secretary, 1, voice)
    press(secretary, secretary.locator("button[value=close]"))
    address = record(secretary, chair, scan)
    results(secretary, f"do-{verb}")
    return address


def test_from_twenty_projects_to_approved_results(
    visit: Callable[..., Page], tmp_path_factory: pytest.TempPathFactory, tmp_path: Path
) -> None:
    paper = tmp_path / "protocol.txt"
    paper.write_text("The commission decides.")
    with running(tmp_path_factory.mktemp("council")) as portal:
        subprocess.run([sys.executable, "-m", "tests.journeys.council_round"], env=portal.env, check=True)
        coordinator, chair, secretary = (person(visit, portal, role) for role in ("coordinator", "chair", "secretary"))
        expert, resident = person(visit, portal, "expert", 390), person(visit, portal, "resident", 390)
        reader = visit(where=portal, width=390)
        scan = coordinator.pdf()
        seat_members(coordinator, {"chair": chair, "secretary": secretary, "expert": expert})
        secretary.goto(COUNCIL)
        press(secretary, secretary.locator("button[value=collect]").first)
        hold_admission(secretary, expert)
        first = record(secretary, chair, scan)
        appeal(resident, secretary)
        second = record(secretary, chair, scan)
        read_protocol(reader, first, {"kk": [DISSENT, "Ойын алаңы, Абай көшесі"], "ru": ["Особое мнение", "Игровая площадка"]})
        read_protocol(reader, second, {"ru": ["заседания Экспертного совета"]})

        # The campaign begins when the Council's stage is closed, and ends when people can vote.
        act(coordinator, "council", "close")
        coordinator.goto(f"{STUDIO}slate/")
        expect(coordinator.locator("tbody tr")).to_have_count(18)
        coordinator.locator("input[name=sure]").check()
        press(coordinator, coordinator.locator("form:has(input[name=sure]) button"))
        act(coordinator, "campaign", "close")
        act_of_two(coordinator, chair, "open", paper)
        vote(visit, portal)
        act_of_two(coordinator, chair, "close", paper)
        work(portal)
        act(coordinator, "audit", "close")
        results(coordinator, "open")
        work(portal)
        results(coordinator, "count")
        work(portal)
        tie = ask_and_decide(secretary, chair, "tie", "choose", "3>2", scan, options="2>3\n3>2")
        work(portal)
        approval = ask_and_decide(secretary, chair, "approval", "approve", "for", scan)
        work(portal)
        results(coordinator, "publish")
        read_protocol(reader, tie, {"ru": ["3>2"]})
        read_protocol(reader, approval, {"kk": ["Жеңімпаздар"], "ru": ["Реестр победителей", "Кто платит"]})
        data = reader.request.get(f"/api/v1/rounds/khromtau-{SLUG}/results").json()
        assert [line["code"] for line in data["projects"] if line["verdict"] == "funded"][:2] == ["1", "3"]
        anybody = [QATYSU, "verify", f"{portal.address}/log/khromtau-{SLUG}", "--json"]
        found = json.loads(subprocess.run(anybody, env=portal.env, check=True, capture_output=True, text=True).stdout)
        assert (found["good"], found["winners"][:2]) == (True, ["1", "3"])
