"""The team: its page, the link that invites, withdrawing and merging."""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from qatysu.core.errors import NotFound
from qatysu.identity.access import signed_in
from qatysu.proposals import commands, queries, reasons
from qatysu.proposals.forms import WithdrawForm
from qatysu.proposals.models import Proposal
from qatysu.proposals.views.common import ANSWERED, do, draft_url, home_of, number, refuse
from qatysu.proposals.wording import say, sentence


@signed_in
@require_POST
def change_team(request: HttpRequest, token: Any) -> HttpResponse:
    """Invite, revoke links, remove, hand over, leave."""
    now = timezone.now()
    proposal = queries.get_for_team(token, request.user, now)
    act, member = request.POST.get("act", ""), number(request.POST.get("member"))
    if act == "invite":
        return _invite(request, proposal)
    common: dict[str, Any] = {"actor": request.user, "proposal": proposal, "now": now}
    acts = {
        "revoke": lambda: commands.revoke_invites(**common),
        "remove": lambda: commands.remove_member(**common, member=member),
        "hand-over": lambda: commands.hand_over_captaincy(**common, member=member),
        "leave": lambda: commands.leave_team(**common),
    }
    if act not in acts:
        raise Http404
    back = reverse("cabinet") if act == "leave" else draft_url(proposal, "team")
    return do(request, acts[act], back, _("Done."))


def _invite(request: HttpRequest, proposal: Proposal) -> HttpResponse:
    """The link is shown once, on the answer to this very request: it is stored nowhere."""
    token = secrets.token_urlsafe(24)
    try:
        commands.invite_to_team(actor=request.user, proposal=proposal, token=token, now=timezone.now())
    except ANSWERED as error:
        refuse(request, error)
        return HttpResponseRedirect(draft_url(proposal, "team"))
    link = request.build_absolute_uri(reverse("join", kwargs={"token": token}))
    context = {
        "proposal": proposal,
        "round": proposal.round,
        "city": proposal.round.city,
        "link": link,
        "back": draft_url(proposal, "team"),
    }
    return render(request, "proposals/invited.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind an invitation link, and the consent to join."""
    now = timezone.now()
    proposal = queries.get_invite(token, now).proposal
    context = {"proposal": proposal, "round": proposal.round, "city": proposal.round.city}
    if request.method == "GET":
        return render(request, "proposals/join.html", context)
    try:
        joined = commands.join_team(actor=request.user, token=token, now=now)
    except ANSWERED as error:
        return render(request, "proposals/join.html", context | {"refusal": say(error)}, status=error.status)
    messages.success(request, _("You are in the team."))
    return HttpResponseRedirect(draft_url(joined, "team"))


@signed_in
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, token: Any) -> HttpResponse:
    """Take a proposal back, with the reason that stays public."""
    now = timezone.now()
    proposal = queries.get_for_captain(token, request.user, now)
    form = WithdrawForm(request.POST or None, auto_id="%s")
    context = {
        "form": form,
        "proposal": proposal,
        "round": proposal.round,
        "city": proposal.round.city,
        "reasons": reasons.WITHDRAW,
        "back": home_of(proposal),
    }
    if request.method == "GET" or not form.is_valid():
        return render(request, "proposals/withdraw.html", context, status=200 if request.method == "GET" else 422)
    try:
        commands.withdraw_proposal(actor=request.user, proposal=proposal, now=now, **form.cleaned_data)
    except ANSWERED as error:
        return render(request, "proposals/withdraw.html", context | {"refusal": say(error)}, status=error.status)
    messages.success(request, _("The proposal is withdrawn."))
    return HttpResponseRedirect(reverse("cabinet"))


@signed_in
@require_POST
def offer_merge(request: HttpRequest, token: Any) -> HttpResponse:
    """A captain asks to merge the own proposal into another one, named by its number."""
    now = timezone.now()
    proposal = queries.get_for_captain(token, request.user, now)
    try:
        target = queries.get_public(proposal.round, request.POST.get("code", "").strip())
    except NotFound:
        messages.error(request, sentence("merge_target"))
        return HttpResponseRedirect(draft_url(proposal, "check"))
    return do(
        request,
        lambda: commands.offer_merge(actor=request.user, source=proposal, target=target, now=now),
        draft_url(proposal, "check"),
        _("The other captain was asked. The merge happens when both have agreed."),
    )


@signed_in
@require_http_methods(["GET", "POST"])
def merge_consent(request: HttpRequest, pk: int) -> HttpResponse:
    """A captain agrees to a merge, or declines."""
    offer = queries.get_offer(pk, request.user)
    if request.method == "GET":
        context = {"offer": offer, "round": offer.source.round, "city": offer.source.round.city}
        return render(request, "proposals/merge.html", context)
    command = commands.agree_merge if request.POST.get("act") == "agree" else commands.decline_merge
    return do(
        request,
        lambda: command(actor=request.user, offer=offer, now=timezone.now()),
        reverse("merge_consent", kwargs={"pk": pk}),
        _("Your answer is stored."),
    )
