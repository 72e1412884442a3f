"""Rows of a round that is made from a file: rules, money, calendar, projects, frozen slate."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.translation import gettext as _

from qatysu.ballots.commands import slate_digest
from qatysu.ballots.logs import origin_of
from qatysu.ballots.models import Slate, SlateEntry
from qatysu.core.errors import Invalid
from qatysu.core.regulation import Stage
from qatysu.identity.models import Account
from qatysu.places.models import City
from qatysu.proposals.models import Proposal, State
from qatysu.rounds.freezing import constitution_digest
from qatysu.rounds.models import Category, Constitution, Funder, Round, RoundStage
from qatysu.rules.model import Election, Kind
from qatysu.rules.params import PARAMS
from qatysu.rules.pb.model import PbFile

if TYPE_CHECKING:
    from qatysu.results.importing import Request

#: The name under which imported projects stand, since a file names no author.
AUTHOR = "import"
#: Parameters that the constitution keeps in columns.
_COLUMNS = ("fit", "min_score", "min_score_op", "tie", "tie_decision")
_MOST_CHOICES = 100
_DAY = re.compile(r"(?:(\d{1,2})\.(\d{1,2})\.)?(\d{4})")


def make_round(request: Request, file: PbFile, rule: str, params: Mapping[str, str], now: datetime) -> Round:
    """The round with everything but its ballots; public, its vote over, its rules and its slate frozen."""
    round_ = Round.objects.create(
        city=request.city,
        slug=request.slug,
        is_public=True,
        created_at=now,
        **_texts("title", lambda: (request.title or file.meta.get("description", "") or request.file_name)[:160]),
        **_texts("note", lambda: _note(request, file)),
    )
    Constitution.objects.create(round=round_, **_law(file, rule, params))
    Funder.objects.create(
        round=round_, position=1, amount_tenge=max(1, file.election.budget), **_texts("name", lambda: _("Budget of the file"))
    )
    RoundStage.objects.create(
        round=round_, stage=Stage.VOTING, **dict(zip(("opens_at", "closes_at"), _window(file, request.city, now), strict=True))
    )
    categories = _categories(round_, file.election)
    proposals = _proposals(round_, file, categories, now)
    # Not freeze_constitution: rules of another town may say what the rules of a round here may not.
    law = Constitution.objects.get(round=round_)
    law.digest, law.frozen_at = constitution_digest(round_), now
    law.save(update_fields=["digest", "frozen_at"])
    _freeze_slate(round_, proposals, now)
    return Round.objects.select_related("city", "constitution").get(pk=round_.pk)


def category_slugs(election: Election) -> dict[str, str]:
    """Slug by name of a category; names of budgets come first."""
    names = dict.fromkeys((*election.category_budgets, *(name for p in election.projects for name in p.categories)))
    return {name: f"c{place}" for place, name in enumerate(names, 1)}


def _texts(field: str, text: Any) -> dict[str, str]:
    """The same field in three languages; ``text`` is called with each of them active."""
    found = {}
    for language in ("kk", "ru", "en"):
        with translation.override(language):
            found[f"{field}_{language}"] = str(text())
    return found


def _note(request: Request, file: PbFile) -> str:
    lines = [
        _("This election was held elsewhere and read from the file %(file)s. Its ballots were not cast on this portal.")
        % {"file": request.file_name[:200]}
    ]
    if request.as_tenge:
        lines.append(
            _("The file counts in %(currency)s; its sums stand here with the sign of the tenge, unchanged.")
            % {"currency": file.currency[:20] or "—"}
        )
    return " ".join(lines)


def _law(file: PbFile, rule: str, params: Mapping[str, str]) -> dict[str, Any]:
    threshold = Fraction(params.get("min_score", "0"))
    if threshold.denominator != 1 or threshold < 0:
        raise Invalid("param_value", field="min_score", text="the portal keeps whole thresholds of 0 or more")
    election = file.election
    longest = max(1, min(_MOST_CHOICES, len(election.projects)))
    most = 1 if election.kind is Kind.CHOOSE_1 else min(longest, _number(file.meta.get("max_length", ""), longest))
    own = {name: text for name, text in params.items() if name not in _COLUMNS and text not in ("", PARAMS[name].default)}
    tie = params.get("tie", "refuse")
    return {
        "preset": "imported",
        "cap_tenge": max((project.cost for project in election.projects), default=1),
        "methods": [],
        "ballot_type": Constitution.Ballot.ONE if most == 1 else Constitution.Ballot.UP_TO_K,
        "min_choices": max(1, min(most, _number(file.meta.get("min_length", ""), 1))),
        "max_choices": most,
        "max_attempts": 1,
        "counts_mode": Constitution.Counts.SEALED,
        "rule": rule,
        "rule_params": own,
        "threshold_votes": int(threshold),
        "threshold_op": params.get("min_score_op", "ge"),
        "fit": params.get("fit", "skip"),
        "tie": "refuse" if tie == "decision" else tie,
    }


def _number(text: str, otherwise: int) -> int:
    return int(text) if re.fullmatch(r"[1-9][0-9]{0,5}", text.strip()) else otherwise


def _window(file: PbFile, city: City, now: datetime) -> tuple[datetime, datetime]:
    """First moment and end of the vote: as the file says, else the day before ``now``; never later than ``now``."""
    zone = ZoneInfo(city.time_zone)
    first, last = (_day(file.meta.get(key, ""), last=key == "date_end") for key in ("date_begin", "date_end"))
    end_day = last or first or now.astimezone(zone).date() - timedelta(days=1)
    begin_day = min(first or end_day, end_day)
    end = min(datetime.combine(end_day + timedelta(days=1), time(), zone), now)
    return min(datetime.combine(begin_day, time(), zone), end - timedelta(days=1)), end


def _day(text: str, *, last: bool) -> date | None:
    found = _DAY.fullmatch(text.strip())
    if found is None:
        return None
    day, month, year = found.groups()
    try:
        return date(int(year), int(month or (12 if last else 1)), int(day or (31 if last else 1)))
    except ValueError:
        return None


def _categories(round_: Round, election: Election) -> dict[str, Category]:
    """Rows by name in the file."""
    found = {}
    for place, (name, slug) in enumerate(category_slugs(election).items(), 1):
        found[name] = Category.objects.create(
            round=round_,
            slug=slug,
            position=place,
            plan="park",
            budget_tenge=election.category_budgets.get(name) or None,
            **_texts("name", lambda name=name: name[:120]),
        )
    return found


def _proposals(round_: Round, file: PbFile, categories: Mapping[str, Category], now: datetime) -> list[Proposal]:
    author, _created = Account.objects.get_or_create(
        name=AUTHOR, is_active=False, phone_hash=None, email_hash=None, defaults={"created_at": now}
    )
    language = file.meta.get("language", "")[:2]
    made = [
        Proposal(
            round=round_,
            number=int(project.id),
            state=State.ADMITTED,
            language=language if language in ("kk", "ru", "en") else "en",
            title=(project.name or f"№ {project.id}")[:160],
            category=categories[project.categories[0]] if project.categories else None,
            cost_tenge=project.cost,
            author=author,
            plan="park",
            created_at=now,
            changed_at=now,
            **_point(file.project_columns.get(project.id, {})),
        )
        for project in file.election.projects
    ]
    Proposal.objects.bulk_create(made, batch_size=500)
    return list(Proposal.objects.filter(round=round_).order_by("number"))


def _point(cells: Mapping[str, str]) -> dict[str, float]:
    try:
        point = float(cells.get("latitude", "")), float(cells.get("longitude", ""))
    except ValueError:
        return {}
    inside = -90 <= point[0] <= 90 and -180 <= point[1] <= 180
    return {"latitude": point[0], "longitude": point[1]} if inside else {}


def _freeze_slate(round_: Round, proposals: list[Proposal], now: datetime) -> None:
    """A slate without a round key: no ballot can ever be cast into it."""
    law = Constitution.objects.get(round=round_)
    slate = Slate.objects.create(
        round=round_,
        origin=origin_of(str(round_)),
        min_choices=law.min_choices,
        max_choices=law.max_choices,
        max_attempts=1,
        digest=slate_digest(round_, law, proposals),
        key_digest="",
        frozen_at=now,
    )
    SlateEntry.objects.bulk_create(
        (SlateEntry(slate=slate, code=p.code, proposal=p, title=p.title, cost_tenge=p.cost_tenge or 0) for p in proposals),
        batch_size=500,
    )
