"""Replay of a log: every rule for entries, then who is counted. Faults are collected, each with a stable code and an index."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from qatysu.ledger.entries import BadEntry, decode
from qatysu.ledger.leaf import canonical_choices, commitment

#: The word ``what`` of an amendment by which a project does not take part in the count; its value is the code.
WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with entry ``index`` (-1: with the log as a whole). ``code`` is stable, ``text`` is for people."""

    index: int
    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Last:
    """The last ballot of a voter: the one that is opened, and that counts unless it is annulled. ``opened`` is None before."""

    handle: str
    attempt: int
    commitment: str
    is_annulled: bool
    opened: tuple[str, ...] | None


@dataclass(slots=True)
class _Cast:
    index: int
    commitment: str
    annulled: bool = False
    opened: tuple[str, ...] | None = None


@dataclass(slots=True)
class Replay:
    """State of the log so far: feed entries in order, then ask ``finish``."""

    origin: str
    manifest: dict[str, Any] | None = None
    size: int = 0
    closed_at: int | None = None
    #: Projects that two people took out of the count before the result.
    withdrawn: list[str] = field(default_factory=list)
    result: dict[str, Any] | None = None
    faults: list[Fault] = field(default_factory=list)
    _casts: dict[str, dict[int, _Cast]] = field(default_factory=dict)

    def feed(self, data: bytes) -> None:
        """Take the next entry; what is wrong with it is added to ``faults`` and the entry is otherwise passed over."""
        index, self.size = self.size, self.size + 1
        try:
            entry = decode(data)
        except BadEntry as problem:
            self.faults.append(Fault(index, "entry", str(problem)))
            return
        if (entry["t"] == "manifest") != (index == 0):
            self._fault(index, "manifest_place", "the manifest is the first entry, and the only one")
        elif index and self.manifest is None:
            self._fault(index, "no_manifest", "the log does not begin with a manifest")
        else:
            getattr(self, f"_on_{entry['t']}")(index, entry)

    def _fault(self, index: int, code: str, text: str) -> None:
        self.faults.append(Fault(index, code, text))

    def _on_manifest(self, index: int, entry: dict[str, Any]) -> None:
        if entry["origin"] != self.origin:
            self._fault(index, "origin", f"the manifest is of {entry['origin']}, the log of {self.origin}")
        if not 1 <= entry["min_choices"] <= entry["max_choices"]:
            self._fault(index, "manifest_choices", "the manifest allows no ballot")
        self.manifest = entry

    def _on_cast(self, index: int, entry: dict[str, Any]) -> None:
        assert self.manifest is not None  # noqa: S101  # reason: feed() has seen it
        attempts = self._casts.setdefault(entry["b"], {})
        if self.closed_at is not None:
            self._fault(index, "cast_after_close", "a ballot was taken in after the close")
        if entry["n"] > self.manifest["attempts"]:
            allowed = self.manifest["attempts"]
            self._fault(index, "too_many_attempts", f"attempt {entry['n']} of a voter; the manifest allows {allowed}")
        if entry["n"] in attempts:
            self._fault(index, "double_vote", f"a second ballot of the same voter with the same number {entry['n']}")
            return
        attempts[entry["n"]] = _Cast(index, entry["h"])

    def _target(self, index: int, entry: dict[str, Any]) -> _Cast | None:
        found = self._casts.get(entry["b"], {}).get(entry["n"])
        if found is None:
            self._fault(index, "unknown_ballot", f"{entry['t']} of a ballot that is not in the log")
        return found

    def _two_people(self, index: int, entry: dict[str, Any]) -> None:
        assert self.manifest is not None  # noqa: S101  # reason: feed() has seen it
        if len(set(entry["by"])) < 2:
            self._fault(index, "one_person", f"{entry['t']} needs two different people")
        if "reason" in entry and entry["reason"] not in self.manifest["reasons"]:
            self._fault(index, "reason", f"the reason {entry['reason']} is not one of the manifest")

    def _on_annul(self, index: int, entry: dict[str, Any]) -> None:
        self._judge(index, entry, annulled=True)

    def _on_reinstate(self, index: int, entry: dict[str, Any]) -> None:
        self._judge(index, entry, annulled=False)

    def _judge(self, index: int, entry: dict[str, Any], *, annulled: bool) -> None:
        found = self._target(index, entry)
        self._two_people(index, entry)
        if self.result is not None:
            self._fault(index, "after_result", f"{entry['t']} after the result")
        if found is None:
            return
        if found.annulled is annulled:
            self._fault(index, "annulled_twice" if annulled else "not_annulled", f"{entry['t']} changes nothing")
        found.annulled = annulled

    def _on_close(self, index: int, entry: dict[str, Any]) -> None:
        if self.closed_at is not None:
            self._fault(index, "closed_twice", "the log is closed twice")
            return
        self.closed_at = index
        if (entry["entries"], entry["handles"]) != (index, len(self._casts)):
            self._fault(index, "close_numbers", "the close states other numbers of entries or voters than there are")

    def _on_open(self, index: int, entry: dict[str, Any]) -> None:
        assert self.manifest is not None  # noqa: S101  # reason: feed() has seen it
        found = self._target(index, entry)
        if self.closed_at is None:
            self._fault(index, "open_before_close", "a ballot is opened before the close")
        if found is None:
            return
        if found.opened is not None:
            self._fault(index, "opened_twice", "a ballot is opened twice")
        if entry["n"] != max(self._casts[entry["b"]]):
            self._fault(index, "opened_replaced", "a replaced ballot is opened")
        made = commitment(self.origin, entry["b"], entry["n"], bytes.fromhex(entry["x"]), canonical_choices(entry["c"]))
        if made != found.commitment:
            self._fault(index, "commitment", "an opening does not fit the ballot that was cast")
        known = {row[0] for row in self.manifest["projects"]}
        if not self.manifest["min_choices"] <= len(entry["c"]) <= self.manifest["max_choices"] or not known.issuperset(entry["c"]):
            self._fault(index, "invalid_ballot", "a ballot names too many, too few or unknown projects")
        found.opened = tuple(entry["c"])

    def _on_result(self, index: int, entry: dict[str, Any]) -> None:
        if self.result is not None:
            self._fault(index, "result_twice", "there are two results")
            return
        self.result = entry
        unopened = [b for b, attempts in self._casts.items() if attempts[max(attempts)].opened is None]
        if unopened:
            named = ", ".join(unopened[:3])
            self._fault(index, "not_opened", f"{len(unopened)} ballots are not opened: {named}")
        ballots = self.counted()
        votes = self.votes(ballots)
        stated = dict(entry["counts"])
        if stated != votes or len(stated) != len(entry["counts"]):
            self._fault(index, "counts", "the result states other counts than the opened ballots give")
        if entry["ballots"] != sum(ballots.values()):
            self._fault(index, "ballots", "the result states another number of ballots than there are")

    def _on_approve(self, index: int, _entry: dict[str, Any]) -> None:
        if self.result is None:
            self._fault(index, "approve_before_result", "an approval before the result")

    def _on_amend(self, index: int, entry: dict[str, Any]) -> None:
        self._two_people(index, entry)
        if entry["what"] == WITHDRAWN and self.manifest is not None:
            known = {row[0] for row in self.manifest["projects"]}
            if entry["value"] not in known or entry["value"] in self.withdrawn:
                self._fault(index, "withdrawn_project", f"{entry['value']} is no project that can be taken out")
            elif self.result is not None:
                self._fault(index, "withdrawn_late", "a project is taken out after the result")
            else:
                self.withdrawn.append(entry["value"])

    def _on_key(self, _index: int, _entry: dict[str, Any]) -> None:
        """A new key is announced; who checks signatures takes it from here."""

    def last(self) -> Iterator[Last]:
        """The last ballot of every voter."""
        for handle, attempts in self._casts.items():
            attempt = max(attempts)
            cast = attempts[attempt]
            yield Last(handle, attempt, cast.commitment, cast.annulled, cast.opened)

    def counted(self) -> Counter[tuple[str, ...]]:
        """Opened ballots that count (the last of each voter, not annulled), each distinct choice with its number."""
        last = (attempts[max(attempts)] for attempts in self._casts.values())
        return Counter(cast.opened for cast in last if cast.opened is not None and not cast.annulled)

    def votes(self, ballots: Counter[tuple[str, ...]]) -> dict[str, int]:
        """Votes of every project of the manifest."""
        found = {row[0]: 0 for row in self.manifest["projects"]} if self.manifest else {}
        for choices, times in ballots.items():
            for code in choices:
                found[code] = found.get(code, 0) + times
        return found

    @property
    def voters(self) -> int:
        """Number of voters with a ballot in the log."""
        return len(self._casts)

    @property
    def annulled(self) -> int:
        """Number of voters whose last ballot is annulled."""
        return sum(attempts[max(attempts)].annulled for attempts in self._casts.values())

    def standing(self, handle: str, attempt: int) -> tuple[str, tuple[str, ...]]:
        """State of a ballot: ``in_the_box``, ``replaced``, ``annulled``, ``opened``, ``missing``; and its choices once opened."""
        attempts = self._casts.get(handle, {})
        found = attempts.get(attempt)
        if found is None:
            return "missing", ()
        if max(attempts) > attempt:
            return "replaced", found.opened or ()
        if found.annulled:
            return "annulled", found.opened or ()
        return ("in_the_box", ()) if found.opened is None else ("opened", found.opened)

    def gaps(self) -> list[Fault]:
        """Voters whose attempts are not 1, 2, ... without a gap. Entries of one batch are shuffled: ask at the end of a batch."""
        return [
            Fault(attempts[max(attempts)].index, "missing_attempt", f"an earlier ballot of the voter {b} is not in the log")
            for b, attempts in self._casts.items()
            if max(attempts) != len(attempts)
        ]


def replay(origin: str, entries: Iterable[bytes]) -> Replay:
    """The state after all ``entries``, gaps included in its faults."""
    state = Replay(origin)
    for data in entries:
        state.feed(data)
    if state.size == 0:
        state.faults.append(Fault(-1, "empty", "the log is empty"))
    state.faults += state.gaps()
    return state
