"""Opening the ballots after the audit period: every last ballot of a voter, annulled ones too, in no order (LEDGER 1.9, 1.10).

Nothing else reads the private column of choices, save the running counts. Replaced ballots are never opened.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any

from django.db import transaction

from qatysu.audit.commands import record
from qatysu.ballots import queries as ballots
from qatysu.ballots.keys import open_key
from qatysu.ballots.models import Ballot, Opening
from qatysu.bulletin.commands import submit_all
from qatysu.bulletin.models import Entry, Log
from qatysu.core.errors import Conflict
from qatysu.core.periods import WindowState
from qatysu.core.regulation import Action, Stage
from qatysu.ledger.leaf import commitment, nonce
from qatysu.ledger.merkle import leaf_hash
from qatysu.ledger.replay import Last, Replay
from qatysu.results import entries
from qatysu.rounds.authorize import authorize
from qatysu.rounds.models import Round
from qatysu.rounds.queries import calendar
from qatysu.rounds.touching import touch
from qatysu.tally import published
from qatysu.tally.published import PublishedBox


@dataclass(frozen=True, slots=True)
class Progress:
    """Of ``voters`` ballots so many openings are submitted, and so many of them are in the published log."""

    voters: int
    submitted: int
    sealed: int

    @property
    def is_done(self) -> bool:
        """Whether every ballot is open to everybody."""
        return self.sealed == self.voters

    @property
    def width(self) -> str:
        """``37.50%`` of the ballots are sealed, for an SVG attribute."""
        return f"{100 * self.sealed / self.voters:.2f}%" if self.voters else "100%"


def audit_ends(round_: Round, now: datetime) -> datetime | None:
    """When the time of audit ends; None when it is over, or the calendar has none."""
    found = next((view for view in calendar(round_, now) if view.stage is Stage.AUDIT), None)
    return found.closes_at if found is not None and found.state is not WindowState.AFTER else None


def is_voting_over(round_: Round, now: datetime) -> bool:
    """True when the voting stage exists and has ended at ``now``."""
    return any(v.stage is Stage.VOTING and v.state is WindowState.AFTER for v in calendar(round_, now))


def progress(log: Log, box: PublishedBox) -> Progress:
    """How far the opening is; ``box`` is the published log."""
    sealed = box.voters - box.unopened
    return Progress(box.voters, min(box.voters, sealed + entries.openings_waiting(log)), sealed)


def open_ballots(*, actor: Any, round: Round, now: datetime, rng: Random | None = None) -> int:
    """Submit the openings of all last ballots that are not open yet; returns how many. Called again it changes nothing.

    ``rng`` shuffles them; without one the machine's own source does. Raises Conflict: ``voting_open``, ``no_log``, ``not_closed``
    (the closing entry is not published yet), ``audit_open`` (``until``), ``log_faults`` (``codes``), ``choices_differ`` (``missing``
    ballots have no choices in the database, ``different`` ones do not fit what was cast: then nothing is submitted).
    """
    authorize(actor, Action.COUNT, round, now=now)
    with transaction.atomic():
        locked = Round.objects.select_for_update().get(pk=round.pk)
        if not is_voting_over(locked, now):
            raise Conflict("voting_open")
        log = published.log_of(locked)
        replay = _checked(locked, log, now)
        # A new object for each call: SystemRandom keeps no state.
        raws = _openings(locked, log, replay, rng or secrets.SystemRandom())
        if raws:
            submit_all(log, raws, is_voters=False)
            Opening.objects.get_or_create(round=locked, defaults={"ballots": len(raws), "opened_at": now})
            record(actor=actor, action="open_ballots", now=now, place=str(locked), target=f"log:{log.pk}", count=len(raws))
            touch(locked)
    return len(raws)


def _checked(round_: Round, log: Log, now: datetime) -> Replay:
    """The replay of the published log when its ballots may be opened now."""
    closing = Entry.objects.filter(log=log, is_closing=True).values_list("idx", flat=True).first()
    if closing is None or closing >= log.published_size:
        raise Conflict("not_closed")
    until = audit_ends(round_, now)
    if until is not None:
        raise Conflict("audit_open", until=until)
    report = published.replayed(log)
    if report.faults or report.replay is None:
        raise Conflict("log_faults", codes=sorted({fault.code for fault in report.faults}))
    return report.replay


def _openings(round_: Round, log: Log, replay: Replay, rng: Random) -> list[bytes]:
    """Openings that the log does not have yet, shuffled."""
    wanted = {(each.handle, each.attempt): each for each in replay.last() if each.opened is None}
    if not wanted:
        return []
    known = set(_leaves_waiting(log))
    raws = list(_opened(round_, log.origin, wanted))
    fresh = [raw for raw in raws if leaf_hash(raw) not in known]
    rng.shuffle(fresh)
    return fresh


def _leaves_waiting(log: Log) -> Iterator[bytes]:
    rows = Entry.objects.filter(log=log, is_voters=False)
    for idx, leaf in rows.values_list("idx", "leaf").iterator():
        if idx is None or idx >= log.published_size:
            yield bytes(leaf)


def _opened(round_: Round, origin: str, wanted: Mapping[tuple[str, int], Last]) -> Sequence[bytes]:
    """An opening for each wanted ballot, each compared with what the log says was cast. Raises Conflict ``choices_differ``."""
    key, made, different = open_key(str(round_)), [], 0
    rows = Ballot.objects.filter(round=round_).values_list("handle", "attempt", "choices")
    for handle, attempt, choices in rows.iterator(chunk_size=4_000):
        last = wanted.get((handle, attempt))
        if last is None:
            continue
        secret = nonce(key, handle, attempt)
        if commitment(origin, handle, attempt, secret, choices) == last.commitment:
            made.append(entries.opening(handle, attempt, secret, json.loads(choices)))
        else:
            different += 1
    missing = len(wanted) - len(made) - different
    if missing or different:
        raise Conflict("choices_differ", missing=missing, different=different, voters=ballots.turnout(round_))
    return made
