"""Coded reasons of refusals and withdrawals: figures are made of codes, people read the label and the text."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from qatysu.proposals.models import State

Labels = Mapping[str, Promise]

RETURN: Labels = {
    "incomplete": _("Something needed is missing"),
    "unclear": _("The text is not clear yet"),
    "place": _("The place is not clear or cannot be used"),
    "cost": _("The cost needs to be worked out again"),
    "category": _("It belongs to another category"),
    "photos": _("The photos do not fit"),
    "other": _("Another reason"),
}
REJECT: Labels = {
    "excluded": _("The rules of the round exclude this kind of project"),
    "over_cap": _("It costs more than one project may cost"),
    "not_public_land": _("The land is not public or is disputed"),
    "powers": _("The akimat has no power to build it"),
    "private_benefit": _("It serves one person or one business"),
    "already_planned": _("The city has already planned it"),
    "duplicate": _("It repeats another proposal"),
    "unsafe": _("It would be dangerous"),
    "unlawful": _("The law forbids it"),
    "other": _("Another reason"),
}
NOT_ADMIT: Labels = {
    "over_cap": _("It costs more than one project may cost"),
    "land": _("The land is not public or is disputed"),
    "typology": _("The rules of the round exclude this kind of project"),
    "powers": _("The akimat has no power to build it"),
    "utilities": _("Buried utilities are in the way"),
    "operator": _("Nobody has agreed to maintain it"),
    "maintenance": _("Maintenance would cost too much"),
    "duplicate": _("It repeats another proposal"),
    "unsafe": _("It would be dangerous"),
    "incomplete": _("The documents are not complete"),
    "other": _("Another reason"),
}
WITHDRAW: Labels = {
    "no_time": _("I have no time for it"),
    "too_complex": _("It turned out to be too complex"),
    "solved": _("The problem is already solved"),
    "joined_other": _("I joined another proposal"),
    "moved_away": _("I moved away"),
    "other": _("Another reason"),
}
#: What the Centre may write down for a team that left.
DROP_OUT: Labels = {**WITHDRAW, "silent": _("The team stopped answering"), "disqualified": _("The Expert Council disqualified it")}
BY_STATE: Mapping[State, Labels] = {
    State.RETURNED: RETURN,
    State.REJECTED: REJECT,
    State.NOT_ADMITTED: NOT_ADMIT,
    State.WITHDRAWN: DROP_OUT,
    State.MERGED: {"merged": _("Both captains agreed to merge")},
}
#: What a state is called to people.
STATE_LABELS: Mapping[State, Promise] = {
    State.DRAFT: _("Draft"),
    State.SUBMITTED: _("Submitted"),
    State.RETURNED: _("Returned with remarks"),
    State.ACCEPTED: _("Accepted to the project sessions"),
    State.MERGED: _("Merged"),
    State.WITHDRAWN: _("Withdrawn"),
    State.REJECTED: _("Rejected"),
    State.IN_SESSIONS: _("In project sessions"),
    State.READY: _("Ready for the Council"),
    State.ADMITTED: _("Admitted to the vote"),
    State.NOT_ADMITTED: _("Not admitted"),
}
#: Shape of the status mark (DESIGN 6).
STATE_MARKS: Mapping[State, str] = {
    State.DRAFT: "",
    State.SUBMITTED: "wait",
    State.RETURNED: "info",
    State.ACCEPTED: "ok",
    State.MERGED: "info",
    State.WITHDRAWN: "",
    State.REJECTED: "stop",
    State.IN_SESSIONS: "wait",
    State.READY: "ok",
    State.ADMITTED: "ok",
    State.NOT_ADMITTED: "stop",
}


def label(state: str, code: str) -> str:
    """Words for a reason code in the reader's language; '' for an unknown one."""
    return str(BY_STATE.get(State(state), {}).get(code, "")) if state in State.values else ""


def state_label(state: str) -> str:
    """Words for a state in the reader's language."""
    return str(STATE_LABELS[State(state)])
