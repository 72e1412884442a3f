"""The quiz of a module."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from qatysu.coaching import queries
from qatysu.coaching.commands import learning as commands
from qatysu.coaching.models import Work, Workspace
from qatysu.coaching.queries import learning
from qatysu.coaching.talk_words import say
from qatysu.coaching.views.talk_common import ANSWERED, context_of, number, room_of, room_url
from qatysu.identity.access import account_of, signed_in


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def quiz(request: HttpRequest, city_slug: str, round_slug: str, code: str, module: str) -> HttpResponse:
    """Questions; after a POST the answers with the reasons (``?attempt=``), and the best result so far."""
    room = room_of(request, city_slug, round_slug, code)
    work = queries.get_work(room, module)
    if request.method == "POST":
        return _send(request, room, work)
    account, language = account_of(request), (get_language() or "kk")[:2]
    asked = number(request.GET.get("attempt"))
    attempt = learning.attempt_of(work.module, account, asked) if asked else None
    viewer = queries.standing_of(room, account, timezone.now())
    questions = learning.questions_of(work.module, language, attempt)
    more = {
        "module": work.module,
        "questions": questions,
        "attempt": attempt,
        "best": learning.best_of(work.module, account),
        "needed": learning.needed(len(questions)),
        "viewer": viewer,
        "results": learning.results_of(room, work.module) if viewer.is_centre and not viewer.is_team else (),
    }
    return render(request, "coaching/talk/quiz.html", context_of(room, "quiz") | more)


def _send(request: HttpRequest, room: Workspace, work: Work) -> HttpResponse:
    here = room_url("workspace_quiz", room, module=work.module.slug)
    answers = {key.removeprefix("q-"): str(value) for key, value in request.POST.items() if key.startswith("q-")}
    try:
        made = commands.take_quiz(
            actor=account_of(request), workspace=room, module=work.module, answers=answers, now=timezone.now()
        )
    except ANSWERED as error:
        messages.error(request, say(error))
        return HttpResponseRedirect(here)
    return HttpResponseRedirect(f"{here}?attempt={made.pk}#result")
