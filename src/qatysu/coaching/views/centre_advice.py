"""Experts look beforehand, specialists are asked by a link, texts are translated."""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from qatysu.coaching import commands, queries
from qatysu.coaching.centre_answers import answers_of
from qatysu.coaching.models import SpecialistInvite, Workspace
from qatysu.coaching.views.centre_common import ANSWERED, do, number, team_at, team_context, team_url, words
from qatysu.coaching.words import VERDICTS
from qatysu.core.errors import NotFound, QatysuError
from qatysu.rounds.access import staff

LANGUAGES = ("kk", "ru")


def _posted(request: HttpRequest, *names: str) -> dict[str, str]:
    return {name: request.POST.get(name, "") for name in names}


def parts_of(room: Workspace, language: str) -> list[tuple[Any, Any]]:
    """Every module with what the team has answered in it, empty fields left out."""
    return [(work, [a for a in answers_of(work, language) if not a.is_empty]) for work in queries.works_of(room)]


@staff
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def opinion(request: HttpRequest, city_slug: str, round_slug: str, code: str) -> HttpResponse:
    """The whole project to read and an expert's recommendation; other staff get no such page."""
    room = team_at(request, city_slug, round_slug, code)
    context = team_context(
        request, room, verdicts=tuple(VERDICTS.items()), files=team_url("workspace", room) + "files/"
    )
    if not context["viewer"].may_precheck:
        raise NotFound("opinion")
    status = 200
    if request.method == "POST":
        sent = _posted(request, "verdict", "text")
        try:
            commands.give_opinion(
                actor=request.user, workspace=room, language=(get_language() or "kk")[:2], now=timezone.now(), **sent
            )
        except ANSWERED as error:
            context |= {"sent": sent, "refusal": words(error), "wrong": getattr(error, "field", "")}
            status = error.status
        else:
            messages.success(request, _("Thank you. The team and its coach see your recommendation."))
            return HttpResponseRedirect(team_url("centre_team", room))
    context |= {"parts": parts_of(room, context["language"]), "opinions": queries.opinions(room)}
    return render(request, "coaching/centre/opinion.html", context, status=status)


@staff
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest, city_slug: str, round_slug: str, code: str) -> HttpResponse:
    """Make a link for one specialist. It is shown once, on the answer to this form, and stored nowhere."""
    room = team_at(request, city_slug, round_slug, code)
    context = team_context(request, room, sent={"days": "14", "language": room.proposal.language})
    if not context["viewer"].may_invite:
        raise NotFound("invite")
    if request.method != "POST":
        return render(request, "coaching/centre/invite.html", context)
    sent, token = _posted(request, "name", "organisation", "question", "language"), secrets.token_urlsafe(32)
    days = request.POST.get("days", "")
    try:
        made = commands.invite_specialist(
            actor=request.user, workspace=room, token=token, days=number(days), now=timezone.now(), **sent
        )
    except ANSWERED as error:
        return _refused(request, context, sent | {"days": days}, error)
    link = request.build_absolute_uri(reverse("opinion", kwargs={"token": token}))
    here, there = f"/{get_language() or 'kk'}/opinion/", f"/{made.language}/opinion/"
    return render(
        request, "coaching/centre/invited.html", context | {"invite": made, "link": link.replace(here, there)}
    )


def _refused(request: HttpRequest, context: dict[str, Any], sent: dict[str, str], error: QatysuError) -> HttpResponse:
    more = {"sent": sent, "refusal": words(error), "wrong": getattr(error, "field", "")}
    return render(request, "coaching/centre/invite.html", context | more, status=error.status)


@staff
@require_POST
def revoke(request: HttpRequest, city_slug: str, round_slug: str, code: str, pk: int) -> HttpResponse:
    """Make a link useless."""
    room = team_at(request, city_slug, round_slug, code)
    mine = SpecialistInvite.objects.filter(pk=pk, workspace=room).first()
    if mine is None:
        raise NotFound("invite")
    return do(
        request,
        lambda: commands.revoke_invite(actor=request.user, invite=mine, now=timezone.now()),
        team_url("centre_team", room),
        _("The link no longer works."),
    )


@staff
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def translate(request: HttpRequest, city_slug: str, round_slug: str, code: str, target: str) -> HttpResponse:
    """Texts of the team beside their translations; a POST stores those that were changed."""
    room = team_at(request, city_slug, round_slug, code)
    context = team_context(request, room, target=target, others=[code for code in LANGUAGES if code != target])
    if target not in LANGUAGES or not context["viewer"].may_translate:
        raise NotFound("language")
    pairs = queries.translation_pairs(room, target)
    refusal, drafts = _store(request, pairs, target) if request.method == "POST" else (None, {})
    if request.method == "POST" and refusal is None:
        messages.success(request, _("The translations are stored."))
        return HttpResponseRedirect(team_url("centre_translate", room, target=target))
    context |= {
        "rows": [
            (pair, f"{pair.work.pk}.{pair.field}", drafts.get(f"{pair.work.pk}.{pair.field}", pair.text))
            for pair in pairs
        ],
        "done": sum(bool(pair.text) and not pair.is_stale for pair in pairs),
        "stale": sum(pair.is_stale for pair in pairs),
        "refusal": words(refusal) if refusal else "",
    }
    return render(request, "coaching/centre/translate.html", context, status=refusal.status if refusal else 200)


def _store(request: HttpRequest, pairs: Any, target: str) -> tuple[QatysuError | None, dict[str, str]]:
    """Store what was changed, and what was marked as still right; the first refusal and everything typed."""
    refusal: QatysuError | None = None
    drafts: dict[str, str] = {}
    for pair in pairs:
        key = f"{pair.work.pk}.{pair.field}"
        if f"t.{key}" not in request.POST:
            continue
        text = drafts[key] = request.POST[f"t.{key}"]
        same = text.replace("\r\n", "\n").strip() == pair.text
        if same and not (pair.is_stale and request.POST.get(f"ok.{key}")):
            continue
        try:
            commands.translate_answer(
                actor=request.user, work=pair.work, field=pair.field, language=target, text=text, now=timezone.now()
            )
        except ANSWERED as error:
            refusal = refusal or error
    return refusal, drafts
