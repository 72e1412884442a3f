"""Papers filled with the data of a project."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from qatysu.coaching.models import PaperTemplate, Workspace, WorkTranslation
from qatysu.core.money import tenge
from qatysu.papers import docx, letter
from qatysu.papers.blocks import Document, blocks_from_markdown
from qatysu.papers.filling import fill, names
from qatysu.rounds.queries import zone_of
from qatysu.ui import dates

BLANK = "______________________"


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper of this project. ``lacks``: names of what is not known yet, in words."""

    slug: str
    title: str
    is_required: bool
    lacks: tuple[str, ...]


def papers_of(room: Workspace, language: str, now: datetime) -> tuple[Paper, ...]:
    """Papers for the project's type (all of them while no type is chosen), in order."""
    known = values_of(room, "ru" if language == "en" else language, now)
    kind = room.project_type.slug if room.project_type else ""
    found = []
    for row in PaperTemplate.objects.filter(round=room.proposal.round):
        if kind and row.project_types and kind not in row.project_types:
            continue
        body = getattr(row, f"body_{'ru' if language == 'en' else language}")
        lacks = tuple(_words(name) for name in names(body) if not known.get(name))
        title = getattr(row, f"title_{language}") or row.title_ru
        found.append(Paper(row.slug, title, row.is_required, lacks))
    return tuple(found)


def document_of(room: Workspace, template: PaperTemplate, language: str, kind: str, now: datetime) -> bytes:
    """The paper in ``language`` (kk or ru) as ``pdf`` or ``docx``; what is not known is a line to write on."""
    known = values_of(room, language, now)
    body = getattr(template, f"body_{language}")
    values = {name: known.get(name) or BLANK for name in names(body)}
    title = getattr(template, f"title_{language}")
    note = _("Made up as an example") if room.proposal.is_illustrative else ""
    document = Document(title, blocks_from_markdown(fill(body, values).text), note)
    return docx.render(document, language, made_at=now) if kind == "docx" else letter.render_document(document, language, made_at=now)


def values_of(room: Workspace, language: str, now: datetime) -> dict[str, str]:
    """What is known of a project, by the names that templates use; texts in ``language`` where there is a translation."""
    proposal, city = room.proposal, room.proposal.round.city
    team = list(proposal.team.select_related("account").order_by("joined_at", "pk"))
    own = {"title": proposal.title, "problem": proposal.problem, "solution": proposal.solution, "address": proposal.address}
    for row in proposal.translations.all():
        if row.language == language and language != proposal.language:
            own.update({name: getattr(row, name) or own[name] for name in own})
    answers = _answers(room, language)
    total = next((work.total_tenge for work in room.works.all() if work.total_tenge), None) or proposal.cost_tenge
    upkeep = answers.get("upkeep_year")
    return {
        "project_title": own["title"],
        "project_code": proposal.code,
        "city": str(getattr(city, f"name_{language}")),
        "akimat": str(getattr(city, f"name_{language}")),
        "programme": str(getattr(city, f"programme_{language}")),
        "round": str(getattr(proposal.round, f"title_{language}")),
        "address": own["address"],
        "problem": own["problem"],
        "solution": own["solution"],
        "captain": next((member.account.name for member in team if member.role == "captain"), ""),
        "team": ", ".join(member.account.name for member in team),
        "cost": tenge(total) if total else "",
        "operator": str(answers.get("operator", "")),
        "upkeep_year": tenge(upkeep) if isinstance(upkeep, int) else "",
        "date": dates.long(now.astimezone(zone_of(proposal.round)).date(), language),
    }


def _answers(room: Workspace, language: str) -> dict[str, object]:
    """Answers of every module by field, with translations into ``language``."""
    works = list(room.works.all())
    found: dict[str, object] = {field: value for work in works for field, value in work.answers.items()}
    if language != room.proposal.language:
        rows = WorkTranslation.objects.filter(work__in=[work.pk for work in works], language=language)
        found.update({row.field: row.text for row in rows})
    return found


def _words(name: str) -> str:
    """What a gap of a template asks for."""
    return {
        "operator": _("who will maintain it"),
        "upkeep_year": _("yearly upkeep"),
        "cost": _("cost"),
        "address": _("address"),
        "captain": _("captain"),
    }.get(name, name.replace("_", " "))
