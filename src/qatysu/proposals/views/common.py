"""What the views of this package share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from qatysu.core.errors import Conflict, Invalid, NotAllowed, QatysuError, TooMany
from qatysu.proposals.models import Proposal
from qatysu.proposals.wording import say
from qatysu.rounds.models import Round

#: Refusals that a page answers beside the form; the rest become pages of their own.
ANSWERED = (Invalid, Conflict, NotAllowed, TooMany)


def draft_url(proposal: Proposal, step: str) -> str:
    """Address of one step."""
    return reverse("draft", kwargs={"token": proposal.token, "step": step})


def project_url(proposal: Proposal, anchor: str = "") -> str:
    """Public address of a submitted proposal."""
    where = {"city_slug": proposal.round.city.slug, "round_slug": proposal.round.slug, "code": proposal.code}
    return reverse("project", kwargs=where) + anchor


def home_of(proposal: Proposal) -> str:
    """Where its team goes on: the last step of a draft, the public page afterwards."""
    return project_url(proposal) if proposal.number is not None else draft_url(proposal, "check")


def round_url(name: str, round_: Round) -> str:
    """Address of a page of the round."""
    return reverse(name, kwargs={"city_slug": round_.city.slug, "round_slug": round_.slug})


def do(request: HttpRequest, act: Callable[[], Any], back: str, done: str = "") -> HttpResponse:
    """Run one command and go back; a refusal is said on the page one comes back to."""
    try:
        act()
    except ANSWERED as error:
        refuse(request, error)
    else:
        if done:
            messages.success(request, done)
    return HttpResponseRedirect(back)


def refuse(request: HttpRequest, error: QatysuError) -> None:
    """Leave the sentence of a refusal for the next page."""
    messages.error(request, say(error))


def number(text: str | None) -> int:
    """A key typed into an address or field; 0, which nothing has, when it is not one."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= 18 else 0
