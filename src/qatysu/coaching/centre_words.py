"""Sentences of the Project Centre that depend on numbers and codes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from qatysu.proposals.models import State

_HEADLINES: tuple[Promise, ...] = (
    _("Nobody waits for an answer"),
    _("One team waits for an answer"),
    _("Two teams wait for an answer"),
    _("Three teams wait for an answer"),
    _("Four teams wait for an answer"),
    _("Five teams wait for an answer"),
    _("Six teams wait for an answer"),
    _("Seven teams wait for an answer"),
    _("Eight teams wait for an answer"),
    _("Nine teams wait for an answer"),
)
#: What a coach would ask about a line of the estimate.
DOUBTS: Mapping[str, Promise] = {
    "no_item": _("the work is not named"),
    "no_quantity": _("no quantity"),
    "no_price": _("no price"),
    "no_source": _("where is the price from?"),
    "far_above": _("far above the typical price"),
    "twice": _("the same line twice"),
}
#: What still stands between a project and the Council.
LACKS: Mapping[str, Promise] = {
    "cost": _("The cost lies within the limits of the round"),
    "place": _("The place is known"),
}
#: Deeds in the trail of one team.
DEEDS: Mapping[str, Promise] = {
    "open_workspace": _("The room was opened"),
    "choose_type": _("The type of project was chosen"),
    "assign_coach": _("The coach was changed"),
    "record_dropout": _("Leaving the sessions was recorded"),
    "submit_work": _("A module was handed in"),
    "take_back_work": _("A module was taken back"),
    "return_work": _("A module was returned with remarks"),
    "accept_work": _("A module was accepted"),
    "add_remark": _("A remark was written"),
    "resolve_remark": _("A remark was resolved"),
    "write_on_behalf": _("The Centre wrote on behalf of the team"),
    "give_opinion": _("An expert gave an opinion"),
    "invite_specialist": _("A specialist was invited"),
    "revoke_invite": _("An invitation was revoked"),
    "answer_invite": _("A specialist answered"),
    "translate_answer": _("A text was translated"),
    "issue_passport": _("The passport was issued"),
    "add_work_file": _("A file was added"),
    "remove_work_file": _("A file was removed"),
    "write_note": _("A note was written"),
    "add_task": _("A task was added"),
    "give_task": _("A task was given"),
    "finish_task": _("A task was done"),
    "reopen_task": _("A task was reopened"),
}
PLACES: Mapping[str, Promise] = {
    State.READY: _("ready for the Council"),
    State.ADMITTED: _("admitted to the vote"),
    State.NOT_ADMITTED: _("not admitted"),
}


def deed(action: str) -> str:
    """What a deed of the trail is called."""
    return str(DEEDS.get(action, _("Something else was done")))


def headline(count: int) -> str:
    """How many teams wait, in words up to nine."""
    if count < len(_HEADLINES):
        return str(_HEADLINES[count])
    return ngettext("%(n)s team waits for an answer", "%(n)s teams wait for an answer", count) % {"n": count}


def waited(time: timedelta) -> str:
    """How long something waits: hours up to two days, then days."""
    hours = int(time.total_seconds() // 3600)
    if hours < 1:
        return str(_("now"))
    if hours < 48:
        return ngettext("%(n)s h", "%(n)s h", hours) % {"n": hours}
    return ngettext("%(n)s day", "%(n)s days", hours // 24) % {"n": hours // 24}
