"""The Centre's and the Council's decisions on one proposal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from qatysu.core.errors import NotAllowed
from qatysu.core.regulation import Action
from qatysu.proposals import commands, queries
from qatysu.proposals.forms import TranslationForm
from qatysu.proposals.views.common import ANSWERED, do, number, project_url
from qatysu.proposals.wording import say
from qatysu.rounds.access import staff
from qatysu.rounds.authorize import decide

PLAIN: dict[str, Callable[..., Any]] = {
    "accept": commands.accept_proposal,
    "start": commands.start_session,
    "ready": commands.mark_ready,
    "reopen": commands.reopen,
    "admit": commands.admit_proposal,
}
REASONED: dict[str, Callable[..., Any]] = {
    "return": commands.return_proposal,
    "reject": commands.reject_proposal,
    "refuse": commands.refuse_admission,
}


@staff
@require_POST
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """Carry out one decision; goes back to ``next`` when that is our own address, else to the public page."""
    now, act = timezone.now(), request.POST.get("act", "")
    proposal = queries.get_for_centre(pk, request.user, now)
    common: dict[str, Any] = {"actor": request.user, "proposal": proposal, "now": now}
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = project_url(proposal)
    if act in REASONED:
        why = {"reason_code": request.POST.get("reason_code", ""), "reason_text": request.POST.get("reason_text", "")}
        return do(
            request, lambda: REASONED[act](**common, **why), back, _("Your decision is stored and the author is told.")
        )
    if act == "merge":
        target = queries.get_for_centre(number(request.POST.get("target")), request.user, now)
        return do(
            request, lambda: commands.offer_merge(actor=request.user, source=proposal, target=target, now=now), back
        )
    if act not in PLAIN:
        raise Http404
    return do(request, lambda: PLAIN[act](**common), back, _("Your decision is stored and the author is told."))


@staff
@require_http_methods(["GET", "POST"])
def translate(request: HttpRequest, pk: int) -> HttpResponse:
    """The Centre writes a translation beside the author's text."""
    now = timezone.now()
    proposal = queries.get_for_centre(pk, request.user, now)
    if not decide(request.user, Action.MODERATE, proposal.round, now=now).allowed:
        raise NotAllowed("role")
    form = TranslationForm(proposal, request.GET.get("language", ""), request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            commands.add_translation(actor=request.user, proposal=proposal, now=now, **form.cleaned_data)
            return do(request, lambda: None, project_url(proposal), _("The translation is stored."))
        except ANSWERED as error:
            form.add_error(getattr(error, "field", None) or None, say(error))
    context = {"form": form, "proposal": proposal, "round": proposal.round, "city": proposal.round.city}
    return render(request, "proposals/translate.html", context, status=422 if form.errors else 200)
