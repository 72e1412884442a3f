"""Reads: documents of a round for the organisers and for everybody."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet

from qatysu.core.collegial_states import DocumentState
from qatysu.core.errors import NotFound
from qatysu.core.regulation import Action
from qatysu.documents.content import blocks_in
from qatysu.documents.differences import Line, differences
from qatysu.documents.kinds import Kind
from qatysu.documents.models import IN_FORCE, OPEN, Document, Edition, EditionComment
from qatysu.documents.writing import lines_of
from qatysu.rounds.authorize import decide
from qatysu.rounds.models import Round
from qatysu.rounds.queries import zone_of

#: States that everybody may read.
PUBLIC = (*IN_FORCE, DocumentState.DISCUSSION, DocumentState.SUBMITTED)


@dataclass(frozen=True, slots=True)
class Shelf:
    """A document in a list: the edition in force, and the one in the making."""

    kind: str
    slug: str
    document: Document | None
    in_force: Edition | None
    in_making: Edition | None

    @property
    def newest(self) -> Edition | None:
        """What a title is taken from."""
        return self.in_making or self.in_force


def shelves(round_: Round, *, is_public: bool) -> tuple[Shelf, ...]:
    """The four documents of the regulation in their order, then others; two queries. Public: only what everybody may read."""
    states = (DocumentState.ADOPTED, DocumentState.DISCUSSION) if is_public else (DocumentState.ADOPTED, *OPEN)
    rows = Edition.objects.filter(state__in=states).annotate(waiting=_waiting())
    found = Document.objects.filter(round=round_).prefetch_related(Prefetch("editions", rows, to_attr="shown"))
    by_slug = {row.slug: row for row in found}
    slugs = [kind.value for kind in Kind if kind != Kind.OTHER]
    slugs += [row.slug for row in found if row.kind == Kind.OTHER]
    made = tuple(_shelf(slug, by_slug.get(slug)) for slug in slugs)
    return tuple(row for row in made if row.newest) if is_public else made


def _waiting() -> Count:
    return Count("comments", filter=Q(comments__answered_at=None, comments__hidden_at=None))


def _shelf(slug: str, document: Document | None) -> Shelf:
    shown: list[Edition] = getattr(document, "shown", [])
    in_force = next((row for row in shown if row.state == DocumentState.ADOPTED), None)
    in_making = next((row for row in shown if row.state != DocumentState.ADOPTED), None)
    return Shelf(document.kind if document else slug, slug, document, in_force, in_making)


def in_force(round_: Round, kind: Kind) -> Edition | None:
    """The edition in force of one of the four documents."""
    return Edition.objects.filter(document__round=round_, document__slug=kind, state=DocumentState.ADOPTED).first()


def get_document(round_: Round, slug: str) -> Document:
    """A document of this round. Raises NotFound."""
    found = Document.objects.filter(round=round_, slug=slug).first()
    if found is None:
        raise NotFound("document")
    return found


def editions(document: Document, *, is_public: bool) -> QuerySet[Edition]:
    """Editions, the newest first; public ones only for everybody."""
    rows = document.editions.select_related("approved_by", "submitted_by").order_by("-number")
    return rows.filter(state__in=PUBLIC) if is_public else rows.annotate(waiting=_waiting())


def get_edition(document: Document, number: int, *, is_public: bool) -> Edition:
    """One edition. Raises NotFound for a draft that is asked for in public."""
    found = editions(document, is_public=is_public).filter(number=number).first()
    if found is None:
        raise NotFound("edition")
    return found


def shown_first(rows: Iterable[Edition]) -> Edition | None:
    """The edition in force, else the one in discussion, else the newest."""
    found = list(rows)
    for state in (DocumentState.ADOPTED, DocumentState.DISCUSSION):
        for row in found:
            if row.state == state:
                return row
    return found[0] if found else None


def comments(edition: Edition) -> QuerySet[EditionComment]:
    """All comments in their order, hidden ones too (their words are not shown)."""
    return edition.comments.select_related("author", "answered_by")


def is_discussed(edition: Edition, round_: Round, now: datetime) -> bool:
    """Whether people may comment now."""
    today: date = now.astimezone(zone_of(round_)).date()
    return edition.state == DocumentState.DISCUSSION and edition.discussed_until is not None and today <= edition.discussed_until


def before(edition: Edition) -> Edition | None:
    """The edition that this one changes: the last one before it that was in force."""
    rows = Edition.objects.filter(document=edition.document_id, number__lt=edition.number, state__in=IN_FORCE)
    return rows.order_by("-number").first()


def changes(edition: Edition, round_: Round, language: str) -> tuple[Line, ...]:
    """What differs from the edition before; () when there is none."""
    old = before(edition)
    if old is None:
        return ()
    return differences(lines_of(blocks_in(old, round_, language)), lines_of(blocks_in(edition, round_, language)))


def may(viewer: Any, round_: Round, now: datetime) -> dict[str, bool]:
    """Booleans for templates, by the name of the action."""
    actions = (Action.EDIT_DOCUMENT, Action.APPROVE_DOCUMENT, Action.MODERATE, Action.COMMENT, Action.SEE_STUDIO)
    return {str(action): decide(viewer, action, round_, now=now).allowed for action in actions}
