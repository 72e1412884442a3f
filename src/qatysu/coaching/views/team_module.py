"""The module page: lessons, remarks, the form; saving with and without a script."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from qatysu.coaching import commands, queries
from qatysu.coaching.commands.talking import people_of
from qatysu.coaching.fields import Drawn, clash_texts, fault_words, files_of
from qatysu.coaching.models import Work
from qatysu.coaching.queries.talking import notes_of
from qatysu.coaching.refusal_words import say
from qatysu.coaching.views import team_deeds
from qatysu.coaching.views.team_common import ANSWERED, context_of, new_id, room_url, work_at
from qatysu.core.errors import QatysuError
from qatysu.core.money import tenge
from qatysu.identity.access import signed_in
from qatysu.rounds.queries import zone_of
from qatysu.workbook import estimate
from qatysu.workbook.errors import BadAnswer
from qatysu.workbook.schema import Kind, form_from


@signed_in
@require_http_methods(["GET", "POST"])
def module(request: HttpRequest, city_slug: str, round_slug: str, code: str, module: str) -> HttpResponse:
    """Show the module, or save what was written and do what the button says."""
    work = work_at(request, city_slug, round_slug, code, module)
    if request.method == "POST":
        return _posted(request, work)
    return _page(request, work, more=request.GET.get("more", ""))


def _posted(request: HttpRequest, work: Work) -> HttpResponse:
    now, deed = timezone.now(), request.POST.get("do", "save")
    try:
        saved = _save(request, work, team_deeds.changed_raw(work, request.POST, deed), now)
        fresh = saved.work
        fresh.workspace = work.workspace
        wrong = team_deeds.add_files(request, fresh, now, new_id)
        more = team_deeds.perform(request, fresh, deed, now, new_id)
    except ANSWERED as error:
        return _page(request, work, status=error.status, refusal=error, typed=request.POST)
    if saved.faults or wrong:
        fresh = queries.get_work(work.workspace, work.module.slug)
        return _page(request, fresh, status=422, faults=saved.faults, wrong=wrong)
    if deed == "submit":
        return HttpResponseRedirect(room_url("workspace", work.workspace))
    if deed == "save":
        messages.success(request, _("Saved."))
    anchor = f"?more={more}#f-{more}" if more else team_deeds.anchor_of(deed)
    return HttpResponseRedirect(room_url("workspace_module", work.workspace, module=work.module.slug) + anchor)


def _save(request: HttpRequest, work: Work, raw: Mapping[str, Any], now: datetime) -> commands.Saved:
    base = request.POST.get("base", "")
    number = int(base) if base.isascii() and base.isdigit() and len(base) <= 9 else work.version
    return commands.save_work(actor=request.user, work=work, base=number, raw=raw, now=now, new_id=new_id)


@signed_in
@require_POST
def autosave(request: HttpRequest, city_slug: str, round_slug: str, code: str, module: str) -> HttpResponse:
    """Save what a script sends while somebody writes; JSON with the new version, sums, and fields to be shown anew."""
    work = work_at(request, city_slug, round_slug, code, module)
    now = timezone.now()
    raw, names = team_deeds.named_rows(form_from(work.module.form), request.POST, new_id)
    try:
        saved = _save(request, work, raw, now)
        fresh = saved.work
        fresh.workspace = work.workspace
        wrong = team_deeds.add_files(request, fresh, now, new_id)
    except ANSWERED as error:
        return JsonResponse({"refused": say(error)}, status=error.status)
    fresh = queries.get_work(work.workspace, work.module.slug)
    told = _told(request, fresh, saved, now)
    told["faults"] = {_place(fault, raw): fault_words(fault) for fault in saved.faults} | wrong
    return JsonResponse(told | {"rows": names})


def _told(
    request: HttpRequest, work: Work, saved: commands.Saved, now: datetime
) -> dict[str, Any]:
    """What the page must know after a save."""
    drawn = _drawn(work, faults=saved.faults)
    anew = {*saved.foreign, *(clash.field for clash in saved.clashes)}
    anew |= {name.split(".")[1] for name in request.FILES}
    views = {view.field.id: view for view in drawn.views()}
    context = context_of(request, work.workspace, now, work=work, may_write=True, notes=notes_of(work, request.user))
    html = {
        id_: render_to_string("coaching/team/_field.html", context | {"f": views[id_]}, request)
        for id_ in anew
        if id_ in views
    }
    sums: dict[str, str] = {}
    standing: dict[str, str] = {}
    for view in views.values():
        if view.kind == Kind.ESTIMATE and view.standing is not None:
            sums = {row["id"]: tenge(estimate.amount(row)) for row in work.answers.get(view.field.id) or []}
            standing = standing_words(view.standing)
    at = now.astimezone(zone_of(work.workspace.proposal.round))
    return {
        "version": work.version,
        "saved": _("Saved at %(time)s") % {"time": f"{at:%H:%M}"},
        "fields": html,
        "sums": sums,
        "standing": standing,
        "bars": {row.id: row.bar for view in views.values() for row in view.rows if row.bar},
        "missing": len(queries.missing_of(work)),
        "foreign": bool(saved.foreign),
    }


def _place(fault: BadAnswer, raw: Mapping[str, Any]) -> str:
    """Id of the input that a fault is about; ``fault.row`` counts the rows as they were sent."""
    if not fault.column:
        return f"f-{fault.field}"
    rows = raw.get(fault.field) or []
    row = rows[fault.row - 1].get("id", "") if 0 < fault.row <= len(rows) else ""
    return f"f-{fault.field}-{row}-{fault.column}"


def standing_words(standing: estimate.Standing) -> dict[str, str]:
    """Sums of an estimate formatted, and the sentence about the cap."""
    if standing.is_over:
        words = _("%(sum)s above the cap") % {"sum": tenge(-standing.left)}
    else:
        words = _("%(sum)s left below the cap") % {"sum": tenge(standing.left)}
    return {
        "total": tenge(standing.total),
        "reserve": tenge(standing.reserve),
        "whole": tenge(standing.with_reserve),
        "left": words,
        "state": "stop" if standing.is_over else "ok",
    }


@dataclass(frozen=True, slots=True)
class Point:
    """A point of the checklist."""

    id: str
    label: str
    is_ticked: bool


def _checklist(work: Work, language: str) -> list[Point]:
    points = work.module.checklist
    return [Point(p["id"], p["label"].get(language) or p["label"]["ru"], p["id"] in work.ticks) for p in points]


def _drawn(work: Work, *, faults: tuple[BadAnswer, ...] = (), more: str = "") -> Drawn:
    return Drawn(
        work=work,
        language=get_language() or "kk",
        files=files_of(work),
        remarks=queries.open_remarks(work),
        clashes=queries.open_clashes(work),
        faults=faults,
        cap=work.workspace.proposal.round.constitution.cap,
        more=more,
    )


def _page(
    request: HttpRequest,
    work: Work,
    *,
    status: int = 200,
    refusal: QatysuError | None = None,
    faults: tuple[BadAnswer, ...] = (),
    wrong: Mapping[str, str] | None = None,
    more: str = "",
    typed: Mapping[str, str] | None = None,
) -> HttpResponse:
    now = timezone.now()
    context = context_of(request, work.workspace, now, work=work)
    drawn = _drawn(work, faults=faults, more=more)
    views = drawn.views()
    lacks = queries.missing_of(work)
    language = context["language"]
    may_write = context["viewer"].may_edit and work.state in ("open", "returned")
    context |= {
        "views": views,
        "may_write": may_write,
        "card": next(c for c in queries.overview(work.workspace, now).cards if c.work.pk == work.pk),
        "modules": queries.works_of(work.workspace),
        "lessons": list(work.module.lessons.all()),
        "checklist": _checklist(work, language),
        "general": [remark for remark in drawn.remarks if not remark.field],
        "remarks": drawn.remarks,
        "remarked": [view for view in views if view.remarks],
        "lacking": [view for view in views if view.field.id in lacks],
        "versions": queries.versions(work)[:5],
        "notes": notes_of(work, request.user) if context["viewer"].may_talk else None,
        "people": people_of(work.workspace),
        "refusal": say(refusal) if refusal else "",
        "wrong": dict(wrong or {}),
        "clash_texts": {clash.pk: clash_texts(work, clash) for clash in drawn.clashes},
        "lost": team_deeds.lost_texts(work, typed) if typed is not None and refusal is not None else [],
        "standing": next((standing_words(view.standing) for view in views if view.standing), None),
    }
    return render(request, "coaching/team/module.html", context, status=status)
