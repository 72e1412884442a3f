"""What the pages of the voting path show, as template contexts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import segno
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language

from qatysu.ballots import queries, voters
from qatysu.ballots.models import SlateEntry
from qatysu.ballots.words import prefix_of, six_words
from qatysu.core.errors import Invalid, QatysuError, StageClosed
from qatysu.core.periods import WindowState
from qatysu.core.regulation import Stage
from qatysu.rounds.models import Constitution, Round
from qatysu.rounds.queries import StageView, calendar, zone_of


@dataclass(frozen=True, slots=True)
class Option:
    """One project on the ballot page, in the reader's language where there is a translation."""

    entry: SlateEntry
    title: str
    address: str
    language: str
    plan: str
    is_chosen: bool


def voting_stage(round_: Round, now: datetime) -> StageView | None:
    """The voting stage of the round's calendar."""
    return next((view for view in calendar(round_, now) if view.stage is Stage.VOTING), None)


def is_open(round_: Round, now: datetime) -> bool:
    """True while ballots are taken."""
    stage = voting_stage(round_, now)
    return stage is not None and stage.state is WindowState.OPEN


def _open_stage(round_: Round, now: datetime) -> StageView:
    stage = voting_stage(round_, now)
    if stage is None or stage.state is not WindowState.OPEN:
        raise StageClosed("voting_closed", round=round_, stage=stage)
    return stage


def _common(round_: Round, now: datetime) -> dict[str, Any]:
    return {"round": round_, "city": round_.city, "zone": zone_of(round_), "voting": voting_stage(round_, now)}


def sign_in(request: HttpRequest, round_: Round, now: datetime) -> dict[str, Any]:
    """Ways to vote in this round and what stands in the way of a signed-in person."""
    methods = set(round_.constitution.methods)
    return _common(round_, now) | {
        "by_code": Constitution.Method.CODE in methods,
        "by_phone": Constitution.Method.PHONE in methods,
        "by_email": Constitution.Method.EMAIL in methods,
        "obstacle": voters.obstacle_of(request, round_),
        "voter": voters.voter_of(request, round_),
        "next": reverse("ballot", args=[round_.city.slug, round_.slug]),
    }


def closed(request: HttpRequest, round_: Round, now: datetime) -> dict[str, Any]:
    """When voting was or will be, and whether this person has a receipt."""
    person = voters.voter_of(request, round_)
    return _common(round_, now) | {"standing": queries.standing(round_, person.id) if person else None}


def _options(round_: Round, person: voters.Voter, chosen: Sequence[str]) -> list[Option]:
    by_code = {entry.code: entry for entry in queries.entries(round_)}
    order = queries.box(round_).order(person.id)
    return [_option(by_code[code], code in chosen) for code in order]


def _option(entry: SlateEntry, is_chosen: bool) -> Option:
    proposal = entry.proposal
    language = (get_language() or "kk")[:2]
    kind = proposal.plan or (proposal.category.plan if proposal.category else "park")
    if proposal.language != language:
        for text in proposal.translations.all():
            if text.language == language:
                return Option(entry, text.title, text.address or proposal.address, language, kind, is_chosen)
    return Option(entry, entry.title, proposal.address, proposal.language, kind, is_chosen)


def ballot(round_: Round, person: voters.Voter, chosen: Sequence[str], now: datetime) -> dict[str, Any]:
    """The ballot in this voter's order. Raises StageClosed when voting is not open."""
    _open_stage(round_, now)
    box = queries.box(round_)
    return _common(round_, now) | {
        "options": _options(round_, person, chosen),
        "box": box,
        "chosen_count": len(chosen),
        "standing": queries.standing(round_, person.id),
        "voter": person,
    }


def review(round_: Round, person: voters.Voter, chosen: Sequence[str], now: datetime) -> dict[str, Any]:
    """The chosen projects. Raises StageClosed when voting is not open."""
    _open_stage(round_, now)
    options = [option for option in _options(round_, person, chosen) if option.is_chosen]
    return _common(round_, now) | {
        "options": options,
        "box": queries.box(round_),
        "standing": queries.standing(round_, person.id),
    }


def not_stored(round_: Round, person: voters.Voter, refusal: QatysuError, now: datetime) -> dict[str, Any]:
    """What is in the box although the last submission was refused (PEERS T45)."""
    return _common(round_, now) | {"refusal": refusal, "standing": queries.standing(round_, person.id)}


def grouped_fingerprint(commitment: str) -> str:
    """The first eight groups of four digits."""
    return " ".join(commitment[i : i + 4] for i in range(0, 32, 4))


def receipt(round_: Round, person: voters.Voter, now: datetime, origin: str) -> dict[str, Any] | None:
    """The receipt of the ballot in force, or None before the first one."""
    standing = queries.standing(round_, person.id)
    if standing is None:
        return None
    address = f"{origin}{reverse('verify', args=[round_.city.slug, round_.slug])}?q={standing.commitment[:32]}"
    stage = voting_stage(round_, now)
    size, path = qr(address)
    return _common(round_, now) | {
        "standing": standing,
        "words": six_words(standing.commitment),
        "fingerprint": grouped_fingerprint(standing.commitment),
        "qr_size": size,
        "qr_path": path,
        "verify_url": address,
        "can_vote_again": bool(standing.attempts_left and stage and stage.state is WindowState.OPEN),
        "voter": person,
    }


def qr(text: str) -> tuple[int, str]:
    """A QR code of ``text``: side of the view box with a margin of two, and the SVG path of its dark squares."""
    code = segno.make(text, error="m", micro=False)
    runs = []
    for y, row in enumerate(code.matrix):
        x = 0
        while x < len(row):
            if row[x]:
                start = x
                while x < len(row) and row[x]:
                    x += 1
                runs.append(f"M{start} {y}h{x - start}v1h-{x - start}z")
            else:
                x += 1
    size = len(code.matrix) + 4
    return size, "".join(runs)


def verify(round_: Round, query: str, now: datetime) -> dict[str, Any]:
    """The answer to a search by six words or by a fingerprint; ``refusal`` says what is wrong with the query."""
    context = _common(round_, now) | {"query": query, "found": None, "searched": False, "refusal": None}
    context["ballots"] = queries.ballots_stored(round_)
    context["voters"] = queries.turnout(round_)
    if not query.strip():
        return context
    try:
        prefix = _prefix(query)
    except Invalid as refusal:
        return context | {"refusal": refusal}
    found = queries.find(round_, prefix)
    extra = {"found": found, "searched": True}
    return context | extra | ({"fingerprint": grouped_fingerprint(found.commitment)} if found else {})


def _prefix(query: str) -> str:
    folded = "".join(query.casefold().split())
    if folded and all(ch in "0123456789abcdef" for ch in folded):
        if len(folded) < 12:
            raise Invalid("fingerprint_short", field="q")
        return folded[:64]
    return prefix_of(query)
