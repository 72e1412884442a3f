"""After a restore: what the published log knows of voters and the database does not (LEDGER 1.6, threat 16).

An entry says that a handle has voted, and commits to a choice; the choice itself stood in the database alone. It is found again by
trying: whoever has the key that opens ballots can compute the commitment of every possible choice.
"""

from __future__ import annotations

import hashlib
import itertools
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from qatysu.ballots.models import Ballot, Judgement, Opening, Participation, Slate
from qatysu.bulletin.errors import Differs
from qatysu.bulletin.models import Entry
from qatysu.bulletin.recovering import Kind
from qatysu.ledger.entries import BadEntry, decode
from qatysu.ledger.leaf import canonical_choices, nonce
from qatysu.ledger.merkle import leaf_hash

#: Most possible choices that are tried for one ballot: 60 projects up to three are 36,050.
MOST_TRIES = 250_000
_CHUNK = 500
_KINDS = {"cast": Kind.VOTERS, "close": Kind.CLOSING}


def kind_of(raw: bytes) -> Kind:
    """What an entry of a round, or of the heads, is to its log."""
    return _KINDS.get(_decoded(raw).get("t", ""), Kind.ACT)


def _decoded(raw: bytes) -> dict[str, Any]:
    try:
        return decode(raw)
    except BadEntry:
        return {}


@dataclass(frozen=True, slots=True)
class _Lost:
    """A ballot that stands in the log alone."""

    handle: str
    attempt: int
    commitment: str
    leaf: bytes


@dataclass(slots=True)
class Search:
    """Finds the choice behind a commitment. ``is_whole`` False: there are more possible choices than are tried."""

    origin: str
    key: bytes
    codes: Sequence[str]
    least: int
    most: int
    limit: int = MOST_TRIES
    is_whole: bool = field(init=False, default=True)
    _possible: list[bytes] = field(init=False)

    def __post_init__(self) -> None:
        self._possible = list(itertools.islice(self._choices(), self.limit))
        self.is_whole = sum(math.comb(len(self.codes), size) for size in range(self.least, self.most + 1)) <= self.limit

    def _choices(self) -> Iterator[bytes]:
        """Canonical forms of every possible choice, the small ones first."""
        ordered = sorted(self.codes)
        for size in range(self.least, self.most + 1):
            for codes in itertools.combinations(ordered, size):
                yield canonical_choices(codes).encode()

    def find(self, handle: str, attempt: int, commitment: str) -> str | None:
        """The canonical choice of a ballot; None when no choice that was tried gives the commitment."""
        head = f"qatysu/ballot/v1\n{self.origin}\n{handle}\n{attempt}\n".encode()
        begun, wanted = hashlib.sha256(head + nonce(self.key, handle, attempt) + b"\n"), bytes.fromhex(commitment)
        for at, body in enumerate(self._possible):
            tried = begun.copy()
            tried.update(body)
            if tried.digest() == wanted:
                # What one has chosen others have chosen too: tried first next time.
                self._possible.insert(0, self._possible.pop(at))
                return body.decode()
        return None


@dataclass(slots=True)
class Bringing:
    """``on_recovered`` of a log of ballots. Afterwards ``voters``, ``ballots`` and ``unknown`` say what was brought back.

    ``key`` opens ballots; None: choices are taken from openings in the log alone. ``unknown``: ballots (handle, attempt) whose
    choice was not found; their voters have voted all the same.
    """

    slate: Slate
    key: bytes | None
    now: datetime
    voters: int = 0
    ballots: int = 0
    unknown: list[tuple[str, int]] = field(default_factory=list)
    is_whole: bool = True

    def __call__(self, entries: Iterable[tuple[int, bytes]]) -> None:
        """Bring back participation and private choices of the entries. Raises Differs for a ballot that contradicts the log."""
        lost: dict[int, list[_Lost]] = defaultdict(list)
        opened: dict[tuple[str, int], str] = {}
        judged: dict[bytes, Judgement] = {}
        for _, raw in entries:
            entry = _decoded(raw)
            if entry.get("t") == "cast":
                lost[entry["n"]].append(_Lost(entry["b"], entry["n"], entry["h"], leaf_hash(raw)))
            elif entry.get("t") == "open":
                opened[entry["b"], entry["n"]] = canonical_choices(entry["c"])
            elif entry.get("t") in ("annul", "reinstate"):
                judged[leaf_hash(raw)] = self._judgement(entry, leaf_hash(raw))
        search = self._search() if self.key is not None and lost else None
        for attempt in sorted(lost):
            for start in range(0, len(lost[attempt]), _CHUNK):
                self._bring(attempt, lost[attempt][start : start + _CHUNK], opened, search)
        self.is_whole = search is None or search.is_whole
        self._keep_acts(judged, len(opened))

    def _judgement(self, entry: dict[str, Any], leaf: bytes) -> Judgement:
        return Judgement(
            round=self.slate.round, handle=entry["b"], attempt=entry["n"], kind=entry["t"], reason=entry["reason"], leaf=leaf
        )

    def _keep_acts(self, judged: dict[bytes, Judgement], opened: int) -> None:
        """What pages read of annulments and openings beside the log, in the order of the log."""
        there = {bytes(leaf) for leaf in Judgement.objects.filter(round=self.slate.round).values_list("leaf", flat=True)}
        Judgement.objects.bulk_create(row for leaf, row in judged.items() if leaf not in there)
        if opened:
            Opening.objects.get_or_create(round=self.slate.round, defaults={"ballots": opened, "opened_at": self.now})

    def complete(self) -> None:
        """Bring back what an earlier recovery could not: the log is there, some participations or choices are not."""
        with transaction.atomic():
            rows = Entry.objects.filter(log=self.slate.log, idx__isnull=False).order_by("idx").values_list("idx", "raw")
            self((idx or 0, bytes(raw)) for idx, raw in rows.iterator(chunk_size=4_000))

    def _search(self) -> Search:
        codes = list(self.slate.entries.values_list("code", flat=True))
        assert self.key is not None  # noqa: S101  # reason: seen by the caller
        return Search(self.slate.origin, self.key, codes, self.slate.min_choices, self.slate.max_choices)

    def _bring(self, attempt: int, casts: list[_Lost], opened: dict[tuple[str, int], str], search: Search | None) -> None:
        """One attempt of at most ``_CHUNK`` voters: first that they have voted, then what."""
        there = Ballot.objects.filter(round=self.slate.round, attempt=attempt, handle__in=[cast.handle for cast in casts])
        known = {handle: bytes(leaf) for handle, leaf in there.values_list("handle", "leaf")}
        if any(known.get(cast.handle, cast.leaf) != cast.leaf for cast in casts):
            raise Differs("the database holds another ballot of a voter than the published log: it took ballots after the restore")
        casts = [cast for cast in casts if cast.handle not in known]
        self._participate(attempt, [cast.handle for cast in casts])
        rows = Participation.objects.filter(round=self.slate.round, attempt=attempt, handle__in=[cast.handle for cast in casts])
        stands = set(rows.values_list("handle", flat=True))
        made = []
        for cast in casts:
            if cast.handle not in stands:
                continue  # replaced since: it is never opened, and its choice is of no use to anybody
            choices = opened.get((cast.handle, attempt))
            if choices is None and search is not None:
                choices = search.find(cast.handle, attempt, cast.commitment)
            if choices is None:
                self.unknown.append((cast.handle, attempt))
            else:
                made.append(Ballot(round=self.slate.round, handle=cast.handle, attempt=attempt, choices=choices, leaf=cast.leaf))
        Ballot.objects.bulk_create(made)
        self.ballots += len(made)

    def _participate(self, attempt: int, handles: list[str]) -> None:
        """Make sure that these voters count as having voted ``attempt`` times. The guard lets attempts grow by one only."""
        rows = Participation.objects.filter(round=self.slate.round, handle__in=handles)
        before = dict(rows.values_list("handle", "attempt"))
        new = [handle for handle in handles if handle not in before]
        Participation.objects.bulk_create(Participation(round=self.slate.round, handle=handle, attempt=1) for handle in new)
        self.voters += len(new)
        for step in range(2, attempt + 1):
            rows.filter(attempt=step - 1).update(attempt=step, form_hash="")


@dataclass(frozen=True, slots=True)
class Missing:
    """What the database knows only from the log: how many voters, and the choices of how many last ballots."""

    voters: int
    ballots: int


def missing(slate: Slate) -> Missing:
    """What the published log of a round knows and the tables of ballots do not. Reads every entry of voters."""
    casts = dict(_sealed(slate))
    last: dict[str, int] = {}
    for cast in casts.values():
        last[cast.handle] = max(cast.attempt, last.get(cast.handle, 0))
    private = {bytes(leaf) for leaf in Ballot.objects.filter(round=slate.round).values_list("leaf", flat=True).iterator()}
    voted = dict(Participation.objects.filter(round=slate.round).values_list("handle", "attempt").iterator())
    voters = sum(1 for handle, attempt in last.items() if voted.get(handle, 0) < attempt)
    ballots = sum(1 for leaf, cast in casts.items() if cast.attempt == last[cast.handle] and leaf not in private)
    return Missing(voters, ballots)


def _sealed(slate: Slate) -> Iterator[tuple[bytes, _Lost]]:
    """Casts of the sealed log by leaf hash."""
    rows = Entry.objects.filter(log=slate.log, is_voters=True, idx__isnull=False)
    for leaf, raw in rows.values_list("leaf", "raw").iterator(chunk_size=4_000):
        entry = _decoded(bytes(raw))
        if entry.get("t") == "cast":
            yield bytes(leaf), _Lost(entry["b"], entry["n"], entry["h"], bytes(leaf))
