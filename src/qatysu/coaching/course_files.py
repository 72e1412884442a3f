"""The default course, read from the files in ``course/``: modules, lessons, types of projects, papers."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent / "course"
Texts = dict[str, str]


@dataclass(frozen=True, slots=True)
class LessonText:
    """One lesson; ``title`` and ``body`` by language."""

    slug: str
    position: int
    minutes: int
    title: Texts
    body: Texts
    video_url: str


@dataclass(frozen=True, slots=True)
class ModuleText:
    """One module as it is installed; ``days`` is the share of the stage that it needs."""

    slug: str
    position: int
    title: Texts
    lead: Texts
    days: int
    form: dict[str, Any]
    checklist: list[dict[str, Any]]
    quiz: list[dict[str, Any]]
    canned: tuple[Texts, ...]
    lessons: tuple[LessonText, ...]


@dataclass(frozen=True, slots=True)
class TypeText:
    """A type of project; quantities of ``estimate`` are in thousandths of the unit."""

    slug: str
    position: int
    name: Texts
    categories: tuple[str, ...]
    guide: Texts
    example: Texts
    estimate: list[dict[str, Any]]
    papers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PaperText:
    """A document to be filled."""

    slug: str
    position: int
    title: Texts
    body: Texts
    project_types: tuple[str, ...]
    is_required: bool


@dataclass(frozen=True, slots=True)
class Course:
    """Everything that a round needs for its sessions."""

    modules: tuple[ModuleText, ...]
    types: tuple[TypeText, ...]
    papers: tuple[PaperText, ...]


@cache
def default_course() -> Course:
    """The course that comes with the program."""
    modules = sorted((_module(file) for file in ROOT.glob("*/module.toml")), key=lambda m: m.position)
    types = sorted((_type(file) for file in (ROOT / "types").glob("*.toml")), key=lambda t: t.position)
    papers = sorted((_paper(file) for file in (ROOT / "papers").glob("*.toml")), key=lambda p: p.position)
    return Course(tuple(modules), tuple(types), tuple(papers))


def _module(file: Path) -> ModuleText:
    data = tomllib.loads(file.read_text("utf-8"))
    return ModuleText(
        slug=data["slug"],
        position=data["position"],
        title=data["title"],
        lead=data["lead"],
        days=data["days"],
        form={"fields": data["form"]["fields"]},
        checklist=data.get("checklist", []),
        quiz=data.get("quiz", []),
        canned=tuple(item["text"] for item in data.get("canned", [])),
        lessons=_lessons(file.parent),
    )


def _lessons(folder: Path) -> tuple[LessonText, ...]:
    found: dict[str, list[tuple[str, dict[str, Any], str]]] = {}
    for file in sorted(folder.glob("[0-9]*.md")):
        stem, language = file.name.removesuffix(".md").rsplit(".", 1)
        head, body = front_matter(file.read_text("utf-8"))
        found.setdefault(stem, []).append((language, head, body))
    lessons = []
    for stem, parts in found.items():
        number, slug = stem.split("-", 1)
        heads = [head for _, head, _ in parts]
        lessons.append(
            LessonText(
                slug=slug,
                position=int(number),
                minutes=int(heads[0].get("minutes", 5)),
                title=_titles(parts),
                body={language: body for language, _, body in parts},
                video_url=str(heads[0].get("video_url", "")),
            )
        )
    return tuple(sorted(lessons, key=lambda lesson: lesson.position))


def _titles(parts: list[tuple[str, dict[str, Any], str]]) -> Texts:
    """Titles by language; a file may give them all as a table, or its own as a text."""
    titles: Texts = {}
    for language, head, _ in parts:
        title = head["title"]
        titles.update(title if isinstance(title, dict) else {language: title})
        if "title_en" in head:
            titles["en"] = head["title_en"]
    return titles


def front_matter(text: str) -> tuple[dict[str, Any], str]:
    """The TOML between the two lines of ``+++`` at the beginning, and the rest. Raises ValueError without them."""
    _, head, body = text.split("+++\n", 2)
    return tomllib.loads(head), body.strip() + "\n"


def _type(file: Path) -> TypeText:
    data = tomllib.loads(file.read_text("utf-8"))
    return TypeText(
        slug=data["slug"],
        position=data["position"],
        name=data["name"],
        categories=tuple(data.get("categories", ())),
        guide=data["guide"],
        example={language: _example(data["example"], language) for language in ("kk", "ru", "en")},
        estimate=[_line(item) for item in data["estimate"]],
        papers=tuple(data.get("papers", ())),
    )


def _example(example: dict[str, Any], language: str) -> str:
    """The example in one language as Markdown, whether the file keeps it whole or in parts."""
    part = example.get(language, "")
    if isinstance(part, dict):
        return "\n\n".join(str(text).strip() for text in part.values()) + "\n"
    return str(part)


def _line(item: dict[str, Any]) -> dict[str, Any]:
    quantity = Decimal(str(item["quantity"])) * 1000
    return {"item": item["item"], "unit": item["unit"], "quantity": int(quantity), "price": int(item["price"])}


def _paper(file: Path) -> PaperText:
    data = tomllib.loads(file.read_text("utf-8"))
    bodies = {language: file.with_name(f"{file.stem}.{language}.md").read_text("utf-8") for language in ("kk", "ru")}
    return PaperText(
        slug=data["slug"],
        position=data["position"],
        title=data["title"],
        body=bodies,
        project_types=tuple(data.get("project_types", ())),
        is_required=bool(data.get("is_required", False)),
    )
