"""Composed read: how an outcome came about and what another rule would have given. Everything is stored; nothing is computed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from qatysu.core.money import share
from qatysu.results import comparing, explain
from qatysu.results.models import Outcome, OutcomeLine
from qatysu.rounds.models import Category, Round
from qatysu.rules.compare import Row, not_binding, note_sentences
from qatysu.rules.describe import RuleText, param_text, rule_text
from qatysu.rules.explain import Context
from qatysu.rules.model import Verdict
from qatysu.rules.params import PARAMS
from qatysu.tally.queries import imported

#: So many titles a cell of the table shows; more are folded away.
MOST_CHANGES = 4
#: Parameters that a page states by themselves, not among the others.
_APART = ("tie", "tie_decision", "key")


@dataclass(frozen=True, slots=True)
class Method:
    """The rule in plain words, its parameters as (label, value), decisive ties, and the protocol of the count."""

    rule: RuleText
    params: tuple[tuple[str, str], ...]
    ties: tuple[str, ...]
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OtherRule:
    """A rule of the comparison. ``width`` is that of its bar, ``parts`` the share of money by category."""

    name: str
    difference: str
    is_binding: bool
    winners: int
    spent_tenge: int
    with_winner: int
    voters: int
    share: Fraction | None
    width: str
    cost_per_vote: str
    gained: tuple[str, ...]
    lost: tuple[str, ...]
    notes: tuple[str, ...]
    parts: tuple[Fraction | None, ...]

    @property
    def full_name(self) -> str:
        """The name, with what sets it apart from the rule of the round."""
        return f"{self.name} ({self.difference})" if self.difference else self.name

    @property
    def changes(self) -> int:
        """How many projects fare otherwise than by the rule of the round."""
        return len(self.gained) + len(self.lost)

    @property
    def is_long(self) -> bool:
        """Whether the changes are too many to be read at a glance."""
        return self.changes > MOST_CHANGES


@dataclass(frozen=True, slots=True)
class Comparison:
    """Rules side by side; ``categories`` are the names that go with ``OtherRule.parts`` (None: projects without one)."""

    warning: str
    rows: tuple[OtherRule, ...]
    categories: tuple[Category | None, ...]

    @property
    def distinct(self) -> tuple[OtherRule, ...]:
        """The rule of the round, then those that give other winners; rules that agree with each other are one row."""
        groups: dict[object, list[OtherRule]] = {}
        for row in self.rows:
            if row.is_binding or row.gained or row.lost:
                key = (row.is_binding, frozenset(row.gained), frozenset(row.lost), row.spent_tenge)
                groups.setdefault(key, []).append(row)
        return tuple(_merged(group) for group in groups.values())

    @property
    def same(self) -> tuple[str, ...]:
        """Names of the other rules with the same winners."""
        return tuple(row.full_name for row in self.rows if not (row.is_binding or row.gained or row.lost))

    @property
    def table(self) -> tuple[tuple[Category | None, tuple[tuple[str, Fraction | None], ...]], ...]:
        """For each category that gets money, the distinct rules with its share: what gets most by the rule of the round is first.

        Empty when there is nothing to compare.
        """
        rows = self.distinct
        if len(rows) < 2 or len(self.categories) < 2:
            return ()
        order = sorted(range(len(self.categories)), key=lambda i: -(rows[0].parts[i] or 0))
        return tuple(
            (self.categories[i], tuple((row.name, row.parts[i]) for row in rows))
            for i in order
            if any(row.parts[i] for row in rows)
        )


def _merged(group: Sequence[OtherRule]) -> OtherRule:
    """Rules with the same winners as one row with all their names and notes."""
    if len(group) == 1:
        return group[0]
    names = dict.fromkeys(row.full_name for row in group)
    notes = dict.fromkeys(note for row in group for note in row.notes)
    return replace(group[0], name="; ".join(names), difference="", notes=tuple(notes))


@dataclass(frozen=True, slots=True)
class Origin:
    """The file of an imported election, and titles on which its official list and our outcome differ."""

    file_name: str
    sha256: str
    only_official: tuple[str, ...]
    only_computed: tuple[str, ...]

    @property
    def differs(self) -> bool:
        """Whether the lists of winners are not the same."""
        return bool(self.only_official or self.only_computed)


def origin_of(round_: Round, outcome: Outcome, rows: Sequence[OutcomeLine], context: Context) -> Origin | None:
    """Where the ballots of an imported round come from; None, without a query, for a round of our own."""
    source = imported(round_) if outcome.is_imported else None
    if source is None:
        return None
    ours = {row.entry.code for row in rows if row.verdict == Verdict.FUNDED}
    theirs = {code for code, mark in source.selected.items() if mark == 1} if source.selected else ours
    names = [tuple(context.name(code) for code in sorted(codes, key=int)) for codes in (theirs - ours, ours - theirs)]
    return Origin(source.file_name, source.sha256, names[0], names[1])


def method_of(outcome: Outcome, rows: Sequence[OutcomeLine], context: Context, language: str) -> Method:
    """How ``outcome`` was computed, in ``language``; no query."""
    return Method(
        rule=rule_text(outcome.rule, language),
        params=tuple(_params(outcome.params, language)),
        ties=tuple(explain.tie_sentences(outcome, context, language)),
        steps=tuple(explain.protocol(outcome, rows, context, language)),
    )


def _params(params: Mapping[str, str], language: str) -> list[tuple[str, str]]:
    """Label and value of each parameter that says something: thresholds of 0 and absent parts do not."""
    return [
        (param_text(name, language).label, _value(name, text, language))
        for name, text in params.items()
        if name not in _APART and text not in ("", "none") and not (name.startswith("min_score") and _is_free(params))
    ]


def _is_free(params: Mapping[str, str]) -> bool:
    return params.get("min_score", "0") == "0" and params.get("min_score_op", "ge") == "ge"


def _value(name: str, text: str, language: str) -> str:
    if name == "step":
        return explain.money(Fraction(text))
    return param_text(name, language).choices.get(text, text)


def comparison_of(
    outcome: Outcome, categories: Sequence[Category], context: Context, language: str
) -> Comparison | None:
    """What other rules would have given; None when nothing is stored. No query."""
    rows = comparing.rows_of(outcome)
    if not rows:
        return None
    known: dict[str, Category] = {category.slug: category for category in categories}
    slugs = [slug for slug in rows[0].measures.categories if slug in known or rows[0].measures.categories[slug].money]
    shown = tuple(_other(row, rows[0], slugs, context, language) for row in rows)
    return Comparison(not_binding(language), shown, tuple(known.get(slug) for slug in slugs))


def _other(row: Row, binding: Row, slugs: Sequence[str], context: Context, language: str) -> OtherRule:
    m = row.measures
    return OtherRule(
        name=rule_text(row.rule, language).name,
        difference=_difference(row, binding, language),
        is_binding=row.binding,
        winners=len(row.winners),
        spent_tenge=m.spent,
        with_winner=m.with_winner,
        voters=m.voters,
        share=share(m.with_winner, m.voters),
        width=f"{float(100 * m.share):.2f}%",
        cost_per_vote="—" if m.cost_per_vote is None else explain.money(m.cost_per_vote),
        gained=tuple(context.name(code) for code in row.gained),
        lost=tuple(context.name(code) for code in row.lost),
        notes=tuple(note_sentences(row, explain.money, language)),
        parts=tuple(_part(row, slug) for slug in slugs),
    )


def _part(row: Row, slug: str) -> Fraction | None:
    part = row.measures.categories.get(slug)
    return part.money / row.measures.spent if part is not None and row.measures.spent else None


def _difference(row: Row, binding: Row, language: str) -> str:
    """What sets the binding rule apart from itself with other parameters; '' for another rule."""
    if row.binding or row.rule != binding.rule:
        return ""
    texts = [
        _value(name, text, language)
        for name, text in row.params.items()
        if name not in _APART and name != "step" and text != binding.params.get(name, PARAMS[name].default)
    ]
    return "; ".join(texts)

