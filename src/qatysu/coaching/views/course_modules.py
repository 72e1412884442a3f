"""The course at a glance, and its modules."""

from __future__ import annotations

from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from qatysu.coaching import commands
from qatysu.coaching.commands import editing, editing_texts
from qatysu.coaching.models import CannedRemark, Lesson, Module, PaperTemplate, ProjectType
from qatysu.coaching.views.course_common import (
    attempt,
    course_round,
    day,
    deed,
    go,
    module_at,
    page,
    run,
    sent_by,
    unwords,
    url,
)
from qatysu.core.errors import Invalid, NotFound, QatysuError
from qatysu.rounds.access import staff
from qatysu.rounds.models import Round

_METHODS = ["GET", "HEAD", "POST"]


@staff
@never_cache
@require_http_methods(_METHODS)
def course(request: HttpRequest, city_slug: str, round_slug: str) -> HttpResponse:
    """Modules, types and papers; a POST installs the standard course, or moves or removes a module."""
    round_ = course_round(request, city_slug, round_slug)
    if request.method == "POST":
        return _deed(request, round_)
    modules = list(Module.objects.filter(round=round_).annotate(lesson_count=Count("lessons")))
    context: dict[str, Any] = {
        "modules": [
            (m, len(m.form.get("fields", [])), len(m.checklist), len(m.quiz)) for m in modules
        ],
        "types": ProjectType.objects.filter(round=round_),
        "papers": PaperTemplate.objects.filter(round=round_),
        "canned": CannedRemark.objects.filter(round=round_, module=None).count(),
        "asked": next((m for m in modules if m.slug == request.GET.get("remove")), None),
    }
    return page(request, "index.html", round_, **context)


def _deed(request: HttpRequest, round_: Round) -> HttpResponse:
    back, (what, slug) = url("centre_course", round_), deed(request, "install", "up", "down", "remove")
    now, actor = timezone.now(), request.user
    if what == "install":
        done = _("The standard course is here. Its texts and dates can be changed.")
        return run(request, lambda: commands.install_course(actor=actor, round_=round_, now=now), back, done)
    module = Module.objects.filter(round=round_, slug=slug).first()
    if module is None:
        raise NotFound("module")
    if what == "remove":
        return run(request, lambda: editing.remove_module(actor=actor, module=module, now=now), back, _("The module is removed."))
    by = -1 if what == "up" else 1
    return run(request, lambda: editing.move_module(actor=actor, module=module, by=by, now=now), back)


@staff
@never_cache
@require_http_methods(_METHODS)
def new_module(request: HttpRequest, city_slug: str, round_slug: str) -> HttpResponse:
    """A form for one more module."""
    round_, sent = course_round(request, city_slug, round_slug), sent_by(request)
    if request.method != "POST":
        return page(request, "module.html", round_, sent={})
    slug = sent.get("slug", "").strip()
    error = attempt(
        lambda: editing.add_module(actor=request.user, round_=round_, slug=slug, texts=sent, now=timezone.now())
    )
    if error is None:
        return go(request, url("course_module", round_, module=slug), _("The module is added. Now build its form."))
    return page(request, "module.html", round_, error=error, sent=sent)


@staff
@never_cache
@require_http_methods(_METHODS)
def module(request: HttpRequest, city_slug: str, round_slug: str, module: str) -> HttpResponse:
    """One module: its texts and days, its lessons, the way to its form, checklist and quiz."""
    found = module_at(request, city_slug, round_slug, module)
    if request.method != "POST":
        return _module(request, found, _stored(found))
    what, slug = deed(request, "up", "down")
    if what:
        return _move_lesson(request, found, slug, -1 if what == "up" else 1)
    sent = sent_by(request)
    error = attempt(lambda: _save(request, found, sent))
    if error is None:
        return go(request, url("course_module", found.round, module=found.slug), _("Saved."))
    return _module(request, found, sent, error)


def _save(request: HttpRequest, found: Module, sent: dict[str, str]) -> None:
    opens, due = day(sent, "opens_on"), day(sent, "due_on")
    editing.edit_module(actor=request.user, module=found, texts=sent, opens_on=opens, due_on=due, now=timezone.now())


def _stored(found: Module) -> dict[str, Any]:
    texts = {name: {lang: getattr(found, f"{name}_{lang}") for lang in ("kk", "ru", "en")} for name in ("title", "lead")}
    days = {name: value.isoformat() if (value := getattr(found, name)) else "" for name in ("opens_on", "due_on")}
    return unwords("title", texts["title"]) | unwords("lead", texts["lead"]) | days


def _module(request: HttpRequest, found: Module, sent: dict[str, Any], error: QatysuError | None = None) -> HttpResponse:
    context = {
        "module": found,
        "sent": sent,
        "lessons": found.lessons.annotate(file_count=Count("files")),
        "fields": len(found.form.get("fields", [])),
        "remarks": found.canned_remarks.count(),
    }
    return page(request, "module.html", found.round, error=error, **context)


def _move_lesson(request: HttpRequest, found: Module, slug: str, by: int) -> HttpResponse:
    lesson = Lesson.objects.filter(module=found, slug=slug).first()
    if lesson is None:
        raise Invalid("unknown_deed")
    lesson.module = found
    back = url("course_module", found.round, module=found.slug)
    return run(request, lambda: editing_texts.move_lesson(actor=request.user, lesson=lesson, by=by, now=timezone.now()), back)
