"""What the pages of the Project Centre share: the gate, addresses, one way to run a command."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from qatysu.coaching import queries
from qatysu.coaching.models import Workspace
from qatysu.coaching.refusal_words import say
from qatysu.core.errors import Conflict, IllegalMove, Invalid, NotAllowed, NotFound, QatysuError, TooMany
from qatysu.core.regulation import Action
from qatysu.proposals.wording import say as say_of_proposals
from qatysu.rounds.authorize import decide
from qatysu.rounds.models import Round
from qatysu.rounds.queries import get_round

#: Refusals that a page answers itself; the rest become pages of their own.
ANSWERED = (Invalid, Conflict, NotAllowed, TooMany, IllegalMove)


def may(request: HttpRequest, round_: Round, action: Action) -> bool:
    """Whether the reader may do ``action`` in the round now."""
    return decide(request.user, action, round_, now=timezone.now()).allowed


def centre_round(request: HttpRequest, city_slug: str, round_slug: str, action: Action = Action.SEE_CENTRE) -> Round:
    """The round at this address for those who may do ``action`` in it. Raises NotFound otherwise."""
    round_ = get_round(city_slug, round_slug, request.user)
    if not may(request, round_, action):
        raise NotFound("round")
    return round_


def team_at(request: HttpRequest, city_slug: str, round_slug: str, code: str) -> Workspace:
    """The room of a team for those who may see the Centre. Raises NotFound."""
    round_ = centre_round(request, city_slug, round_slug)
    return queries.get_workspace(round_, code, request.user, timezone.now())


def round_url(name: str, round_: Round, **more: Any) -> str:
    """Address of a page of the round's Centre."""
    return reverse(name, kwargs={"city_slug": round_.city.slug, "round_slug": round_.slug, **more})


def team_url(name: str, room: Workspace, **more: Any) -> str:
    """Address of a page of one team in the Centre."""
    return round_url(name, room.proposal.round, code=room.proposal.code, **more)


def base(round_: Round, **more: Any) -> dict[str, Any]:
    """What every page of the Centre shows around its own."""
    return {"round": round_, "city": round_.city, "language": (get_language() or "kk")[:2], **more}


def team_context(request: HttpRequest, room: Workspace, **more: Any) -> dict[str, Any]:
    """What every page of one team shows around its own."""
    viewer = queries.standing_of(room, request.user, timezone.now())
    return base(room.proposal.round, room=room, proposal=room.proposal, viewer=viewer, **more)


def words(error: QatysuError) -> str:
    """The sentence for a refusal; those of proposals have their own table."""
    found = say(error)
    return found if found != say(QatysuError("unknown")) else say_of_proposals(error)


def do(request: HttpRequest, act: Callable[[], Any], back: str, done: str = "") -> HttpResponse:
    """Run one command and go back; a refusal is said on the page one comes back to."""
    try:
        act()
    except ANSWERED as error:
        messages.error(request, words(error))
    else:
        if done:
            messages.success(request, done)
    return HttpResponseRedirect(back)


def number(text: str | None) -> int:
    """A key typed into an address or a field; 0, which nothing has, when it is not one."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= 9 else 0
