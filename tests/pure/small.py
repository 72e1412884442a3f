"""Small random elections for the tests of rules, and one walk down a list as the text says it, for one order."""

from __future__ import annotations

from fractions import Fraction
from itertools import groupby, permutations, product

from hypothesis import strategies as st

from qatysu.rules.frame import Frame
from qatysu.rules.model import Election, Funder, Profile, Project
from qatysu.rules.params import parse

FUNDERS = ((), (Funder("F", 6),), (Funder("F", 5), Funder("G", 4, districts=frozenset("n"))))


def election(rows, budget, **more):
    """``rows``: (id, cost, votes[, categories[, district]]); every vote is a ballot that names one project."""
    whole = [(*row, (), "")[:5] if len(row) == 3 else (*row, "")[:5] for row in rows]
    projects = tuple(Project(name, cost, categories=tuple(cats), district=district) for name, cost, _, cats, district in whole)
    ballots = [((i,), None, row[2]) for i, row in enumerate(whole) if row[2]]
    return Election(projects, Profile.build(ballots), budget, **more)


@st.composite
def elections(draw, most=6, most_votes=3):
    """Projects a, b, c, ... with small costs, few different numbers of votes, parts and funders."""
    size = draw(st.integers(1, most))
    cats = st.sampled_from(((), ("x",), ("y",), ("x", "y")))
    rows = [
        ("abcdefgh"[i], draw(st.integers(1, 7)), draw(st.integers(0, most_votes)), draw(cats), draw(st.sampled_from("ns")))
        for i in range(size)
    ]
    amounts = st.integers(0, 9)
    parts = {"category_budgets": {"x": draw(amounts), "y": draw(amounts)}, "district_budgets": {"n": draw(amounts)}}
    return election(rows, draw(st.integers(0, 18)), funders=draw(st.sampled_from(FUNDERS)), **parts)


def texts(**choices):
    """Parameters as texts, '' leaves one out; conflicts name the projects a, b, c."""
    common = {"parts": ["", "category", "district"], "min_score": ["", "1", "1.5"], "min_score_op": ["ge", "gt"]}
    return st.fixed_dictionaries({name: st.sampled_from(found) for name, found in {**common, **choices}.items()}).map(
        lambda given: {name: text for name, text in given.items() if text}
    )


def fitting(found, given):
    """``given`` without conflicts when the election has too few projects for them."""
    return given if len(found.projects) >= 3 else {name: text for name, text in given.items() if name != "conflicts"}


def key_of(frame, project, rule):
    return Fraction(frame.keys[project], frame.costs[project] if rule == "density" else 1)


def every_order(frame, rule, fixed=0):
    """Every order of those that take part, in which only equal keys change places. The first ``fixed`` groups stay by id."""
    ranked = sorted(frame.alive, key=lambda p: (-key_of(frame, p, rule), frame.projects[p].id))
    groups = [list(run) for _, run in groupby(ranked, key=lambda p: key_of(frame, p, rule))]
    choices = [[tuple(g)] if n < fixed else list(permutations(g)) for n, g in enumerate(groups)]
    return [[p for part in parts for p in part] for parts in product(*choices)]


def plain(found, given, rule, order):
    """Winners (in order) and those paid partly, for one complete ``order`` of indices."""
    frame = Frame(found, parse(rule, given))
    stops, share = given.get("fit") == "stop", frame.params.partial
    ended, closed = [], set()
    for p in order:
        if frame.rivals(p) or any(p in members for members in closed):
            continue
        lack = frame.purse.lack(p)
        if lack is None:
            frame.fund(p, None)
        elif stops:
            part = lack.limit.kind in ("category", "district")
            closed.add(lack.limit.members if part else frozenset(range(len(found.projects))))
            ended.append(p)
    partly = []
    for p in ended if share is not None else []:
        room = min(frame.purse.room(p), frame.costs[p])
        if room >= share * frame.costs[p] and not frame.rivals(p) and not any(frame.in_conflict(p, q) for q in partly):
            frame.purse.take(p, room)
            partly.append(p)
    return tuple(frame.won), frozenset(partly)
