"""A city's own colours: which tokens it may set, and whether they can be read (DESIGN 13)."""

from __future__ import annotations

import re
from collections.abc import Mapping

#: Tokens of the deep field and of gold: the same in the light and the dark theme.
DEEP_TOKENS = ("brand-deep", "on-deep", "on-deep-quiet", "deep-line", "accent", "accent-strong", "on-accent")
#: Tokens that stand on paper: only the light theme takes them, the dark theme keeps its own.
PAPER_TOKENS = ("brand", "brand-strong", "brand-tint", "on-brand", "accent-tint")
_DEFAULTS = {
    "brand": "#0a5c4a", "on-brand": "#fffdf7", "brand-deep": "#0b3a30", "on-deep": "#f4f1e4",
    "accent": "#f2b52e", "on-accent": "#1b2019", "paper": "#faf7ef",
}  # fmt: skip
#: (foreground, background, lowest ratio)
_RATIOS = (
    ("on-brand", "brand", 7.0),
    ("on-deep", "brand-deep", 7.0),
    ("on-accent", "accent", 7.0),
    ("brand", "paper", 4.5),
)
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


def tokens(brand: Mapping[str, object]) -> dict[str, str]:
    """Known token names with a ``#rrggbb`` value; everything else in ``brand`` is left out."""
    found: dict[str, str] = {}
    for name, value in brand.items():
        token = str(name).removeprefix("--")
        if token in DEEP_TOKENS + PAPER_TOKENS and isinstance(value, str) and _COLOUR.fullmatch(value):
            found[token] = value
    return found


def contrast(first: str, second: str) -> float:
    """WCAG contrast ratio of two ``#rrggbb`` colours, 1 to 21."""
    high, low = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def weak_pairs(brand: Mapping[str, object]) -> list[str]:
    """Pairs of the theme that cannot be read well enough, as ``on-brand/brand 3.1 < 7``; empty when all are fine."""
    colours = _DEFAULTS | tokens(brand)
    found = ((front, back, contrast(colours[front], colours[back]), floor) for front, back, floor in _RATIOS)
    return [f"{front}/{back} {ratio:.1f} < {floor:g}" for front, back, ratio, floor in found if ratio < floor]


def stylesheet(brand: Mapping[str, object], theme: str) -> str:
    """CSS of the brand for ``theme`` (dark, light, or '' for the device's choice); '' when a pair is too weak."""
    chosen = tokens(brand)
    if not chosen or weak_pairs(brand):
        return ""
    deep = _rule({name: chosen[name] for name in DEEP_TOKENS if name in chosen})
    paper = _rule({name: chosen[name] for name in PAPER_TOKENS if name in chosen})
    if theme == "light":
        return f"@layer tokens {{ {deep} {paper} }}\n"
    if theme == "dark":
        return f"@layer tokens {{ {deep} }}\n"
    return f"@layer tokens {{ {deep} @media not all and (prefers-color-scheme: dark) {{ {paper} }} }}\n"


def _rule(values: Mapping[str, str]) -> str:
    return f":root {{ {' '.join(f'--{name}: {value};' for name, value in values.items())} }}" if values else ""


def _luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
