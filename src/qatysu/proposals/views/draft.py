"""The steps of an idea. Every step is saved on its own; nothing typed is lost by a refusal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from qatysu.core.errors import Conflict, Invalid, QatysuError, StageClosed
from qatysu.core.regulation import Action, Role
from qatysu.identity.access import signed_in
from qatysu.proposals import commands, queries, wording
from qatysu.proposals.commands.drafting import EDITABLE
from qatysu.proposals.commands.guards import team_roles
from qatysu.proposals.commands.photos import MAX_FILES
from qatysu.proposals.forms import PLAN_HEIGHT, PLAN_WIDTH, StepForm, step_form
from qatysu.proposals.models import Proposal, State
from qatysu.proposals.readiness import STEPS, lacks
from qatysu.proposals.tiles import get_tiles
from qatysu.proposals.views.common import ANSWERED, do, draft_url, home_of
from qatysu.rounds.authorize import decide

LABELS = {
    "what": gettext_lazy("What and where"),
    "why": gettext_lazy("Problem and solution"),
    "money": gettext_lazy("Money and category"),
    "photos": gettext_lazy("Photos"),
    "team": gettext_lazy("Team"),
    "check": gettext_lazy("Check and submit"),
}


@dataclass(frozen=True, slots=True)
class StepLink:
    """One step in the row of steps."""

    name: str
    label: str
    url: str
    is_here: bool
    lack_count: int


@signed_in
@require_http_methods(["GET", "POST"])
def draft(request: HttpRequest, token: Any, step: str) -> HttpResponse:
    """Show a step, or save it and go on."""
    if step not in STEPS:
        raise Http404
    proposal = queries.get_for_team(token, request.user, timezone.now())
    form = step_form(step, proposal, request.POST if request.method == "POST" else None)
    if form is None or request.method == "GET":
        return _page(request, proposal, step, form)
    if not form.is_valid():
        return _page(request, proposal, step, form, status=422)
    return _save(request, proposal, step, form)


def _save(request: HttpRequest, proposal: Proposal, step: str, form: StepForm) -> HttpResponse:
    try:
        commands.save_step(
            actor=request.user,
            proposal=proposal,
            step=step,
            values=form.values(),
            revision=form.cleaned_data["revision"],
            now=timezone.now(),
        )
    except ANSWERED as error:
        return _refused(request, proposal, step, form, error)
    if request.POST.get("go") == "next":
        return HttpResponseRedirect(draft_url(proposal, STEPS[STEPS.index(step) + 1]) + "?saved=1")
    return HttpResponseRedirect(draft_url(proposal, step) + "?saved=1")


def _refused(request: HttpRequest, proposal: Proposal, step: str, form: StepForm, error: QatysuError) -> HttpResponse:
    """The same page with what was typed still in it; of a conflict also the text stored meanwhile."""
    extra: dict[str, Any] = {"refusal": wording.say(error, proposal.round.constitution)}
    if isinstance(error, Conflict) and error.reason == "edited_elsewhere":
        extra["stored"] = form.as_stored(error.params["stored"])
        form.reopen_on(error.params["revision"])
    if isinstance(error, Invalid) and error.field in form.fields:
        form.add_error(error.field, extra.pop("refusal"))
    return _page(request, proposal, step, form, status=error.status, is_closed=isinstance(error, StageClosed), **extra)


def _page(
    request: HttpRequest, proposal: Proposal, step: str, form: StepForm | None, status: int = 200, **extra: Any
) -> HttpResponse:
    now = timezone.now()
    roles = team_roles(request.user, proposal, now)
    missing = lacks(proposal, proposal.round.constitution)
    decision = decide(request.user, Action.EDIT_PROPOSAL, proposal.round, now=now, also=roles)
    context = {
        "round": proposal.round,
        "city": proposal.round.city,
        "proposal": proposal,
        "step": step,
        "form": form,
        "steps": _links(proposal, step, missing),
        "position": STEPS.index(step) + 1,
        "rules": proposal.round.constitution,
        "can_edit": decision.allowed and proposal.state in EDITABLE,
        "is_closed": decision.because == "stage",
        "is_captain": Role.CAPTAIN in roles,
        "has_saved": "saved" in request.GET,
        "next_url": draft_url(proposal, STEPS[min(STEPS.index(step) + 1, len(STEPS) - 1)]),
        "missing": [
            (
                lack,
                LABELS[lack.step],
                draft_url(proposal, lack.step),
                wording.of_lack(lack, proposal.round.constitution),
            )
            for lack in missing
        ],
    }
    return render(request, f"proposals/draft_{step}.html", context | _of_step(proposal, step) | extra, status=status)


def _links(proposal: Proposal, here: str, missing: Any) -> list[StepLink]:
    count = {step: sum(1 for lack in missing if lack.step == step) for step in STEPS}
    return [StepLink(name, str(LABELS[name]), draft_url(proposal, name), name == here, count[name]) for name in STEPS]


def _of_step(proposal: Proposal, step: str) -> dict[str, Any]:
    """What only this step shows."""
    if step in ("what", "why"):
        found = queries.similar(proposal.round, proposal.title, exclude=proposal.pk) if proposal.title else ()
        place = queries.on_plan(proposal.round, proposal.latitude, proposal.longitude)
        marker = (place[0] * PLAN_WIDTH // 1000, place[1] * PLAN_HEIGHT // 1000) if place else None
        plan = {"plan_width": PLAN_WIDTH, "plan_height": PLAN_HEIGHT, "tiles": get_tiles()}
        return {"similar": found, "marker": marker} | plan
    if step == "photos":
        return {"photos": list(proposal.files.all()), "max_files": MAX_FILES}
    if step == "team":
        return {
            "team": list(proposal.team.all()),
            "open_invites": proposal.invites.filter(revoked_at=None, expires_at__gt=timezone.now()).count(),
        }
    if step == "check":
        return {
            "offers": queries.open_offers(proposal),
            "can_submit": proposal.state in (State.DRAFT, State.RETURNED),
            "team": list(proposal.team.all()),
            "photos": list(proposal.files.all()),
        }
    return {}


@signed_in
@require_POST
def submit(request: HttpRequest, token: Any) -> HttpResponse:
    """Submit; a second click changes nothing."""
    proposal = queries.get_for_team(token, request.user, timezone.now())
    try:
        done = commands.submit_proposal(actor=request.user, proposal=proposal, now=timezone.now())
    except ANSWERED as error:
        return _page(
            request,
            proposal,
            "check",
            None,
            status=error.status,
            is_closed=isinstance(error, StageClosed),
            refusal=wording.say(error, proposal.round.constitution),
        )
    messages.success(request, _("Your proposal is submitted. Its number is %(number)s.") % {"number": done.number})
    return HttpResponseRedirect(home_of(done))


@signed_in
@require_POST
def add_photos(request: HttpRequest, token: Any) -> HttpResponse:
    """Attach the chosen files; a wrong one is named and the right ones stay."""
    proposal = queries.get_for_team(token, request.user, timezone.now())
    uploads, problems = request.FILES.getlist("files"), []
    for upload in uploads:
        try:
            commands.add_photo(
                actor=request.user,
                proposal=proposal,
                upload=upload,
                caption=request.POST.get("caption", ""),
                now=timezone.now(),
            )
        except ANSWERED as error:
            problems.append((upload.name, wording.say(error)))
    if not uploads:
        problems.append(("", wording.sentence("file_missing")))
    if problems:
        fresh = queries.get_for_team(token, request.user, timezone.now())
        return _page(
            request, fresh, "photos", None, status=422, problems=problems, caption=request.POST.get("caption", "")
        )
    return HttpResponseRedirect(draft_url(proposal, "photos") + "?saved=1")


@signed_in
@require_POST
def change_photo(request: HttpRequest, token: Any, photo: int) -> HttpResponse:
    """Caption, move forward or remove one photo."""
    now = timezone.now()
    proposal = queries.get_for_team(token, request.user, now)
    common: dict[str, Any] = {"actor": request.user, "proposal": proposal, "photo": photo, "now": now}
    acts = {
        "caption": lambda: commands.caption_photo(**common, caption=request.POST.get("caption", "")),
        "raise": lambda: commands.raise_photo(**common),
        "remove": lambda: commands.remove_photo(**common),
    }
    act = acts.get(request.POST.get("act", ""))
    if act is None:
        raise Http404
    return do(request, act, draft_url(proposal, "photos") + "?saved=1")
