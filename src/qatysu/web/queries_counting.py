"""Composed read: the way from the end of voting to the published result, step by step, each with its state and reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qatysu.core.errors import Conflict
from qatysu.core.money import grouped
from qatysu.core.periods import WindowState
from qatysu.core.regulation import Stage
from qatysu.results import entries, opening
from qatysu.results import queries as outcomes
from qatysu.results.models import Outcome
from qatysu.results.opening import Progress
from qatysu.rounds.models import Round
from qatysu.rounds.queries import calendar
from qatysu.tally import published
from qatysu.tally.published import PublishedBox
from qatysu.tally.queries import imported
from qatysu.ui.templatetags.ui import deadline

#: State of a step -> shape of its mark.
SHAPES: Mapping[str, str] = {"done": "ok", "now": "wait", "later": "", "stop": "stop"}


@dataclass(frozen=True, slots=True)
class Step:
    """``name`` is stable, ``state`` one of ``SHAPES``; ``text`` says what happens now, or what it waits for."""

    name: str
    title: str
    state: str
    text: str

    @property
    def shape(self) -> str:
        """Shape of the mark."""
        return SHAPES[self.state]


@dataclass(frozen=True, slots=True)
class Counting:
    """The steps; ``now`` is the name of the one that waits for somebody. ``is_moving``: the page changes without anybody's act.

    ``may_recount``: there is a provisional outcome that the log does not fix yet.
    """

    steps: tuple[Step, ...]
    now: str
    is_moving: bool
    may_recount: bool
    progress: Progress | None


@dataclass(frozen=True, slots=True)
class _Facts:
    """What the steps are told from. ``problem`` is why the log cannot be read, '' when it can."""

    round: Round
    outcome: Outcome | None
    now: datetime
    problem: str
    box: PublishedBox | None
    progress: Progress | None
    result_waits: bool
    passed: bool

    @property
    def is_over(self) -> bool:
        return opening.is_voting_over(self.round, self.now)

    @property
    def is_sealed(self) -> bool:
        """The closing entry is published."""
        return self.box is not None and self.box.is_closed

    @property
    def is_audited(self) -> bool:
        return self.is_over and opening.audit_ends(self.round, self.now) is None

    @property
    def is_open(self) -> bool:
        return self.is_sealed and self.progress is not None and self.progress.is_done

    @property
    def ties(self) -> int:
        return len(outcomes.open_ties(self.outcome)) if self.outcome is not None else 0


def counting(round_: Round, outcome: Outcome | None, now: datetime, *, passed: bool) -> Counting | None:
    """The steps of a round of our own with a frozen ballot; None for others. ``passed``: whether every gate is."""
    if imported(round_) is not None:
        return None
    facts = _facts(round_, outcome, now, passed)
    if facts.problem == "no_slate":
        return None
    steps = tuple(make(facts) for make in _MAKERS)
    waiting = next((step for step in steps if step.state in ("now", "stop")), None)
    is_moving = waiting is not None and waiting.name in ("close", "seal") and waiting.state == "now"
    is_fixed = facts.result_waits or (facts.box is not None and facts.box.result is not None)
    may_recount = facts.is_open and not is_fixed and outcome is not None and outcome.state == Outcome.State.PROVISIONAL
    return Counting(steps, waiting.name if waiting else "", is_moving or facts.result_waits, may_recount, facts.progress)


def _facts(round_: Round, outcome: Outcome | None, now: datetime, passed: bool) -> _Facts:
    try:
        log = published.log_of(round_)
        box = published.read(log)
    except Conflict as problem:
        return _Facts(round_, outcome, now, problem.reason, None, None, False, passed)
    progress = opening.progress(log, box) if box.is_closed else None
    waits = box.result is None and outcome is not None and entries.result_waiting(log) is not None
    return _Facts(round_, outcome, now, "", box, progress, waits, passed)


def _voting(facts: _Facts) -> Step:
    view = next((v for v in calendar(facts.round, facts.now) if v.stage is Stage.VOTING), None)
    when = deadline(view.closes_at, facts.round.city) if view is not None else ""
    if view is None:
        state, text = "stop", _("There is no voting stage in the calendar")
    elif view.state is WindowState.AFTER:
        state, text = "done", _("It ended: %(when)s.") % {"when": when}
    else:
        state, text = "now", _("It ends: %(when)s.") % {"when": when}
    return Step("voting", _("Voting is over"), state, text)


def _close(facts: _Facts) -> Step:
    title = _("The box is closed")
    if facts.problem == "no_log":
        return Step("close", title, "stop", _("This ballot is older than the public log. The operator runs: qatysu log adopt"))
    if facts.problem:
        return Step("close", title, "stop", _("The files of the log cannot be read. The operator looks after them."))
    if facts.is_sealed and facts.box is not None:
        said = ngettext("The ballot of %(n)s voter is sealed. Nothing is added.",
                        "The ballots of %(n)s voters are sealed. Nothing is added.", facts.box.voters)
        return Step("close", title, "done", said % {"n": grouped(facts.box.voters)})
    if facts.is_over:
        return Step("close", title, "now", _("This happens by itself within a minute after the end of voting."))
    return Step("close", title, "later", _("This happens by itself at the end of voting."))


def _audit(facts: _Facts) -> Step:
    title, until = _("Time of audit"), opening.audit_ends(facts.round, facts.now)
    if not facts.is_sealed:
        return Step("audit", title, "later", _("Complaints are judged without seeing choices: no ballot is open yet."))
    if until is not None:
        when = deadline(until, facts.round.city)
        said = _("It ends: %(when)s. Until then two people together may annul a ballot, and nobody sees what was chosen.")
        return Step("audit", title, "now", said % {"when": when})
    return Step("audit", title, "done", _("It is over. No ballot can be annulled any more."))


def _open(facts: _Facts) -> Step:
    title, progress = _("The ballots are opened"), facts.progress
    if not facts.is_sealed or not facts.is_audited or progress is None:
        return Step("open", title, "later", _("Possible when the time of audit is over."))
    if facts.box is not None and facts.box.faults and not progress.is_done:
        codes = ", ".join(sorted({fault.code for fault in facts.box.faults}))
        return Step("open", title, "stop", _("The checking program finds faults in the log: %(codes)s.") % {"codes": codes})
    if progress.submitted < progress.voters:
        return Step("open", title, "now", _("Every last ballot is written into the log in a random order, annulled ones too."))
    return Step("open", title, "done", _("All %(n)s.") % {"n": grouped(progress.voters)})


def _seal(facts: _Facts) -> Step:
    title, progress = _("The open ballots are sealed"), facts.progress
    if progress is None or progress.submitted < progress.voters:
        return Step("seal", title, "later", _("The log takes them in by itself."))
    figures = {"n": grouped(progress.sealed), "all": grouped(progress.voters)}
    if progress.is_done:
        return Step("seal", title, "done", _("%(n)s of %(all)s are in the public log.") % figures)
    return Step("seal", title, "now", _("%(n)s of %(all)s are in the public log. The rest follows within a minute.") % figures)


def _count(facts: _Facts) -> Step:
    title, outcome = _("The votes are counted"), facts.outcome
    if outcome is None:
        if not facts.is_open:
            return Step("count", title, "later", _("Counted are the open ballots of the public log, nothing else."))
        return Step("count", title, "now", _("Anybody can count the same log with another program and gets the same."))
    if facts.ties:
        return Step("count", title, "done", _("A tie is open. The result goes into the log when it is decided."))
    if facts.box is not None and facts.box.result is not None:
        return Step("count", title, "done", _("The result stands in the public log. No other one can replace it."))
    if facts.result_waits:
        return Step("count", title, "now", _("The result is on its way into the public log. This takes less than a minute."))
    return Step("count", title, "now" if facts.is_open else "stop", _("This result is not in the public log. Count again."))


def _tie(facts: _Facts) -> Step:
    title, outcome = _("Ties"), facts.outcome
    if outcome is None:
        return Step("tie", title, "later", _("If equal votes decide who wins, the Council gives the order."))
    if facts.ties:
        return Step("tie", title, "now", _("The Council gives the order, with its reason."))
    return Step("tie", title, "done", _("Decided by the Council.") if outcome.decisions else _("There is none."))


def _approve(facts: _Facts) -> Step:
    title, outcome = _("The Council approves"), facts.outcome
    if outcome is not None and outcome.state != Outcome.State.PROVISIONAL:
        return Step("approve", title, "done", _("Protocol № %(number)s.") % {"number": outcome.protocol_number})
    if outcome is None or facts.ties or facts.result_waits:
        return Step("approve", title, "later", _("The chair or the secretary writes the number of the protocol."))
    if not facts.passed:
        return Step("approve", title, "stop", _("Not every check below is passed."))
    return Step("approve", title, "now", _("The chair or the secretary writes the number of the protocol."))


def _publish(facts: _Facts) -> Step:
    title, outcome = _("The results are public"), facts.outcome
    if outcome is not None and outcome.state == Outcome.State.PUBLISHED:
        return Step("publish", title, "done", _("Everybody sees them, with the files to count again."))
    if outcome is None or outcome.state == Outcome.State.PROVISIONAL:
        return Step("publish", title, "later", _("After the approval."))
    if not facts.passed:
        return Step("publish", title, "stop", _("Not every check below is passed."))
    return Step("publish", title, "now", _("Publication shows them to everybody, with the files to count again."))


_MAKERS: tuple[Callable[[_Facts], Step], ...] = (_voting, _close, _audit, _open, _seal, _count, _tie, _approve, _publish)
