"""Method of Equal Shares with completions.

Source: D. Peters, G. Pierczyński, P. Skowron, "Proportional Participatory Budgeting with Additive Utilities", NeurIPS 2021.
"""

from __future__ import annotations

import math

from qatysu.rules import finishing
from qatysu.rules.frame import Frame, Progress
from qatysu.rules.model import Phase, Reason, Tie
from qatysu.rules.shares.buying import Buying
from qatysu.rules.shares.comparison import compare_with_votes
from qatysu.rules.shares.rounds import Met, Rounds

#: Completions that fill up by score at the end.
FILLING = ("utilitarian", "add1u")


def compute(frame: Frame, progress: Progress | None) -> tuple[int, tuple[str, ...]]:
    """Fills the trace of ``frame``: purchases with their exact price per utility, then what the others lacked, then the
    completion. Returns the number of runs and notes. Raises Invalid for a step that needs far too many runs.
    """
    rounds = Rounds(frame, progress)
    for met in rounds.ties():
        fork = met.fork
        frame.ties.append(Tie(frame.ids(fork.tied), fork.key, Phase.RULE, met.decisive, met.settled_by, met.proved))
        if met.settled_by == "none":
            _leave_open(frame, rounds, met)
            return rounds.count, ()
    moment = rounds.moment(rounds.last)
    _fund(frame, moment, rounds.last)
    _refuse(frame, moment)
    notes: tuple[str, ...] = ()
    whole = frame.params.completion not in FILLING or finishing.fill_by_score(frame, Phase.COMPLETION)
    if whole and frame.params.comparison == "votes":
        notes = compare_with_votes(frame)
    return rounds.count, notes


def _fund(frame: Frame, moment: Buying, run: int, only: frozenset[int] | None = None) -> None:
    """Steps of the purchases (of those in ``only``)."""
    moment.money.settle()
    for one in moment.money.bought:
        by = one.by
        if one.exact is not None and (only is None or by.project in only):
            frame.fund(by.project, one.exact / by.unit, supporters=by.many, run=run + 1)


def _refuse(frame: Frame, moment: Buying) -> None:
    """Steps of those who were not bought, in falling order of votes or points."""
    won = set(frame.won)
    for project in sorted(frame.alive, key=lambda p: (-frame.keys[p], frame.projects[p].id)):
        if project in won:
            continue
        by = moment.voters.by_project.get(project)
        rival, lack = frame.rival(project, frame.won), moment.barriers.lack(project)
        if rival is not None:
            frame.refuse(project, Reason.CONFLICT, by=frame.projects[rival].id)
        elif by is None:
            frame.refuse(project, Reason.NO_SUPPORT)
        elif lack is not None:
            frame.refuse(project, Reason.DOES_NOT_FIT, lack=lack)
        else:
            hold = moment.money.hold(by)
            missing = math.ceil(by.cost - hold)
            frame.refuse(project, Reason.SUPPORTERS_LACK, missing_money=missing, supporters=by.many, supporters_hold=hold)


def _leave_open(frame: Frame, rounds: Rounds, met: Met) -> None:
    """Nobody has settled a decisive tie: what was bought before it and wins in any case, then everything else."""
    tied = met.fork.tied
    moment = rounds.moment(met.run, met.fork.place)
    _fund(frame, moment, met.run, met.ways.certain - set(tied))
    supported = moment.voters.by_project
    for project in sorted(tied, key=lambda p: frame.projects[p].id):
        frame.refuse(project, Reason.TIED, met.fork.key)
    for project in sorted(frame.alive, key=lambda p: (-frame.keys[p], frame.projects[p].id)):
        if project in frame.won or project in tied:
            continue
        lost = project not in supported and frame.params.completion not in FILLING
        frame.refuse(project, Reason.NO_SUPPORT if lost else Reason.BEHIND_TIE)
