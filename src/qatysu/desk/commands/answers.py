"""Canned answers, and the list of frequent questions that grows from answers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from qatysu.audit.commands import record
from qatysu.core.errors import Conflict, Invalid, NotFound
from qatysu.desk.commands.posting import one_line
from qatysu.desk.models import CannedAnswer, Faq, Post, Thread
from qatysu.desk.models.answers import FaqCategory
from qatysu.desk.standing import authorize_desk
from qatysu.places.models import City

LONGEST_TITLE, LONGEST_QUESTION, LONGEST_ANSWER = 120, 200, 4000
MOST_CANNED, MOST_FAQ = 200, 300
LANGUAGES = ("kk", "ru", "en")


def _lines(fields: Mapping[str, str], name: str, limit: int) -> dict[str, str]:
    return {f"{name}_{code}": one_line(fields.get(f"{name}_{code}", ""), limit) for code in LANGUAGES}


def _texts(fields: Mapping[str, str], name: str, limit: int) -> dict[str, str]:
    """Raises Invalid ``too_long`` with the name of the field."""
    found = {}
    for code in LANGUAGES:
        text = fields.get(f"{name}_{code}", "").replace("\0", "").replace("\r\n", "\n").strip()
        if len(text) > limit:
            raise Invalid("too_long", field=f"{name}_{code}", limit=limit)
        found[f"{name}_{code}"] = text
    return found


def _need(values: Mapping[str, str], *names: str) -> None:
    for name in names:
        for code in ("kk", "ru"):
            if not values[f"{name}_{code}"]:
                raise Invalid("both_languages", field=f"{name}_{code}")


def save_canned(
    *, actor: Any, city: City, fields: Mapping[str, str], now: datetime, canned: CannedAnswer | None = None
) -> CannedAnswer:
    """Add or change a canned answer; Kazakh and Russian are needed. Raises Invalid with the field; Conflict ``slug_taken``."""
    with transaction.atomic():
        authorize_desk(actor, city, now)
        values = _lines(fields, "title", LONGEST_TITLE) | _texts(fields, "text", LONGEST_ANSWER)
        _need(values, "title", "text")
        if canned is None:
            slug = fields.get("slug", "").strip().lower()
            if not re.fullmatch(r"[a-z0-9](-?[a-z0-9]){0,38}", slug):
                raise Invalid("slug", field="slug")
            if CannedAnswer.objects.filter(city=city).count() >= MOST_CANNED:
                raise Conflict("too_many_answers", limit=MOST_CANNED)
            canned, is_new = CannedAnswer.objects.get_or_create(city=city, slug=slug, defaults=values)
            if not is_new:
                raise Conflict("slug_taken", field="slug")
        elif canned.city_id != city.pk:
            raise NotFound("canned")
        else:
            CannedAnswer.objects.filter(pk=canned.pk).update(**values)
        _did(actor, "save_canned_answer", city, now, slug=canned.slug)
        return canned


def delete_canned(*, actor: Any, city: City, canned: CannedAnswer, now: datetime) -> None:
    """Throw a canned answer away; what was sent stays in its threads."""
    with transaction.atomic():
        authorize_desk(actor, city, now)
        if canned.city_id != city.pk:
            raise NotFound("canned")
        _did(actor, "delete_canned_answer", city, now, slug=canned.slug)
        CannedAnswer.objects.filter(pk=canned.pk).delete()


def save_faq(*, actor: Any, city: City, fields: Mapping[str, str], now: datetime, faq: Faq | None = None) -> Faq:
    """Add or change a frequent question; published it needs Kazakh and Russian. Raises Invalid with the field."""
    with transaction.atomic():
        authorize_desk(actor, city, now)
        values: dict[str, Any] = {**_lines(fields, "question", LONGEST_QUESTION), **_texts(fields, "answer", LONGEST_ANSWER)}
        is_published = fields.get("is_published") in ("1", "on", "true")
        if is_published:
            _need(values, "question", "answer")
        elif not any(values[f"question_{code}"] for code in LANGUAGES):
            raise Invalid("both_languages", field="question_kk")
        category = fields.get("category", "")
        if category not in FaqCategory.values:
            raise Invalid("category", field="category")
        values |= {"category": category, "is_published": is_published}
        if faq is None:
            made = _add(city, values)
        elif faq.city_id != city.pk:
            raise NotFound("faq")
        else:
            made = faq
            Faq.objects.filter(pk=faq.pk).update(position=_position(fields, faq.position), **values)
        _did(actor, "save_faq", city, now, faq=made.pk, published=is_published)
        return made


def publish_faq(*, actor: Any, post: Post, now: datetime) -> Faq:
    """Begin a frequent question from an answer of the desk: unpublished, without anything of the person but the subject.

    Whoever edits it reads it, takes names out, and adds the other language. The same thread gives one entry.
    """
    with transaction.atomic():
        thread = Thread.objects.select_for_update(of=("self",)).select_related("city").get(pk=post.thread_id)
        authorize_desk(actor, thread.city, now)
        if not post.is_staff or post.is_note:
            raise Invalid("answers_only")
        known = thread.faq.first()
        if known is not None:
            return known
        question, answer = thread.subject[:LONGEST_QUESTION], post.text[:LONGEST_ANSWER]
        code = post.language
        made = _add(thread.city, {f"question_{code}": question, f"answer_{code}": answer, "from_thread": thread})
        _did(actor, "begin_faq", thread.city, now, faq=made.pk, thread=thread.pk)
        return made


def _add(city: City, values: Mapping[str, Any]) -> Faq:
    rows = Faq.objects.filter(city=city)
    if rows.count() >= MOST_FAQ:
        raise Conflict("too_many_answers", limit=MOST_FAQ)
    last = rows.aggregate(last=Max("position"))["last"] or 0
    return Faq.objects.create(city=city, position=last + 1, **values)


def _position(fields: Mapping[str, str], default: int) -> int:
    typed = fields.get("position", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= 4 else default


def _did(actor: Any, action: str, city: City, now: datetime, **detail: Any) -> None:
    record(actor=actor, action=action, now=now, place=city.slug, target=f"places.city:{city.pk}", **detail)
