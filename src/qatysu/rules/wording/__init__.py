"""Sentences of the rules in three languages, as plain tables: the command line has no catalogues of messages.

Every language has the same keys with the same placeholders. An entry is one text, or a tuple of plural forms of which
the value ``n`` chooses one.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType

from qatysu.core.money import grouped
from qatysu.rules.wording import en, kk, ru

Entry = str | tuple[str, ...]
TABLES: Mapping[str, Mapping[str, Entry]] = MappingProxyType({"kk": kk.TEXTS, "ru": ru.TEXTS, "en": en.TEXTS})
LANGUAGES = tuple(TABLES)


def form(language: str, n: int) -> int:
    """Index of the plural form for ``n``: Kazakh has one (no plural after a numeral), Russian three, English two."""
    if language == "kk":
        return 0
    if language == "en":
        return 0 if n == 1 else 1
    if n % 10 == 1 and n % 100 != 11:
        return 0
    return 1 if n % 10 in (2, 3, 4) and n % 100 not in (12, 13, 14) else 2


def say(language: str, key: str, /, n: int | None = None, **values: str) -> str:
    """The text ``key`` with its placeholders filled; ``n`` chooses the plural form and fills ``{n}``, in groups of three.

    Raises KeyError for an unknown language, an unknown key or a value that is not given.
    """
    entry = TABLES[language][key]
    if n is None:
        if isinstance(entry, tuple):
            raise KeyError(f"{key} needs a number")
        return entry.format_map(values)
    text = entry[form(language, n)] if isinstance(entry, tuple) else entry
    return text.format_map({"n": grouped(n), **values})


def joined(language: str, names: tuple[str, ...]) -> str:
    """``A, B and C``; the word for *and* stands before the last."""
    if len(names) < 2:
        return "".join(names)
    return say(language, "and", first=", ".join(names[:-1]), last=names[-1])


def decimal(value: Fraction) -> str:
    """A share as per cent without needless digits, rounded to one decimal: ``80``, ``66,7``."""
    tenths = (value * 2000 + 1) // 2
    whole, rest = divmod(int(tenths), 10)
    return f"{grouped(whole)},{rest}" if rest else grouped(whole)
