"""Sentences made from the steps of a computation: never a claim that the step does not support.

The functions take the language as ``kk``, ``ru`` or ``en``; they know no framework and no currency.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from qatysu.core.money import grouped
from qatysu.rules.model import Election, Outcome, Phase, Reason, Step, Tie, Verdict
from qatysu.rules.wording import decimal, joined, say

#: Limits whose sentence names what lacked.
LIMIT_KINDS = ("total", "category", "district", "funders")


@dataclass(frozen=True, slots=True)
class Context:
    """What a sentence needs besides the step. ``params`` as ``Outcome.params``; ``names`` and ``costs`` (minor units) by id;
    ``money`` writes minor units with their currency; ``by_points``: the key counts points, not votes.
    """

    rule: str
    params: Mapping[str, str]
    names: Mapping[str, str]
    costs: Mapping[str, int]
    money: Callable[[int | Fraction], str]
    by_points: bool = False

    @classmethod
    def of(
        cls,
        election: Election,
        outcome: Outcome,
        money: Callable[[int | Fraction], str],
        names: Mapping[str, str] | None = None,
    ) -> Context:
        """The context of ``outcome``; names are those of the projects, or their ids, unless given."""
        shown = names if names is not None else {p.id: p.name or p.id for p in election.projects}
        by_points = election.kind.has_points and outcome.params.get("key") == "score"
        costs = {p.id: p.cost for p in election.projects}
        return cls(outcome.rule, outcome.params, shown, costs, money, by_points)

    def name(self, project: str) -> str:
        """Title of the project to show; its id where there is none."""
        return self.names.get(project) or project

    @property
    def unit(self) -> str:
        """``votes`` or ``points``: the second part of keys of texts."""
        return "points" if self.by_points else "votes"


def verdict_word(step: Step, language: str) -> str:
    """Won, lost, withdrawn, funded apart from the rule, or waits for a decision."""
    return say(language, f"verdict.{step.verdict}")


def sentence(step: Step, context: Context, language: str) -> str:
    """The verdict and why, with the smallest change that would have turned it where the step states one:
    ``Lost: 3.1 m ₸ were left, it costs 4.2 m ₸: 1.1 m ₸ too little. 12 more votes would have been enough.``
    """
    return say(language, "verdict.reason", verdict=verdict_word(step, language), reason=_lower(why(step, context, language)))


def why(step: Step, context: Context, language: str) -> str:
    """The same without the verdict, for pages that show the verdict beside it."""
    text = _REASONS[step.reason](step, context, language)
    if step.verdict is Verdict.NOT_FUNDED and step.phase in (Phase.COMPLETION, Phase.LEFTOVER):
        text = say(language, f"phase.{step.phase}", reason=text)
    return " ".join([text, *_changes(step, context, language)])


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _changes(step: Step, context: Context, language: str) -> list[str]:
    """The smallest changes that the step states; what the sentence of the reason has said already is left out."""
    if step.reason in (Reason.BELOW_THRESHOLD, Reason.SUPPORTERS_LACK):
        return []
    found = []
    if step.missing_votes:
        found.append(say(language, f"enough.{context.unit}", step.missing_votes))
    if step.missing_money and step.missing_money != step.facts.get("limit_missing"):
        found.append(say(language, "cheaper", money=context.money(step.missing_money)))
    return found


def _got(key: Fraction | int, context: Context, language: str) -> str:
    return say(language, f"got.{context.unit}", int(key))


def _key_name(step: Step, context: Context) -> str:
    """What the key of the step is: ``got`` (votes or points), ``density``, ``shares`` or ``phragmen``.

    The fact ``rank`` marks a place in a list: equal shares has it where the list by votes took the place of its own.
    """
    names = {"density": "density", "equal-shares": "shares", "phragmen": "phragmen"}
    of_list = "rank" in step.facts and context.rule != "density"
    return names.get(context.rule, "got") if step.phase is Phase.RULE and not of_list else "got"


def _price(step: Step, context: Context) -> str:
    """The key of the step as money: per vote, most that a supporter pays, or received by every voter."""
    key, name = step.key or Fraction(0), _key_name(step, context)
    if name == "density":
        return context.money(1 / key)
    if name == "shares" and context.params.get("utility") == "cost":
        return context.money(key * context.costs[step.project])
    return context.money(key)


def _priced(step: Step, context: Context) -> str:
    """``density``, ``shares``, ``phragmen``, with ``.points`` where the price is one per point."""
    name = _key_name(step, context)
    by_points = context.by_points if name == "density" else name == "shares" and context.params.get("utility") == "score"
    return f"{name}.points" if by_points else name


def _selected(step: Step, context: Context, language: str) -> str:
    left = say(language, "won.left", left=context.money(step.left_after))
    if step.key is None:
        return left
    if _key_name(step, context) != "got" and step.key > 0:
        return " ".join([say(language, f"won.{_priced(step, context)}", price=_price(step, context)), left])
    got = _got(step.key, context, language)
    points = ".points" if context.by_points else ""
    if step.phase is Phase.LEFTOVER:
        text = say(language, f"won.leftover.{context.params.get('parts', 'none')}", got=got)
    elif step.phase is Phase.COMPLETION:
        text = say(language, f"won.completion{points}", got=got)
    elif context.rule == "welfare":
        text = say(language, f"won.welfare{points}", got=got)
    else:
        text = say(language, "won.got", got=got)
    return f"{text} {left}"


def _partial(step: Step, context: Context, language: str) -> str:
    share = say(language, "percent", number=decimal(Fraction(context.params["partial"])))
    left = context.money(_amount(step, "covered") if "covered" in step.facts else step.left_before)
    cost = context.money(context.costs[step.project])
    return say(language, "extra.partial", left=left, share=share, cost=cost)


def _withdrawn(step: Step, context: Context, language: str) -> str:  # noqa: ARG001 (the signature of all reasons)
    reason = str(step.facts.get("why", ""))
    if reason == "cost":
        return say(language, "withdrawn.cost")
    return say(language, "withdrawn.why", why=reason) if reason else say(language, "withdrawn")


def _below(step: Step, context: Context, language: str) -> str:
    threshold = Fraction(context.params.get("min_score", "0"))
    # Keys are whole: "more than 10.5" and "at least 10.5" both mean at least 11.
    strict = context.params.get("min_score_op") == "gt" and threshold.denominator == 1
    needed = say(language, f"{'over' if strict else 'least'}.{context.unit}", math.ceil(threshold))
    found = [say(language, "below", needed=needed, got=_got(step.key or 0, context, language))]
    to_win = step.facts.get("votes_to_win")
    if not isinstance(to_win, int) or not to_win:
        found.append(say(language, f"missing.{context.unit}", step.missing_votes))
    elif to_win == step.missing_votes:
        found.append(say(language, f"to_win.{context.unit}", to_win))
    else:
        found.append(say(language, f"only_threshold.{context.unit}", to_win, missing=grouped(step.missing_votes)))
    return " ".join(found)


def _by(step: Step, context: Context, language: str) -> str:
    return say(language, "quoted", name=context.name(str(step.facts["by"])))


def _rival(step: Step, context: Context, language: str) -> str:
    key = "excluded" if step.reason is Reason.EXCLUDED else "conflict"
    return say(language, key, by=_by(step, context, language))


def _does_not_fit(step: Step, context: Context, language: str) -> str:
    cost, kind = context.money(context.costs[step.project]), step.facts.get("limit_kind")
    if kind not in LIMIT_KINDS:
        return say(language, "lack.plain", cost=cost)
    left, missing = (context.money(_amount(step, name)) for name in ("limit_left", "limit_missing"))
    limit = say(language, "quoted", name=str(step.facts.get("limit", "")))
    return say(language, f"lack.{kind}", left=left, missing=missing, cost=cost, limit=limit)


def _amount(step: Step, fact: str) -> int | Fraction:
    value = step.facts[fact]
    return Fraction(value) if isinstance(value, str) else value


def _after_stop(step: Step, context: Context, language: str) -> str:
    if "by" not in step.facts:
        return say(language, "stopped")
    return say(language, "stopped.by", by=_by(step, context, language))


def _supporters_lack(step: Step, context: Context, language: str) -> str:
    cost = context.money(context.costs[step.project])
    if "supporters_hold" not in step.facts:
        text = say(language, "supporters.plain", cost=cost)
    else:
        hold, many = context.money(_amount(step, "supporters_hold")), step.facts.get("supporters")
        if isinstance(many, int):
            text = say(language, "supporters", many, hold=hold, cost=cost)
        else:
            text = say(language, "supporters.hold", hold=hold, cost=cost)
    if not step.missing_money:
        return text
    return f"{text} {say(language, 'supporters.missing', money=context.money(step.missing_money))}"


def _fixed(key: str, *, by_unit: bool = False) -> Callable[[Step, Context, str], str]:
    def text(step: Step, context: Context, language: str) -> str:  # noqa: ARG001 (the signature of all reasons)
        return say(language, f"{key}.{context.unit}" if by_unit else key)

    return text


_REASONS: Mapping[Reason, Callable[[Step, Context, str], str]] = {
    Reason.SELECTED: _selected,
    Reason.PARTIAL: _partial,
    Reason.OTHER_MONEY: _fixed("extra.other_money"),
    Reason.WITHDRAWN: _withdrawn,
    Reason.EXCLUDED: _rival,
    Reason.BELOW_THRESHOLD: _below,
    Reason.CONFLICT: _rival,
    Reason.DOES_NOT_FIT: _does_not_fit,
    Reason.AFTER_STOP: _after_stop,
    Reason.NO_SUPPORT: _fixed("no_support"),
    Reason.SUPPORTERS_LACK: _supporters_lack,
    Reason.NOT_IN_BEST_SET: _fixed("not_best", by_unit=True),
    Reason.TIED: _fixed("tied"),
    Reason.BEHIND_TIE: _fixed("behind_tie"),
}


def tie_sentence(tie: Tie, context: Context, language: str) -> str:
    """Who is tied, whether this decides who wins, and who settled it."""
    names = joined(language, tuple(say(language, "quoted", name=context.name(p)) for p in tie.projects))
    return f"{_equal(tie, context, names, language)} {_consequence(tie, language)}"


def _equal(tie: Tie, context: Context, names: str, language: str) -> str:
    if context.rule == "welfare" and tie.phase is Phase.RULE:
        return say(language, "tie.sets", names=names)
    counted = tie.phase in (Phase.COMPLETION, Phase.LEFTOVER) or context.rule == "votes"
    if counted and tie.key is not None and tie.key.denominator == 1:
        return say(language, "tie.equal.votes", names=names, got=_got(tie.key, context, language))
    return say(language, "tie.equal.price", names=names)


def _consequence(tie: Tie, language: str) -> str:
    if not tie.decisive:
        return say(language, "tie.harmless")
    if tie.settled_by == "none":
        return say(language, "tie.open" if tie.proved else "tie.unproved")
    how = say(language, f"tie.by.{tie.settled_by}")
    return say(language, "tie.settled" if tie.proved else "tie.settled.unproved", how=how)


def outcome_sentence(outcome: Outcome, context: Context, language: str) -> str:
    """One line: how many won, what is given out and left; or that the result waits for people."""
    if outcome.undecided:
        tied = {project for tie in outcome.undecided for project in tie.projects}
        return say(language, "outcome.open", len(tied))
    budget, won = context.money(outcome.budget), len(outcome.winners)
    if won:
        spent, left = context.money(outcome.spent), context.money(outcome.budget - outcome.spent - _part_paid(outcome))
        text = say(language, "outcome.won", won, spent=spent, budget=budget, left=left)
    else:
        text = say(language, "outcome.none", budget=budget)
    if not outcome.extra:
        return text
    text = f"{text} {say(language, 'outcome.extra', len(outcome.extra))}"
    paid = _part_paid(outcome)
    return f"{text} {say(language, 'outcome.covered', paid=context.money(paid))}" if paid else text


def _part_paid(outcome: Outcome) -> Fraction:
    """What projects funded under ``partial`` took of the money left, minor units."""
    return sum((Fraction(_amount(s, "covered")) for s in outcome.steps if "covered" in s.facts), Fraction(0))


def step_line(step: Step, context: Context, language: str) -> str:
    """One line of the count: ``3. Stadium: 112 votes, costs 4 m ₸, 20 m ₸ left → funded, 16 m ₸ left``."""
    facts = []
    if step.key is not None:
        facts.append(_key_words(step, context, language))
    facts.append(say(language, "step.costs", cost=context.money(context.costs[step.project])))
    if step.phase is not Phase.BEFORE:
        facts.append(say(language, "step.left", left=context.money(step.left_before)))
    result = _result(step, context, language)
    name = context.name(step.project)
    return say(language, "step", place=str(step.place), name=name, facts=", ".join(facts), result=result)


def _key_words(step: Step, context: Context, language: str) -> str:
    if _key_name(step, context) == "got" or not step.key:
        return _got(step.key or 0, context, language)
    return say(language, f"step.{_priced(step, context)}", price=_price(step, context))


def _result(step: Step, context: Context, language: str) -> str:
    key = f"result.{step.reason}"
    if step.reason is Reason.SELECTED:
        return say(language, key, left=context.money(step.left_after))
    if step.reason in (Reason.EXCLUDED, Reason.CONFLICT):
        return say(language, key, by=_by(step, context, language))
    if step.reason is Reason.DOES_NOT_FIT and "limit_missing" in step.facts:
        return say(language, f"{key}.missing", missing=context.money(_amount(step, "limit_missing")))
    if step.reason is Reason.SUPPORTERS_LACK and "supporters_hold" in step.facts:
        return say(language, f"{key}.hold", hold=context.money(_amount(step, "supporters_hold")))
    return say(language, key)
