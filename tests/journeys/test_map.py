"""The idea's form with vector tiles of our own: an invented town (tools/town_tiles.py) is drawn, marked and named."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Portal, running, sign_in

pytestmark = pytest.mark.journey
TILES = Path(__file__).resolve().parents[1] / "vectors" / "town.pmtiles"
#: Different colours on all canvases of the map: an empty one has one at most.
COLOURS = """() => { const found = new Set();
for (const c of document.querySelectorAll("#pick-map canvas")) {
  if (!c.width) continue;
  const d = c.getContext("2d").getImageData(0, 0, c.width, c.height).data;
  for (let i = 0; i < d.length; i += 4) if (d[i + 3] === 255) found.add(d[i] << 16 | d[i + 1] << 8 | d[i + 2]);
} return found.size; }"""


@pytest.fixture(scope="module")
def mapped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """A demonstration whose installation has tiles."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QATYSU_TILES", str(TILES))
        with running(tmp_path_factory.mktemp("mapped")) as started:
            yield started


def wait_until_drawn(page: Page) -> None:
    """Our CSP forbids ``wait_for_function``."""
    for _ in range(100):
        if page.evaluate(COLOURS) > 8:
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"the map stays empty: {page.evaluate(COLOURS)} colours")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_map_is_drawn_and_marked(visit: Callable[..., Page], mapped: Portal, scheme: str) -> None:
    page = visit(where=mapped)
    page.emulate_media(color_scheme=scheme)
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    sign_in(page, "resident")
    page.goto("/en/aksu/2026/propose/")
    page.get_by_role("button", name="Begin", exact=True).click()
    wait_until_drawn(page)
    box = page.locator("#pick-map")
    expect(page.locator("[data-pick]")).to_be_hidden()
    expect(box.locator(".leaflet-control-attribution")).to_have_text("Invented streets, drawn for a test")
    zoom = box.get_by_role("button", name="Closer").bounding_box()
    assert zoom is not None
    assert min(zoom["width"], zoom["height"]) >= 44
    box.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator("[data-pick-words]")).to_have_text("The place is marked.")
    by_key = page.locator("[name=latitude]").input_value()
    box.click(position={"x": 5, "y": 300})
    assert page.locator("[name=latitude]").input_value() == by_key, "outside of the town"
    box.click(position={"x": 450, "y": 150})
    assert page.locator("[name=latitude]").input_value() != by_key != ""
    page.get_by_label("Name of the idea").fill(f"A lamp, {scheme}")
    with page.expect_navigation():
        page.get_by_role("button", name="Save", exact=True).click()
    wait_until_drawn(page)
    assert page.locator("#pick-map path.leaflet-interactive, #pick-map svg path").count() == 1
    assert errors == []
