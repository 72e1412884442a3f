"""The outcome rule in plain words, for templates."""

from __future__ import annotations

from django import template

from qatysu.rounds import plain_rule
from qatysu.rounds.models import Constitution

register = template.Library()


@register.filter
def win_sentence(constitution: Constitution) -> str:
    """Who wins by this constitution, in the reader's language."""
    return plain_rule.win_sentence(constitution)
