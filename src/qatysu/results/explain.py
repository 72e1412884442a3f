"""One sentence per project, generated from the computation's own steps: never a claim the steps do not support."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qatysu.core.money import tenge
from qatysu.results.models import OutcomeLine
from qatysu.rounds.models import Constitution
from qatysu.rules.model import Verdict


def verdict_word(line: OutcomeLine) -> str:
    """Won, lost, or waiting, in the reader's language."""
    if line.verdict == Verdict.FUNDED.value:
        return _("Won")
    return _("Waits for the Council") if line.verdict == Verdict.TIED.value else _("Did not win")


def sentence(line: OutcomeLine, constitution: Constitution) -> str:
    """Why the project won or did not, with the smallest change that would have turned the decision."""
    if line.verdict == Verdict.FUNDED.value:
        return _("After it %(left)s were left.") % {"left": tenge(line.left_after_tenge)}
    if line.verdict == Verdict.BELOW_THRESHOLD.value:
        return _threshold(line, constitution)
    if line.verdict == Verdict.DOES_NOT_FIT.value:
        return _("It costs %(cost)s, and %(left)s were left: %(missing)s too little.") % {
            "cost": tenge(line.entry.cost_tenge),
            "left": tenge(line.left_before_tenge),
            "missing": tenge(line.missing_tenge),
        }
    if line.verdict == Verdict.AFTER_STOP.value:
        return _("The list ended before it: a project with more votes no longer fitted into the money.")
    return _(
        "It has as many votes as another project, and the money is not enough for both. The Expert Council decides."
    )


def _threshold(line: OutcomeLine, constitution: Constitution) -> str:
    number = constitution.threshold_votes
    if constitution.threshold_op == Constitution.ThresholdOp.GT:
        needed = ngettext("More than %(n)s vote is needed.", "More than %(n)s votes are needed.", number) % {
            "n": number
        }
    else:
        needed = ngettext("At least %(n)s vote is needed.", "At least %(n)s votes are needed.", number) % {"n": number}
    lacking = ngettext("%(n)s vote was missing.", "%(n)s votes were missing.", line.missing_votes) % {
        "n": line.missing_votes
    }
    return f"{needed} {lacking}"
