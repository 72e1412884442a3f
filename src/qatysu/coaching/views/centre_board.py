"""The Centre at a glance: who waits, who may leave, where every team is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from qatysu.coaching import commands, queries
from qatysu.coaching.centre_words import headline
from qatysu.coaching.models import WorkState
from qatysu.coaching.queries import Board, Slip
from qatysu.coaching.views.centre_common import base, centre_round, do, may, number, round_url
from qatysu.core.regulation import Action
from qatysu.identity.access import account_of
from qatysu.proposals.models import State
from qatysu.rounds.access import staff
from qatysu.rounds.authorize import decide
from qatysu.rounds.models import Round
from qatysu.rounds.queries import studio_rounds, zone_of

#: Slips of a column and rows of a list before "N more".
FEW, PAGE = 12, 50
SHOWS = ("all", "mine", "waiting", "risk")


@staff
@never_cache
@require_safe
def centre(request: HttpRequest) -> HttpResponse:
    """Rounds whose Centre the reader may see."""
    now, account = timezone.now(), account_of(request)
    rounds = [r for r in studio_rounds(account, now.date()) if decide(account, Action.SEE_CENTRE, r, now=now).allowed]
    handed = Q(proposals__workspace__works__state=WorkState.SUBMITTED)
    rows = Round.objects.filter(pk__in=[r.pk for r in rounds]).annotate(
        teams=Count("proposals", filter=Q(proposals__state=State.IN_SESSIONS), distinct=True),
        waiting=Count("proposals", filter=Q(proposals__state=State.IN_SESSIONS) & handed, distinct=True),
    )
    counts = {row.pk: row for row in rows}
    shown = [(round_, counts[round_.pk].teams, counts[round_.pk].waiting) for round_ in rounds]
    shown.sort(key=lambda row: (row[1] == 0, row[0].city.slug))
    return render(request, "coaching/centre/rounds.html", {"rounds": shown})


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the list is narrowed to: ``show`` is one of SHOWS, ``coach`` a key, ``none`` or '', ``column`` a key."""

    show: str
    coach: str
    column: str
    text: str

    @property
    def is_set(self) -> bool:
        """True when the page shows a list instead of the board."""
        return self.show != "all" or bool(self.coach or self.column or self.text)


def _chosen(request: HttpRequest) -> Chosen:
    asked = {
        name: request.GET.get(name, "").replace("\0", "").strip()[:100] for name in ("show", "coach", "column", "q")
    }
    show = asked["show"] if asked["show"] in SHOWS else "all"
    return Chosen(show, asked["coach"], asked["column"], asked["q"])


@staff
@never_cache
@require_safe
def board(request: HttpRequest, city_slug: str, round_slug: str) -> HttpResponse:
    """Queue, risks, board, loads; with filters a list."""
    round_, now, chosen = centre_round(request, city_slug, round_slug), timezone.now(), _chosen(request)
    found = queries.board(round_, now)
    context = base(
        round_,
        board=found,
        chosen=chosen,
        headline=headline(len(found.queue)),
        figures=_figures(found, round_, now),
        queue=found.queue[:FEW],
        risky=found.at_risk[:FEW],
        columns=[(column, column.slips[:FEW], max(0, len(column.slips) - FEW)) for column in found.columns],
        coaches=[load.coach for load in found.loads if load.coach is not None],
        has_course=len(found.columns) > 1,
        may_edit=may(request, round_, Action.EDIT_COURSE),
        today=now.astimezone(zone_of(round_)),
    )
    if chosen.is_set:
        context |= _listed(found, chosen, request)
    return render(request, "coaching/centre/board.html", context)


def _listed(found: Board, chosen: Chosen, request: HttpRequest) -> dict[str, Any]:
    fits = [slip for slip in found.slips if _fits(slip, chosen, account_of(request).pk)]
    if chosen.show in ("waiting", "risk"):
        order = {
            slip.workspace.pk: n for n, slip in enumerate(found.queue if chosen.show == "waiting" else found.at_risk)
        }
        fits.sort(key=lambda slip: order[slip.workspace.pk])
    pages = max(1, -(-len(fits) // PAGE))
    page = min(max(number(request.GET.get("page")), 1), pages)
    asked = request.GET.copy()
    asked.pop("page", None)
    shown = fits[(page - 1) * PAGE : page * PAGE]
    return {"listed": shown, "total": len(fits), "page": page, "pages": pages, "asked": asked.urlencode()}


def _fits(slip: Slip, chosen: Chosen, own: int) -> bool:
    room = slip.workspace
    shown = {
        "all": True,
        "mine": room.coach_id == own,
        "waiting": slip.waiting is not None,
        "risk": slip.risk.level >= 2,
    }[chosen.show]
    coached = not chosen.coach or (
        room.coach_id is None if chosen.coach == "none" else str(room.coach_id) == chosen.coach
    )
    text = chosen.text.casefold()
    named = (
        not text
        or text in room.proposal.title.casefold()
        or text.lstrip("№ ").lstrip("0") == room.proposal.code.lstrip("0")
    )
    return shown and coached and named and (not chosen.column or slip.column == chosen.column)


def _figures(found: Board, round_: Round, now: datetime) -> dict[str, Any]:
    """Numbers above the board; ``due`` is the module whose last day comes next, ``days`` until then."""
    at_work = [slip for slip in found.slips if slip.workspace.proposal.state == State.IN_SESSIONS]
    today = now.astimezone(zone_of(round_)).date()
    coming = [
        c.module
        for c in found.columns
        if c.module is not None and c.module.due_on is not None and c.module.due_on >= today
    ]
    due = min(coming, key=lambda module: module.due_on or today, default=None)
    left = sum(found.left.values())
    return {
        "at_work": len(at_work),
        "all": len(found.slips) + left,
        "ready": len(found.slips) - len(at_work),
        "risk": len(found.at_risk),
        "left": left,
        "due": due,
        "days": (due.due_on - today).days if due is not None and due.due_on is not None else None,
    }


@staff
@require_POST
def install(request: HttpRequest, city_slug: str, round_slug: str) -> HttpResponse:
    """Give the round the standard course."""
    round_ = centre_round(request, city_slug, round_slug)
    return do(
        request,
        lambda: commands.install_course(actor=request.user, round_=round_, now=timezone.now()),
        round_url("centre_board", round_),
        _("The standard course is here. Its texts and dates can be changed."),
    )
