"""One team as the Centre sees it: modules, coach, risk, advice, readiness, leaving, history."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from qatysu.audit.models import Deed
from qatysu.coaching import commands, queries
from qatysu.coaching.centre_words import LACKS
from qatysu.coaching.models import Workspace
from qatysu.coaching.queries import Item
from qatysu.coaching.views.centre_common import do, may, number, team_at, team_context, team_url
from qatysu.core.errors import Invalid
from qatysu.core.regulation import Action
from qatysu.identity.models import Account
from qatysu.proposals.models import State
from qatysu.proposals.reasons import DROP_OUT
from qatysu.rounds.access import staff

MOST_DEEDS = 30


@staff
@never_cache
@require_safe
def team(request: HttpRequest, city_slug: str, round_slug: str, code: str) -> HttpResponse:
    """Everything the Centre knows about one team."""
    room, now = team_at(request, city_slug, round_slug, code), timezone.now()
    round_, seen = room.proposal.round, queries.overview(room, now)
    context = team_context(
        request,
        room,
        overview=seen,
        lacks=[_lack(item) for item in seen.readiness.missing],
        team=room.proposal.team.select_related("account").order_by("role", "joined_at", "pk"),
        opinions=queries.opinions(room),
        invites=_invites(room, now),
        deeds=Deed.objects.filter(target=f"coaching.workspace:{room.pk}").select_related("actor")[:MOST_DEEDS],
        coaches=queries.coaches_of(round_, now.date()) if may(request, round_, Action.ASSIGN_COACH) else (),
        reasons=tuple(DROP_OUT.items()),
        may_record=may(request, round_, Action.RECORD_DROPOUT) and room.proposal.state == State.IN_SESSIONS,
        may_ready=may(request, round_, Action.PREPARE_PROJECT) and room.proposal.state == State.IN_SESSIONS,
    )
    return render(request, "coaching/centre/team.html", context)


def _lack(item: Item) -> tuple[str, Any]:
    """What is missing: a sentence, or '' and the module that is not accepted."""
    return (str(LACKS.get(item.code, item.code)), None) if item.module is None else ("", item.module)


def _invites(room: Workspace, now: datetime) -> list[tuple[Any, str]]:
    """Links to specialists with their standing: open, over, revoked."""
    rows = []
    for invite in queries.invites(room):
        standing = "revoked" if invite.revoked_at else "over" if invite.expires_at <= now else "open"
        rows.append((invite, standing))
    return rows


@staff
@require_POST
def assign(request: HttpRequest, city_slug: str, round_slug: str, code: str) -> HttpResponse:
    """Take the team, give it to a coach, or leave it without one."""
    room, now = team_at(request, city_slug, round_slug, code), timezone.now()
    asked = request.POST.get("coach", "")
    return do(
        request,
        lambda: commands.assign_coach(actor=request.user, workspace=room, coach=_coach(request, asked), now=now),
        team_url("centre_team", room),
        _("Stored. The team has no coach now.") if asked == "none" else _("Stored. The coach is told."),
    )


def _coach(request: HttpRequest, asked: str) -> Any:
    """The person that the form names. Raises Invalid ``not_a_coach``."""
    if asked == "me":
        return request.user
    if asked == "none":
        return None
    found = Account.objects.filter(pk=number(asked), is_active=True).first()
    if found is None:
        raise Invalid("not_a_coach", field="coach")
    return found


@staff
@require_POST
def dropout(request: HttpRequest, city_slug: str, round_slug: str, code: str) -> HttpResponse:
    """Record that the team has left, with its reason; asks for a tick first."""
    room = team_at(request, city_slug, round_slug, code)
    if not request.POST.get("sure"):
        messages.error(request, _("Tick that you have spoken with the team."))
        return HttpResponseRedirect(team_url("centre_team", room))

    def act() -> None:
        commands.record_dropout(
            actor=request.user,
            workspace=room,
            reason_code=request.POST.get("reason_code", "")[:40],
            reason_text=request.POST.get("reason_text", "").replace("\0", "").strip(),
            now=timezone.now(),
        )

    return do(request, act, team_url("centre_team", room), _("Recorded. Everything the team wrote is kept."))


@staff
@require_POST
def ready(request: HttpRequest, city_slug: str, round_slug: str, code: str) -> HttpResponse:
    """Send the project to the Council with its passport."""
    room = team_at(request, city_slug, round_slug, code)
    return do(
        request,
        lambda: commands.mark_ready(actor=request.user, proposal=room.proposal, now=timezone.now()),
        team_url("centre_team", room),
        _("The passport is issued; the project goes to the Council."),
    )
