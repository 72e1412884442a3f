"""Tags and filters that every template may use (registered as builtins)."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from django import template
from django.template.loader import get_template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from qatysu.core import money

register = template.Library()
_FALLBACK = {"kk": ("kk", "ru", "en"), "ru": ("ru", "kk", "en"), "en": ("en", "ru", "kk")}
_SYMBOLS = Path(__file__).resolve().parents[1] / "icons.svg"


def in_language(thing: Any, field: str, language: str | None = None) -> str:
    """``thing.<field>_<language>``; the next language of the fallback order when it is empty."""
    for code in _FALLBACK.get((language or get_language() or "kk")[:2], _FALLBACK["kk"]):
        value = getattr(thing, f"{field}_{code}", "")
        if value:
            return str(value)
    return ""


@register.filter
def tr(thing: Any, field: str) -> str:
    """``{{ city|tr:"name" }}``: the field in the reader's language."""
    return in_language(thing, field)


@register.filter
def tenge(amount: int | None) -> str:
    """``61 040 000 ₸``; a dash for an unknown sum."""
    return "—" if amount is None else money.tenge(int(amount))


@register.filter
def grouped(number: int | None) -> str:
    """Digits in groups; a dash for an unknown number."""
    return "—" if number is None else money.grouped(int(number))


@register.filter
def percent(value: Fraction | None) -> str:
    """``4,16 %`` of an exact share."""
    return money.percent(value)


@cache
def _symbols() -> dict[str, str]:
    import re  # reason: used once per process

    found = re.findall(r'<symbol id="i-([a-z]+)" viewBox="0 0 24 24">(.*?)</symbol>', _SYMBOLS.read_text())
    return dict(found)


@register.simple_tag
def icon(name: str) -> SafeString:
    """One of the 24 drawn symbols of DESIGN 6; decoration beside a word."""
    body = mark_safe(_symbols()[name])  # noqa: S308  # reason: our own drawing
    return format_html('<svg class="icon" aria-hidden="true" viewBox="0 0 24 24">{}</svg>', body)


@register.simple_tag
def plan(kind: str, moment: str = "after", label: str = "") -> SafeString:
    """The drawing of a place from above: ``kind`` names it, ``moment`` is before or after, ``label`` makes it an image."""
    name = kind if kind in PLANS else "park"
    body = get_template(f"ui/plans/{name}-{moment}.svg").template.source  # type: ignore[attr-defined]  # reason: raw source
    inner = mark_safe(body)  # noqa: S308  # reason: our own drawing
    role = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html('<div class="plan"><svg viewBox="0 0 360 240" {}>{}</svg></div>', role, inner)


#: Names of drawings in ``ui/templates/ui/plans``.
PLANS: frozenset[str] = frozenset(
    p.name.removesuffix("-after.svg") for p in (Path(__file__).resolve().parents[1] / "templates/ui/plans").glob("*-after.svg")
)
