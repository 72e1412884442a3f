"""Kinds of acts by two people: who may ask for them, who may agree, and what they write into the log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from qatysu.core.regulation import Action
from qatysu.rounds.models import CalendarAct


class Kind(StrEnum):
    """What is asked for."""

    ANNUL = "annul"
    REINSTATE = "reinstate"
    VOTING_EXTEND = "voting_extend"
    VOTING_CLOSE = "voting_close"
    VOTING_PAUSE = "voting_pause"
    VOTING_RESUME = "voting_resume"
    VOTING_OPEN = "voting_open"
    KEYS_DESTROYED = "keys_destroyed"
    RULES_AMEND = "rules_amend"
    PROJECT_OUT = "project_out"


class What(StrEnum):
    """The word ``what`` of an ``amend`` entry. Its value: an instant; for keys and rules a digest, for a project its code."""

    EXTENDED = "voting_extended"
    CLOSED = "voting_closed"
    PAUSED = "voting_paused"
    RESUMED = "voting_resumed"
    OPENED = "voting_opened"
    KEYS_DESTROYED = "keys_destroyed"
    RULES = "rules"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Rule:
    """Who asks and who agrees; ``what`` of the amendment, None for a judgement of a ballot."""

    propose: Action
    confirm: Action
    what: What | None = None

    @property
    def needs_document(self) -> bool:
        """An amendment names the document by its fingerprint; an annulment only the number of the protocol."""
        return self.what is not None


def _voting(what: What) -> Rule:
    return Rule(Action.PROPOSE_VOTING_ACT, Action.CONFIRM_VOTING_ACT, what)


_BALLOT = Rule(Action.PROPOSE_ANNULMENT, Action.CONFIRM_ANNULMENT)
RULES: Mapping[Kind, Rule] = MappingProxyType(
    {
        Kind.ANNUL: _BALLOT,
        Kind.REINSTATE: _BALLOT,
        Kind.VOTING_EXTEND: _voting(What.EXTENDED),
        Kind.VOTING_CLOSE: _voting(What.CLOSED),
        Kind.VOTING_PAUSE: _voting(What.PAUSED),
        Kind.VOTING_RESUME: _voting(What.RESUMED),
        Kind.VOTING_OPEN: _voting(What.OPENED),
        Kind.KEYS_DESTROYED: Rule(Action.PROPOSE_KEY_END, Action.CONFIRM_KEY_END, What.KEYS_DESTROYED),
        Kind.RULES_AMEND: Rule(Action.PROPOSE_AMENDMENT, Action.CONFIRM_AMENDMENT, What.RULES),
        Kind.PROJECT_OUT: Rule(Action.PROPOSE_AMENDMENT, Action.CONFIRM_AMENDMENT, What.WITHDRAWN),
    }
)
#: Acts of the calendar that need two people once the ballot is frozen, by the kind of the act.
VOTING: Mapping[str, Kind] = MappingProxyType({str(act): Kind(f"voting_{act}") for act in CalendarAct.Kind})
BALLOT = frozenset({Kind.ANNUL, Kind.REINSTATE})
