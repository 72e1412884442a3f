"""What a team has written: cards of its modules, versions, differences, remarks, clashes, opinions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Prefetch, Q

from qatysu.coaching.digests import source_digest, token_hash
from qatysu.coaching.loading import open_clashes as open_clashes
from qatysu.coaching.models import Clash, Module, Opinion, Remark, SpecialistInvite, Work, Workspace, WorkTranslation
from qatysu.coaching.versions import answers_at as answers_at
from qatysu.core.errors import NotFound
from qatysu.workbook import changes
from qatysu.workbook.answers import missing
from qatysu.workbook.schema import Form, Kind, form_from

#: Saves of one person within this time are one line of the history.
RUN = timedelta(minutes=30)


def form_of(module: Module) -> Form:
    """The form of a module."""
    return form_from(module.form)


def missing_of(work: Work) -> tuple[str, ...]:
    """Ids of required fields that are not answered yet."""
    return missing(form_of(work.module), work.answers)


def works_of(workspace: Workspace) -> tuple[Work, ...]:
    """All works of a room in the order of the course, with ``open_remarks`` and ``open_clashes`` counted."""
    rows = workspace.works.select_related("module", "changed_by", "decided_by").order_by("module__position", "pk")
    rows = rows.annotate(
        open_remarks=Count("remarks", filter=Q(remarks__resolved_at=None), distinct=True),
        open_clashes=Count("clashes", filter=Q(clashes__settled_at=None), distinct=True),
    )
    found = tuple(rows)
    for work in found:
        work.workspace = workspace
    return found


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A line of the history: the newest version of a run of saves by one person, and the fields that the run touched."""

    number: int
    first: int
    kind: str
    author: Any
    at: datetime
    fields: tuple[str, ...]


def versions(work: Work) -> tuple[VersionRow, ...]:
    """The history of a work, newest first; saves of one person within half an hour are one line. One query."""
    place = {field.id: at for at, field in enumerate(form_of(work.module).fields)}
    found: list[VersionRow] = []
    for row in work.versions.select_related("author").order_by("-number"):
        last = found[-1] if found else None
        # In the order of the form: PostgreSQL keeps the keys of JSON in an order of its own.
        fields = tuple(sorted(row.changes, key=lambda id_: place.get(id_, len(place))))
        same = last is not None and last.author == row.author and last.kind == row.kind == "save"
        if last is not None and same and last.at - row.at <= RUN:
            joined = tuple(dict.fromkeys((*last.fields, *fields)))
            found[-1] = VersionRow(last.number, row.number, last.kind, last.author, last.at, joined)
        else:
            found.append(VersionRow(row.number, row.number, row.kind, row.author, row.at, fields))
    return tuple(found)


def differences(work: Work, old: int, new: int) -> tuple[changes.Difference, ...]:
    """What changed from version ``old`` (0: nothing yet) to ``new``, field by field."""
    if not 0 <= old <= work.version or not 0 <= new <= work.version:
        raise NotFound("version")
    return changes.differences(form_of(work.module), answers_at(work, old), answers_at(work, new))


def version_at(work: Work, at: datetime) -> int:
    """Number of the newest version made until ``at``; 0 when there was none."""
    row = work.versions.filter(at__lte=at).order_by("-number").first()
    return row.number if row else 0


def remarks_of(work: Work) -> tuple[Remark, ...]:
    """All remarks of a work, oldest first, with authors."""
    return tuple(work.remarks.select_related("author", "resolved_by"))


def open_remarks(work: Work) -> tuple[Remark, ...]:
    """Remarks that are not resolved yet, oldest first."""
    return tuple(work.remarks.filter(resolved_at=None).select_related("author"))


def get_remark(workspace: Workspace, pk: int) -> Remark:
    """A remark in this room. Raises NotFound."""
    found = Remark.objects.select_related("work__module").filter(pk=pk, work__workspace=workspace).first()
    if found is None:
        raise NotFound("remark")
    return found


def get_clash(workspace: Workspace, pk: int) -> Clash:
    """An open clash in this room. Raises NotFound."""
    rows = Clash.objects.select_related("work__module", "kept_author", "other_author")
    found = rows.filter(pk=pk, work__workspace=workspace, settled_at=None).first()
    if found is None:
        raise NotFound("clash")
    return found


def opinions(workspace: Workspace) -> tuple[Opinion, ...]:
    """Opinions of experts and specialists, newest first."""
    return tuple(workspace.opinions.select_related("account", "invite").order_by("-at", "-pk"))


def invites(workspace: Workspace) -> tuple[SpecialistInvite, ...]:
    """Links to specialists, newest first, with their opinions."""
    answers = Prefetch("opinions", queryset=Opinion.objects.order_by("at"))
    return tuple(workspace.invites.select_related("created_by").prefetch_related(answers).order_by("-at", "-pk"))


def get_invite(token: str, now: datetime) -> SpecialistInvite:
    """A usable link with its room. Raises NotFound for one that is unknown, over or revoked."""
    rows = SpecialistInvite.objects.select_related(
        "workspace__proposal__round__city", "workspace__proposal__round__constitution", "workspace__project_type"
    )
    found = rows.filter(token_hash=token_hash(token), revoked_at=None, expires_at__gt=now).first()
    if found is None:
        raise NotFound("invite")
    return found


@dataclass(frozen=True, slots=True)
class Pair:
    """One text and its translation; ``is_stale`` when the text has changed since."""

    work: Work
    field: str
    label: Any
    source: str
    text: str
    is_stale: bool


def translation_pairs(workspace: Workspace, language: str) -> tuple[Pair, ...]:
    """Texts that the Centre translates, in the order of the forms, with translations into ``language``. Three queries."""
    works = works_of(workspace)
    rows = WorkTranslation.objects.filter(work__in=[work.pk for work in works], language=language)
    known = {(row.work_id, row.field): row for row in rows}
    pairs = []
    for work in works:
        for field in form_of(work.module).fields:
            source = str(work.answers.get(field.id, "") or "")
            if field.kind not in (Kind.TEXT, Kind.LONG_TEXT) or not field.is_translated or not source:
                continue
            row = known.get((work.pk, field.id))
            stale = row is not None and row.source_digest != source_digest(source)
            pairs.append(Pair(work, field.id, field.label, source, row.text if row else "", stale))
    return tuple(pairs)
