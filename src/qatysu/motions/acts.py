"""What the log itself says of acts: read from its entries, sealed or waiting, never from our own tables.

An old backup may lack a motion; the log, once recovered, does not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db import connection
from django.db.models import BinaryField, Func, Value

from qatysu.bulletin.models import Entry, Log
from qatysu.ledger.entries import BadEntry, decode
from qatysu.motions.kinds import What

#: Keys of an entry are sorted: the first one tells acts of people (annul, reinstate, amend, approve) from all others.
_ACT = b'{"act":'
_OPENED, _RESULT = b'{"b":', b'{"ballots"'
#: Amendments whose value is no instant.
WITHOUT_TIME = frozenset({What.KEYS_DESTROYED, What.RULES, What.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class Act:
    """An act of people in the log. ``turn`` orders acts; ``leaf`` is hex."""

    turn: int
    leaf: str
    fields: dict[str, Any]

    @property
    def kind(self) -> str:
        """``annul``, ``reinstate``, ``amend`` or ``approve``."""
        return str(self.fields["t"])


@dataclass(slots=True)
class _Seen:
    turn: int = 0
    acts: list[Act] = field(default_factory=list)


#: Entries never change, so what was read once need not be read again. By the key of the log, which is never used twice.
_seen: dict[str, _Seen] = {}


def acts_of(log: Log) -> tuple[Act, ...]:
    """Acts of people in their order, those that wait to be sealed included."""
    if connection.in_atomic_block:
        # What is read here may yet be rolled back: nothing of it is kept.
        return tuple(_read(log, 0))
    seen = _seen.get(log.vkey, _Seen())
    last = Entry.objects.filter(log=log, turn__isnull=False).order_by("-turn").values_list("turn", flat=True).first() or 0
    if last > seen.turn:
        seen = _Seen(last, [*seen.acts, *_read(log, seen.turn, last)])
        _seen[log.vkey] = seen
    return tuple(seen.acts)


def forget() -> None:
    """Read everything anew (tests)."""
    _seen.clear()


def _starting(log: Log, *heads: bytes) -> Any:
    """Entries of acts whose bytes begin with one of ``heads``."""
    # By their turn, which only acts have: it is in an index, so the entries of voters are not walked through.
    rows = Entry.objects.filter(log=log, turn__isnull=False)
    width = max(map(len, heads))
    if any(len(head) != width for head in heads):
        raise ValueError("beginnings of different length")
    start = Func("raw", Value(1), Value(width), function="substr", output_field=BinaryField())
    return rows.annotate(start=start).filter(start__in=heads)


def _read(log: Log, after: int, until: int | None = None) -> Iterator[Act]:
    rows = _starting(log, _ACT).filter(turn__gt=after)
    if until is not None:
        rows = rows.filter(turn__lte=until)
    for turn, leaf, raw in rows.order_by("turn").values_list("turn", "leaf", "raw"):
        try:
            yield Act(turn, bytes(leaf).hex(), decode(bytes(raw)))
        except BadEntry:
            # Bytes that somebody has spoilt are a finding of the self-check, not of this reading.
            continue


def manifest_of(log: Log) -> dict[str, Any] | None:
    """The manifest: the first act of the log; None when the log has none yet, or a spoilt one."""
    raw = Entry.objects.filter(log=log, turn=1).values_list("raw", flat=True).first()
    if raw is None:
        return None
    try:
        found = decode(bytes(raw))
    except BadEntry:
        return None
    return found if found["t"] == "manifest" else None


def is_opened(log: Log) -> bool:
    """Whether a ballot is opened, or the result stated: from then on no ballot is judged."""
    return bool(_starting(log, _OPENED).exists() or _starting(log, _RESULT).exists())


def is_closed(log: Log) -> bool:
    """Whether the log has its closing entry, sealed or not."""
    return Entry.objects.filter(log=log, is_closing=True).exists()


def is_approved(log: Log) -> bool:
    """Whether the result is approved."""
    return any(act.kind == "approve" for act in acts_of(log))


def annulled(acts: Iterable[Act]) -> dict[tuple[str, int], str]:
    """Ballots (handle, attempt) that stand annulled, each with the code of the reason."""
    found: dict[tuple[str, int], str] = {}
    for act in acts:
        place = (act.fields.get("b", ""), act.fields.get("n", 0))
        if act.kind == "annul":
            found[place] = act.fields["reason"]
        elif act.kind == "reinstate":
            found.pop(place, None)
    return found


def withdrawn(log: Log) -> tuple[str, ...]:
    """Codes of projects that the log takes out of the count, in their order."""
    return tuple(act.fields["value"] for act in acts_of(log) if act.kind == "amend" and act.fields["what"] == What.WITHDRAWN)


def has_result(log: Log) -> bool:
    """Whether a result is stated, sealed or not."""
    return bool(_starting(log, _RESULT).exists())


def rules_of(log: Log, manifest: dict[str, Any]) -> str:
    """Fingerprint of the rules by the log: of the last amendment of rules, else of the manifest."""
    words = [act.fields["value"] for act in acts_of(log) if act.kind == "amend" and act.fields["what"] == What.RULES]
    return str(words[-1] if words else manifest["rules_hash"])


def instant(text: str) -> datetime:
    """A time of an entry, aware. Raises ValueError."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


@dataclass(slots=True)
class LoggedWindow:
    """Voting as the log says: whole seconds; ``pauses`` without an end last."""

    opens: datetime
    closes: datetime
    pauses: list[tuple[datetime, datetime | None]] = field(default_factory=list)

    def amend(self, what: str, value: str) -> None:
        """Apply an amendment; those about something else change nothing."""
        if what in WITHOUT_TIME or what not in set(What):
            return
        at = instant(value)
        if what == What.OPENED:
            self.opens = at
        elif what in (What.EXTENDED, What.CLOSED):
            self.closes = at
        elif what == What.PAUSED:
            self.pauses.append((at, None))
        if what in (What.RESUMED, What.CLOSED) and self.pauses and self.pauses[-1][1] is None:
            self.pauses[-1] = (self.pauses[-1][0], at)


def window_of(log: Log, manifest: dict[str, Any] | None = None) -> LoggedWindow | None:
    """The window of the manifest (read when it is not given) with all amendments; None without one."""
    manifest = manifest or manifest_of(log)
    if manifest is None:
        return None
    window = LoggedWindow(instant(manifest["opens"]), instant(manifest["closes"]))
    for act in acts_of(log):
        if act.kind == "amend":
            try:
                window.amend(act.fields["what"], act.fields["value"])
            except ValueError:
                continue
    return window
