"""Notes beside the fields of a module."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

from qatysu.coaching.queries.talking import Said

register = template.Library()


@register.inclusion_tag("coaching/talk/_notes.html", takes_context=True)
def notes_at(context: template.Context, notes: Mapping[str, tuple[Said, ...]] | None, field: str) -> dict[str, Any]:
    """Notes on ``field`` ('' for the module) with small forms that belong to the ``notes_form`` of the page."""
    threads = (notes or {}).get(field, ())
    return {
        "threads": threads,
        "field": field,
        "count": sum(1 + len(said.replies) for said in threads),
        "new": sum(said.is_new + sum(reply.is_new for reply in said.replies) for said in threads),
        "city": context.get("city"),
        "language": context.get("language"),
    }
