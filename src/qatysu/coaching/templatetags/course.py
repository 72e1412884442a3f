"""Inputs of the course editor's lists."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

from qatysu.workbook.schema import Words

register = template.Library()


@register.filter
def in_language(words: Words, language: str) -> str:
    """A text of a form in ``language``, else in another one that has it."""
    return words.in_(language)


@register.inclusion_tag("coaching/course/_cell.html")
def cell(
    row: Mapping[str, Any], prefix: str, at: str, name: str, lang: str, label: str, wrong: str, refusal: str, long: Any = False
) -> dict[str, Any]:
    """One input of a line: ``prefix.at.name_lang``; without a language ``prefix.at.name``."""
    key = f"{name}_{lang}" if lang else name
    id_ = f"{prefix}.{at}.{key}"
    value = row.get(key, "")
    return {
        "id": id_,
        "label": label,
        "lang": lang,
        "value": "" if value is None else value,
        "long": bool(long),
        "number": int(at) + 1,
        "is_wrong": wrong == id_,
        "refusal": refusal,
    }
