"""Tags and filters that every template may use (registered as builtins)."""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.template.defaultfilters import stringfilter
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from qatysu.core import money
from qatysu.ui import brand, dates, navigation, typography

register = template.Library()
_FALLBACK = {"kk": ("kk", "ru", "en"), "ru": ("ru", "kk", "en"), "en": ("en", "ru", "kk")}
_SYMBOLS = Path(__file__).resolve().parents[1] / "icons.svg"
_DRAWINGS = Path(__file__).resolve().parents[1] / "templates" / "ui"


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
def percent(value: Fraction | None, digits: int = 2) -> str:
    """``4,16 %`` of an exact share, with at most ``digits`` decimals."""
    text = money.percent(value, digits)
    return text.replace(",", ".") if _language() == "en" else text


@register.filter
def mln_number(amount: int) -> str:
    """``61,04`` of 61 040 000: millions with at most two decimals, rounded half up."""
    hundredths = (int(amount) + 5_000) // 10_000
    whole, rest = divmod(hundredths, 100)
    tail = f"{rest:02d}".rstrip("0")
    mark = "." if _language() == "en" else ","
    return money.grouped(whole) + (mark + tail if tail else "")


@register.filter
def mln(amount: int | None) -> str:
    """``61,04 млн ₸`` for prose; whole tenge below one million; a dash for an unknown sum."""
    if amount is None or abs(amount) < 1_000_000:
        return tenge(amount)
    return (_("%(sum)s m ₸") % {"sum": mln_number(amount)}).replace(" ", money.NBSP)


@register.filter
def day(moment: date | datetime | None, city: Any = None) -> str:
    """``8 қараша`` with the year, in the zone of ``city``; a dash when there is no date."""
    return "—" if moment is None else dates.long(dates.local(moment, _zone(city)), _language())


@register.filter
def day_short(moment: date | datetime | None, city: Any = None) -> str:
    """Day and month without the year, in the zone of ``city``."""
    return "—" if moment is None else dates.short(dates.local(moment, _zone(city)), _language())


@register.filter
def clock(moment: datetime, city: Any = None) -> str:
    """``14:20`` in the zone of ``city``."""
    return f"{moment.astimezone(_zone(city)):%H:%M}"


@register.filter
def moment(at: datetime, city: Any = None) -> str:
    """Day with the year and the minute, in the zone of ``city``."""
    return f"{day(at, city)}, {clock(at, city)}"


@register.filter
def deadline(closes_at: datetime, city: Any = None) -> str:
    """``8 қараша, 23:59``: the last minute that still counts (SPEC 2)."""
    last, minute = dates.last_moment(closes_at, _zone(city))
    return f"{dates.short(last, _language())}, {minute}"


@register.filter
def last_day(closes_at: datetime, city: Any = None) -> str:
    """``8 қараша``: the last day that still counts."""
    return dates.short(dates.last_moment(closes_at, _zone(city))[0], _language())


@register.simple_tag
def period(opens_at: datetime, closes_at: datetime, city: Any = None, year: bool = False) -> str:
    """``15 августа – 2 октября`` of a window [opens_at, closes_at); with ``year`` the year is named."""
    zone = _zone(city)
    days = dates.local(opens_at, zone), dates.last_moment(closes_at, zone)[0]
    return dates.period_long(*days, _language()) if year else dates.period(*days, _language())


@register.filter(is_safe=True)
@stringfilter
def typo(text: str) -> str:
    """Binds little words, numbers and dashes (DESIGN 4); safety of the text stays what it was."""
    return typography.bind(text)


@register.simple_tag(takes_context=True)
def city_here(context: template.Context) -> Any:
    """The city of the page: ``city`` itself, else that of ``round``; None on the installation's own pages."""
    return context.get("city") or getattr(context.get("round"), "city", None)


@register.simple_tag(takes_context=True)
def sections_here(context: template.Context) -> list[navigation.Link]:
    """Links of the page's round for header and footer; empty elsewhere."""
    round_ = context.get("round")
    return navigation.sections(round_, context.get("request")) if round_ else []


@register.filter
def deep_colour(city: Any) -> str:
    """Colour of the browser's frame: the city's own deep field, or the product's."""
    own = getattr(city, "brand", None) or {}
    return "#0b3a30" if brand.weak_pairs(own) else brand.tokens(own).get("brand-deep", "#0b3a30")


@register.filter
def last_day_long(closes_at: datetime, city: Any = None) -> str:
    """The last day that still counts, with its year."""
    return dates.long(dates.last_moment(closes_at, _zone(city))[0], _language())


@register.filter
def initials(name: str) -> str:
    """``М. Б.`` of a person's name."""
    return typography.initials(name or "")


def _language() -> str:
    return (get_language() or "kk")[:2]


def _zone(city: Any) -> ZoneInfo:
    return ZoneInfo(getattr(city, "time_zone", "") or "Asia/Almaty")


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


@cache
def _drawing(name: str) -> SafeString:
    return mark_safe((_DRAWINGS / name).read_text().strip())  # noqa: S308  # reason: our own drawing


@register.simple_tag
def town() -> SafeString:
    """The drawn town that stands for any city on maps (blocks, houses, railway, pit); 1200 x 760 units."""
    return _drawing("_town.svg")


@register.simple_tag
def plan(kind: str, moment: str = "after", label: str = "") -> SafeString:
    """The drawing of a place from above: ``kind`` names it, ``moment`` is before or after, ``label`` makes it an image."""
    name = kind if kind in PLANS else "park"
    inner = _drawing(f"plans/{name}-{moment}.svg")
    role = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html('<div class="plan"><svg viewBox="0 0 360 240" {}>{}</svg></div>', role, inner)


@register.simple_tag
def plan_sprite(kinds: Any) -> SafeString:
    """Each drawing named in ``kinds`` once, for the thumbnails of ``plan_thumb`` further down the page."""
    names = sorted({kind if kind in PLANS else "park" for kind in kinds})
    symbols = ((name, _drawing(f"plans/{name}-after.svg")) for name in names)
    body = format_html_join("", '<symbol id="plan-{}" viewBox="0 0 360 240">{}</symbol>', symbols)
    return format_html('<svg class="vh" aria-hidden="true" width="0" height="0">{}</svg>', body)


@register.simple_tag
def plan_thumb(kind: str) -> SafeString:
    """A thumbnail of a drawing that ``plan_sprite`` has put on the page; decoration beside the title."""
    name = kind if kind in PLANS else "park"
    return format_html(
        '<div class="plan"><svg viewBox="0 0 360 240" aria-hidden="true"><use href="#plan-{}"/></svg></div>', name
    )


#: Names of drawings in ``ui/templates/ui/plans``.
PLANS: frozenset[str] = frozenset(p.name.removesuffix("-after.svg") for p in (_DRAWINGS / "plans").glob("*-after.svg"))


@register.filter
def block_kind(block: object) -> str:
    """What a block of a document is, for ``ui/_paper.html``: ``heading``, ``paragraph``, ``bulletlist``, ``table``, ``signature``."""
    return type(block).__name__.lower()


@register.filter
def cut_words(text: str) -> list[str]:
    """Words of a literal, to loop over."""
    return text.split()


@register.filter
@stringfilter
def lower_first(text: str) -> str:
    """The text with a small first letter: a sentence inside another one."""
    return text[:1].lower() + text[1:]
