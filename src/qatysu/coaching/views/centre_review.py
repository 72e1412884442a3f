"""Reading what a team has handed in: answers beside remarks, then accept or return."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from qatysu.coaching import commands, queries
from qatysu.coaching.centre_answers import answers_of
from qatysu.coaching.models import CannedRemark, Work, WorkState
from qatysu.coaching.queries import Slip
from qatysu.coaching.views.centre_common import ANSWERED, number, team_at, team_context, team_url, words
from qatysu.coaching.views.team_versions import described
from qatysu.core.errors import Conflict, Invalid, QatysuError
from qatysu.rounds.access import staff
from qatysu.workbook.schema import form_from

_REMARK, _CANNED = "remark.", "canned."


@staff
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, city_slug: str, round_slug: str, code: str, module: str) -> HttpResponse:
    """Show the work of a team in a module; a POST decides on it or puts a ready remark into a field."""
    room = team_at(request, city_slug, round_slug, code)
    work, now = queries.get_work(room, module), timezone.now()
    if request.method != "POST":
        return _page(request, work, now)
    drafts, deed = _drafts(work, request.POST), request.POST.get("do", "")
    if deed.startswith("canned:"):
        return _page(request, work, now, drafts=_with_canned(request, work, drafts, deed.partition(":")[2]))
    if deed == "accept" and (drafts or work.remarks.filter(resolved_at=None).exists()):
        return _page(request, work, now, drafts=drafts, is_asking=True, status=409)
    try:
        done = _decide(request, work, deed, drafts, now)
    except ANSWERED as error:
        return _page(request, queries.get_work(room, module), now, drafts=drafts, refusal=error, status=error.status)
    messages.success(request, done)
    return HttpResponseRedirect(team_url("centre_review", room, module=module))


def _drafts(work: Work, post: Mapping[str, str]) -> dict[str, str]:
    """Remarks as typed, by field id; '' is the module as a whole."""
    known = {"", *(field.id for field in form_from(work.module.form).fields)}
    typed = {name.removeprefix(_REMARK): text for name, text in post.items() if name.startswith(_REMARK)}
    return {field: text for field, text in typed.items() if field in known and text.strip()}


def _with_canned(request: HttpRequest, work: Work, drafts: dict[str, str], field: str) -> dict[str, str]:
    """The drafts with the chosen ready remark added to that of ``field``, in the language of the team."""
    chosen = _canned(work).filter(pk=number(request.POST.get(f"{_CANNED}{field}"))).first()
    if chosen is None:
        return drafts
    return {**drafts, field: "\n".join(part for part in (drafts.get(field, "").strip(), _text(chosen, work)) if part)}


def _canned(work: Work) -> QuerySet[CannedRemark]:
    """Ready remarks of the module and those for every module."""
    own = Q(module=None) | Q(module=work.module)
    return CannedRemark.objects.filter(own, round=work.workspace.proposal.round).order_by("module", "position", "pk")


def _text(remark: CannedRemark, work: Work) -> str:
    language = work.workspace.proposal.language
    return str(getattr(remark, f"text_{language}", "") or remark.text_ru)


def _decide(request: HttpRequest, work: Work, deed: str, drafts: dict[str, str], now: datetime) -> str:
    """Run the decision; returns the sentence that says it is done."""
    if deed not in ("return", "accept", "accept!", "remark"):
        raise Invalid("unknown_deed", field="do")
    # Who decides must have read what stands now.
    if deed != "remark" and number(request.POST.get("version")) != work.version:
        raise Conflict("illegal_move")
    language = (get_language() or "kk")[:2]
    if deed == "return":
        commands.return_work(actor=request.user, work=work, remarks=list(drafts.items()), language=language, now=now)
        return _("Returned. The team is told which remarks to mend.")
    for field, text in drafts.items():
        commands.add_remark(actor=request.user, work=work, field=field, text=text, language=language, now=now)
    if deed == "remark":
        if not drafts:
            raise Invalid("remark_needed", field="remark")
        return _("The remarks are stored; the team sees them beside the fields.")
    commands.accept_work(actor=request.user, work=work, now=now)
    return _("Accepted. The team is told.")


def _page(
    request: HttpRequest,
    work: Work,
    now: datetime,
    *,
    drafts: dict[str, str] | None = None,
    is_asking: bool = False,
    refusal: QatysuError | None = None,
    status: int = 200,
) -> HttpResponse:
    room, remarks = work.workspace, queries.remarks_of(work)
    context = team_context(request, room, work=work, asking=is_asking, refusal=words(refusal) if refusal else "")
    language, known = context["language"], {field.id for field in form_from(work.module.form).fields}
    context |= {
        "answers": answers_of(work, language, remarks=remarks, drafts=drafts),
        "whole": tuple(remark for remark in remarks if remark.field not in known),
        "draft": (drafts or {}).get("", ""),
        "open_count": sum(remark.resolved_at is None for remark in remarks),
        "typed_count": len(drafts or {}),
        "canned": [(row.pk, _text(row, work)) for row in _canned(work)],
        "changes": _changes(work, language),
        "decided": work.decided_at,
        "next": _next(work, now),
        "files": team_url("workspace", room) + "files/",
        "may_decide": context["viewer"].may_coach and room.proposal.state == "in_sessions",
        "points": [
            (_label(point, language), point["id"] in work.ticks)
            for point in work.module.checklist
            if isinstance(point, dict)
        ],
    }
    return render(request, "coaching/centre/review.html", context, status=status)


def _label(point: Mapping[str, Any], language: str) -> str:
    return str(point["label"].get(language) or point["label"].get("ru", ""))


def _changes(work: Work, language: str) -> list[dict[str, Any]]:
    """What the team has changed since the Centre last decided; [] when it never has."""
    if work.decided_at is None or work.state == WorkState.ACCEPTED:
        return []
    before = queries.version_at(work, work.decided_at)
    return [described(one, language) for one in queries.differences(work, before, work.version)]


def _next(work: Work, now: datetime) -> Slip | None:
    """The next team in the queue whose module is handed in."""
    queue = queries.board(work.workspace.proposal.round, now).queue
    waiting = (slip for slip in queue if slip.waits_for is not None and slip.waits_for.pk != work.pk)
    return next(waiting, None)
