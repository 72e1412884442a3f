"""The first entry of a round's log: everything that decides the outcome, fixed before the first ballot."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any

from qatysu.ballots.keys import MadeKeys
from qatysu.core.errors import Invalid
from qatysu.core.regulation import Stage
from qatysu.proposals.models import Proposal
from qatysu.rounds.models import Constitution, Round, RoundStage
from qatysu.rounds.outcome_rule import election_limits, rule_and_params, spendable

#: Why a ballot may be annulled. Words for people: ``web.words``.
REASONS = ("not_entitled", "twice", "foreign_code", "bought", "forced", "robot", "other")
_DAY_S = 86_400


def instant(moment: datetime) -> str:
    """``2026-11-23T18:59:59Z``, as entries write times."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def verifier_hash() -> str:
    """SHA-256 (hex) of the single-file verifier of this program."""
    return hashlib.sha256(files("qatysu.verify.standalone").joinpath("verify.py").read_bytes()).hexdigest()


def manifest_of(
    round_: Round, origin: str, projects: Iterable[Proposal], max_choices: int, keys: MadeKeys, passports: Mapping[int, str]
) -> dict[str, Any]:
    """Fields of the manifest of a round whose constitution is frozen. Raises Invalid ``no_voting_stage``.

    ``passports`` are digests by key of the proposal. Money in whole tenge; ``audit_days`` are whole days from the end of voting to the
    end of the audit stage; ``roll`` 0: not stated.
    """
    c = round_.constitution
    rule, params = rule_and_params(round_)
    limits = election_limits(round_)
    voting, days = _days(round_)
    min_batch, max_delay_s = cadence(c)
    return {
        "t": "manifest", "v": 1, "origin": origin, "projects": [project_row(each, passports.get(each.pk, "")) for each in projects],
        "budget": spendable(round_), "min_choices": c.min_choices, "max_choices": max_choices, "attempts": c.max_attempts,
        "rule": rule, "params": [[name, params[name]] for name in sorted(params)],
        "parts": [[slug, limits.category_budgets[slug]] for slug in sorted(limits.category_budgets)],
        "funders": [[funder.name, funder.amount, sorted(funder.categories)] for funder in limits.funders],
        "opens": instant(voting.opens_at), "closes": instant(voting.closes_at), "audit_days": days,
        "mode": str(c.counts_mode), "min_batch": min_batch, "max_delay_s": max_delay_s, "reasons": list(REASONS),
        "promise": keys.promise_vkey, "kc": keys.key_digest, "roll": 0, "rules_hash": c.digest, "verifier_hash": verifier_hash(),
    }


def project_row(project: Proposal, passport: str) -> list[Any]:
    """Code, cost, category, and what fixes the project's words: how a project stands in the manifest."""
    category = project.category.slug if project.category is not None else ""
    return [project.code, project.cost_tenge, category, project_hash(project.title, passport)]


def project_hash(title: str, passport: str) -> str:
    """SHA-256 (hex) of the title; of title, line feed and the passport's SHA-256 (hex) where there is a passport."""
    return hashlib.sha256((f"{title}\n{passport}" if passport else title).encode()).hexdigest()


def _days(round_: Round) -> tuple[RoundStage, int]:
    """The voting stage, and the whole days of audit after it."""
    stages: Mapping[str, RoundStage] = {row.stage: row for row in RoundStage.objects.filter(round=round_)}
    voting, audit = stages.get(Stage.VOTING), stages.get(Stage.AUDIT)
    if voting is None:
        raise Invalid("no_voting_stage")
    return voting, max(0, int((audit.closes_at - voting.closes_at).total_seconds()) // _DAY_S) if audit is not None else 0


def cadence(c: Constitution) -> tuple[int, int]:
    """How many waiting ballots are published together, and how long the oldest waits at most (seconds)."""
    return Constitution.PACE[c.cadence]
