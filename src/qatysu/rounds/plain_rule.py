"""The outcome rule of a round in plain sentences: who wins, what limits the money, who decides a tie."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qatysu.core.money import tenge
from qatysu.rounds.models import Constitution, Round
from qatysu.rounds.outcome_rule import named
from qatysu.rounds.rule_params import conflict_groups


def win_sentence(c: Constitution) -> str:
    """Who wins, with every parameter of the rule; '' for a rule that is not known."""
    words = {"votes": _votes, "density": _density, "equal-shares": _equal_shares, "phragmen": _phragmen, "welfare": _welfare}
    told = words.get(c.rule)
    return " ".join([*_threshold(c), *told(c)]) if told else ""


def _threshold(c: Constitution) -> list[str]:
    number = c.threshold_votes
    if c.threshold_op == Constitution.ThresholdOp.GT:
        text = ngettext("A project needs more than %(n)s vote.", "A project needs more than %(n)s votes.", number)
    elif number:
        text = ngettext("A project needs at least %(n)s vote.", "A project needs at least %(n)s votes.", number)
    else:
        return []
    return [text % {"n": number}]


def _passed_over() -> str:
    return _("A project that no longer fits into the money left is passed over, and the next one is tried.")


def _votes(c: Constitution) -> list[str]:
    parts = [_("Projects are funded from most votes to fewest until the money is spent.")]
    if c.fit == Constitution.Fit.SKIP:
        return [*parts, _passed_over()]
    parts.append(_("The list ends at the first project that no longer fits into the money left."))
    if c.rule_params.get("partial"):
        share = f"{(Decimal(c.rule_params['partial']) * 100).normalize():f}"
        parts.append(
            _("If the money left covers at least %(share)s %% of its cost, that project is funded too, with other money for the rest.")
            % {"share": share}
        )
    return parts


def _density(_c: Constitution) -> list[str]:
    return [_("Projects are funded from most votes per tenge of cost to fewest until the money is spent."), _passed_over()]


def _equal_shares(c: Constitution) -> list[str]:
    given = c.rule_params
    parts = [
        _("The money is divided equally among all voters."),
        _(
            "A project is bought when those who chose it can pay for it together from their shares; "
            "the one that gives its voters the most for their money goes first."
        ),
        _("Every project counts the same for its voters.")
        if given.get("utility") == "cardinality"
        else _("A project counts as much as it costs for its voters."),
        *_completion(given.get("completion", "add1"), given.get("step", "1")),
    ]
    if given.get("comparison") == "votes":
        parts.append(
            _(
                "The result is compared with the list by votes: if more voters get more there, measured by the cost of the projects "
                "they chose, that list wins."
            )
        )
    return parts


def _completion(name: str, step: str) -> list[str]:
    sum_ = {"step": tenge(int(Decimal(step)))}
    again = _(
        "While money is left, all is counted again with %(step)s more for each voter; "
        "the last result that keeps within the budget counts."
    )
    by_votes = _("What is left goes to the next projects by votes.")
    if name == "add1e":
        until = _("While money is left, all is counted again with %(step)s more for each voter, until no further project fits.")
        return [until % sum_]
    known = {"add1": [again % sum_], "add1u": [again % sum_, by_votes], "utilitarian": [by_votes]}
    return known.get(name, [_("What is left is not spent.")])


def _phragmen(c: Constitution) -> list[str]:
    parts = [
        _("Every voter receives money evenly, beginning with nothing."),
        _("A project is bought as soon as those who chose it hold its cost together; that money is then gone."),
    ]
    if c.rule_params.get("unaffordable") == "skip":
        return [*parts, _passed_over()]
    return [*parts, _("It ends when the next project does not fit into the money left.")]


def _welfare(_c: Constitution) -> list[str]:
    return [
        _("Of all sets of projects that the money is enough for, the one with the most votes together wins."),
        _("The computer proves that no other set has more."),
    ]


def tie_sentence(c: Constitution) -> str:
    """What happens when equal claims decide who wins."""
    if c.tie == Constitution.Tie.REFUSE:
        return _("The Expert Council decides an equal number of votes in a public protocol. The computer never decides.")
    known = {
        "id": _("Of equal projects the one with the smaller number goes first; numbers are compared as words, so 10 comes before 9."),
        "cheaper": _("Of equal projects the cheaper one goes first; if they cost the same, the one with more votes."),
        "dearer": _("Of equal projects the dearer one goes first; if they cost the same, the one with more votes."),
    }
    return known[c.tie]


def conflicts_sentence(c: Constitution) -> str:
    """Projects of which only one can win; '' without such groups."""
    told = []
    for group in conflict_groups(c):
        words = {"codes": ", ".join(group.projects), "one": group.winner}
        if group.winner:
            told.append(_("Of the projects № %(codes)s only № %(one)s takes part.") % words)
        else:
            told.append(_("Of the projects № %(codes)s only one can win.") % words)
    return " ".join(told)


def parts_sentence(round_: Round, c: Constitution) -> str:
    """Budgets of categories and what becomes of money they do not spend; '' without them. One query, none when prefetched."""
    if c.rule_params.get("parts") != "category":
        return ""
    sums = [f"{named(row)}: {tenge(row.budget_tenge)}" for row in round_.categories.all() if row.budget_tenge]
    first = _("The winners of a category may cost together at most: %(sums)s.") % {"sums": "; ".join(sums) or "—"}
    rest = (
        _("What categories have not spent goes to the next projects by votes, in any category.")
        if c.rule_params.get("leftover") == "pool"
        else _("What categories have not spent is not spent.")
    )
    return f"{first} {rest}"


def funders_sentence(round_: Round) -> str:
    """Who pays only for some categories; '' when everybody pays for everything."""
    funders = [row for row in round_.funders.all() if row.categories]
    if not funders:
        return ""
    names = {row.slug: named(row) for row in round_.categories.all()}
    return " ".join(
        _("%(funder)s pays only for: %(categories)s.")
        % {"funder": named(row), "categories": "; ".join(names.get(slug, slug) for slug in row.categories)}
        for row in funders
    )
