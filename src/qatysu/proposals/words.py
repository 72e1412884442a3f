"""A proposal's text in the reader's language: the original, else the Centre's translation, else the original again."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from qatysu.identity.models import Account
from qatysu.proposals.models import Proposal


@dataclass(frozen=True, slots=True)
class Words:
    """Text with the language it is written in (for ``lang=``)."""

    title: str
    problem: str
    solution: str
    address: str
    language: str
    is_translated: bool


def words_of(proposal: Proposal, language: str | None = None) -> Words:
    """Text for a reader of ``language`` (the active one by default); no query when translations are prefetched."""
    wanted = (language or get_language() or "kk")[:2]
    if wanted != proposal.language:
        for row in proposal.translations.all():
            if row.language == wanted:
                return Words(
                    row.title,
                    row.problem or proposal.problem,
                    row.solution or proposal.solution,
                    row.address or proposal.address,
                    wanted,
                    True,
                )
    title = proposal.title or _("Idea without a title")
    return Words(title, proposal.problem, proposal.solution, proposal.address, proposal.language, False)


def initials(account: Account | None) -> str:
    """``Л. С.`` of a name: people appear as initials until they choose otherwise (DESIGN 8)."""
    letters = [part[0].upper() for part in (account.name if account else "").split() if part[:1].isalpha()]
    return " ".join(f"{letter}." for letter in letters[:2]) or _("A resident")
