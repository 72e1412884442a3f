"""Compare an outcome with the official list of a file, and look for plain reasons of a difference (docs/tally.md)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from qatysu.core.errors import Invalid
from qatysu.rules import declared, registry
from qatysu.rules.hints import Hint, hint
from qatysu.rules.model import Election, Kind, Outcome, Profile, Reason, Verdict
from qatysu.rules.params import PARAMS, stated
from qatysu.rules.pb.model import PbFile

#: Rounds of deciding ties in favour of the official list; every round settles at least one project.
MOST_ROUNDS = 200
#: Ids that one sentence names.
MOST_NAMED = 8
#: Projects up to which changes are tried; four times as many as any known election has.
MOST_TRIALS = 1000
#: Characters of a comment that are repeated.
LONGEST_COMMENT = 1000
#: Marks on distinct ballots up to which other settings of the slower rules are tried.
MOST_MARKS = 100_000
#: Repetitions of equal shares up to which that rule is tried.
MOST_REPETITIONS = 1000
#: Rules that read nothing of the ballots but the counts.
BY_COUNTS = ("votes", "density")
_NUMBERED = re.compile(r"#(\d+):")


@dataclass(frozen=True, slots=True)
class Audit:
    """``matches`` is None where there is nothing to compare with, or while a decisive tie is open and some order of it
    gives the official list: ``tie_decision`` is that order. ``official_extra``: marked 2 or 3 in the file.
    """

    declared_rule: str
    matches: bool | None
    only_official: tuple[str, ...] = ()
    only_computed: tuple[str, ...] = ()
    official_extra: tuple[str, ...] = ()
    tie_decision: tuple[str, ...] = ()
    why: tuple[Hint, ...] = ()


@dataclass(frozen=True, slots=True)
class _Case:
    """The official list, and what was computed."""

    file: PbFile
    rule: str
    given: Mapping[str, str]
    winners: frozenset[str]
    extra: frozenset[str]  # marked 2; compared when the rule has ``partial``

    def agrees(self, outcome: Outcome) -> bool:
        return not any(self.differences(outcome))

    def differences(self, outcome: Outcome) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Ids only official and ids only computed, sorted."""
        ours, extra = frozenset(outcome.winners), frozenset(s.project for s in outcome.steps if s.reason is Reason.PARTIAL)
        theirs = self.extra if "partial" in outcome.params else frozenset()
        missing = (self.winners - ours) | (theirs - extra)
        return tuple(sorted(missing)), tuple(sorted((ours - self.winners) | (extra - theirs)))


def audit(file: PbFile, outcome: Outcome, given: Mapping[str, str]) -> Audit:
    """Compare ``outcome``, which ``outcome.rule`` gave with the parameters ``given``, with ``file.selected``."""
    if not file.selected:
        return Audit(file.rule, None, why=(hint("no_official"),))
    marked = {mark: frozenset(i for i, m in file.selected.items() if m == mark) for mark in (1, 2, 3)}
    case = _Case(file, outcome.rule, given, marked[1], marked[2])
    others = tuple(i for i, mark in file.selected.items() if mark in (2, 3))
    about_others = tuple(_about_extra(file, i) for i in others if i not in outcome.extra)
    settled, order = _settle(case, file.election, given, outcome) if outcome.undecided else (outcome, ())
    if case.agrees(settled):
        if not order:
            return Audit(file.rule, True, official_extra=others, why=about_others)
        why = (hint("tie_explains", value=",".join(order)), *about_others)
        return Audit(file.rule, None, official_extra=others, tie_decision=order, why=why)
    missing, added = case.differences(settled)
    why = tuple(_reasons(case, settled, bool(outcome.undecided)))
    proved = not outcome.undecided or _finds_any_order(outcome)
    return Audit(file.rule, False if proved else None, missing, added, others, (), (*why, *about_others))


def _finds_any_order(outcome: Outcome) -> bool:
    """Whether ``_settle`` finds the official list if any order of the ties gives it."""
    stops_in_parts = outcome.params.get("fit") == "stop" and outcome.params["parts"] != "none"
    return outcome.rule in BY_COUNTS and not stops_in_parts


def _settle(
    case: _Case, election: Election, given: Mapping[str, str], start: Outcome | None = None
) -> tuple[Outcome, tuple[str, ...]]:
    """Decide every open tie in favour of the official list: official projects first, as they leave the least for the others; of
    these the dearest first, as it ends a list that stops.
    """
    costs = {p.id: p.cost for p in election.projects}
    texts = {name: text for name, text in given.items() if name not in ("tie", "tie_decision")}
    outcome = start or registry.run(election, case.rule, texts)
    known: set[str] = set()
    order: tuple[str, ...] = ()
    for _ in range(MOST_ROUNDS if _repetitions(election, outcome) <= MOST_REPETITIONS else 1):
        tied = {i for tie in outcome.undecided for i in tie.projects}
        if tied <= known:
            break
        known |= tied
        order = tuple(sorted(known, key=lambda i: (i not in case.winners, i not in case.extra, -costs[i], i)))
        outcome = registry.run(election, case.rule, texts | {"tie": "decision", "tie_decision": ",".join(order)})
    return outcome, order


def _reasons(case: _Case, outcome: Outcome, tied: bool) -> Iterator[Hint]:
    if not declared.of(case.file).known:
        yield hint("rule_unknown")
    yield from _obstacles(case, outcome)
    if tied:
        yield hint("tie_open")
    found = list(_trials(case, outcome))
    if found:
        yield from found
        return
    yield hint("unexplained")
    if case.file.meta.get("comment"):
        comment = case.file.meta["comment"]
        yield hint("comment", value=comment if len(comment) <= LONGEST_COMMENT else comment[: LONGEST_COMMENT - 1] + "…")


def _obstacles(case: _Case, outcome: Outcome) -> Iterator[Hint]:
    """Why no order or setting of this kind could give the official list."""
    costs = {p.id: p.cost for p in case.file.election.projects}
    total = sum(costs[i] for i in case.winners)
    if total > outcome.budget:
        yield hint("too_dear", cost=_units(total, case.file), budget=_units(outcome.budget, case.file))
    steps = {step.project: step for step in outcome.steps}
    for name in sorted(case.winners):
        if steps[name].verdict is Verdict.WITHDRAWN or steps[name].reason is Reason.EXCLUDED:
            yield hint("official_cannot", value=name)
        if steps[name].reason is Reason.BELOW_THRESHOLD:
            yield hint("official_below", value=name)


def _units(minor: int, file: PbFile) -> str:
    whole, rest = divmod(minor, file.election.scale)
    digits = len(str(file.election.scale)) - 1
    return f"{whole}.{rest:0{digits}d}" if rest else str(whole)


def _trials(case: _Case, outcome: Outcome) -> Iterator[Hint]:
    """Single changes, each of which gives the official list. Where the order of ties alone gives it, nothing else is tried."""
    if len(outcome.counts) > MOST_TRIALS:
        return
    if outcome.params["tie"] != "refuse" and _gives(case, case.file.election, case.given):
        yield hint("tie_explains", value=",".join(_settle(case, case.file.election, case.given)[1]))
        return
    yield from _settings(case, outcome)
    if case.rule not in BY_COUNTS or case.rule != declared.of(case.file).rule:
        return
    election, texts = _lighter(case, outcome)
    alone = [i for i in _removable(case, outcome) if _gives(case, election, _without(texts, i))]
    if case.file.rule.strip().lower() == "greedy-exclusive":
        groups: list[tuple[str, ...]] = [(i,) for i in alone] if alone else [case.differences(outcome)[1]]
        for lost in groups:
            yield from _conflicts(case, election, texts, lost)
    else:
        yield from (hint("removal", value=name) for name in alone)


def _gives(case: _Case, election: Election, texts: Mapping[str, str]) -> bool:
    try:
        return case.agrees(_settle(case, election, texts)[0])
    except Invalid:  # this rule refuses this election
        return False


def _removable(case: _Case, outcome: Outcome) -> list[str]:
    """Projects that could be left out: not official, and not without effect."""
    idle = (Reason.BELOW_THRESHOLD, Reason.WITHDRAWN, Reason.EXCLUDED, Reason.NO_SUPPORT)
    steps = {step.project: step for step in outcome.steps}
    official = case.winners | case.extra
    return [i for i, step in steps.items() if i not in official and step.reason not in idle]


def _without(texts: Mapping[str, str], project: str) -> dict[str, str]:
    before = [i for i in texts.get("withdrawn", "").split(",") if i.strip()]
    return dict(texts) | {"withdrawn": ",".join([*before, project])}


def _lighter(case: _Case, outcome: Outcome) -> tuple[Election, dict[str, str]]:
    """The same election for rules that only read counts: every key as a number, no ballots. Trials are quick with it."""
    election = case.file.election
    by_score = election.kind.has_points and outcome.params.get("key") == "score"
    keys = {i: counted.score if by_score else counted.votes for i, counted in outcome.counts.items()}
    projects = tuple(replace(p, paper=keys[p.id]) for p in election.projects)
    texts = {name: text for name, text in case.given.items() if name not in ("paper", "key")}
    return replace(election, projects=projects, profile=Profile.build([]), kind=Kind.APPROVAL), texts


def _conflicts(case: _Case, election: Election, texts: Mapping[str, str], lost: tuple[str, ...]) -> Iterator[Hint]:
    """Groups of one official winner and the projects ``lost`` that give the official list. Where the comment names all of a
    group, only that one is told."""
    if not lost:
        return
    found = []
    keys = {p.id: p.paper for p in election.projects}
    for winner in sorted(case.winners, key=lambda i: (-keys[i], i)):
        group = "/".join((winner, *lost))
        for text in (group, f"{group}:{winner}"):
            together = ";".join(filter(None, (texts.get("conflicts", ""), text)))
            if _gives(case, election, dict(texts) | {"conflicts": together}):
                found.append((text, winner))
                break
    comment = case.file.meta.get("comment", "")
    named = [text for text, winner in found if all(_mentions(comment, i) for i in (winner, *lost))]
    if named:
        yield hint("conflict_commented", value=_named(named))
    elif found:
        yield hint("conflict", value=_named([text for text, _ in found]))


def _settings(case: _Case, outcome: Outcome) -> Iterator[Hint]:
    """Other settings of the rule, the declared rule, and, for other rules, the list by votes.

    A rule that the file does not declare was asked for to see what it gives, not to reproduce the list: its settings are not tried.
    """
    election, texts = case.file.election, dict(case.given)
    declares = declared.of(case.file)
    changes = _changes(case, outcome, declares.params) if case.rule == declares.rule else ()
    tries = [("", case.rule, texts | change) for change in changes]
    other = [(declares.rule, dict(declares.params))] if declares.known else []
    if case.rule != "votes" and not other:
        other = [("votes", {"fit": fit}) for fit in ("skip", "stop")]
    tries += [(rule, rule, given) for rule, given in other]
    tried = [(case.rule, stated(case.rule, texts))]
    small = len(election.profile.projects) <= MOST_MARKS and _repetitions(election, outcome) <= MOST_REPETITIONS
    for label, rule, given in tries:
        whole = (rule, stated(rule, given))
        if whole in tried or not (small or rule in BY_COUNTS):
            continue
        tried.append(whole)
        if _gives(replace(case, rule=rule), election, given):
            mark = "--param " if label else ""
            words = [f"{mark}{name}={text}" for name, text in given.items() if label or texts.get(name) != text]
            yield hint("setting", value=" ".join([*([f"--rule {label}"] if label else []), *words]))


def _repetitions(election: Election, outcome: Outcome) -> Fraction:
    """How often equal shares was repeated, or would be until the money of every voter has doubled."""
    step = Fraction(outcome.params.get("step", "1")) * election.scale
    return max(Fraction(outcome.runs), Fraction(outcome.budget, max(1, election.voters)) / step)


def _changes(case: _Case, outcome: Outcome, meta: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """One parameter at a time, as far as the rule has it and the file gives it a meaning."""
    now = outcome.params
    if meta.get("min_score", "0") != now["min_score"]:
        yield {"min_score": meta.get("min_score", "0")}
    names = [name for name in ("fit", "completion", "unaffordable") if name in now]
    if case.file.election.kind.has_points and "key" in now:
        names.append("key")
    if now["min_score"] != "0":
        names.append("min_score_op")
    for name in names:
        yield from ({name: text} for text in PARAMS[name].choices if text != now[name])
    for text in ("none", declared.parts_of(case.file)):
        if text and text != now["parts"]:
            yield {"parts": text}


def _mentions(comment: str, project: str) -> bool:
    """Whether ``comment`` names the id as a word of its own, not as the number of a remark (``#1:``)."""
    return re.search(rf"(?<![\w#/.-]){re.escape(project)}(?![\w/-])", comment) is not None


def _about_extra(file: PbFile, project: str) -> Hint:
    """Where the comment speaks of this mark or of this project."""
    mark = str(file.selected[project])
    pieces = _NUMBERED.split(file.meta.get("comment", ""))
    remarks = zip(pieces[1::2], pieces[2::2], strict=False)
    about = [f"#{n}" for n, text in remarks if _mentions(text, project) or re.search(rf"number\W+{mark}\b", text)]
    if about:
        return hint("extra_other", value=project, mark=mark, place=", ".join(about))
    return hint("extra_silent", value=project, mark=mark)


def _named(ids: list[str]) -> str:
    more = f", … (+{len(ids) - MOST_NAMED})" if len(ids) > MOST_NAMED else ""
    return ", ".join(ids[:MOST_NAMED]) + more
