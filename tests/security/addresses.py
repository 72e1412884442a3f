"""All addresses of the program, with arguments that lead to real objects."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import IntConverter, UUIDConverter
from django.utils import translation


@dataclass(frozen=True, slots=True)
class Address:
    """One pattern: its name, its view, the names of its arguments with their kinds."""

    name: str
    view: Callable[..., Any]
    arguments: tuple[tuple[str, type], ...]

    @property
    def access(self) -> str:
        """What the view declares: public, signed_in, staff, voter; '' when it declares nothing."""
        return getattr(self.view, "access", "")

    def arguments_from(self, known: dict[str, Any]) -> dict[str, Any]:
        """Arguments of this address: known ones by name, harmless ones for the rest."""
        return {name: known[name] if name in known else _harmless(kind) for name, kind in self.arguments}


def _harmless(kind: type) -> Any:
    if issubclass(kind, IntConverter):
        return 1
    return uuid.UUID(int=7) if issubclass(kind, UUIDConverter) else "x"


def _walk(patterns: list[Any], before: tuple[tuple[str, type], ...]) -> Iterator[Address]:
    for item in patterns:
        converters = getattr(item.pattern, "converters", {})
        regex_names = getattr(getattr(item.pattern, "regex", None), "groupindex", {})
        own = tuple((name, type(converters[name]) if name in converters else str) for name in {**converters, **regex_names})
        if isinstance(item, URLResolver):
            yield from _walk(item.url_patterns, before + own)
        elif isinstance(item, URLPattern):
            yield Address(item.name or "", item.callback, before + own)


def all_addresses() -> list[Address]:
    """Every address that the program serves."""
    with translation.override("en"):
        return list(_walk(get_resolver(settings.ROOT_URLCONF).url_patterns, ()))
