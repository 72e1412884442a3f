"""The sequencer: seals what waits in the logs of rounds, closes boxes when voting is over, keeps the log of heads.

Runs in the worker, which alone needs the keys of logs. Safe to run twice, beside another worker, and after any death.
"""

from __future__ import annotations

import logging
from datetime import datetime
from random import SystemRandom
from typing import Any

from django.db import DatabaseError, connection, transaction

from qatysu.ballots import key_states, keys
from qatysu.ballots.logs import HEADS, find_log, name_of, origin_of, round_of, storage_of, witnesses
from qatysu.ballots.models import Participation
from qatysu.bulletin import commands as bulletin
from qatysu.bulletin.errors import Busy, LogRefusal, OtherWriter, StillWaiting
from qatysu.bulletin.models import Entry, Log
from qatysu.bulletin.sealing import Cosign, published
from qatysu.bulletin.witness import cosigner
from qatysu.core.errors import Conflict, QatysuError
from qatysu.core.periods import WindowState
from qatysu.core.regulation import Stage
from qatysu.ledger.entries import encode
from qatysu.ledger.notes import BadNote
from qatysu.rounds.models import Round
from qatysu.rounds.queries import calendar, db_now

_log = logging.getLogger(__name__)
#: Checkpoints of rounds wait so long at most until the log of heads is signed anew: at so many, or after so many seconds.
HEADS_PACE = (20, 600)


def seal_now(log: Log, now: datetime) -> int:
    """Seal and publish all that waits, whatever the cadence; returns how many entries are newly published.

    Raises Conflict when the key of the log cannot be used, and LogRefusal (see ``bulletin.errors``).
    """
    storage, signer = storage_of(log), keys.log_signer(name_of(log), log.origin)
    cosign: Cosign | None = cosigner(found, storage) if (found := witnesses()) else None
    sealed = 0
    while True:
        batch = bulletin.seal_batch(log, storage=storage, signer=signer, rng=SystemRandom(), now=now, cosign=cosign)
        log.refresh_from_db()
        if not batch:
            return sealed
        sealed += batch


def is_closed(log: Log) -> bool:
    """Whether the log has its closing entry, sealed or not."""
    return Entry.objects.filter(log=log, is_closing=True).exists()


def is_over(round_: Round) -> bool:
    """Whether voting has ended by the database's clock."""
    return any(view.stage is Stage.VOTING and view.state is WindowState.AFTER for view in calendar(round_, db_now()))


def close_box(round_: Round, now: datetime) -> bool:
    """Seal all ballots, write the ``close`` entry and seal it; False when it was closed before.

    Raises Conflict ``voting_open`` while voting is not over by the database's clock.
    """
    log = Log.objects.get(slate__round=round_)
    if is_closed(log):
        return False
    if not is_over(round_):
        raise Conflict("voting_open")
    seal_now(log, now)

    def close(size: int) -> bytes:
        return encode({"t": "close", "v": 1, "entries": size, "handles": Participation.objects.filter(round=round_).count()})

    with transaction.atomic():
        # Casting takes this row in share: none runs while the numbers of the close are made. Two people may have extended voting
        # in the last moment, while this process was sealing: the calendar is read again under the lock.
        if not is_over(Round.objects.select_for_update().get(pk=round_.pk)):
            raise Conflict("voting_open")
        bulletin.submit_closing(log, close)
    _end(log, now)
    return True


def _end(log: Log, now: datetime) -> None:
    """Seal the closing entry, after the order of rows is forgotten: whoever finds that entry waiting after a death begins here."""
    try:
        forget_order()
    except DatabaseError as fault:
        _log.error("log %s: the order of rows is not forgotten yet, the closing entry waits: %s", name_of(log), type(fault).__name__)
        return
    seal_now(log, now)


#: Tables of the box; a column that is written anew as it is makes PostgreSQL write every row anew, as one transaction's.
_BOX = {"ballots_participation": "attempt", "ballots_ballot": "attempt", "bulletin_entry": "is_voters"}


def forget_order() -> None:
    """Rewrite the tables of the box in the order of random keys: neither files nor versions of rows tell who came when.

    Does nothing inside a transaction, where it cannot be done.
    """
    if connection.in_atomic_block:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("VACUUM")
            # What was written goes into the file, and the log of writes is emptied: it had the rows as they came.
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return
        cursor.execute("SET lock_timeout = '10s'")
        try:
            for table, column in _BOX.items():
                _write_anew(cursor, table, column)
        finally:
            cursor.execute("RESET lock_timeout")


def _write_anew(cursor: Any, table: str, column: str) -> None:
    """Rows keep the number of the transaction that wrote them (xmin) through CLUSTER: it would tell the order of voting. Changing a
    type writes them as of one transaction, guards untouched; CLUSTER then puts them into the order of their keys.
    """
    kind = "boolean" if column.startswith("is_") else "smallint"
    cursor.execute(f'ALTER TABLE "{table}" ALTER COLUMN "{column}" TYPE {kind} USING ("{column}"::text)::{kind}')
    cursor.execute(f'CLUSTER "{table}" USING "{table}_pkey"')


def tick(now: datetime) -> int:
    """Everything that is due in all logs; returns how many entries were published. One log's trouble is a line, not an end."""
    return sum(_safely(log, now) for log in _open_logs())


def _open_logs() -> list[Log]:
    """Logs of rounds first, the heads last: they take in what the others have published."""
    rounds = list(Log.objects.filter(frozen_at=None, slate__isnull=False).order_by("pk"))
    heads = find_log(HEADS) or (_begin_heads() if rounds else None)
    return [*rounds, heads] if heads is not None else rounds


def _begin_heads() -> Log | None:
    origin = origin_of(HEADS)
    try:
        # Its key is the worker's own: whatever was begun before with the key that is here goes on with it.
        has_key = keys.path_of(HEADS, "log").exists()
        vkey = str(keys.log_signer(HEADS, origin).verifier) if has_key else keys.make_log_key(HEADS, origin)
        return bulletin.create_log(vkey=vkey, min_batch=HEADS_PACE[0], max_delay_s=HEADS_PACE[1])
    except QatysuError as refusal:
        _log.error("the log of heads cannot be begun: %s", refusal)
        return None


def _safely(log: Log, now: datetime) -> int:
    try:
        published = _tick_one(log, now)
        _seal_key_away(log, now)
        return published
    except (Busy, OtherWriter, StillWaiting):
        return 0  # somebody else is at work, or a ballot came in between: next time
    except (LogRefusal, BadNote, OSError) as problem:
        _log.error("log %s: %s", name_of(log), problem)
    except QatysuError as refusal:
        _log.error("log %s: %s", name_of(log), refusal)
    return 0


def _tick_one(log: Log, now: datetime) -> int:
    round_ = round_of(log)
    if round_ is not None and not is_closed(log) and is_over(round_):
        before = log.published_size
        close_box(round_, now)
        log.refresh_from_db()
        sealed = log.published_size - before
    elif Entry.objects.filter(log=log, is_closing=True, idx=None).exists():
        before = log.published_size
        _end(log, now)
        sealed = log.published_size - before
    elif bulletin.look(log, now=now) or (is_closed(log) and Entry.objects.filter(log=log, idx=None).exists()):
        sealed = seal_now(log, now)
    else:
        return 0
    if round_ is not None and sealed:
        _tell_heads(log)
    return sealed


def _seal_key_away(log: Log, now: datetime) -> None:
    """After the close the round key leaves the server, when the commission has shown that it can bring it back."""
    round_ = round_of(log) if is_closed(log) else None
    if round_ is not None and key_states.seal_due(round_, now):
        _log.warning("the round key of %s has left this server; the commission holds it", round_)


def _tell_heads(log: Log) -> None:
    """The new checkpoint of a round becomes an entry of the log of heads."""
    heads, found = find_log(HEADS), published(log, storage_of(log))
    if heads is not None and found is not None:
        bulletin.append_head(heads, found.data, log)
