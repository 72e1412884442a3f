"""The passport: what a project has become, gathered by machine from accepted works."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from qatysu.coaching.models import Work, Workspace, WorkTranslation
from qatysu.coaching.standing import estimate_of
from qatysu.proposals.models import Proposal
from qatysu.workbook.schema import Field, Kind, form_from, form_to

LANGUAGES = ("kk", "ru", "en")
#: Kinds whose answers name files, and the keys of a row that do.
FILE_KEYS: Mapping[Kind, tuple[str, ...]] = {
    Kind.IMAGES: ("file",),
    Kind.FILES: ("file",),
    Kind.BEFORE_AFTER: ("before", "after"),
    Kind.ESTIMATE: ("file",),
}
#: What everybody may see once the passport is public.
PUBLISHED: Mapping[Kind, tuple[str, ...]] = {Kind.IMAGES: ("file",), Kind.BEFORE_AFTER: ("before", "after")}


def gather(workspace: Workspace, works: Sequence[Work], now: datetime) -> dict[str, Any]:
    """Everything that the passport says, as JSON: it stays readable when forms and texts change later.

    Only fields marked public are in it; texts with the Centre's translations. Files are named by id and SHA-256.
    """
    proposal = workspace.proposal
    cap = proposal.round.constitution.cap
    translated = _translations(works)
    digests = dict(workspace.files.values_list("file__public_id", "file__sha256"))
    money = [standing for work in works if (standing := estimate_of(form_from(work.module.form), work.answers, cap))]
    return {
        "format": 1,
        "city": proposal.round.city.slug,
        "round": proposal.round.slug,
        "code": proposal.code,
        "language": proposal.language,
        "title": _titles(proposal),
        "address": _each(proposal, "address"),
        "problem": _each(proposal, "problem"),
        "solution": _each(proposal, "solution"),
        "category": proposal.category.slug if proposal.category else "",
        "plan": proposal.plan,
        "latitude": proposal.latitude,
        "longitude": proposal.longitude,
        "type": workspace.project_type.slug if workspace.project_type else "",
        "total": money[0].total if money else proposal.cost_tenge,
        "reserve": money[0].reserve if money else 0,
        "cost": money[0].with_reserve if money else proposal.cost_tenge,
        "cap": cap,
        "team": [member.account.name for member in proposal.team.select_related("account").order_by("joined_at", "pk")],
        "modules": [_module(work, translated.get(work.pk, {}), digests) for work in works],
        "opinions": _opinions(workspace),
        "is_illustrative": proposal.is_illustrative,
        "made_at": now.isoformat(),
    }


def digest_of(content: Mapping[str, Any]) -> str:
    """SHA-256 (hex) of the canonical JSON: keys in order, no spaces, UTF-8."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def files_in(field: Field, answer: Any, keys: Mapping[Kind, tuple[str, ...]] = FILE_KEYS) -> list[str]:
    """Ids of the files that an answer names."""
    rows = answer if isinstance(answer, list) else []
    found = [str(row.get(key, "")) for row in rows for key in keys.get(field.kind, ())]
    return [name for name in found if name]


def public_files(works: Sequence[Work]) -> set[str]:
    """Ids of pictures that the passport shows to everybody."""
    found: set[str] = set()
    for work in works:
        for field in form_from(work.module.form).fields:
            if field.is_public:
                found.update(files_in(field, work.answers.get(field.id), PUBLISHED))
    return found


def _module(work: Work, translated: Mapping[str, dict[str, str]], digests: Mapping[Any, str]) -> dict[str, Any]:
    form, fields = form_from(work.module.form), []
    by_text = {str(key): value for key, value in digests.items()}
    for field, described in zip(form.fields, form_to(form)["fields"], strict=True):
        answer = work.answers.get(field.id)
        if not field.is_public or answer in (None, "", [], {}):
            continue
        names = files_in(field, answer)
        fields.append(
            {
                "field": described,
                "answer": answer,
                "translations": translated.get(field.id, {}),
                "files": {name: by_text.get(name, "") for name in names},
            }
        )
    titles = {language: getattr(work.module, f"title_{language}") for language in LANGUAGES}
    return {"slug": work.module.slug, "title": titles, "version": work.version, "fields": fields}


def _translations(works: Sequence[Work]) -> dict[int, dict[str, dict[str, str]]]:
    found: dict[int, dict[str, dict[str, str]]] = {}
    for row in WorkTranslation.objects.filter(work__in=[work.pk for work in works]):
        found.setdefault(row.work_id, {}).setdefault(row.field, {})[row.language] = row.text
    return found


def _each(proposal: Proposal, field: str) -> dict[str, str]:
    """A text of the proposal in every language that it has."""
    texts = {row.language: getattr(row, field) for row in proposal.translations.all()}
    return {k: v for k, v in {**texts, proposal.language: getattr(proposal, field)}.items() if v}


def _titles(proposal: Proposal) -> dict[str, str]:
    return _each(proposal, "title")


def _opinions(workspace: Workspace) -> list[dict[str, str]]:
    """The last opinion of each expert and specialist; specialists by organisation, experts by name."""
    last: dict[tuple[str, int], dict[str, str]] = {}
    for row in workspace.opinions.select_related("account", "invite").order_by("at", "pk"):
        who = row.invite.organisation if row.invite else (row.account.name if row.account else "")
        key = (row.kind, row.invite_id or row.account_id or 0)
        last[key] = {
            "kind": row.kind,
            "by": who,
            "verdict": row.verdict,
            "language": row.language,
            "text": row.text,
            "on": row.at.date().isoformat(),
        }
    return list(last.values())
