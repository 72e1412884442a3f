"""Answers of an invented team: what a finished form would hold, in the team's language."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from qatysu.coaching.models import Module, ProjectType, Work, WorkFile
from qatysu.proposals.models import Proposal
from qatysu.web.demo import session_texts as texts
from qatysu.web.demo.pictures import stored
from qatysu.web.demo.shapes import LANGUAGES, Text
from qatysu.workbook.schema import Field, Kind, form_from

TYPES = {
    "playground": "playground", "playground_workout": "playground", "lighting": "lighting", "sports": "sports_ground",
    "streetball": "sports_ground", "tennis": "sports_ground", "stadium": "sports_ground", "alley": "greenery",
    "park": "greenery", "busstop": "bus_stop", "parking": "pavement", "ramp": "pavement",
}  # fmt: skip
#: Part of the cost that typical lines make up; the rest is delivery, so that the sum is the cost to a tenge.
TYPICAL_SHARE = 92


@dataclass(slots=True)
class Author:
    """Writes the answers of one project. ``works_from``: when its works could begin."""

    proposal: Proposal
    kind: ProjectType | None
    works_from: date
    now: datetime
    rng: random.Random

    def say(self, text: Text) -> str:
        """The text in the language of the team."""
        return text[LANGUAGES.index(self.proposal.language)]

    def answers(self, work: Work) -> dict[str, Any]:
        """An answer for every field of the module that an invented team would fill."""
        found = {field.id: self._answer(field, work) for field in form_from(work.module.form).fields}
        return {id_: value for id_, value in found.items() if value not in (None, "", [], {})}

    def _answer(self, field: Field, work: Work) -> Any:
        kind = field.kind
        if kind in (Kind.TEXT, Kind.LONG_TEXT):
            return self._text(field)
        if kind is Kind.ESTIMATE:
            return self.estimate(field.reserve_percent)
        if kind is Kind.SCHEDULE:
            return self._schedule()
        if kind is Kind.TABLE:
            return self._table(field)
        if kind is Kind.PLACE:
            return {"address": self.proposal.address, "lat": self.proposal.latitude, "lon": self.proposal.longitude}
        if kind in (Kind.IMAGES, Kind.FILES):
            return [{"id": self._id(), "file": self._picture("after", field, work), "caption": ""}] if field.is_required else []
        if kind is Kind.BEFORE_AFTER:
            before, after = (self._picture(moment, field, work) for moment in ("before", "after"))
            return [{"id": self._id(), "before": before, "after": after, "caption": self.proposal.address}]
        return self._simple(field)

    def _simple(self, field: Field) -> Any:
        if field.kind is Kind.CHOICE:
            return field.options[0].id
        if field.kind is Kind.CHOICES:
            chosen = [option.id for option in field.options if option.id not in ("none", "unknown")]
            return chosen[1:4] if len(chosen) > 4 else chosen[:2]
        if field.kind is Kind.NUMBER:
            return self.rng.randrange(180, 2400, 20) * 10**field.decimals
        if field.kind is Kind.MONEY:
            return (self.proposal.cost_tenge or 0) * self.rng.randrange(2, 6) // 100_000 * 1000
        return (self.works_from + timedelta(days=40)).isoformat()

    def _text(self, field: Field) -> str:
        if field.id == "problem":
            return f"{self.proposal.problem} {self.say(texts.DAILY)}"
        if field.id == "summary":
            return self.proposal.solution[: field.limit]
        if field.id in texts.SHORT:
            return self.say(texts.SHORT[field.id])
        if field.kind is Kind.TEXT and not field.is_required:
            return ""
        return self.say(texts.LONG.get(field.id, texts.NOTE))

    def estimate(self, reserve_percent: int) -> list[dict[str, Any]]:
        """Lines whose sum, with the reserve, is the cost of the project (to a tenge where rounding allows it)."""
        whole = _before_reserve(self.proposal.cost_tenge or 0, reserve_percent)
        lines = self._typical(whole * TYPICAL_SHARE // 100) if self.kind and self.kind.estimate else []
        if not lines:
            lines = [self._line(text, texts.SET, 1000, whole * part // 100) for text, part in texts.PARTS[:-1]]
        rest = whole - sum((line["quantity"] * line["price"] + 500) // 1000 for line in lines)
        return [*lines, self._line(texts.PARTS[-1][0], texts.SET, 1000, rest)]

    def _typical(self, sum_: int) -> list[dict[str, Any]]:
        assert self.kind is not None  # noqa: S101  # reason: asked by the caller
        rows = self.kind.estimate
        typical = sum(row["quantity"] * row["price"] // 1000 for row in rows)
        lines = []
        for row in rows:
            price = max(row["price"] * sum_ // typical // 10 * 10, 10)
            named: list[Text] = [(w["kk"], w["ru"], w.get("en", w["ru"])) for w in (row["item"], row["unit"])]
            lines.append(self._line(named[0], named[1], row["quantity"], price))
        return lines

    def _line(self, item: Text, unit: Text, quantity: int, price: int) -> dict[str, Any]:
        words = {"item": self.say(item), "unit": self.say(unit), "source": self.say(texts.SOURCE)}
        return {"id": self._id(), **words, "quantity": quantity, "price": price, "file": ""}

    def _schedule(self) -> list[dict[str, Any]]:
        start, rows = self.works_from, []
        for text, days in texts.WORKS:
            who = self.say(texts.CONTRACTOR)
            rows.append({"id": self._id(), "work": self.say(text), "start": start.isoformat(), "days": days, "who": who})
            start += timedelta(days=days)
        return rows

    def _table(self, field: Field) -> list[dict[str, Any]]:
        row: dict[str, Any] = {"id": self._id()}
        for column in field.columns:
            if column.kind in (Kind.TEXT, Kind.LONG_TEXT):
                row[column.id] = self.proposal.title if column is field.columns[0] else ""
            elif column.kind is Kind.NUMBER:
                row[column.id] = self.rng.randrange(4, 30) * 10**column.decimals
            else:
                row[column.id] = self._simple(column)
        return [row]

    def _id(self) -> str:
        return f"{self.rng.getrandbits(32):08x}"

    def _picture(self, moment: str, field: Field, work: Work) -> str:
        """The id of a drawing of the place, taken in as a file of the team."""
        public_id = UUID(int=self.rng.getrandbits(128), version=4)
        file = stored(self.proposal.plan or "park", moment, self.proposal.author, public_id, self.now)
        WorkFile.objects.create(
            workspace=work.workspace, work=work, field=field.id, file=file, added_by=self.proposal.author, at=self.now
        )
        return str(public_id)


def _before_reserve(cost: int, percent: int) -> int:
    """The largest sum that does not exceed ``cost`` once the reserve (rounded up) is added."""
    whole = cost * 100 // (100 + percent)
    while whole - (-whole * percent // 100) > cost:
        whole -= 1
    return whole


def without_reserve(module: Module) -> None:
    """Finished rounds kept their reserve apart: the estimate of their forms has none, so sums are the published costs."""
    fields = [{k: v for k, v in field.items() if k != "reserve_percent"} for field in module.form["fields"]]
    if fields != module.form["fields"]:
        module.form = {"fields": fields}
        module.save(update_fields=("form",))
