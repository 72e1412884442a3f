"""What the worker does, again and again. Each job is safe to run twice, and beside another worker."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from qatysu.ballots import sequencing
from qatysu.coaching.commands import events as meetings
from qatysu.desk.commands import fetch_mail
from qatysu.identity import commands as identity
from qatysu.motions import commands as motions
from qatysu.outbox import commands as outbox

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Ticked:
    """What one tick did, in numbers of rows; ``checked`` ballot boxes were compared as a whole with their files."""

    delivered: int
    purged: int
    published: int = 0
    checked: int = 0
    reminded: int = 0
    letters: int = 0


def purge(now: datetime) -> int:
    """Delete or wipe what is past its time; returns how many rows were concerned."""
    return identity.purge(now=now) + outbox.purge(now=now)


def tick(now: datetime) -> Ticked:
    """Everything that is due at ``now``."""
    reminded = meetings.remind(now)
    return Ticked(
        delivered=outbox.deliver_waiting(now=now),
        purged=purge(now),
        published=sequencing.tick(now),
        checked=motions.watch(now),
        reminded=reminded,
        letters=fetch_mail(now),
    )


def tick_now() -> Ticked:
    """Everything that is due by the clock of this machine."""
    return tick(timezone.now())


def tick_safely() -> None:
    """As ``tick_now``; a database that is away for a moment is a line in the log, not the end of the worker."""
    try:
        tick_now()
    except DatabaseError as error:
        log.warning("the database did not answer: %s", type(error).__name__)
    finally:
        close_old_connections()
