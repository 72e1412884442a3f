"""Composed reads: the rules of a round in plain words, and pages that have nothing to show yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import get_language

from qatysu.core.regulation import Stage
from qatysu.documents.queries import Shelf, shelves
from qatysu.rounds.amending import amendments
from qatysu.rounds.models import Amendment, Constitution, Funder, Round
from qatysu.rounds.plain import council_sentence
from qatysu.rounds.plain_rule import conflicts_sentence, funders_sentence, parts_sentence, tie_sentence
from qatysu.rounds.queries import StageView, calendar
from qatysu.rules.describe import RuleText, rule_text
from qatysu.web.rule_changes import Change, in_words
from qatysu.web.views.studio_reads import changes_since, year_before
from qatysu.web.words import STAGE_NAMES, Words

#: The stage with whose end, or beginning, a page gets its matter.
_AWAITED = {"results": Stage.RESULTS, "works": Stage.WORKS, "news": None}


@dataclass(frozen=True, slots=True)
class Rules:
    """The constitution with what its sentences need."""

    constitution: Constitution
    stages: tuple[StageView, ...]
    funders: tuple[Funder, ...]
    money_tenge: int
    methods: frozenset[str]
    #: The outcome rule in the reader's language, sums that limit it besides the budget, and what settles a tie.
    text: RuleText
    limits: tuple[str, ...]
    tie: str
    council: str
    #: Changes of frozen rules, each with (label, old value, new value) in words.
    amendments: tuple[tuple[Amendment, list[tuple[str, str, str]]], ...]
    #: Normative documents in force or open to comments.
    shelves: tuple[Shelf, ...]
    #: The round before in this city with what differs from it; None for a first round.
    last_year: tuple[Round, list[Change]] | None

    @property
    def named_stages(self) -> tuple[tuple[Words, StageView], ...]:
        """The calendar with the names of stages."""
        return tuple((STAGE_NAMES[view.stage], view) for view in self.stages)

    @property
    def has_mrp(self) -> bool:
        """True when the cap is a multiple of the monthly calculation index."""
        return self.constitution.cap_tenge is None

    @property
    def last_failing_votes(self) -> int:
        """The largest number of votes that does not pass the threshold."""
        strict = self.constitution.threshold_op == Constitution.ThresholdOp.GT
        return self.constitution.threshold_votes - (0 if strict else 1)


def rules(round_: Round, now: datetime) -> Rules:
    """The rules of ``round_`` and its calendar as seen at ``now``."""
    funders = tuple(round_.funders.all())
    return Rules(
        constitution=round_.constitution,
        stages=calendar(round_, now),
        funders=funders,
        money_tenge=sum(f.amount_tenge for f in funders),
        methods=frozenset(round_.constitution.methods),
        text=rule_text(round_.constitution.rule, (get_language() or "kk")[:2]),
        limits=tuple(filter(None, (
            conflicts_sentence(round_.constitution), parts_sentence(round_, round_.constitution), funders_sentence(round_),
        ))),
        tie=tie_sentence(round_.constitution),
        council=council_sentence(round_.constitution),
        amendments=tuple((each, in_words(round_.constitution, each.changes)) for each in amendments(round_)),
        shelves=shelves(round_, is_public=True),
        last_year=_last_year(round_),
    )


def _last_year(round_: Round) -> tuple[Round, list[Change]] | None:
    old = year_before(round_)
    if old is None or not old.is_public:
        return None
    return old, in_words(round_.constitution, changes_since(round_.constitution, old.constitution))


def not_yet(round_: Round, page: str, now: datetime) -> dict[str, Any]:
    """Context of a page that has no matter yet: which page, and when its stage begins."""
    stage = _AWAITED[page]
    when = next((view.opens_at for view in calendar(round_, now) if view.stage is stage), None)
    return {"round": round_, "what": page, "when": when if when and when > now else None}
