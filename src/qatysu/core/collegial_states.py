"""Lifecycles of a collegial body as tables: matters, meetings, protocols, seats, appeals, normative documents.

A table says what may follow what; who may do it, in which stage and with which reason is said by commands. A state without moves is
final. No table leads back out of a text that people have signed or read in public: a mistake there is mended by a new text.
"""

from __future__ import annotations

from enum import StrEnum

from qatysu.core.lifecycle import Lifecycle


class MatterState(StrEnum):
    """Where a question to the body is."""

    PENDING = "pending"
    ON_AGENDA = "on_agenda"
    POSTPONED = "postponed"
    DECIDED = "decided"
    APPEALED = "appealed"
    REOPENED = "reopened"
    WITHDRAWN = "withdrawn"


class MeetingState(StrEnum):
    """Where a meeting, or a vote by correspondence, is."""

    DRAFT = "draft"
    CALLED = "called"
    OPEN = "open"
    ADJOURNED = "adjourned"
    CLOSED = "closed"
    RECORDED = "recorded"
    CANCELLED = "cancelled"


class ProtocolState(StrEnum):
    """Where a protocol is."""

    DRAFT = "draft"
    SIGNING = "signing"
    SIGNED = "signed"
    FROZEN = "frozen"
    PUBLISHED = "published"


class SeatState(StrEnum):
    """Where somebody's seat in the body is; whether a day lies in its term is a question of dates, not of this state."""

    NAMED = "named"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    DECLINED = "declined"
    ENDED = "ended"


class AppealState(StrEnum):
    """Where an appeal against a decision is."""

    FILED = "filed"
    TAKEN = "taken"
    UPHELD = "upheld"
    DISMISSED = "dismissed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class DocumentState(StrEnum):
    """Where one version of a normative document is."""

    DRAFT = "draft"
    DISCUSSION = "discussion"
    SUBMITTED = "submitted"
    ADOPTED = "adopted"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"
    DROPPED = "dropped"


#: A question to the body.
#:
#: ``pending``    waits for a meeting -> on_agenda, or withdrawn (the team leaves, the question falls away)
#: ``on_agenda``  stands in a meeting -> decided; postponed (to a later day, or no quorum, or a tie nobody may break);
#:                pending (the meeting was cancelled, or the agenda was not approved with it); withdrawn
#: ``postponed``  -> on_agenda of another meeting, withdrawn
#: ``decided``    -> appealed (in the appeal period); reopened without an appeal when new facts show the decision to be wrong
#: ``appealed``   -> decided (the appeal is dismissed, refused or taken back: the decision stands), reopened (upheld)
#: ``reopened``   heard again, with another rapporteur: only a meeting decides again -> on_agenda, withdrawn
#: ``withdrawn``  final
MATTER: Lifecycle[MatterState] = Lifecycle(
    initial=MatterState.PENDING,
    moves={
        MatterState.PENDING: frozenset({MatterState.ON_AGENDA, MatterState.WITHDRAWN}),
        MatterState.ON_AGENDA: frozenset(
            {MatterState.DECIDED, MatterState.POSTPONED, MatterState.PENDING, MatterState.WITHDRAWN}
        ),
        MatterState.POSTPONED: frozenset({MatterState.ON_AGENDA, MatterState.WITHDRAWN}),
        MatterState.DECIDED: frozenset({MatterState.APPEALED, MatterState.REOPENED}),
        MatterState.APPEALED: frozenset({MatterState.DECIDED, MatterState.REOPENED}),
        MatterState.REOPENED: frozenset({MatterState.ON_AGENDA, MatterState.WITHDRAWN}),
    },
)

#: A meeting, or a vote by correspondence (called: papers are out; open: replies come in; closed: the term is over).
#:
#: ``draft``      the secretary prepares it -> called (invitations go out), cancelled
#: ``called``     a new day or place is a change of the called meeting, told to all -> open, cancelled
#: ``open``       -> adjourned (a break to another hour or day), closed (also when there was no quorum: that is a record too)
#: ``adjourned``  -> open, closed
#: ``closed``     no more votes -> recorded, once its protocol is frozen
#: ``recorded``, ``cancelled``  final
MEETING: Lifecycle[MeetingState] = Lifecycle(
    initial=MeetingState.DRAFT,
    moves={
        MeetingState.DRAFT: frozenset({MeetingState.CALLED, MeetingState.CANCELLED}),
        MeetingState.CALLED: frozenset({MeetingState.OPEN, MeetingState.CANCELLED}),
        MeetingState.OPEN: frozenset({MeetingState.ADJOURNED, MeetingState.CLOSED}),
        MeetingState.ADJOURNED: frozenset({MeetingState.OPEN, MeetingState.CLOSED}),
        MeetingState.CLOSED: frozenset({MeetingState.RECORDED}),
    },
)

#: A protocol.
#:
#: ``draft``      written by machine from the facts, mended by the secretary -> signing (text and digest are fixed)
#: ``signing``    -> signed when the last signature needed is there; draft when a signatory finds a mistake (all signatures given
#:                to the old text fall away, with the reason)
#: ``signed``     -> frozen (number and hash given, the database refuses changes)
#: ``frozen``     -> published
#: ``published``  final; a correction is another protocol that names this one
PROTOCOL: Lifecycle[ProtocolState] = Lifecycle(
    initial=ProtocolState.DRAFT,
    moves={
        ProtocolState.DRAFT: frozenset({ProtocolState.SIGNING}),
        ProtocolState.SIGNING: frozenset({ProtocolState.SIGNED, ProtocolState.DRAFT}),
        ProtocolState.SIGNED: frozenset({ProtocolState.FROZEN}),
        ProtocolState.FROZEN: frozenset({ProtocolState.PUBLISHED}),
    },
)

#: A seat in the body.
#:
#: ``named``      by the order that makes up the body -> active, declined (the person says no), ended (the order is recalled)
#: ``active``     -> suspended (long absence, an inquiry), ended (term over, resigned, recalled: the reason is coded)
#: ``suspended``  no vote, does not count as a seat -> active, ended
#: ``declined``, ``ended``  final; who comes back gets a new seat
SEAT: Lifecycle[SeatState] = Lifecycle(
    initial=SeatState.NAMED,
    moves={
        SeatState.NAMED: frozenset({SeatState.ACTIVE, SeatState.DECLINED, SeatState.ENDED}),
        SeatState.ACTIVE: frozenset({SeatState.SUSPENDED, SeatState.ENDED}),
        SeatState.SUSPENDED: frozenset({SeatState.ACTIVE, SeatState.ENDED}),
    },
)

#: An appeal.
#:
#: ``filed``      -> taken (in time, by somebody concerned), refused (late, or by a stranger to the matter), withdrawn
#: ``taken``      heard with another rapporteur -> upheld (the matter is reopened), dismissed (the decision stands), withdrawn
#: ``upheld``, ``dismissed``, ``refused``, ``withdrawn``  final: one decision is appealed once
APPEAL: Lifecycle[AppealState] = Lifecycle(
    initial=AppealState.FILED,
    moves={
        AppealState.FILED: frozenset({AppealState.TAKEN, AppealState.REFUSED, AppealState.WITHDRAWN}),
        AppealState.TAKEN: frozenset({AppealState.UPHELD, AppealState.DISMISSED, AppealState.WITHDRAWN}),
    },
)

#: One version of a normative document. Versions follow each other: at most one of a document is ``adopted``.
#:
#: ``draft``       -> discussion (open to comments), submitted (to the akimat approver), dropped (never adopted)
#: ``discussion``  -> draft (to be mended after comments), submitted, dropped
#: ``submitted``   the text is fixed -> adopted (approved, with date and signatory), draft (sent back with a reason)
#: ``adopted``     in force, unchangeable -> superseded (the next version is adopted), withdrawn (repealed without a successor)
#: ``superseded``, ``withdrawn``, ``dropped``  final; the first two stay public
DOCUMENT: Lifecycle[DocumentState] = Lifecycle(
    initial=DocumentState.DRAFT,
    moves={
        DocumentState.DRAFT: frozenset({DocumentState.DISCUSSION, DocumentState.SUBMITTED, DocumentState.DROPPED}),
        DocumentState.DISCUSSION: frozenset({DocumentState.DRAFT, DocumentState.SUBMITTED, DocumentState.DROPPED}),
        DocumentState.SUBMITTED: frozenset({DocumentState.ADOPTED, DocumentState.DRAFT}),
        DocumentState.ADOPTED: frozenset({DocumentState.SUPERSEDED, DocumentState.WITHDRAWN}),
    },
)
