"""Casting what a request says: the one step that ``views.confirm`` and its short way (``config.lean``) share."""

from __future__ import annotations

import base64
import logging

from django.http import HttpRequest
from django.utils import timezone

from qatysu.ballots import commands, voters
from qatysu.ballots.booth import Booth
from qatysu.ballots.promises import due_by, promise_for
from qatysu.ballots.store import Stored
from qatysu.core.errors import Conflict
from qatysu.rounds.models import Round

log = logging.getLogger(__name__)
#: The promise goes along in this header, for programs.
PROMISE_HEADER = "Qatysu-Promise"


def chosen_in(request: HttpRequest, round_: Round) -> list[str]:
    """The choice of a form, else the one kept in the browser."""
    return request.POST.getlist("choice") or voters.kept_choices(request, round_)


def cast_from(request: HttpRequest, booth: Booth, person: voters.Voter) -> str:
    """Store the ballot of this request and sign the promise; returns the signed note in base64, '' when it cannot be signed.

    The promise is signed after the ballot is on disk. Its deadline is kept in the voter's own browser, so that the receipt shows
    the same one, and the choice leaves it. Raises what ``commands.cast_into`` raises.
    """
    chosen = chosen_in(request, booth.round)
    stored = commands.cast_into(booth.box, person.id, chosen, form_token=request.POST.get("form_token", "")[:100])
    voters.forget_choices(request, booth.round)
    return _promise(request, booth, stored)


def _promise(request: HttpRequest, booth: Booth, stored: Stored) -> str:
    by = due_by(booth.box.max_delay_s, timezone.now())
    voters.keep_promise(request, booth.round, stored.leaf, by)
    try:
        return base64.b64encode(promise_for(booth.box, stored.leaf, by).encode()).decode()
    except Conflict as refusal:
        log.error("a promise could not be signed: %s", refusal)
        return ""
