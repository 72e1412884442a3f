"""The sections of a round, as the header and the footer list them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

#: Section -> names of the addresses that belong to it, the section's own first.
_SECTIONS: dict[str, tuple[str, ...]] = {
    "projects": ("projects", "project", "propose"),
    "ballot": ("ballot", "ballot_review", "ballot_confirm", "receipt", "round_sign_in", "round_sign_in_code"),
    "results": ("results",),
    "works": ("works",),
    "documents": ("documents",),
}


@dataclass(frozen=True, slots=True)
class Link:
    """One entry of the navigation; ``current`` is the value of ``aria-current`` or ''."""

    url: str
    label: str
    current: str


def sections(round_: Any, request: HttpRequest | None) -> list[Link]:
    """Links to the sections of ``round_``; a section whose address is not installed is left out."""
    labels = {
        "projects": _("Projects"),
        "ballot": _("Voting"),
        "results": _("Results"),
        "works": _("Works"),
        "documents": _("Rules"),
    }
    here = getattr(getattr(request, "resolver_match", None), "url_name", "") or ""
    links = []
    for section, names in _SECTIONS.items():
        try:
            url = reverse(section, kwargs={"city_slug": round_.city.slug, "round_slug": round_.slug})
        except NoReverseMatch:
            continue
        current = "page" if here == section else ("true" if here in names else "")
        links.append(Link(url, labels[section], current))
    return links
