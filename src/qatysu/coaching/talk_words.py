"""Refusals of talk, events and learning as sentences: what is wrong and the nearest way to mend it."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from qatysu.core.errors import QatysuError
from qatysu.proposals.wording import say as say_of_proposals

SENTENCES: Mapping[str, Promise] = {
    "notes": _("You have written a lot in a short time. Your text is still here: send it in a few minutes."),
    "tasks": _("You have made many tasks in a short time. Wait a few minutes."),
    "assignee": _("Choose somebody of the team, or leave the task to whoever takes it."),
    "due_on": _("Choose a day from today on, at most two years ahead."),
    "too_many_tasks": _("The team has %(limit)s open tasks. Finish some of them first."),
    "task_done": _("This task is done already."),
    "remark_resolved": _("This remark is resolved already: there is nothing left to do."),
    "unknown_field": _("The form has no such field any more. Write about the module as a whole."),
    "title_needed": _("Give the event a name in Kazakh and in Russian."),
    "when_needed": _("Choose the day and both hours."),
    "ends_before_start": _("The event must end after it begins."),
    "too_long_event": _("An event lasts at most two days."),
    "far_away": _("Choose a day within two years."),
    "bad_url": _("This is not a web address. It begins with https:// or http://."),
    "where_needed": _("Say where people meet: a place, or the link of a call."),
    "event_cancelled": _("This event is cancelled."),
    "event_not_now": _("Being there is marked while the event goes on and for two hours after it."),
    "team_only": _("This is for members of the team."),
    "quiz_empty": _("Answer at least one question."),
    "quiz-tries": _("You have tried very often. Read the lesson once more and come back in an hour."),
    "nobody_chosen": _("Choose at least one person."),
}


def say(error: QatysuError) -> str:
    """The sentence for a refusal in the reader's language."""
    found = SENTENCES.get(error.reason)
    return str(found) % ({"limit": ""} | error.params) if found is not None else say_of_proposals(error)
