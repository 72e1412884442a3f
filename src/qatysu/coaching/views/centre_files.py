"""Materials of lessons, for everybody who has an account and may see the round."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from qatysu.coaching.models import LessonFile
from qatysu.core.errors import NotFound
from qatysu.files.serving import response_for
from qatysu.identity.access import signed_in
from qatysu.rounds.queries import get_round


@signed_in
@require_safe
def lesson_file(request: HttpRequest, city_slug: str, round_slug: str, public_id: uuid.UUID) -> HttpResponse:
    """A sample or material beside a lesson."""
    round_ = get_round(city_slug, round_slug, request.user)
    found = (
        LessonFile.objects.select_related("file")
        .filter(lesson__module__round=round_, file__public_id=public_id)
        .first()
    )
    if found is None:
        raise NotFound("file")
    return response_for(found.file, is_thumb="thumb" in request.GET)
