"""Words of the Council in templates."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html

from qatysu.council import words
from qatysu.council.models import Poll
from qatysu.council.queries.reviews import Finding
from qatysu.proposals.reasons import NOT_ADMIT

register = template.Library()
_TABLES = {
    "role": words.ROLES, "kind": words.KINDS, "verdict": words.VERDICTS, "interest": words.INTERESTS, "told": words.TOLD,
    "voice": words.VOICES, "answer": words.ANSWERS, "presence": words.PRESENCE, "reason": NOT_ADMIT,
}
_MARKS = {
    "seat": words.SEATS, "matter": words.MATTERS, "meeting": words.MEETINGS, "protocol": words.PROTOCOLS, "appeal": words.APPEALS,
    "unit": words.UNITS,
}


@register.filter
def called(code: str, table: str) -> str:
    """The word for a code of one of the tables; an option of a vote stays what it is."""
    return str(_TABLES[table].get(code, code))


@register.simple_tag
def mark(table: str, code: str) -> str:
    """A state as its status mark."""
    text, shape = _MARKS[table][code]
    return format_html('<span class="status{}">{}</span>', f" status--{shape}" if shape else "", text)


@register.filter
def came_of(poll: Poll) -> str:
    """What came of a vote, in words."""
    return words.outcome_words(poll)


@register.filter
def fact(finding: Finding) -> str:
    """What the machine found, in words."""
    return words.finding_words(finding)


@register.filter
def item(mapping: dict[Any, Any], key: Any) -> Any:
    """A value of a mapping."""
    return mapping.get(key)
