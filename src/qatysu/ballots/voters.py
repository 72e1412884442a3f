"""Who is voting in this request: an account, or a one-time code that was typed in this browser."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from django.http import HttpRequest
from django.utils import timezone

from qatysu.ballots import queries
from qatysu.identity.models import Account
from qatysu.rounds.models import Round


@dataclass(frozen=True, slots=True)
class Voter:
    """Somebody who may vote in a round; ``id`` is what the handle is made from and is stored nowhere."""

    id: str
    kind: Literal["code", "account"]


def _pass_key(round_: Round) -> str:
    return f"pass:{round_.pk}"


def _choice_key(round_: Round) -> str:
    return f"choice:{round_.pk}"


def _promise_key(round_: Round) -> str:
    return f"promise:{round_.pk}"


def admit_code(request: HttpRequest, round_: Round, voter_id: str) -> None:
    """Remember in this browser that a one-time code was typed."""
    request.session[_pass_key(round_)] = voter_id
    forget_choices(request, round_)


def leave(request: HttpRequest, round_: Round) -> None:
    """Forget the code and the choice: the next voter at this device starts afresh."""
    request.session.pop(_pass_key(round_), None)
    request.session.pop(_promise_key(round_), None)
    forget_choices(request, round_)


def voter_of(request: HttpRequest, round_: Round) -> Voter | None:
    """The voter of this request, or None when nobody here may vote yet."""
    code = request.session.get(_pass_key(round_))
    if isinstance(code, str) and "code" in round_.constitution.methods:
        return Voter(code, "code")
    if isinstance(request.user, Account) and not obstacle_of(request, round_):
        return Voter(queries.account_voter_id(request.user), "account")
    return None


def obstacle_of(request: HttpRequest, round_: Round) -> str:
    """Why a signed-in person may not vote: see ``queries.account_obstacle``; '' for a visitor."""
    if not isinstance(request.user, Account):
        return ""
    return queries.account_obstacle(request.user, round_, year=timezone.now().year)


def keep_choices(request: HttpRequest, round_: Round, choices: list[str]) -> None:
    """Keep the choice in the voter's own browser between choosing and confirming."""
    request.session[_choice_key(round_)] = choices[:100]


def kept_choices(request: HttpRequest, round_: Round) -> list[str]:
    """The choice kept in this browser; empty when there is none."""
    kept = request.session.get(_choice_key(round_), [])
    return [code for code in kept if isinstance(code, str)] if isinstance(kept, list) else []


def forget_choices(request: HttpRequest, round_: Round) -> None:
    """The choice is in the box now, or was given up: no trace of it stays in the browser."""
    request.session.pop(_choice_key(round_), None)


def keep_promise(request: HttpRequest, round_: Round, leaf: bytes, by: int) -> None:
    """Keep in the voter's own browser until when (Unix time) the box promised to hold this ballot; the first time stays."""
    if promised_by(request, round_, leaf) is None:
        request.session[_promise_key(round_)] = [leaf.hex(), by]


def promised_by(request: HttpRequest, round_: Round, leaf: bytes) -> int | None:
    """Until when this ballot was promised in this browser; None when it was cast in another one."""
    kept = request.session.get(_promise_key(round_))
    known = isinstance(kept, list) and len(kept) == 2 and kept[0] == leaf.hex() and isinstance(kept[1], int)
    return int(kept[1]) if known else None  # type: ignore[index]  # reason: a list of two, seen just before
