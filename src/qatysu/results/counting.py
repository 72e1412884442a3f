"""The published log as the only ground of an outcome: is it whole, is it all open, and does a second program agree?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from qatysu.bulletin.commands import submit
from qatysu.bulletin.models import Log
from qatysu.core.errors import Conflict, Invalid
from qatysu.ledger.entries import decode
from qatysu.results import entries
from qatysu.rounds.models import Round
from qatysu.rules.model import Outcome as RuleOutcome
from qatysu.tally import published
from qatysu.tally.published import PublishedBox
from qatysu.verify import outcome as verifier


def readable_box(round_: Round) -> tuple[Log, PublishedBox]:
    """The log of a round and what it says, every file read anew, when an outcome can be computed from it.

    Raises Conflict: ``no_slate``, ``no_log``, ``log_unreadable``, ``log_faults`` (``codes``), ``not_closed`` and ``not_opened``
    (``missing``).
    """
    log = published.log_of(round_)
    box = published.read(log, anew=True)
    if box.faults:
        raise Conflict("log_faults", codes=sorted({fault.code for fault in box.faults}))
    if not box.is_closed:
        raise Conflict("not_closed")
    if box.unopened:
        raise Conflict("not_opened", missing=box.unopened)
    return log, box


def kept(box: PublishedBox) -> dict[str, Any]:
    """What an outcome keeps of the log that it was counted from."""
    return {
        "origin": box.origin, "size": box.size, "root": box.root, "annulled": box.annulled,
        "annulled_votes": {code: votes for code, votes in sorted(box.annulled_votes.items()) if votes},
    }  # fmt: skip


def compare(computed: RuleOutcome, box: PublishedBox, order: Sequence[str]) -> None:
    """Raises Conflict ``outcome_differs`` unless the public verifier computes the same from the manifest and the opened ballots."""
    try:
        public = verifier.outcome(box.manifest, box.ballots, order, box.withdrawn)
    except Invalid as problem:
        raise Conflict("outcome_differs", text=problem.reason) from None
    votes = {code: tallied.votes for code, tallied in computed.counts.items()}
    if (computed.winners, computed.spent, votes) != (public.winners, public.spent, dict(box.votes)):
        raise Conflict("outcome_differs")


def announce(log: Log, box: PublishedBox, computed: RuleOutcome, order: Sequence[str], digest: str) -> None:
    """Submit the result within the caller's transaction, or see that the one that was submitted states the same.

    With an open tie there is nothing to submit yet. Raises Conflict ``result_in_log`` when the log has another result, and
    ``log_waiting`` while other acts are not published: one of them may be an annulment, and nothing may follow a result unseen.
    """
    there = submitted(log, box)
    if there is None and computed.undecided:
        return
    raw = entries.result(computed, box.counted, order, digest)
    if there is not None:
        if computed.undecided or not entries.is_same_result(there, decode(raw)):
            raise Conflict("result_in_log")
        return
    # Holds off every other act until the end of the transaction: nothing comes between what was read and the result.
    locked = Log.objects.select_for_update(no_key=True).get(pk=log.pk)
    if locked.published_size != box.size or entries.unpublished(locked):
        raise Conflict("log_waiting")
    submit(log, raw, is_voters=False)


def submitted(log: Log, box: PublishedBox) -> dict[str, Any] | None:
    """The result entry, published or waiting."""
    if box.result is not None:
        return dict(box.result)
    raw = entries.result_waiting(log)
    return decode(raw) if raw is not None else None
