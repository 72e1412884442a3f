"""The rule that META of a ``.pb`` file declares, and what META states besides (docs/tally.md)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from qatysu.rules.hints import Hint, hint
from qatysu.rules.pb.model import PbFile

#: Rules of Pabulib that walk down the list by votes, and their parameters here.
GREEDY: Mapping[str, Mapping[str, str]] = {
    "greedy": {"fit": "skip"},
    "greedy-threshold": {"fit": "skip"},
    "greedy-exclusive": {"fit": "skip"},
    "greedy-no-skip": {"fit": "stop"},
    "greedy-custom": {"fit": "stop", "partial": "0.8"},
}
THRESHOLD = "min_project_score_threshold"
_SHARES = re.compile(r"equalshares(?:/(add1[eu]?|utilitarian))?(-comparison)?")
_LEFTOVER = re.compile(r"fund additional projects that fit", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Declared:
    """A rule of the registry with parameters as texts. ``known`` is False when META declares none that is known."""

    rule: str
    params: Mapping[str, str]
    known: bool
    notes: tuple[Hint, ...] = ()


def of(file: PbFile, given: Mapping[str, str] | None = None) -> Declared:
    """What ``file`` declares, with ``given`` instead where it names the same parameter."""
    name = file.rule.strip().lower()
    shares = _SHARES.fullmatch(name)
    notes: list[Hint] = []
    if shares:
        rule = "equal-shares"
        params = {"utility": "cost", "completion": shares[1] or "none"}
        if shares[2]:
            params["comparison"] = "votes"
    else:
        rule, params = "votes", dict(GREEDY.get(name, GREEDY["greedy"]))
        notes += _about_greedy(name, given or {})
    stated, more = _stated(file, given or {})
    return Declared(rule, params | stated | dict(given or {}), bool(shares) or name in GREEDY, (*notes, *more))


def unused(file: PbFile, given: Mapping[str, str]) -> tuple[Hint, ...]:
    """What META states and a rule named by hand with the parameters ``given`` leaves out."""
    found = []
    if file.meta.get(THRESHOLD) and "min_score" not in given:
        found.append(hint("threshold_unused", value=file.meta[THRESHOLD]))
    if parts_of(file) and "parts" not in given:
        found.append(hint("parts_unused", value=parts_of(file)))
    if file.meta.get("leftover_budget") and "leftover" not in given:
        found.append(hint("leftover_unused" if _pools(file) else "leftover_unread"))
    return tuple(found)


def parts_of(file: PbFile) -> str:
    """Which parts have budgets of their own: ``category``, ``district`` or ''."""
    if file.election.category_budgets:
        return "category"
    return "district" if file.election.district_budgets else ""


def _pools(file: PbFile) -> bool:
    return _LEFTOVER.match(file.meta.get("leftover_budget", "").strip()) is not None


def _about_greedy(name: str, given: Mapping[str, str]) -> list[Hint]:
    if name not in GREEDY:
        return [hint("rule_missing", value=name or "-") if name in ("", "unknown") else hint("rule_unread", value=name[:80])]
    if name == "greedy-exclusive" and "conflicts" not in given:
        return [hint("exclusive")]
    return [hint("custom", value=name)] if name == "greedy-custom" else []


def _stated(file: PbFile, given: Mapping[str, str]) -> tuple[dict[str, str], list[Hint]]:
    params: dict[str, str] = {}
    notes = []
    if file.meta.get(THRESHOLD):
        params["min_score"] = file.meta[THRESHOLD].strip()
    if parts_of(file):
        params["parts"] = parts_of(file)
        if "parts" not in given:
            notes.append(hint("parts_used", value=parts_of(file)))
    if _pools(file):
        params["leftover"] = "pool"
        if "leftover" not in given:
            notes.append(hint("leftover_used"))
    elif file.meta.get("leftover_budget"):
        notes.append(hint("leftover_unread"))
    return params, notes
