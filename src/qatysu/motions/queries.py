"""Reads: motions of a round, annulments so far, and whether the database still says what the log says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import unquote

from django.db.models import QuerySet

from qatysu.ballots import queries as ballots
from qatysu.ballots.manifest import project_hash
from qatysu.ballots.models import Slate, SlateEntry
from qatysu.bulletin.models import Entry, Log
from qatysu.core.errors import NotFound
from qatysu.core.regulation import Stage
from qatysu.identity.models import Account
from qatysu.motions import acts
from qatysu.motions.executing import find_log
from qatysu.motions.kinds import RULES, Kind, What
from qatysu.motions.models import BoxCheck, Motion
from qatysu.motions.people import Person, may_decide
from qatysu.rounds.authorize import decide
from qatysu.rounds.freezing import constitution_digest
from qatysu.rounds.models import Round, RoundStage


@dataclass(frozen=True, slots=True)
class Waiting:
    """A motion that waits, who may decide it, and whether the viewer may."""

    motion: Motion
    people: tuple[Person, ...]
    is_mine: bool
    may_decide: bool


@dataclass(frozen=True, slots=True)
class Annulments:
    """Of all annulments so far: how many stand, by the code of the reason; how many were made and taken back."""

    standing: int
    by_reason: tuple[tuple[str, int], ...]
    made: int
    reinstated: int


def get_motion(round_: Round, number: int) -> Motion:
    """A motion of this round. Raises NotFound."""
    found = _rows(round_).filter(pk=number).first()
    if found is None:
        raise NotFound("motion")
    return found


def _rows(round_: Round) -> QuerySet[Motion]:
    return Motion.objects.filter(round=round_).select_related("proposed_by", "decided_by", "round__city")


def view_of(motion: Motion, viewer: Account, now: datetime) -> Waiting:
    """The motion with who may decide it."""
    action = RULES[Kind(motion.kind)].confirm
    people = may_decide(motion.round, action, without=motion.proposed_by_id, now=now)
    is_mine = motion.proposed_by_id == viewer.pk
    allowed = not is_mine and decide(viewer, action, motion.round, now=now).allowed
    return Waiting(motion, people, is_mine, allowed)


def waiting(round_: Round, viewer: Account, now: datetime) -> tuple[Waiting, ...]:
    """Motions that wait, the oldest first."""
    rows = _rows(round_).filter(state=Motion.State.PROPOSED).order_by("proposed_at", "pk")
    return tuple(view_of(row, viewer, now) for row in rows)


def waiting_for(round_: Round, viewer: Account, now: datetime) -> int:
    """How many motions this person could decide now."""
    if not Motion.objects.filter(round=round_, state=Motion.State.PROPOSED).exists():
        return 0
    return sum(each.may_decide for each in waiting(round_, viewer, now))


def waiting_by_round(rounds: Iterable[Round], viewer: Account, now: datetime) -> dict[int, int]:
    """The same for many rounds, by their keys; one query for all in which nothing waits."""
    found = list(rounds)
    some = set(
        Motion.objects.filter(round__in=found, state=Motion.State.PROPOSED).order_by().values_list("round_id", flat=True).distinct()
    )
    return {each.pk: sum(row.may_decide for row in waiting(each, viewer, now)) for each in found if each.pk in some}


def decided(round_: Round) -> QuerySet[Motion]:
    """Decided motions, the newest first."""
    return _rows(round_).exclude(state=Motion.State.PROPOSED).order_by("-decided_at", "-pk")


def places(round_: Round, motions: Iterable[Motion]) -> dict[int, int | None]:
    """For each confirmed motion with an entry: its place in the log, None while it waits to be sealed."""
    leaves = {bytes.fromhex(motion.leaf): motion.pk for motion in motions if motion.leaf}
    log = find_log(round_) if leaves else None
    if log is None:
        return {}
    found = Entry.objects.filter(log=log, leaf__in=list(leaves)).values_list("leaf", "idx")
    return {leaves[bytes(leaf)]: idx for leaf, idx in found}


def annulments(round_: Round) -> Annulments:
    """Annulments by reason, from the log itself; none in a round without a log."""
    log = find_log(round_)
    found = acts.acts_of(log) if log is not None else ()
    standing = acts.annulled(found)
    by_reason = tuple(sorted(Counter(standing.values()).items(), key=lambda row: (-row[1], row[0])))
    kinds = Counter(act.kind for act in found)
    return Annulments(len(standing), by_reason, kinds["annul"], kinds["reinstate"])


@dataclass(frozen=True, slots=True)
class Amendment:
    """What two people amended: a word of ``What``, when voting begins or ends by it (None for others), the protocol, its place;
    ``project`` is the code of one that was taken out, '' otherwise.

    ``idx`` is None while the entry waits to be sealed.
    """

    what: str
    at: datetime | None
    protocol: str
    idx: int | None
    project: str = ""


def amendments(round_: Round) -> tuple[Amendment, ...]:
    """All amendments of the log in their order; none in a round without a log."""
    log = find_log(round_)
    found = [act for act in acts.acts_of(log) if act.kind == "amend"] if log is not None else []
    leaves = [bytes.fromhex(act.leaf) for act in found]
    rows = Entry.objects.filter(log=log, leaf__in=leaves).values_list("leaf", "idx") if found else []
    where = {bytes(leaf).hex(): idx for leaf, idx in rows}
    return tuple(_amendment(act, where.get(act.leaf)) for act in found)


def _amendment(act: acts.Act, idx: int | None) -> Amendment:
    what, value = act.fields["what"], act.fields["value"]
    try:
        at = None if what in acts.WITHOUT_TIME else acts.instant(value)
    except ValueError:
        at = None
    return Amendment(what, at, unquote(act.fields["act"]), idx, value if what == What.WITHDRAWN else "")


def reasons(round_: Round) -> tuple[str, ...]:
    """Codes of reasons that the manifest of the round knows."""
    log = find_log(round_)
    manifest = acts.manifest_of(log) if log is not None else None
    return tuple(manifest["reasons"]) if manifest is not None else ()


def logged_window(round_: Round) -> acts.LoggedWindow | None:
    """Voting by the log: the manifest with all amendments, pauses included; None without a log."""
    log = find_log(round_)
    return acts.window_of(log) if log is not None else None


def amended_window(round_: Round) -> tuple[datetime, datetime] | None:
    """When voting opens and closes by the log, whole seconds; None without a log."""
    window = logged_window(round_)
    return (window.opens, window.closes) if window is not None else None


def window_mismatch(round_: Round) -> bool:
    """Whether the calendar of the database gives voting another window, or other pauses, than the log (LEDGER threat 12)."""
    slate = _slate(round_)
    return slate is not None and slate.log is not None and _differs(slate, acts.window_of(slate.log))


def _slate(round_: Round) -> Slate | None:
    return Slate.objects.select_related("log").filter(round=round_).first()


def _differs(slate: Slate, window: acts.LoggedWindow | None) -> bool:
    if window is None:
        return False
    row = RoundStage.objects.prefetch_related("pauses").filter(round=slate.round_id, stage=Stage.VOTING).first()
    if row is None or (_cut(row.opens_at), _cut(row.closes_at)) != (window.opens, window.closes):
        return True
    pauses = sorted((p.from_at, p.until_at) for p in row.pauses.all() if p.from_at > slate.frozen_at)
    return [(_cut(start), _cut(end) if end else None) for start, end in pauses] != window.pauses


def _cut(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)


def box_findings(round_: Round) -> list[str]:
    """Codes of everything that is wrong with the ballot box, worst first; [] when all is well or there is no box yet.

    The code of the log's refusal (``log_differs``, ``log_behind``, …), then those of ``log_findings``.
    """
    slate = _slate(round_)
    if slate is None or slate.log is None:
        return []
    return ([slate.log.refused_code] if slate.log.refused_code else []) + _findings(round_, slate, slate.log)


def log_findings(round_: Round) -> list[str]:
    """Where database and log disagree: ``no_manifest``, ``window``, ``projects``, ``limits``, ``rules``, ``key``, ``annulments``."""
    slate = _slate(round_)
    return _findings(round_, slate, slate.log) if slate is not None and slate.log is not None else []


def _findings(round_: Round, slate: Slate, log: Log) -> list[str]:
    manifest = acts.manifest_of(log)
    if manifest is None:
        return ["no_manifest"]
    rows = SlateEntry.objects.filter(slate=slate).values_list("code", "cost_tenge", "title", "passport")
    ours = sorted([code, cost, project_hash(title, passport)] for code, cost, title, passport in rows)
    limits = (slate.min_choices, slate.max_choices, slate.max_attempts, slate.origin)
    holds = {
        "window": not _differs(slate, acts.window_of(log, manifest)),
        "projects": ours == sorted([code, cost, title] for code, cost, _category, title in manifest["projects"]),
        "limits": limits == tuple(manifest[name] for name in ("min_choices", "max_choices", "attempts", "origin")),
        "rules": constitution_digest(round_) == acts.rules_of(log, manifest),
        "key": slate.key_digest == manifest["kc"],
        "annulments": ballots.annulled(round_) == acts.annulled(acts.acts_of(log)),
    }
    return [name for name, is_so in holds.items() if not is_so]


def last_check(log: Log) -> BoxCheck | None:
    """When the box was last compared as a whole, and what was found; None before the first time."""
    return BoxCheck.objects.filter(log=log).first()
