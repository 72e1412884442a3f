"""What states, roles and verdicts of the Council are called to people."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qatysu.core.collegial import SeatRole
from qatysu.core.collegial_interests import InterestKind
from qatysu.core.collegial_states import AppealState, MatterState, MeetingState, ProtocolState, SeatState
from qatysu.core.money import tenge
from qatysu.council.models import MatterKind, Poll, Verdict
from qatysu.council.queries.reviews import Finding

ROLES: Mapping[str, Promise] = {
    SeatRole.CHAIR: _("Chair"), SeatRole.SECRETARY: _("Secretary"), SeatRole.MEMBER: _("Member"), SeatRole.SUBSTITUTE: _("Substitute"),
}
SEATS: Mapping[str, tuple[Promise, str]] = {
    SeatState.NAMED: (_("named, has not accepted yet"), "wait"), SeatState.ACTIVE: (_("in office"), "ok"),
    SeatState.SUSPENDED: (_("suspended"), "stop"), SeatState.DECLINED: (_("declined"), ""), SeatState.ENDED: (_("ended"), ""),
}
INTERESTS: Mapping[str, Promise] = {
    InterestKind.AUTHOR: _("author of the project"), InterestKind.TEAM: _("member of the team"),
    InterestKind.RELATIVE: _("a relative is in the team"), InterestKind.EMPLOYER: _("works where somebody of the team works"),
    InterestKind.DECLARED_OTHER: _("told of an interest in this project"),
}
#: What a member may tell beforehand.
TOLD: Mapping[str, Promise] = {
    InterestKind.RELATIVE: _("Full name of a relative"), InterestKind.EMPLOYER: _("My employer or business"),
    InterestKind.DECLARED_OTHER: _("Another interest in one project"),
}
MATTERS: Mapping[str, tuple[Promise, str]] = {
    MatterState.PENDING: (_("waits for a meeting"), "wait"), MatterState.ON_AGENDA: (_("on the agenda"), "info"),
    MatterState.POSTPONED: (_("postponed"), "wait"), MatterState.DECIDED: (_("decided"), "ok"),
    MatterState.APPEALED: (_("appealed"), "stop"), MatterState.REOPENED: (_("is heard again"), "wait"),
    MatterState.WITHDRAWN: (_("withdrawn"), ""),
}
KINDS: Mapping[str, Promise] = {
    MatterKind.ADMISSION: _("Admission of a project"), MatterKind.DISPUTE: _("Dispute"), MatterKind.TIE: _("Tie of the vote"),
    MatterKind.ANNULMENT: _("Annulment of ballots"), MatterKind.DISQUALIFICATION: _("Disqualification of a project"),
    MatterKind.RESULTS: _("Approval of the results"), MatterKind.RULES: _("Amendment of the rules"),
    MatterKind.MONEY: _("Who pays for which winner"), MatterKind.OTHER: _("Another question"),
}
#: What the secretary may file by hand; the rest is filed by the page that needs it.
FILED = (MatterKind.DISPUTE, MatterKind.ANNULMENT, MatterKind.DISQUALIFICATION, MatterKind.RULES, MatterKind.MONEY, MatterKind.OTHER)
MEETINGS: Mapping[str, tuple[Promise, str]] = {
    MeetingState.DRAFT: (_("being prepared"), ""), MeetingState.CALLED: (_("invitations are sent"), "info"),
    MeetingState.OPEN: (_("open now"), "ok"), MeetingState.ADJOURNED: (_("break"), "wait"),
    MeetingState.CLOSED: (_("closed, the protocol is being written"), "wait"), MeetingState.RECORDED: (_("recorded"), "ok"),
    MeetingState.CANCELLED: (_("cancelled"), "stop"),
}
PROTOCOLS: Mapping[str, tuple[Promise, str]] = {
    ProtocolState.DRAFT: (_("draft"), ""), ProtocolState.SIGNING: (_("waits for signatures"), "wait"),
    ProtocolState.SIGNED: (_("signed"), "info"), ProtocolState.FROZEN: (_("closed, not public yet"), "info"),
    ProtocolState.PUBLISHED: (_("published"), "ok"),
}
APPEALS: Mapping[str, tuple[Promise, str]] = {
    AppealState.FILED: (_("filed"), "wait"), AppealState.TAKEN: (_("is heard again"), "wait"), AppealState.UPHELD: (_("upheld"), "ok"),
    AppealState.DISMISSED: (_("dismissed"), "stop"), AppealState.REFUSED: (_("not heard"), "stop"),
    AppealState.WITHDRAWN: (_("taken back"), ""),
}
VERDICTS: Mapping[str, Promise] = {
    Verdict.ADMIT: _("Admit to the vote"), Verdict.REWORK: _("Return for rework"), Verdict.NOT_ADMIT: _("Do not admit"),
    Verdict.MERGE: _("Ask the teams to merge"), Verdict.APPROVE: _("Approve"), Verdict.DECLINE: _("Decline"),
    Verdict.CHOOSE: _("Choose one of the options"),
}
ANSWERS: Mapping[str, Promise] = {"yes": _("Yes"), "no": _("No"), "unclear": _("Unclear")}
UNITS: Mapping[str, tuple[Promise, str]] = {
    "agreed": (_("agreed"), "ok"), "condition": (_("agreed on a condition"), "wait"), "against": (_("against"), "stop"),
}
VOICES: Mapping[str, Promise] = {"for": _("For"), "against": _("Against"), "abstain": _("Abstain")}
PRESENCE: Mapping[str, Promise] = {"room": _("in the room"), "remote": _("by call")}


def outcome_words(poll: Poll) -> str:
    """What came of a vote, from its counts, in one or two sentences."""
    counts = poll.counts
    if poll.outcome == "cancelled":
        return gettext("The vote was cancelled: the wording was wrong.")
    there = gettext("Present with a vote: %(n)s") % {"n": counts["present"]}
    if poll.outcome == "no_quorum":
        return gettext("%(there)s; the quorum is %(quorum)s. Nothing is decided: postpone the question.") % {
            "there": there, "quorum": counts["quorum"],
        }
    shares = gettext("%(there)s, %(needed)s needed") % {"there": there, "needed": counts["needed"]}
    if "options" in counts:
        given = ", ".join(f"{option}: {n}" for option, n in counts["options"].items())
    else:
        given = gettext("for %(yes)s, against %(no)s, abstained %(none)s") % {
            "yes": counts["for_"], "no": counts["against"], "none": counts["abstained"],
        }
    return f"{shares}: {given}. {_verdict_of(poll)}"


def finding_words(finding: Finding) -> str:
    """A fact of the machine as a few words."""
    if finding.code == "cap":
        if finding.is_good:
            return gettext("%(sum)s are left below the cap") % {"sum": tenge(finding.value)}
        return gettext("%(sum)s above the cap") % {"sum": tenge(-finding.value)}
    if finding.code == "duplicates":
        return gettext("similar projects found: %(n)s") % {"n": finding.value}
    if finding.code == "documents":
        passport = gettext("there is a passport") if finding.is_good else gettext("there is no passport")
        return gettext("%(passport)s, modules accepted: %(n)s") % {"passport": passport, "n": finding.value}
    said = tenge(finding.value) if isinstance(finding.value, int) else finding.value
    return gettext("the team says: %(answer)s") % {"answer": said}


def _verdict_of(poll: Poll) -> str:
    if poll.outcome == "adopted":
        return gettext("Adopted by the chair's vote.") if poll.counts["chair_decided"] else gettext("Adopted.")
    if poll.outcome == "tied":
        return gettext("The voices are equal, and the rules give nobody a casting vote: put another question or postpone.")
    return gettext("Not adopted: put another question or postpone.")
