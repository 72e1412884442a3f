"""The rules of a round in plain sentences, made from the constitution: text and software cannot disagree (SPEC 2)."""

from __future__ import annotations

from datetime import datetime
from typing import cast
from zoneinfo import ZoneInfo

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from qatysu.core.collegial import Majority, RecusalRule
from qatysu.core.money import grouped, tenge
from qatysu.rounds.models import Constitution, Round
from qatysu.rounds.plain_rule import conflicts_sentence, funders_sentence, parts_sentence, tie_sentence, win_sentence

Rule = tuple[str, str]


def plain_rules(round_: Round) -> tuple[Rule, ...]:
    """Pairs (heading, sentence) in the reader's language, from the saved constitution; no query when it is
    loaded with funders and categories."""
    return tuple(rule for rule in keyed_rules(round_).values() if rule[1])


def keyed_rules(round_: Round) -> dict[str, Rule]:
    """The same by stable names, those without a sentence included: texts of documents insert them by name."""
    c = round_.constitution
    appeals = ngettext(
        "A refusal may be appealed within %(n)s day.", "A refusal may be appealed within %(n)s days.", c.appeal_days
    )
    rules = {
        "money": (_("Money"), _money(round_, c)),
        "propose": (_("Who may propose"), _propose(c)),
        "vote": (_("Who may vote"), _vote(c)),
        "methods": (_("How a voter is recognised"), _methods(c)),
        "ballot": (_("The ballot"), _ballot(c)),
        "again": (_("Changing a vote"), _again(c)),
        "counts": (_("Running counts"), _counts(c)),
        "log": (_("The public log"), _log(c)),
        "win": (_("Who wins"), win_sentence(c)),
        "budgets": (_("Budgets of categories"), parts_sentence(round_, c)),
        "conflicts": (_("Projects that exclude each other"), conflicts_sentence(c)),
        "payers": (_("Who pays for what"), funders_sentence(round_)),
        "tie": (_("A tie"), tie_sentence(c)),
        "council": (_("Expert Council"), council_sentence(c)),
        "appeals": (_("Appeals"), appeals % {"n": c.appeal_days}),
    }
    if c.frozen_at:
        rules["frozen"] = (_("No more changes"), _frozen(round_, c))
    return rules


def _money(round_: Round, c: Constitution) -> str:
    if c.cap_tenge is not None:
        cap = _("One project may cost up to %(cap)s.") % {"cap": tenge(c.cap)}
    else:
        cap = _("One project may cost up to %(times)s monthly calculation indices, that is %(cap)s.") % {
            "times": grouped(c.cap_mrp or 0),
            "cap": tenge(c.cap),
        }
    parts = [cap]
    if c.min_cost_tenge:
        parts.append(_("It must cost at least %(least)s.") % {"least": tenge(c.min_cost_tenge)})
    if round_.reserve_tenge:
        parts.append(_("%(sum)s are kept aside for rising prices.") % {"sum": tenge(round_.reserve_tenge)})
    return " ".join(parts)


def _propose(c: Constitution) -> str:
    who = _("Any resident aged %(age)s or older may propose.") % {"age": c.proposer_min_age}
    often = ngettext(
        "One author may file %(n)s proposal.", "One author may file up to %(n)s proposals.", c.proposals_per_author
    )
    return f"{who} {often % {'n': c.proposals_per_author}}"


def _vote(c: Constitution) -> str:
    return _("Any resident aged %(age)s or older may vote.") % {"age": c.voter_min_age}


def _methods(c: Constitution) -> str:
    words = {
        "phone": _("By a code sent to a mobile number of Kazakhstan."),
        "email": _("By a code sent to an e-mail address."),
        "code": _("By a printed one-time code, given out by the Project Centre against a signature."),
    }
    known = [words[m] for m in c.methods if m in words]
    return " ".join(known) if known else _("No way has been chosen yet. Without one nobody can vote.")


def _ballot(c: Constitution) -> str:
    if c.ballot_type == Constitution.Ballot.ONE:
        choice = _("A voter chooses one project.")
    elif c.min_choices == c.max_choices:
        choice = _("A voter chooses exactly %(n)s projects.") % {"n": c.max_choices}
    else:
        choice = _("A voter chooses from %(least)s to %(most)s projects.") % {
            "least": c.min_choices,
            "most": c.max_choices,
        }
    order = (
        _("Each voter sees the projects in an own random order.")
        if c.ballot_order == Constitution.Order.RANDOM
        else _("The projects are listed by number.")
    )
    return f"{choice} {order}"


def _again(c: Constitution) -> str:
    if c.max_attempts == 1:
        return _("A vote is final: it cannot be changed.")
    return _("A voter may vote up to %(n)s times until the end of voting. The last ballot counts.") % {
        "n": c.max_attempts
    }


def _counts(c: Constitution) -> str:
    if c.counts_mode == Constitution.Counts.LIVE:
        return _("Everybody sees the votes of each project while voting is open.")
    return _(
        "While voting is open everybody sees only how many people have voted. Votes of projects are shown after the end."
    )


def _log(c: Constitution) -> str:
    return {
        Constitution.Cadence.EVENT: _(
            "Ballots are mixed and enter the public log every few seconds. Everybody can recount them after the audit."
        ),
        Constitution.Cadence.CITY: _(
            "Ballots are mixed and enter the public log at least every ten minutes. Everybody can recount them after the audit."
        ),
        Constitution.Cadence.TOWN: _(
            "Ballots are mixed and enter the public log once a day. Everybody can recount them after the audit."
        ),
    }[Constitution.Cadence(c.cadence)]


def council_sentence(c: Constitution) -> str:
    """Quorum and majority, then what the constitution says beyond them."""
    if c.council_majority == Majority.SHARE_OF_VOTES:
        parts = [
            _(
                "A meeting counts when at least %(quorum)s %% of the members are present. "
                "A decision needs more than %(majority)s %% of those who vote."
            ) % {"quorum": c.council_quorum_percent, "majority": c.council_majority_percent}
        ]  # fmt: skip
    else:
        quorum = _("A meeting counts when at least %(quorum)s %% of the members are present.") % {"quorum": c.council_quorum_percent}
        parts = [quorum, str(_CARRIES[Majority(c.council_majority)])]
    if c.council_quorum_least > 1:
        parts.append(_("At least %(n)s members must be there.") % {"n": c.council_quorum_least})
    if c.council_chair_breaks_ties:
        parts.append(_("With equal voices the chair's voice decides."))
    if c.council_recusal == RecusalRule.STAYS_IN_SEATS:
        parts.append(_("A member with a conflict of interest does not vote and counts as absent."))
    else:
        parts.append(_("A member with a conflict of interest does not vote and is not counted on that question."))
    if not c.council_remote_counts:
        parts.append(_("Only those who are in the room count."))
    if c.council_correspondence:
        parts.append(_("The Council may decide by correspondence within a term."))
    return " ".join(parts)


_CARRIES = {
    Majority.SIMPLE_OF_VOTES: gettext_lazy("A decision needs more voices for than against."),
    Majority.ABSOLUTE_OF_PRESENT: gettext_lazy("A decision needs more than half of those present."),
    Majority.ABSOLUTE_OF_SEATS: gettext_lazy("A decision needs more than half of all members."),
    Majority.TWO_THIRDS_OF_PRESENT: gettext_lazy("A decision needs two thirds of those present."),
}


def _frozen(round_: Round, c: Constitution) -> str:
    day = formats.date_format(
        cast(datetime, c.frozen_at).astimezone(ZoneInfo(round_.city.time_zone)).date(), "DATE_FORMAT"
    )
    return _(
        "These rules were frozen on %(day)s. The database refuses any change but an amendment by two people. "
        "Fingerprint: %(digest)s."
    ) % {"day": day, "digest": c.digest[:16]}
