"""Words of documents in templates."""

from __future__ import annotations

from django import template
from django.utils.html import format_html

from qatysu.documents.words import STATES

register = template.Library()


@register.simple_tag
def edition_mark(state: str) -> str:
    """A state of an edition as its status mark."""
    text, shape = STATES[state]
    return format_html('<span class="status{}">{}</span>', f" status--{shape}" if shape else "", text)
