"""The room of a team: what comes next, modules, money, people, files."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qatysu.coaching import commands, queries
from qatysu.coaching.models import Lesson, ProjectType
from qatysu.coaching.queries import files
from qatysu.coaching.views.team_common import context_of, do, room_at, room_url, work_at
from qatysu.core.errors import NotFound
from qatysu.desk import commands as desk
from qatysu.desk import queries as desk_queries
from qatysu.files.serving import response_for
from qatysu.identity.access import public, signed_in
from qatysu.identity.address import client_ip, network_of
from qatysu.papers.markdown import to_html


@signed_in
@require_safe
def room(request: HttpRequest, city_slug: str, round_slug: str, code: str) -> HttpResponse:
    """The front page of a room."""
    found, now = room_at(request, city_slug, round_slug, code), timezone.now()
    context = context_of(
        request,
        found,
        now,
        overview=queries.overview(found, now),
        team=found.proposal.team.select_related("account").order_by("joined_at", "pk"),
        files=found.files.select_related("file", "work__module", "added_by").order_by("-at")[:50],
        types=ProjectType.objects.filter(round=found.proposal.round),
        opinions=queries.opinions(found),
        threads=desk_queries.threads_of(found.proposal)[:10],
        ask_url=room_url("workspace_ask", found),
    )
    return render(request, "coaching/team/room.html", context)


@signed_in
@require_POST
def ask(request: HttpRequest, city_slug: str, round_slug: str, code: str) -> HttpResponse:
    """Ask the Project Centre about this project."""
    found = room_at(request, city_slug, round_slug, code)
    return do(
        request,
        lambda: desk.open_thread(
            actor=request.user,
            city=found.proposal.round.city,
            channel="workspace",
            subject=request.POST.get("subject", ""),
            text=request.POST.get("text", ""),
            language=get_language() or "kk",
            now=timezone.now(),
            proposal=found.proposal,
            network=network_of(client_ip(request)),
        ),
        room_url("workspace", found) + "#ask-desk",
        _("Your question arrived."),
    )


@signed_in
@require_POST
def choose_type(request: HttpRequest, city_slug: str, round_slug: str, code: str) -> HttpResponse:
    """Say what is built."""
    found, slug = room_at(request, city_slug, round_slug, code), request.POST.get("project_type", "")
    return do(
        request,
        lambda: commands.choose_type(actor=request.user, workspace=found, slug=slug, now=timezone.now()),
        room_url("workspace", found),
        _("Saved."),
    )


@signed_in
@require_safe
def guide(request: HttpRequest, city_slug: str, round_slug: str, code: str, slug: str) -> HttpResponse:
    """Advice on a type of project, with its typical estimate."""
    found = room_at(request, city_slug, round_slug, code)
    kind = ProjectType.objects.filter(round=found.proposal.round, slug=slug).first()
    if kind is None:
        raise NotFound("project_type")
    context = context_of(request, found, timezone.now(), kind=kind)
    texts = {name: _localised(kind, name, context["language"]) for name in ("guide", "example")}
    context |= {name: to_html(text) for name, text in texts.items()}
    return render(request, "coaching/team/guide.html", context | {"lines": files.typical_lines(kind, context["language"])})


@signed_in
@require_safe
def lesson(request: HttpRequest, city_slug: str, round_slug: str, code: str, module: str, slug: str) -> HttpResponse:
    """One lesson, to be read on a phone."""
    work = work_at(request, city_slug, round_slug, code, module)
    lessons = list(Lesson.objects.filter(module=work.module).prefetch_related("files__file"))
    place = next((i for i, one in enumerate(lessons) if one.slug == slug), None)
    if place is None:
        raise NotFound("lesson")
    context = context_of(request, work.workspace, timezone.now(), work=work, lesson=lessons[place])
    context["body"] = to_html(_localised(lessons[place], "body", context["language"]))
    context["next_lesson"] = lessons[place + 1] if place + 1 < len(lessons) else None
    return render(request, "coaching/team/lesson.html", context)


def _localised(row: object, name: str, language: str) -> str:
    """A text of the course in ``language``, else in Russian, else in Kazakh."""
    return next((t for lang in (language, "ru", "kk") if (t := str(getattr(row, f"{name}_{lang}", "")))), "")


@public
@require_safe
def room_file(request: HttpRequest, city_slug: str, round_slug: str, code: str, public_id: uuid.UUID) -> HttpResponse:
    """A file of the team: for the team and the round's readers, for everybody once it is published."""
    stored, is_public = files.get_file(city_slug, round_slug, code, public_id, request.user, timezone.now())
    return response_for(stored, is_thumb="thumb" in request.GET, is_public=is_public)


@signed_in
@require_POST
def remove_file(request: HttpRequest, city_slug: str, round_slug: str, code: str, public_id: uuid.UUID) -> HttpResponse:
    """Throw a file away."""
    found = room_at(request, city_slug, round_slug, code)
    mine = files.get_work_file(found, public_id)
    return do(
        request,
        lambda: commands.remove_file(actor=request.user, work_file=mine, now=timezone.now()),
        room_url("workspace", found) + "#files",
        _("The file is removed."),
    )


