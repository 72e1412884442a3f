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

from qatysu.ballots import logs, queries, receipts, voters
from qatysu.ballots.models import SlateEntry
from qatysu.ballots.words import six_words
from qatysu.core.errors import Conflict, QatysuError, StageClosed
from qatysu.core.periods import WindowState
from qatysu.core.regulation import Stage
from qatysu.rounds.models import Constitution, Round
from qatysu.rounds.queries import StageView, calendar, zone_of

#: Reason of the refusal when the key that finds a voter's ballot is with the commission.
KEY_SEALED = "round_key_sealed"
#: Seconds between looks of the receipt page while the ballot waits; a slow box is looked at by reloading.
LOOKS_S = (3, 5, 10, 20, 40, 60, 120, 300)


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
    return _common(round_, now) | {"may_have_receipt": person is not None and has_receipt(round_, person.id)}


def has_receipt(round_: Round, voter_id: str) -> bool:
    """Whether the receipt page has something to say to this voter: a ballot, or that the key is with the commission."""
    try:
        return queries.standing(round_, voter_id) is not None
    except Conflict as refusal:
        if refusal.reason != KEY_SEALED:
            raise
        return True


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


def grouped_fingerprint(fingerprint: str) -> str:
    """The first eight groups of four digits: the short code on paper."""
    return " ".join(fingerprint[i : i + 4] for i in range(0, 32, 4))


def receipt(request: HttpRequest, round_: Round, person: voters.Voter, now: datetime, origin: str) -> dict[str, Any] | None:
    """The receipt of the ballot in force, or None before the first one.

    Raises Conflict ``round_key_sealed`` once nobody here can tell which ballot is whose.
    """
    standing = queries.standing(round_, person.id)
    if standing is None:
        return None
    address = f"{origin}{reverse('verify', args=[round_.city.slug, round_.slug])}?q={standing.fingerprint[:32]}"
    stage = voting_stage(round_, now)
    size, path = qr(address)
    return _common(round_, now) | _progress(request, round_, standing, now) | {
        "standing": standing,
        "words": six_words(standing.fingerprint),
        "fingerprint": grouped_fingerprint(standing.fingerprint),
        "qr_size": size,
        "qr_path": path,
        "verify_url": address,
        "can_vote_again": bool(standing.attempts_left and stage and stage.state is WindowState.OPEN),
        "voter": person,
    }


def _progress(request: HttpRequest, round_: Round, standing: queries.Standing, now: datetime) -> dict[str, Any]:
    """How far the ballot has come: the road of its states, the promise while it waits, what is open, when to look again."""
    log, box = logs.log_of(round_), queries.box(round_)
    closed, opened = receipts.is_closed(log), receipts.opened(log, standing)
    waits = standing.idx is None
    by = voters.promised_by(request, round_, standing.leaf)
    return {
        "road": road(standing, is_closed=closed, is_opened=opened is not None),
        "is_closed": closed,
        "promise": receipts.promise(box, standing.leaf, now, by) if waits else None,
        "is_opened": opened is not None,
        "chosen": _titles(round_, opened.codes) if opened is not None and request.GET.get("choice") == "shown" else (),
        "look_again": _look_again(request) if waits else None,
    }


def _look_again(request: HttpRequest) -> tuple[int, int] | None:
    """Number of the next look and seconds until it, longer each time; None when there were enough of them."""
    text = request.GET.get("look", "0")
    look = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0
    return (look + 1, LOOKS_S[look]) if look < len(LOOKS_S) else None


def _titles(round_: Round, codes: Sequence[str]) -> tuple[Option, ...]:
    return tuple(_option(entry, True) for entry in queries.entries(round_) if entry.code in codes)


def road(found: queries.Found, *, is_closed: bool, is_opened: bool) -> list[tuple[str, str]]:
    """(name, mark) of the states on the way of a ballot; marks: ``done``, ``now``, ``stop``, '' for what is still ahead."""
    state, marks = found.state, {"accepted": "done", "in_box": "done"}
    if state is queries.State.ACCEPTED or found.idx is None:
        marks = {"accepted": "now", "in_box": ""}
    if state in (queries.State.REPLACED, queries.State.ANNULLED):
        return [*marks.items(), (str(state), "stop"), *([("opened", "done")] if is_opened else [])]
    if marks["in_box"] and not is_closed:
        marks["in_box"] = "now"
    marks["counted"] = "" if not is_closed else "done" if is_opened else "now"
    marks["opened"] = "now" if is_opened else ""
    return list(marks.items())


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
