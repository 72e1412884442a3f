"""Tasks of a team."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from qatysu.coaching import queries
from qatysu.coaching.commands import talking as commands
from qatysu.coaching.models import Workspace
from qatysu.coaching.queries import talking
from qatysu.coaching.talk_words import say
from qatysu.coaching.views.talk_common import ANSWERED, context_of, day_from, do, number, room_url, talk_room
from qatysu.core.errors import Invalid, QatysuError
from qatysu.identity.access import signed_in


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def tasks(request: HttpRequest, city_slug: str, round_slug: str, code: str) -> HttpResponse:
    """What is to do, own tasks first; a POST adds one."""
    room = talk_room(request, city_slug, round_slug, code)
    if request.method != "POST":
        return _page(request, room)
    try:
        commands.add_task(
            actor=request.user,
            workspace=room,
            text=request.POST.get("text", ""),
            assignee=_person(request),
            due_on=day_from(request.POST.get("due_on")),
            now=timezone.now(),
        )
    except ANSWERED as error:
        return _page(request, room, error)
    return redirect(room_url("workspace_tasks", room))


@signed_in
@require_POST
def task(request: HttpRequest, city_slug: str, round_slug: str, code: str, pk: int) -> HttpResponse:
    """Done, not done after all, or given to somebody."""
    room = talk_room(request, city_slug, round_slug, code)
    found = talking.get_task(room, pk)
    act, now = request.POST.get("act", ""), timezone.now()

    def run() -> Any:
        if act in ("done", "undone"):
            return commands.finish_task(actor=request.user, task=found, is_done=act == "done", now=now)
        if act == "give":
            day = day_from(request.POST.get("due_on"))
            return commands.give_task(actor=request.user, task=found, assignee=_person(request), due_on=day, now=now)
        raise Invalid("task_act")

    return do(request, run, room_url("workspace_tasks", room, f"#task-{pk}"))


@signed_in
@require_POST
def task_of_remark(request: HttpRequest, city_slug: str, round_slug: str, code: str, pk: int) -> HttpResponse:
    """Make a task of an open remark."""
    room = talk_room(request, city_slug, round_slug, code)
    remark = queries.get_remark(room, pk)
    remark.work.workspace = room
    return do(
        request,
        lambda: commands.task_of_remark(actor=request.user, remark=remark, now=timezone.now()),
        room_url("workspace_tasks", room),
        _("The remark is a task now. Give it to somebody."),
    )


def _person(request: HttpRequest) -> int | None:
    return number(request.POST.get("assignee")) if request.POST.get("assignee") else None


def _page(request: HttpRequest, room: Workspace, error: QatysuError | None = None) -> HttpResponse:
    sent: Any = request.POST if error else {}
    more = {
        "chores": talking.chores_of(room, request.user, timezone.now()),
        "refusal": say(error) if error else "",
        "wrong": getattr(error, "field", ""),
        "sent": {name: sent.get(name, "") for name in ("text", "assignee", "due_on")},
    }
    status = error.status if error else 200
    return render(request, "coaching/talk/tasks.html", context_of(room, "tasks") | more, status=status)
