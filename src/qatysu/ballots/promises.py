"""The promise: a signed word, given after the ballot is stored, that it will stand in the public log by a time (LEDGER 1.8)."""

from __future__ import annotations

from datetime import datetime

from qatysu.ballots.box import Box
from qatysu.ballots.keys import promise_signer
from qatysu.bulletin.queries import GRACE_S
from qatysu.ledger.receipts import Promise

_HOUR = 3_600


def due_by(max_delay_s: int, now: datetime) -> int:
    """Unix time by which a ballot stored at ``now`` must stand in the log: the longest wait and an hour, rounded up to a full
    hour. A ballot sent twice gets the same promise, and the promise tells nothing of the minute of the vote.
    """
    late = int(now.timestamp()) + max_delay_s + GRACE_S
    return -(-late // _HOUR) * _HOUR


def promise_for(box: Box, leaf: bytes, by: int) -> str:
    """The promise as a signed note. Raises Conflict when the promise key cannot be used."""
    return Promise(box.origin, leaf, by).signed(promise_signer(box.name, box.origin))
