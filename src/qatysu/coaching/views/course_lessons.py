"""Writing a lesson: Kazakh and Russian side by side, with a preview, a video and files."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from qatysu.coaching.commands import editing, editing_texts
from qatysu.coaching.models import Lesson, LessonFile, Module
from qatysu.coaching.views.course_common import attempt, go, module_at, page, sent_by, url, whole
from qatysu.core.errors import Invalid, NotFound, QatysuError
from qatysu.papers.markdown import to_html
from qatysu.rounds.access import staff

_METHODS = ["GET", "HEAD", "POST"]


@staff
@never_cache
@require_http_methods(_METHODS)
def new_lesson(request: HttpRequest, city_slug: str, round_slug: str, module: str) -> HttpResponse:
    """A form for one more lesson."""
    return _edit(request, module_at(request, city_slug, round_slug, module), None)


@staff
@never_cache
@require_http_methods(_METHODS)
def lesson(request: HttpRequest, city_slug: str, round_slug: str, module: str, slug: str) -> HttpResponse:
    """One lesson; a POST saves it, previews it, removes it, or adds or removes a file."""
    found = module_at(request, city_slug, round_slug, module)
    mine = Lesson.objects.filter(module=found, slug=slug).first()
    if mine is None:
        raise NotFound("lesson")
    mine.module = found
    return _edit(request, found, mine)


def _edit(request: HttpRequest, module: Module, mine: Lesson | None) -> HttpResponse:
    if request.method != "POST":
        return _page(request, module, mine, _stored(mine))
    sent = sent_by(request)
    if "preview" in sent:
        return _page(request, module, mine, sent)
    if mine is not None and ("add" in sent or "drop" in sent or "remove" in sent):
        return _deed(request, mine, sent)
    made: list[Lesson] = []
    error = attempt(lambda: made.append(_save(request, module, mine, sent)))
    if error is not None:
        return _page(request, module, mine, sent, error)
    return go(request, url("course_lesson", module.round, module=module.slug, slug=made[0].slug), _("Saved."))


def _save(request: HttpRequest, module: Module, mine: Lesson | None, sent: dict[str, str]) -> Lesson:
    return editing_texts.save_lesson(
        actor=request.user,
        module=module,
        lesson=mine,
        texts=sent,
        video_url=sent.get("video_url", ""),
        minutes=whole(sent, "minutes") or 0,
        now=timezone.now(),
        base=sent.get("base", ""),
    )


def _deed(request: HttpRequest, mine: Lesson, sent: dict[str, str]) -> HttpResponse:
    now, actor, module = timezone.now(), request.user, mine.module
    back = url("course_lesson", module.round, module=module.slug, slug=mine.slug)
    if "remove" in sent:
        if sent["remove"] != "yes":
            return _page(request, module, mine, _stored(mine), asked=True)
        editing_texts.remove_lesson(actor=actor, lesson=mine, now=now)
        return go(request, url("course_module", module.round, module=module.slug), _("The lesson is removed."))
    if "drop" in sent:
        row = LessonFile.objects.select_related("lesson__module__round").filter(lesson=mine, pk=whole(sent, "drop") or 0).first()
        if row is None:
            raise NotFound("file")
        editing_texts.remove_lesson_file(actor=actor, lesson_file=row, now=now)
        return go(request, f"{back}#files", _("The file is removed."))
    error = attempt(lambda: _add(request, mine, sent))
    if error is not None:
        return _page(request, module, mine, _stored(mine) | sent, error)
    return go(request, f"{back}#files", _("The file is added."))


def _add(request: HttpRequest, mine: Lesson, sent: dict[str, str]) -> None:
    upload = request.FILES.get("file")
    if upload is None or isinstance(upload, list):
        raise Invalid("file_needed", field="file")
    texts = {f"title_{lang}": sent.get(f"file_{lang}", "") for lang in ("kk", "ru", "en")}
    try:
        editing_texts.add_lesson_file(actor=request.user, lesson=mine, upload=upload, texts=texts, now=timezone.now())
    except Invalid as error:
        raise Invalid(error.reason, field=error.field.replace("title_", "file_"), **error.params) from None


def _stored(mine: Lesson | None) -> dict[str, Any]:
    if mine is None:
        return {"minutes": 5}
    texts = {f"{name}_{lang}": getattr(mine, f"{name}_{lang}") for name in ("title", "body") for lang in ("kk", "ru", "en")}
    return texts | {"video_url": mine.video_url, "minutes": mine.minutes, "base": editing.stamp(editing_texts.lesson_stamp(mine))}


def _page(
    request: HttpRequest,
    module: Module,
    mine: Lesson | None,
    sent: dict[str, Any],
    error: QatysuError | None = None,
    *,
    asked: bool = False,
) -> HttpResponse:
    previews = [(lang, to_html(text)) for lang in ("kk", "ru", "en") if (text := str(sent.get(f"body_{lang}", "")).strip())]
    files = list(mine.files.select_related("file")) if mine else []
    context = {"module": module, "lesson": mine, "sent": sent, "previews": previews, "files": files, "asked": asked}
    return page(request, "lesson.html", module.round, error=error, **context)
