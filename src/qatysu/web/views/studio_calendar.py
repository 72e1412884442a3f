"""The calendar of a round and the public acts that move it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from qatysu.core.errors import NotFound
from qatysu.core.periods import WindowState, last_day
from qatysu.core.regulation import Action, Stage
from qatysu.rounds import commands, queries
from qatysu.rounds.access import staff
from qatysu.rounds.calendar import is_voting_fixed
from qatysu.rounds.models import Round
from qatysu.web.views.studio_forms import ActForm, CalendarForm
from qatysu.web.views.studio_gate import MENDABLE, fill, may, open_round, page, to
from qatysu.web.views.studio_motion_forms import VotingMotionForm
from qatysu.web.views.studio_motions import propose_voting
from qatysu.web.views.studio_words import refusal_text, stage_name
from qatysu.web.words import ACTS

COMMANDS = {
    "extend": commands.extend_stage, "pause": commands.pause_stage, "resume": commands.resume_stage,
    "open": commands.open_stage_now, "close": commands.close_stage_now,
}
#: Acts that a state of the window allows.
_OFFERED = {
    WindowState.BEFORE: ("open",), WindowState.OPEN: ("extend", "pause", "close"),
    WindowState.PAUSED: ("resume", "extend", "close"), WindowState.AFTER: (),
}


@staff
def calendar(request: HttpRequest, city_slug: str, round_slug: str) -> HttpResponse:
    """Step 4: days of the stages; those of a public round that have opened are moved by acts only."""
    round_ = open_round(request, city_slug, round_slug)
    now = timezone.now()
    form = CalendarForm(request.POST if request.method == "POST" else None, initial=_initial(round_, now))
    if request.method == "POST" and form.is_valid() and _save(request, round_, form):
        messages.success(request, _("The calendar is saved."))
        return to("studio_calendar" if round_.is_public else "studio_check", round_)
    views = {view.stage: view for view in queries.calendar(round_, now)}
    is_draft = not round_.is_public and round_.constitution.frozen_at is None
    rows = [
        (stage, name, first, last, views.get(stage), _can_edit(round_, stage, views.get(stage), is_draft=is_draft, now=now),
         _OFFERED[views[stage].state] if stage in views and round_.is_public else ())
        for stage, name, first, last in form.rows()
    ]
    acts = [(act, ACTS.get(act.kind, act.kind), stage_name(act.stage.stage)) for act in queries.calendar_acts(round_)[:50]]
    allowed = may(request, round_, Action.CHANGE_CALENDAR)
    context: dict[str, Any] = {"form": form, "rows": rows, "acts": acts, "may": allowed, "step_now": 4}
    return page(request, "calendar.html", round_, status=422 if request.method == "POST" else 200, **context)


def _can_edit(round_: Round, stage: str, view: queries.StageView | None, *, is_draft: bool, now: datetime) -> bool:
    """Whether the days of a stage may be typed anew: it has not opened, and the log does not hold them."""
    return not is_voting_fixed(round_, stage) and (is_draft or view is None or view.opens_at > now)


def _initial(round_: Round, now: Any) -> dict[str, Any]:
    zone = queries.zone_of(round_)
    found = {}
    for view in queries.calendar(round_, now):
        found[f"{view.stage}-first"] = view.opens_at.astimezone(zone).date()
        found[f"{view.stage}-last"] = last_day(view.closes_at, zone)
    return found


def _save(request: HttpRequest, round_: Round, form: CalendarForm) -> bool:
    """Only stages whose days the person changed are sent to the command: an act may have set an hour."""
    days = {stage: span for stage, span in form.days().items() if {f"{stage}-first", f"{stage}-last"} & set(form.changed_data)}
    try:
        commands.edit_calendar(actor=request.user, round_=round_, days=days, now=timezone.now())
    except MENDABLE as error:
        stage = str(getattr(error, "field", "") or error.params.get("stage", ""))
        form.add_error(f"{stage}-first" if f"{stage}-first" in form.fields else None, refusal_text(error))
        return False
    return True


@staff
def act(request: HttpRequest, city_slug: str, round_slug: str, stage: str, kind: str) -> HttpResponse:
    """Extend, pause, resume, open or close a stage, with the reason that everybody reads.

    For voting after the freeze the act becomes a motion: a second person must confirm it.
    """
    round_ = open_round(request, city_slug, round_slug)
    if kind not in COMMANDS or stage not in Stage.__members__.values():
        raise NotFound("stage")
    view = next((v for v in queries.calendar(round_, timezone.now()) if v.stage == stage), None)
    if view is None:
        raise NotFound("stage")
    is_motion = is_voting_fixed(round_, stage)
    form = _act_form(request, kind, is_motion=is_motion)
    if request.method == "POST" and form.is_valid() and isinstance(form, VotingMotionForm):
        done = propose_voting(request, round_, kind, form)
        if done is not None:
            return done
    elif request.method == "POST" and form.is_valid():
        call = COMMANDS[kind]
        if fill(form, lambda: call(  # type: ignore[operator]  # reason: one shape with an optional day
                actor=request.user, round_=round_, stage=Stage(stage), now=timezone.now(), **form.cleaned_data)):
            messages.success(request, _("Done. The act and its reason are public."))
            return to("studio_calendar", round_)
    context: dict[str, Any] = {"form": form, "kind": kind, "view": view, "name": stage_name(stage), "zone": round_.city.time_zone,
               "last_day": last_day(view.closes_at, queries.zone_of(round_)),
               "is_motion": is_motion, "may": may(request, round_, Action.CHANGE_CALENDAR)}
    return page(request, "act.html", round_, status=422 if request.method == "POST" else 200, **context)


def _act_form(request: HttpRequest, kind: str, *, is_motion: bool) -> ActForm | VotingMotionForm:
    data = request.POST if request.method == "POST" else None
    return VotingMotionForm(data, request.FILES or None, kind=kind) if is_motion else ActForm(data, kind=kind)
