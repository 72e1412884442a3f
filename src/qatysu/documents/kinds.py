"""Kinds of normative documents (study 3.1): their titles, and which rules each must tell."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from django.db import models

_TEXTS = Path(__file__).resolve().parent / "texts"
LANGUAGES = ("kk", "ru")


class Kind(models.TextChoices):
    """What a document is about."""

    MEMORANDUM = "memorandum", "Memorandum"
    SELECTION = "selection", "Regulation on selection"
    COUNCIL = "council", "Regulation on the Expert Council"
    CENTRE = "centre", "Regulation on the Project Centre"
    OTHER = "other", "Another document"


TITLES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        Kind.MEMORANDUM: {"kk": "Өзара ынтымақтастық туралы меморандум", "ru": "Меморандум о взаимном сотрудничестве"},
        Kind.SELECTION: {"kk": "Жобаларды іріктеу туралы ереже", "ru": "Положение об отборе проектов"},
        Kind.COUNCIL: {"kk": "Сараптамалық кеңес туралы ереже", "ru": "Положение об Экспертном совете"},
        Kind.CENTRE: {"kk": "Жоба орталығы туралы ереже", "ru": "Положение о Проектном центре"},
    }
)
#: Inserts without which a document of the kind cannot be handed in: what the software does must stand in it.
REQUIRED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        Kind.SELECTION: (
            "parties", "money", "funders", "categories", "exclusions", "propose", "council", "appeals", "vote", "methods", "ballot",
            "again", "counts", "log", "win", "budgets", "conflicts", "tie", "calendar",
        ),
        Kind.COUNCIL: ("council", "appeals"),
        Kind.MEMORANDUM: ("parties", "funders"),
        Kind.CENTRE: (),
        Kind.OTHER: (),
    }
)


def template_text(kind: str, language: str) -> str:
    """The text that a first edition begins with; '' for a document of one's own."""
    path = _TEXTS / f"{kind}.{language}.md"
    return path.read_text("utf-8") if path.exists() else ""
