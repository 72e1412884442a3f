"""``comparison=votes``: what more voters like better wins (docs/outcome-rules.md, Rules)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from qatysu.rules import votes
from qatysu.rules.frame import Frame
from qatysu.rules.hints import noted
from qatysu.rules.model import Phase, Reason
from qatysu.rules.shares.voters import Ints


def compare_with_votes(frame: Frame) -> tuple[str, ...]:
    """Put the trace of rule votes (skip) into ``frame`` if more voters have a larger sum of cost of their winners there.

    Returns a note (``hints.noted``) with both numbers of voters. When rule votes hangs on a tie that nobody has settled, what
    the two do not have in common becomes undecided.
    """
    other = Frame(frame.election, replace(frame.params, fit="skip", partial=None))
    votes.by_votes(other, None)
    if any(tie.decisive and tie.settled_by == "none" for tie in other.ties):
        _leave_open(frame, other)
        return (noted("votes_tied"),)
    here, there = _worth(frame, frame.won), _worth(frame, other.won)
    times = frame.election.profile.times
    better, worse = int(times[there > here].sum()), int(times[here > there].sum())
    if better > worse:
        frame.won, frame.purse, frame.steps = other.won, other.purse, other.steps
        frame.ties.extend(other.ties)
        return (noted("votes_preferred", there=better, here=worse),)
    return (noted("shares_preferred", there=better, here=worse),)


def _worth(frame: Frame, won: list[int]) -> Ints:
    """For each distinct ballot the cost of the winners to which it gives points, minor units."""
    profile = frame.election.profile
    large = sum(frame.costs) >= 2**62
    costs = np.zeros(len(frame.projects), object if large else np.int64)
    costs[won] = [frame.costs[p] for p in won]
    sums = np.zeros(len(profile.times), costs.dtype)
    np.add.at(sums, profile.rows, np.where(profile.points > 0, costs[profile.projects], 0))
    return sums


def _leave_open(frame: Frame, other: Frame) -> None:
    sure = set(frame.won) & set(other.won)
    bought = [step for step in frame.steps if frame.index[step.project] in sure and step.left_after < step.left_before]
    maybe = {*frame.won, *other.won, *(other.index[s.project] for s in other.steps if s.verdict == "undecided")} - sure
    tied = {p for tie in other.ties if tie.settled_by == "none" for p in (other.index[name] for name in tie.projects)}
    rest = [step for step in frame.steps if frame.index[step.project] not in sure | maybe]
    fresh = Frame(frame.election, frame.params)
    frame.won, frame.purse, frame.steps = [], fresh.purse, []
    frame.ties.extend(other.ties)
    for step in bought:
        frame.fund(frame.index[step.project], step.key, step.phase, **step.facts)
    for project in sorted(maybe, key=lambda p: frame.projects[p].id):
        frame.refuse(project, Reason.TIED if project in tied else Reason.BEHIND_TIE, phase=Phase.RULE)
    for step in rest:
        left = frame.purse.left
        frame.steps.append(replace(step, place=len(frame.steps) + 1, left_before=left, left_after=left))
