"""Words for states and signs of the sessions, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from qatysu.coaching.models import Opinion, WorkState
from qatysu.coaching.risk import Reason
from qatysu.core.money import tenge

#: What a work's state is called to its team and the Centre.
STATES: Mapping[WorkState, Promise] = {
    WorkState.OPEN: _("In work"),
    WorkState.SUBMITTED: _("Handed in, the coach reads it"),
    WorkState.RETURNED: _("Returned with remarks"),
    WorkState.ACCEPTED: _("Accepted"),
}
#: Shape of the status mark (DESIGN 6).
MARKS: Mapping[WorkState, str] = {
    WorkState.OPEN: "",
    WorkState.SUBMITTED: "wait",
    WorkState.RETURNED: "info",
    WorkState.ACCEPTED: "ok",
}
VERDICTS: Mapping[Opinion.Verdict, Promise] = {
    Opinion.Verdict.FINE: _("Can be built"),
    Opinion.Verdict.MEND: _("Can be built once mended"),
    Opinion.Verdict.STOP: _("Cannot be built like this"),
}
VERDICT_MARKS: Mapping[Opinion.Verdict, str] = {
    Opinion.Verdict.FINE: "ok",
    Opinion.Verdict.MEND: "info",
    Opinion.Verdict.STOP: "stop",
}


def reason_words(reason: Reason) -> str:
    """One sign of the risk as a sentence for the Centre."""
    p = reason.params
    if reason.code == "silence":
        return ngettext("silent for %(days)s day", "silent for %(days)s days", p["days"]) % p
    if reason.code == "late":
        words = ngettext("%(days)s day late", "%(days)s days late", p["days"]) % p
        if p["modules"] > 1:
            words += ngettext(", %(modules)s module", ", %(modules)s modules", p["modules"]) % p
        return words
    if reason.code == "unanswered_by_team":
        return ngettext("remarks untouched for %(days)s day", "remarks untouched for %(days)s days", p["days"]) % p
    if reason.code == "unanswered_by_centre":
        return gettext("waits for our answer")
    if reason.code == "over_cap":
        return gettext("above the cap by %(sum)s") % {"sum": tenge(p["over"])}
    return ngettext("nothing written in %(days)s day", "nothing written in %(days)s days", p["days"]) % p


#: What a person may do about a sign.
ADVICE: Mapping[str, Promise] = {
    "silence": _("Call or write, at an hour when they do not work."),
    "nothing_written": _("Offer to write the first module together."),
    "late": _("Ask what is hard, and agree on a new day."),
    "unanswered_by_team": _("Ask whether the remarks are understood."),
    "unanswered_by_centre": _("Answer today."),
    "over_cap": _("Offer a smaller variant."),
}
