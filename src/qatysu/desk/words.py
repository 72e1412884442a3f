"""Names of things of the desk, and its refusals as sentences."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from qatysu.core.errors import QatysuError
from qatysu.proposals.wording import say as say_of_proposals

CHANNELS: Mapping[str, Promise] = {
    "web": _("Form on the portal"),
    "email": _("E-mail"),
    "phone": _("Telephone"),
    "walk_in": _("In person"),
    "workspace": _("Team's room"),
}
STATES: Mapping[str, Promise] = {
    "open": _("Waits for an answer"),
    "waiting": _("Answered"),
    "closed": _("Closed"),
}
FILTERS: Mapping[str, Promise] = {
    "due": _("To answer"),
    "mine": _("Mine"),
    "unowned": _("Nobody's"),
    "waiting": _("Answered"),
    "closed": _("Closed"),
    "all": _("All"),
}
CATEGORIES: Mapping[str, Promise] = {
    "ideas": _("Ideas"),
    "sessions": _("Project sessions"),
    "voting": _("Voting"),
    "money": _("Money and works"),
    "other": _("Other"),
}
ASSISTS: Mapping[str, Promise] = {
    "idea": _("Idea written down"),
    "vote": _("Helped to vote"),
    "account": _("Helped to sign in"),
    "other": _("Other help"),
}
OUTCOMES: Mapping[str, Promise] = {
    "automatic": _("Automatic answers and mailings"),
    "bounced": _("Letters that could not be delivered"),
    "limited": _("Too many letters of one sender"),
    "unreadable": _("Letters that could not be read"),
    "too_large": _("Letters that are too large"),
}
WEEKDAYS: tuple[Promise, ...] = (
    _("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"),
)  # fmt: skip
SENTENCES: Mapping[str, Promise] = {
    "text_needed": _("Write a few words."),
    "too_long": _("The text is too long: at most %(limit)s signs."),
    "subject_needed": _("Say in a few words what it is about."),
    "name_needed": _("Write a name or a number, so that we know whom to answer."),
    "contact": _("Write a phone number or an e-mail address: that is where the answer goes."),
    "desk-network": _("Many questions came from this network. Your text is still here: send it in a while, or call us."),
    "desk-person": _("You have asked a lot within an hour. Your text is still here: send it in a while, or call us."),
    "too_many_files": _("At most %(limit)s files come with one message."),
    "thread_closed": _("This question is closed."),
    "own_question": _("This is your own question: somebody else must answer it."),
    "not_a_keeper": _("Choose somebody who works at this desk."),
    "proposal": _("There is no such project in this city."),
    "proposal_fixed": _("The team asked about its own project: this cannot be changed."),
    "both_languages": _("Fill in Kazakh and Russian: people read either."),
    "slug": _("Use small Latin letters, figures and hyphens."),
    "slug_taken": _("There is an answer of this name already."),
    "too_many_answers": _("There are %(limit)s entries already. Throw some away first."),
    "category": _("Choose a part of the list."),
    "answers_only": _("Only an answer of the desk can become a frequent question."),
    "hours": _("Write hours like 10:00 and 18:00; the end comes after the beginning, and hours do not overlap."),
    "never_open": _("The desk must be open on one day at least."),
    "promise": _("Promise an answer within %(least)s to %(most)s open hours."),
    "day": _("Choose a day of the last year or of the next two."),
    "kind": _("Choose what you helped with."),
    "person_needed": _("Write whom you helped; initials are enough."),
    "consent_needed": _("Write how the person agreed: by word, by signature."),
    "desk_act": _("Choose what to do."),
}


def say(error: QatysuError) -> str:
    """The sentence for a refusal in the reader's language."""
    found = SENTENCES.get(error.reason)
    params = {"limit": "", "least": "", "most": ""} | error.params
    return str(found) % params if found is not None else say_of_proposals(error)


def open_time(minutes: int) -> str:
    """``2 h 15 min`` of opening hours."""
    hours, rest = divmod(max(0, minutes), 60)
    if hours and rest and hours < 10:
        return gettext("%(h)s h %(m)s min") % {"h": hours, "m": rest}
    return gettext("%(h)s h") % {"h": hours} if hours else gettext("%(m)s min") % {"m": rest}


def since(wait: timedelta | None) -> str:
    """How long somebody waits, by the calendar: ``26 h``, ``4 days``."""
    minutes = int(wait.total_seconds() // 60) if wait is not None else 0
    if minutes >= 3 * 24 * 60:
        days = minutes // (24 * 60)
        return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}
    return open_time(minutes - minutes % 60 if minutes >= 60 else minutes)
