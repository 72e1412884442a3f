"""Small helps for the sessions' templates."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from django import template

from qatysu.coaching.fields import decimal
from qatysu.coaching.models import Opinion, WorkState
from qatysu.coaching.risk import Reason
from qatysu.coaching.words import ADVICE, MARKS, STATES, VERDICT_MARKS, VERDICTS, reason_words

register = template.Library()


@register.filter
def entry(mapping: Mapping[Any, Any], key: Any) -> Any:
    """The value at ``key``, or None."""
    return mapping.get(key) if mapping else None


@register.filter
def state_words(state: str) -> str:
    """What a state of a work is called."""
    return str(STATES[WorkState(state)])


@register.filter
def state_mark(state: str) -> str:
    """Shape of the mark of a state."""
    return MARKS[WorkState(state)]


@register.filter
def verdict_words(verdict: str) -> str:
    """What an opinion's verdict is called."""
    return str(VERDICTS[Opinion.Verdict(verdict)])


@register.filter
def verdict_mark(verdict: str) -> str:
    """Shape of the mark of a verdict."""
    return VERDICT_MARKS[Opinion.Verdict(verdict)]


@register.filter
def sign(reason: Reason) -> str:
    """A sign of risk in words."""
    return reason_words(reason)


@register.filter
def advice(reason: Reason) -> str:
    """What can be done about a sign of risk."""
    return str(ADVICE.get(reason.code, ""))


@register.filter
def ring(share: Fraction) -> str:
    """Dashes of a ring of radius 12 filled to ``share``: its length is 75.4."""
    return f"{float(share) * 75.4:.1f} 75.4"


@register.filter
def percent_of(share: Fraction) -> int:
    """A share as whole percent."""
    return int(share * 100)


@register.filter
def thousandths(value: int | None) -> str:
    """A quantity in thousandths as people write it: ``2,5``."""
    return decimal(value or 0, 3)
