"""An election that was held elsewhere, read from a ``.pb`` file, as an archived round with its own outcome.

Its ballots stand beside the ballot box, not in it: nobody cast them here, and no receipt could promise them
(docs/decisions/0006). Slate, outcome, pages and export are those of any round.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from qatysu.audit.commands import record
from qatysu.core.errors import Conflict, Invalid
from qatysu.places.models import City
from qatysu.results import imported_rows as rows
from qatysu.results.commands import declare_imported
from qatysu.results.models import Outcome
from qatysu.rounds.models import Round
from qatysu.rules import declared, registry
from qatysu.rules.auditing import Audit, audit
from qatysu.rules.model import Election
from qatysu.rules.model import Outcome as RuleOutcome
from qatysu.rules.pb import reading
from qatysu.rules.pb.model import PbFile
from qatysu.tally.models import ImportedBallot, ImportedElection

#: The only currency of the portal.
CURRENCY = "KZT"
#: Parameters that name projects.
_NAMING = ("withdrawn", "extra", "tie_decision", "conflicts")


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for. ``rule`` '' takes the declared one; ``as_tenge`` shows another currency with the sign of the tenge."""

    file_name: str
    data: bytes
    city: City
    slug: str
    title: str = ""
    rule: str = ""
    params: Mapping[str, str] | None = None
    as_tenge: bool = False
    lenient: bool = False


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of it: the round, its outcome, and how it compares with the official list (in codes of the portal)."""

    round: Round
    outcome: Outcome
    audit: Audit


def import_pb(request: Request, now: datetime) -> Imported:
    """Make the round from the file: all or nothing.

    Raises PbError for a file that cannot be read, Invalid ("currency", "amounts", "round_slug", "rule_...", "param_...",
    "tie_open") and Conflict ("round_exists", "differs") with ``params["text"]``, one English line.
    """
    file = reading.read_bytes(request.data, lenient=request.lenient)
    _check(request, file)
    coded = _coded(file)
    rule, params = _law(request, file, coded.codes)
    computed, params, compared = _computed(coded.file, rule, params)
    with transaction.atomic():
        round_ = rows.make_round(request, coded.file, rule, params, now)
        _store_ballots(round_, request, coded, now)
        order = compared.tie_decision or tuple(filter(None, params.get("tie_decision", "").split(",")))
        outcome = declare_imported(round_, order, now)
        if _answer(outcome) != (list(computed.winners), computed.spent):
            raise Conflict("differs", text="the portal computes another outcome than the file; nothing was imported")
        record(
            actor=None, action="import_election", now=now, place=str(round_), target=f"outcome:{outcome.pk}",
            file=request.file_name, sha256=hashlib.sha256(request.data).hexdigest(), ballots=outcome.ballots,
        )  # fmt: skip
    return Imported(round_, outcome, compared)


def _answer(outcome: Outcome) -> tuple[list[str], int]:
    won = outcome.lines.filter(verdict="funded").order_by("place")
    return list(won.values_list("entry__code", flat=True)), outcome.spent_tenge


def _check(request: Request, file: PbFile) -> None:
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,39}", request.slug):
        raise Invalid("round_slug", field="round", text="--round takes up to 40 small Latin letters, digits and dashes")
    if Round.objects.filter(city=request.city, slug=request.slug).exists():
        raise Conflict("round_exists", text=f"there is a round {request.city.slug}-{request.slug} already")
    if file.currency != CURRENCY and not request.as_tenge:
        line = (
            f"the file counts in {file.currency or 'an unnamed currency'}, and the portal shows tenge only; "
            "--as-tenge takes its sums as they are, and qatysu tally counts the file as it is"
        )
        raise Invalid("currency", field="currency", text=line)


@dataclass(frozen=True, slots=True)
class _Coded:
    """The file with the codes of the portal in place of its ids, and money in whole units."""

    file: PbFile
    codes: Mapping[str, str]


def _coded(file: PbFile) -> _Coded:
    """Ids that are plain numbers stay; otherwise projects are numbered in the order of the file."""
    election = file.election
    ids = [project.id for project in election.projects]
    plain = all(re.fullmatch(r"[1-9][0-9]{0,8}", name) for name in ids)
    codes = {name: name if plain else str(place) for place, name in enumerate(ids, 1)}
    changed = replace(
        election,
        projects=tuple(replace(p, id=codes[p.id], cost=_whole(p.cost, election)) for p in election.projects),
        budget=_whole(election.budget, election),
        scale=1,
        category_budgets={name: _whole(sum_, election) for name, sum_ in election.category_budgets.items()},
        district_budgets={name: _whole(sum_, election) for name, sum_ in election.district_budgets.items()},
        withdrawn={codes[name]: why for name, why in election.withdrawn.items()},
    )
    selected = {codes[name]: mark for name, mark in file.selected.items()}
    columns = {codes[name]: cells for name, cells in file.project_columns.items()}
    return _Coded(replace(file, election=changed, selected=selected, project_columns=columns), codes)


def _whole(amount: int, election: Election) -> int:
    units, rest = divmod(amount, election.scale)
    if rest:
        raise Invalid("amounts", text="the file has sums with decimals, and the portal counts whole tenge")
    return units


def _law(request: Request, file: PbFile, codes: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """The rule with its parameters, projects named by code."""
    if request.rule:
        rule, params = request.rule, dict(request.params or {})
    else:
        found = declared.of(file, request.params)
        rule, params = found.rule, dict(found.params)
    for name in _NAMING:
        if name in params:
            params[name] = re.sub(r"[^,;/:\s]+", lambda word: codes.get(word[0], word[0]), params[name])
    return rule, params


def _computed(file: PbFile, rule: str, params: dict[str, str]) -> tuple[RuleOutcome, dict[str, str], Audit]:
    """The outcome with ties decided as the official list decides them. Raises Invalid("tie_open") for one it does not."""
    outcome = registry.run(file.election, rule, params)
    compared = audit(file, outcome, params)
    if outcome.undecided and compared.tie_decision:
        decided = params | {"tie": "decision", "tie_decision": ",".join(compared.tie_decision)}
        outcome = registry.run(file.election, rule, decided)
        compared = replace(audit(file, outcome, decided), tie_decision=compared.tie_decision)
    elif outcome.undecided:
        line = (
            f"a tie between {', '.join(outcome.undecided[0].projects)} decides who wins; give --param tie=id, cheaper or "
            "dearer, or --param tie=decision --param tie_decision=ID,ID"
        )
        raise Invalid("tie_open", field="tie", text=line)
    return outcome, params, compared


def _store_ballots(round_: Round, request: Request, coded: _Coded, now: datetime) -> None:
    file, election = coded.file, coded.file.election
    slugs = rows.category_slugs(election)
    source = ImportedElection.objects.create(
        round=round_,
        file_name=request.file_name[:200],
        sha256=hashlib.sha256(request.data).hexdigest(),
        kind=election.kind.value,
        meta=dict(file.meta),
        file_ids={code: name for name, code in coded.codes.items()},
        selected=dict(file.selected),
        categories={p.id: [slugs[name] for name in p.categories] for p in election.projects},
        districts={p.id: p.district for p in election.projects if p.district},
        district_budgets=dict(election.district_budgets),
        voters=election.voters,
        imported_at=now,
    )
    ImportedBallot.objects.bulk_create(
        (ImportedBallot(election=source, choices=choices, times=times) for choices, times in _ballots(election)),
        batch_size=2000,
    )


def _ballots(election: Election) -> Iterable[tuple[str, int]]:
    profile = election.profile
    starts, marks, points = profile.starts.tolist(), profile.projects.tolist(), profile.points.tolist()
    codes = [project.id for project in election.projects]
    for place, times in enumerate(profile.times.tolist()):
        part = slice(starts[place], starts[place + 1])
        choices = [[codes[i], value] for i, value in zip(marks[part], points[part], strict=True)]
        yield json.dumps(choices, separators=(",", ":")), times
