"""Engine beside reference: what differs, and the smallest case that still does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from tests.pure.reference.cases import Case
from tests.pure.reference.run import run
from tests.pure.reference.world import Answer

from qatysu.core.errors import Invalid
from qatysu.rules import registry
from qatysu.rules.model import Outcome, Phase

PHASES = {Phase.RULE: "rule", Phase.COMPLETION: "completion", Phase.LEFTOVER: "leftover"}


def differences(case: Case) -> list[str]:
    """One line for everything in which the engine differs from the reference; [] when they agree."""
    return examine(case)[0]


def examine(case: Case) -> tuple[list[str], bool]:
    """Differences, and whether the engine says of a tie that its bounded search could not settle it: then nothing else is
    compared when the outcome ends there, but that it claims no more than the reference.
    """
    wanted = run(case.election(), case.rule, case.given)
    try:
        got = registry.run(case.election(), case.rule, case.given)
    except Invalid as refusal:
        return [f"the engine refuses: {refusal.params.get('text', refusal)}"], False
    bounded = any(not tie.proved for tie in got.ties)
    if bounded and got.undecided and not got.undecided[0].proved:
        wrong = set(got.winners) - (wanted.certain if wanted.open else set(wanted.winners))
        return [f"claims too much beside a tie that it could not settle: {sorted(wrong)}"] if wrong else [], True
    return list(_differences(case, wanted, got)), bounded


def _differences(case: Case, wanted: Answer, got: Outcome) -> Iterator[str]:
    sure = [(PHASES[tie.phase], frozenset(tie.projects)) for tie in got.ties if tie.decisive and tie.proved]
    all_ties = [(PHASES[tie.phase], frozenset(tie.projects)) for tie in got.ties if tie.decisive]
    if not (set(sure) <= set(wanted.ties) <= set(all_ties)):
        yield f"decisive ties: engine {_plain(all_ties)}, reference {_plain(wanted.ties)}"
    if bool(got.undecided) != wanted.open:
        yield f"undecided: engine {bool(got.undecided)}, reference {wanted.open}"
    yield from _winners(wanted, got, ordered=case.rule != "welfare")
    if set(got.extra) != set(wanted.extra):
        yield f"extra: engine {sorted(got.extra)}, reference {sorted(wanted.extra)}"
    if case.rule == "equal-shares" and not wanted.open and got.runs != wanted.runs:
        yield f"runs: engine {got.runs}, reference {wanted.runs}"
    costs = {p[0]: p[1] for p in case.projects}
    if got.spent != sum(costs[i] for i in got.winners):
        yield f"spent: {got.spent} is not the cost of {got.winners}"
    for i, right in wanted.reasons.items():
        said = got.step_of(i).reason.value
        if said not in right:
            yield f"reason of {i}: engine {said}, reference {sorted(right)}"


def _winners(wanted: Answer, got: Outcome, *, ordered: bool) -> Iterator[str]:
    if wanted.open:
        wrong = set(got.winners) - wanted.certain
        if wrong and got.undecided:
            yield f"claims winners that another way to settle the tie would not fund: {sorted(wrong)}"
    mine, theirs = list(got.winners), wanted.winners
    if (mine != theirs) if ordered else (sorted(mine) != sorted(theirs)):
        yield f"winners: engine {mine}, reference {theirs}"


def _plain(ties: list[tuple[str, frozenset[str]]]) -> list[tuple[str, list[str]]]:
    return [(phase, sorted(tied)) for phase, tied in ties]


def smaller(case: Case) -> Iterator[Case]:
    """Cases with one thing less."""
    for n in range(len(case.ballots)):
        ballot, times = case.ballots[n]
        rest = (*case.ballots[:n], *case.ballots[n + 1 :])
        yield replace(case, ballots=rest)
        if times > 1:
            yield replace(case, ballots=(*case.ballots[:n], (ballot, 1), *case.ballots[n + 1 :]))
        for i in ballot:
            less = {j: points for j, points in ballot.items() if j != i}
            yield replace(case, ballots=(*case.ballots[:n], (less, times), *case.ballots[n + 1 :]))
    for name in case.given:
        if name not in ("tie", "tie_decision", "completion", "step"):
            yield replace(case, given={k: v for k, v in case.given.items() if k != name})
    for part in case.category_budgets:
        yield replace(case, category_budgets={k: v for k, v in case.category_budgets.items() if k != part})
    for part in case.district_budgets:
        yield replace(case, district_budgets={k: v for k, v in case.district_budgets.items() if k != part})
    for n in range(len(case.funders)):
        yield replace(case, funders=(*case.funders[:n], *case.funders[n + 1 :]))
    yield from _fewer_projects(case)


def _fewer_projects(case: Case) -> Iterator[Case]:
    for gone in (p[0] for p in case.projects):
        kept = {p[0] for p in case.projects} - {gone}
        yield replace(
            case,
            projects=tuple(p for p in case.projects if p[0] in kept),
            ballots=tuple(({i: v for i, v in ballot.items() if i in kept}, times) for ballot, times in case.ballots),
            given=_without(case.given, gone),
            withdrawn=tuple(i for i in case.withdrawn if i in kept),
        )


def _without(given: Mapping[str, str], gone: str) -> dict[str, str]:
    kept = dict(given)
    for name in ("tie_decision", "withdrawn", "extra", "paper"):
        if name in kept:
            kept[name] = ",".join(word for word in kept[name].split(",") if word.split(":")[0] != gone)
    if "conflicts" in kept and any(gone in group.replace(":", "/").split("/") for group in kept["conflicts"].split(";")):
        del kept["conflicts"]
    return {name: text for name, text in kept.items() if text}


def smallest(case: Case) -> Case:
    """The case made smaller as long as the engine still differs."""
    for less in smaller(case):
        if less != case and _still(less):
            return smallest(less)
    return case


def _still(case: Case) -> bool:
    if case.given.get("tie") == "decision" and not case.given.get("tie_decision"):
        return False
    return bool(case.projects) and bool(differences(case))


def report(number: int, case: Case) -> str:
    """What a failure prints: the smallest case, and how it differs."""
    least = smallest(case)
    return f"election {number}:\n" + "\n".join(differences(least)) + f"\n{least.text()}"
