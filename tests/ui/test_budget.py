"""The weight of what every page loads (DESIGN 12)."""

from __future__ import annotations

from pathlib import Path

from django.test import Client

from qatysu.rounds.models import Round
from qatysu.ui.templatetags.ui import PLANS

STATIC = Path(__file__).resolve().parents[2] / "src/qatysu/ui/static/ui"
CORE = ("tokens.css", "base.css", "components.css")


def test_core_style_sheets_stay_within_30000_bytes() -> None:
    assert sum((STATIC / name).stat().st_size for name in CORE) <= 30_000


def test_a_first_visit_stays_within_100_kilobytes(voting_round: Round) -> None:
    fonts = sum(path.stat().st_size for path in (STATIC / "fonts").glob("*.woff2"))
    styles = sum((STATIC / name).stat().st_size for name in (*CORE, "theme-dark.css"))
    for page in ("/ru/", "/kk/khromtau/demo/"):
        assert len(Client().get(page).content) + fonts + styles <= 100_000


def test_no_page_asks_another_host(voting_round: Round) -> None:
    text = Client().get("/ru/khromtau/demo/projects/").text
    links = [part.split('"')[0] for part in text.replace('src="', 'href="').split('href="')[1:]]
    assert {link for link in links if link.startswith(("http", "//")) and "127.0.0.1:8000" not in link} == set()


def test_each_drawing_has_a_before_and_an_after() -> None:
    plans = STATIC.parents[1] / "templates/ui/plans"
    assert {path.name for path in plans.glob("*.svg")} == {
        f"{kind}-{moment}.svg" for kind in PLANS for moment in ("before", "after")
    }
    for path in plans.glob("*.svg"):
        assert "style=" not in path.read_text()
