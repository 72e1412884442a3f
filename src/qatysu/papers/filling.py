"""Gaps in templates of documents: ``{{ name }}`` becomes the value of ``name``, and never anything but its words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_GAP = re.compile(r"\{\{\s*([a-z][a-z0-9_]{0,63})\s*\}\}")
_MARKUP = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~&:$^=\"'/])")
_LINES = re.compile(r"\s*[\r\n\v\f\x85\u2028\u2029]+\s*")


@dataclass(frozen=True, slots=True)
class Filled:
    """A template after filling, and the names that had no value, each once, in order."""

    text: str
    missing: tuple[str, ...]


def fill(template: str, values: Mapping[str, str]) -> Filled:
    """``template`` (Markdown) with its gaps filled from ``values``.

    Values are escaped for Markdown and put on one line, so a person's text cannot become a heading, a list, a link or
    another gap. An unknown or empty name stays visible as it was written in the template, and is reported.
    """
    missing: dict[str, None] = {}

    def value(found: re.Match[str]) -> str:
        name = found.group(1)
        text = values.get(name, "").strip()
        if not text:
            missing[name] = None
            return escaped(found.group())
        return escaped(text)

    return Filled(_GAP.sub(value, template), tuple(missing))


def names(template: str) -> tuple[str, ...]:
    """Names of the gaps of ``template``, each once, in order."""
    return tuple(dict.fromkeys(_GAP.findall(template)))


def escaped(text: str) -> str:
    """``text`` on one line such that Markdown prints exactly its words."""
    return _MARKUP.sub(r"\\\1", _LINES.sub(" ", text.replace("\x00", "").replace("\t", " ")).strip())
