"""The end of all changes to the rules of a round."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from django.db import transaction

from qatysu.core.errors import Invalid
from qatysu.rounds.checks_outcome import check_outcome
from qatysu.rounds.models import Constitution, Round
from qatysu.rounds.presets import VALUE_FIELDS
from qatysu.rounds.touching import locked, touch

#: Columns that came after the first rounds were frozen, with the value that says what was meant before. They are part of a
#: fingerprint only where they say something else, so that fingerprints of earlier rounds can be made again.
LATER: Mapping[str, object] = MappingProxyType(
    {
        "rule_params": {}, "tie": "refuse", "cadence": "city", "categories": [], "budget_tenge": None,
        "council_quorum_least": 1, "council_majority": "share_of_votes", "council_chair_breaks_ties": False,
        "council_recusal": "leaves_quorum", "council_remote_counts": True, "council_correspondence": False,
    }
)


def constitution_digest(round_: Round) -> str:
    """SHA-256 (64 hex digits) of ``constitution_text``."""
    return hashlib.sha256(constitution_text(round_).encode()).hexdigest()


def constitution_text(round_: Round) -> str:
    """Canonical JSON of all rules, funders, reserve and categories of the round."""
    c = round_.constitution
    names = ("name_kk", "name_ru", "name_en")
    funders = round_.funders.order_by("position").values(*names, "amount_tenge", "is_approximate", "categories")
    categories = round_.categories.order_by("position").values("slug", *names, "budget_tenge")
    content = {
        "round": str(round_),
        "rules": _told({name: getattr(c, name) for name in VALUE_FIELDS}),
        "reserve_tenge": round_.reserve_tenge,
        "funders": [_told(row) for row in funders],
        "categories": [_told(row) for row in categories],
    }
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _told(row: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in row.items() if name not in LATER or value != LATER[name]}


@transaction.atomic
def freeze_constitution(round_: Round, now: datetime) -> Constitution:
    """Freeze the rules for good, called when the slate is frozen; the caller has authorised it. Idempotent.

    Raises Invalid("rules_contradict") when rule, budgets of categories and funders do not go together: nobody could mend it later.
    """
    row = locked(round_)
    c = Constitution.objects.select_for_update().get(round=row)
    if c.frozen_at is None:
        against = [problem.code for problem in check_outcome(row) if problem.stops]
        if against:
            raise Invalid("rules_contradict", codes=against)
        c.digest, c.frozen_at = constitution_digest(row), now
        c.save(update_fields=["digest", "frozen_at"])
        touch(row)
    return c
