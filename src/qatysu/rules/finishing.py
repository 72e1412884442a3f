"""What may follow a rule: filling up by score, and the left-over money of parts (docs/outcome-rules.md, Limits, Rules)."""

from __future__ import annotations

from fractions import Fraction

from qatysu.rules.frame import Frame
from qatysu.rules.limits import Purse, limits_of
from qatysu.rules.model import Phase, Reason, Verdict
from qatysu.rules.walk import Walk


def fill_by_score(frame: Frame, phase: Phase) -> bool:
    """Fund what is left in falling order of ``frame.keys``, passing over what does not fit or conflicts.

    Every project that takes part and has not won gets one step in ``phase``, and ties are reported with it. False when a
    decisive tie ended it that nobody has settled.
    """
    done = {*frame.won, *frame.part_paid}
    keys = {p: Fraction(frame.keys[p]) for p in frame.alive if p not in done}
    return Walk(frame, keys, phase).run()


def spend_leftover(frame: Frame) -> None:
    """``leftover=pool``: what the rule left is spent without the limits of categories and districts.

    A project that the rule refused gets a second, later step. What a project funded under ``partial`` takes of the money
    left is not spent again. While a tie of the rule is open, nothing is spent, and what the rule refused but could still
    be funded here is open too.
    """
    purse = Purse(limits_of(frame.election, frame.params, frame.budget, with_parts=False), frame.costs)
    for project in frame.won:
        purse.pay(project)
    for project, amount in frame.part_paid.items():
        purse.take(project, amount)
    if any(tie.decisive and tie.settled_by == "none" for tie in frame.ties):
        _leave_open(frame, purse)
        return
    frame.purse = purse
    fill_by_score(frame, Phase.LEFTOVER)


def _leave_open(frame: Frame, purse: Purse) -> None:
    last = {step.project: step for step in frame.steps}
    for project in frame.alive:
        step = last.get(frame.projects[project].id)
        refused = step is not None and step.verdict is Verdict.NOT_FUNDED
        if refused and purse.fits(project) and not frame.rivals(project):
            frame.refuse(project, Reason.BEHIND_TIE, Fraction(frame.keys[project]), phase=Phase.LEFTOVER)
