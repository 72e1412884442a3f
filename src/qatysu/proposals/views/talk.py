"""Discussion, following and versions of a submitted proposal."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from qatysu.identity.access import public, signed_in
from qatysu.proposals import commands, queries
from qatysu.proposals.models import Comment, Proposal
from qatysu.proposals.views.common import ANSWERED, do, number, project_url
from qatysu.proposals.wording import say
from qatysu.rounds.access import staff
from qatysu.rounds.queries import get_round


def _proposal(request: HttpRequest, city_slug: str, round_slug: str, code: str) -> Proposal:
    return queries.get_public(get_round(city_slug, round_slug, request.user), code)


@signed_in
@require_POST
def comment(request: HttpRequest, city_slug: str, round_slug: str, code: str) -> HttpResponse:
    """Store a message or an answer; a refused one is shown again with its text."""
    proposal = _proposal(request, city_slug, round_slug, code)
    parent = queries.get_comment(number(request.POST["parent"])) if request.POST.get("parent") else None
    language, text = (get_language() or "kk")[:2], request.POST.get("text", "")
    try:
        made = commands.comment(
            actor=request.user, proposal=proposal, text=text, language=language, parent=parent, now=timezone.now()
        )
    except ANSWERED as error:
        context = {
            "proposal": proposal,
            "round": proposal.round,
            "city": proposal.round.city,
            "text": text,
            "refusal": say(error),
            "parent": parent,
            "back": project_url(proposal, "#discussion"),
        }
        return render(request, "proposals/comment.html", context, status=error.status)
    return HttpResponseRedirect(project_url(proposal, f"#comment-{made.pk}"))


@signed_in
@require_POST
def report_comment(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the moderator to look at a message."""
    found = queries.get_comment(pk)
    return do(
        request,
        lambda: commands.report_comment(actor=request.user, reported=found, now=timezone.now()),
        project_url(found.proposal, "#discussion"),
        _("Thank you. The moderator will look at this message."),
    )


@staff
@require_POST
def judge_comment(request: HttpRequest, pk: int) -> HttpResponse:
    """The moderator hides a message with a reason, or lets it stand."""
    found = queries.get_comment(pk)
    return do(
        request,
        lambda: _judge(request, found),
        project_url(found.proposal, "#discussion"),
        _("Your decision is stored."),
    )


def _judge(request: HttpRequest, found: Comment) -> Any:
    now = timezone.now()
    if request.POST.get("act") == "hide":
        return commands.hide_comment(actor=request.user, hidden=found, reason=request.POST.get("reason", ""), now=now)
    return commands.unhide_comment(actor=request.user, hidden=found, now=now)


@signed_in
@require_POST
def follow(request: HttpRequest, city_slug: str, round_slug: str, code: str) -> HttpResponse:
    """Follow, or stop following."""
    proposal = _proposal(request, city_slug, round_slug, code)
    command = commands.unfollow if request.POST.get("act") == "unfollow" else commands.follow
    return do(
        request, lambda: command(actor=request.user, proposal=proposal, now=timezone.now()), project_url(proposal)
    )


@public
@require_GET
def versions(request: HttpRequest, city_slug: str, round_slug: str, code: str) -> HttpResponse:
    """Every kept text, and what differs between two of them (the two newest unless others are asked for)."""
    proposal = _proposal(request, city_slug, round_slug, code)
    rows = list(queries.versions(proposal))
    by_revision = {str(row.revision): row for row in rows}
    new = by_revision.get(request.GET.get("new", ""), rows[0] if rows else None)
    old = by_revision.get(request.GET.get("old", ""), rows[1] if len(rows) > 1 else None)
    changed = queries.differences(old, new) if old and new else ()
    context = {
        "proposal": proposal,
        "round": proposal.round,
        "city": proposal.round.city,
        "versions": rows,
        "old": old,
        "new": new,
        "differences": changed,
    }
    return render(request, "proposals/versions.html", context)
