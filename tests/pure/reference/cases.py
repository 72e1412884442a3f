"""Random small elections that provoke ties, exact exhaustion and odd corners; the same for the same number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from qatysu.rules.model import Election, Funder, Kind, Profile, Project

RULES = ("votes", "density", "equal-shares", "phragmen", "welfare")
#: Amounts that floating-point numbers can hardly tell apart.
NEAR = (10**15, 10**15 + 1, 10**15 - 1, 5 * 10**14, 2 * 10**15 + 1)


@dataclass(frozen=True)
class Case:
    """An election and a rule in plain words, so that it can be printed, kept and made smaller.

    ``projects``: (id, cost, categories, district, paper); ``ballots``: ({id: points}, times).
    """

    rule: str
    given: Mapping[str, str]
    projects: tuple[tuple[str, int, tuple[str, ...], str, int], ...]
    ballots: tuple[tuple[Mapping[str, int], int], ...]
    budget: int
    kind: str = "approval"
    scale: int = 1
    category_budgets: Mapping[str, int] = field(default_factory=dict)
    district_budgets: Mapping[str, int] = field(default_factory=dict)
    funders: tuple[tuple[str, int, tuple[str, ...], tuple[str, ...]], ...] = ()
    withdrawn: tuple[str, ...] = ()

    def election(self) -> Election:
        """What the engine reads."""
        index = {p[0]: n for n, p in enumerate(self.projects)}
        ballots = [([index[i] for i in b], list(b.values()), times) for b, times in self.ballots]
        return Election(
            projects=tuple(Project(i, cost, i, cats, district, paper) for i, cost, cats, district, paper in self.projects),
            profile=Profile.build(ballots),
            budget=self.budget,
            kind=Kind(self.kind),
            scale=self.scale,
            category_budgets=dict(self.category_budgets),
            district_budgets=dict(self.district_budgets),
            funders=tuple(Funder(n, money, frozenset(c), frozenset(d)) for n, money, c, d in self.funders),
            withdrawn=dict.fromkeys(self.withdrawn, "asked"),
        )

    def text(self) -> str:
        """Python that makes the case again."""
        return "Case(\n" + "".join(f"    {name}={value!r},\n" for name, value in vars(self).items() if value or name == "given") + ")"


def random_case(number: int, *, rule: str = "", most_projects: int = 6) -> Case:
    """The case of ``number``; rules take turns."""
    rule = rule or RULES[number % len(RULES)]
    r = Random(f"{number}/{rule}")  # reproducible is the purpose
    wide = r.random() < 0.05
    count = r.choice((7, 8)) if wide else r.choice((1, 2, 3, 3, 4, 4, 5, 5, most_projects, most_projects))
    ids = _ids(r, count)
    scale = r.choice((1, 1, 1, 100))
    costs = _costs(r, count)
    kind = r.choice(("approval", "approval", "approval", "choose-1", "ordinal", "cumulative", "scoring"))
    ballots = _ballots(r, ids, kind, r.randint(15, 40) if wide else r.choice((0, 1, 2, 3, 4, 4, 5, 5, 6, 6, 7, 8)))
    budget = _budget(r, costs)
    case = Case(
        rule=rule,
        given={},
        projects=tuple((i, c, *_place(r), r.choice((0, 0, 0, 0, 0, 2))) for i, c in zip(ids, costs, strict=True)),
        ballots=ballots,
        budget=budget,
        kind=kind,
        scale=scale,
    )
    case = _with_money(r, case)
    if r.random() < 0.05:
        case = replace(case, withdrawn=(r.choice(ids),))
    return replace(case, given=_given(r, case))


def _ids(r: Random, count: int) -> list[str]:
    names = r.choice(("a b c d e f g h", "9 10 2 1 33 4 7 70", "Z y X w ә B 1 b")).split()
    ids = names[:count]
    r.shuffle(ids)
    return ids


def _costs(r: Random, count: int) -> list[int]:
    pool = r.choice(([4, 6, 10], [5, 5, 10, 20], [1, 2, 3, 7, 11], [100, 250, 330], list(range(1, 30)), [12], [6, 12, 18, 24], NEAR))
    return [r.choice(pool) for _ in range(count)]


def _budget(r: Random, costs: list[int]) -> int:
    some = sum(r.sample(costs, r.randint(1, len(costs))))
    rare = r.choice((sum(costs), sum(costs) + 5, min(costs) - 1))
    return max(0, r.choice((some, some, some, some + r.randint(-2, 3), sum(costs) * 6 // 10, rare)))


def _place(r: Random) -> tuple[tuple[str, ...], str]:
    cats = r.choice(((), ("sport",), ("parks",), ("sport",), ("parks",), ("sport", "parks"), ("roads",)))
    return cats, r.choice(("", "north", "south", "south"))


def _ballots(r: Random, ids: list[str], kind: str, many: int) -> tuple[tuple[dict[str, int], int], ...]:
    found = []
    even = r.choice((None, None, 0.5, 0.35))
    lean = [even or r.choice((0.0, 0.3, 0.5, 0.7)) for _ in ids]
    for _ in range(many):
        named = [i for i, share in zip(ids, lean, strict=True) if r.random() < share]
        r.shuffle(named)
        named = named[:1] if kind == "choose-1" else named
        if kind == "ordinal":
            points = list(range(len(named), 0, -1))
        elif kind in ("cumulative", "scoring"):
            points = [r.choice((0, 1, 1, 2, 3, 5)) for _ in named]
        else:
            points = [1] * len(named)
        found.append((dict(zip(named, points, strict=True)), r.choice((1, 1, 1, 1, 2, 3))))
    return tuple(found)


def _with_money(r: Random, case: Case) -> Case:
    if r.random() < 0.35:
        half = max(2, case.budget // 2)
        cats = {c: half + r.randint(-2, 5) for c in r.sample(["sport", "parks", "roads"], r.randint(1, 3))}
        zones = {d: half + r.randint(-2, 5) for d in r.sample(["north", "south"], r.randint(1, 2))}
        case = replace(case, category_budgets=cats, district_budgets=zones)
    if r.random() < 0.2:
        case = replace(case, funders=tuple(_funder(r, n, case.budget) for n in range(r.randint(1, 3))))
    return case


def _funder(r: Random, number: int, budget: int) -> tuple[str, int, tuple[str, ...], tuple[str, ...]]:
    cats = tuple(r.sample(["sport", "parks", "roads"], r.choice((0, 0, 1, 2))))
    zones = tuple(r.sample(["north", "south", ""], r.choice((0, 0, 1))))
    return f"f{number}", r.randint(0, budget + 2), cats, zones


def _given(r: Random, case: Case) -> dict[str, str]:
    ids = [p[0] for p in case.projects]
    given = _common(r, case, ids)
    if case.rule == "votes":
        given |= _maybe(r, 0.5, "fit", "stop") | _maybe(r, 0.3, "partial", r.choice(("0.8", "0.5", "1", "0.25")))
    if case.rule == "equal-shares":
        given["utility"] = r.choice(("cost", "cost", "cardinality", "score"))
        given["completion"] = r.choice(("add1", "add1", "add1e", "add1u", "utilitarian", "none"))
        given["step"] = _step(r, case)
        if given["tie"] not in ("refuse", "decision"):
            given |= _maybe(r, 0.2, "comparison", "votes")
    if case.rule == "phragmen":
        given |= _maybe(r, 0.5, "unaffordable", "skip")
    if case.rule in ("votes", "density", "welfare"):
        given |= _maybe(r, 0.1, "paper", ",".join(f"{i}:{r.randint(0, 4)}" for i in r.sample(ids, min(2, len(ids)))))
    return given


def _common(r: Random, case: Case, ids: list[str]) -> dict[str, str]:
    given: dict[str, Any] = {"tie": r.choice(("refuse", "refuse", "refuse", "id", "cheaper", "dearer", "decision"))}
    if given["tie"] == "decision":
        given["tie_decision"] = ",".join(r.sample(ids, len(ids) if r.random() < 0.7 else r.randint(1, len(ids))))
    if case.category_budgets and r.random() < 0.8:
        given["parts"] = r.choice(("category", "district"))
    given |= _maybe(r, 0.4 if "parts" in given else 0.1, "leftover", "pool")
    given |= _maybe(r, 0.15, "min_score", r.choice(("1", "2", "3", "1.5"))) | _maybe(r, 0.15, "min_score_op", "gt")
    given |= _maybe(r, 0.15, "key", "votes") | _maybe(r, 0.05, "withdrawn", r.choice(ids)) | _maybe(r, 0.05, "extra", r.choice(ids))
    given |= _maybe(r, 0.05, "budget", str(max(0, case.budget // case.scale + r.randint(-1, 1))))
    if len(ids) > 2 and r.random() < 0.25:
        groups = [r.sample(ids, r.choice((2, 2, 3))) for _ in range(r.choice((1, 1, 2)))]
        given["conflicts"] = ";".join("/".join(g) + (f":{r.choice(g)}" if r.random() < 0.3 else "") for g in groups)
    return given


def _maybe(r: Random, chance: float, name: str, value: str) -> dict[str, str]:
    return {name: value} if r.random() < chance else {}


def _step(r: Random, case: Case) -> str:
    """So large that a few dozen runs buy everything."""
    dearest = max(p[1] for p in case.projects)
    return str(max(1, -(-dearest // (r.choice((3, 8, 20, 60)) * case.scale))))
