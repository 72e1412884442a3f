"""Words of the course editor: kinds of fields, and what is wrong with what was typed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from qatysu.coaching.refusal_words import say as say_of_sessions
from qatysu.core.errors import QatysuError
from qatysu.workbook.schema import Kind, Words

#: Name of a kind, and when to use it.
KINDS: Mapping[Kind, tuple[Promise, Promise]] = {
    Kind.TEXT: (_("Short text"), _("one line: a name, an address, a responsible person")),
    Kind.LONG_TEXT: (_("Long text"), _("a description of several sentences")),
    Kind.CHOICE: (_("One of several"), _("exactly one answer from a list")),
    Kind.CHOICES: (_("Several of a list"), _("any number of answers from a list")),
    Kind.NUMBER: (_("A number"), _("people, metres, percent")),
    Kind.MONEY: (_("Sum in tenge"), _("whole tenge")),
    Kind.DATE: (_("Date"), _("one day")),
    Kind.TABLE: (_("Table"), _("lines with columns of your own")),
    Kind.ESTIMATE: (_("Estimate"), _("lines with quantity, price and source; the sum is counted")),
    Kind.SCHEDULE: (_("Schedule"), _("works with the first day and the number of days")),
    Kind.IMAGES: (_("Pictures"), _("photos with captions")),
    Kind.FILES: (_("Files"), _("price offers, letters, drawings")),
    Kind.PLACE: (_("Place on the map"), _("a point, an address, an outline")),
    Kind.BEFORE_AFTER: (_("Before and after"), _("pairs of pictures from the same place")),
}
SENTENCES: Mapping[str, Promise] = {
    "empty": _("Write this in Kazakh and in Russian: both are needed."),
    "text_needed": _("Write this in Kazakh and in Russian: both are needed."),
    "too_long": _("The text is too long."),
    "twice": _("The same name twice: make them differ."),
    "too_few": _("At least two answers are needed."),
    "too_many": _("There are too many lines."),
    "unknown_option": _("Mark which answer is right."),
    "unknown_kind": _("Choose a kind from the list."),
    "not_for_a_column": _("A column cannot be of this kind."),
    "not_for_this_kind": _("This does not fit the kind of field."),
    "out_of_bounds": _("The number must be between %(least)s and %(most)s."),
    "above_most": _("The least is larger than the most."),
    "above_options": _("There are fewer answers in the list."),
    "not_a_whole_number": _("Write a whole number."),
    "bad_number": _("Write a number above zero, for example 12 or 2,5."),
    "not_a_date": _("Write a date, for example 2027-03-25."),
    "opens_after_due": _("The last day is before the first one."),
    "slug": _("Use small Latin letters, digits and hyphens; some words are taken by the portal."),
    "slug_taken": _("Another module has this address."),
    "too_many_modules": _("A course has at most %(limit)s modules."),
    "too_many_fields": _("A form has at most %(limit)s fields."),
    "too_many_lessons": _("A module has at most %(limit)s lessons."),
    "video_url": _("Write a whole address that begins with https://."),
    "minutes": _("From 1 to %(limit)s minutes."),
    "file_needed": _("Choose a file."),
    "field_answered": _("Teams have answered this field already (%(teams)s), so its kind stays. Add a new field instead."),
    "column_answered": _("Teams have filled the column “%(label)s”: it stays, and so does its kind."),
    "option_chosen": _("Teams have chosen “%(label)s”: it stays in the list."),
    "changed_meanwhile": _("Somebody has changed this meanwhile. Your text stands below; look at theirs in another window first."),
    "module_in_use": _("Teams have worked in this module, or its lessons have files: it stays. Its texts can be changed."),
    "last_module": _("A course keeps at least one module."),
    "last_field": _("A form keeps at least one field."),
    "type_in_use": _("A team has chosen this type: it stays."),
    "unknown_deed": _("This cannot be done now."),
}
_INDEX = re.compile(r"\[(\d+)\]")
_LANGUAGE = re.compile(r"\.(kk|ru|en)$")


def say(error: QatysuError) -> str:
    """The sentence for a refusal of the editor."""
    found = SENTENCES.get(error.reason)
    if found is None:
        return say_of_sessions(error)
    try:
        return str(found) % {name: _spoken(value) for name, value in error.params.items()}
    except (KeyError, TypeError, ValueError):
        return str(found)


def _spoken(value: Any) -> Any:
    """Words of the course in the reader's language."""
    return value.in_((get_language() or "kk")[:2]) if isinstance(value, Words) else value


def input_of(path: str) -> str:
    """The input that a mistake belongs to: ``fields[0].options[1].label.kk`` is ``options.1.label_kk``."""
    return _LANGUAGE.sub(r"_\1", _INDEX.sub(r".\1", path.removeprefix("fields[0].")))


def place_of(name: str) -> str:
    """Where an input is, in words: which line and which language; '' for a plain one."""
    words = []
    numbers = [int(part) + 1 for part in name.split(".") if part.isdigit()]
    if numbers:
        words.append(gettext("line %(number)s") % {"number": ", ".join(map(str, numbers))})
    language = {"_kk": gettext("in Kazakh"), "_ru": gettext("in Russian"), "_en": gettext("in English")}.get(name[-3:])
    if language:
        words.append(language)
    return ", ".join(words)
