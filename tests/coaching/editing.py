"""The course editor as a browser without a script sees it."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from django.urls import reverse
from django.utils import translation

from qatysu.coaching.models import Workspace
from qatysu.rounds.models import Round


def at(name: str, round_: Round, **more: Any) -> str:
    with translation.override("ru"):
        return reverse(name, kwargs={"city_slug": round_.city.slug, "round_slug": round_.slug, **more})


def three(name: str, text: str) -> dict[str, str]:
    """A text in three languages, as a form sends it."""
    return {f"{name}_{lang}": f"{text} {lang}" for lang in ("kk", "ru", "en")}


def room_page(room: Workspace) -> str:
    return at("workspace_module", room.proposal.round, code=room.proposal.code, module="annotation")


def inputs(page: str) -> dict[str, Any]:
    """What a browser without a script sends from the largest form of a page."""
    class Reader(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.forms: list[dict[str, Any]] = []
            self.area = self.select = ""

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            a = dict(attrs)
            if tag == "form":
                self.forms.append({})
            elif tag == "textarea":
                self.area = a["name"] or ""
                self.forms[-1][self.area] = ""
            elif tag == "select":
                self.select = a["name"] or ""
            elif tag == "option" and self.select:
                if "selected" in a or self.select not in self.forms[-1]:
                    self.forms[-1][self.select] = a["value"]
            elif tag == "input" and a.get("name"):
                name, value = a["name"] or "", a.get("value") or ""
                is_ticked = "checked" in a or a.get("type") not in ("checkbox", "radio", "file")
                if is_ticked:
                    self.forms[-1][name] = value

        def handle_data(self, data: str) -> None:
            if self.area:
                self.forms[-1][self.area] += data.removeprefix("\n") if not self.forms[-1][self.area] else data

        def handle_endtag(self, tag: str) -> None:
            if tag in ("textarea", "select"):
                self.area = self.select = ""

    reader = Reader()
    reader.feed(page)
    return max(reader.forms, key=len)
