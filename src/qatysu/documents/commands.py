"""Writes: an edition from its draft over the discussion to the approval, and what people say of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from qatysu.audit.commands import record
from qatysu.core.collegial_states import DOCUMENT, DocumentState
from qatysu.core.errors import Conflict, Invalid, NotAllowed, NotFound, TooMany
from qatysu.core.regulation import Action
from qatysu.documents.content import content_of, digest_of
from qatysu.documents.kinds import LANGUAGES, REQUIRED, TITLES, Kind, template_text
from qatysu.documents.models import OPEN, Document, Edition, EditionComment
from qatysu.documents.writing import check_inserts, names_in
from qatysu.rounds.authorize import authorize
from qatysu.rounds.models import Round
from qatysu.rounds.queries import zone_of
from qatysu.rounds.touching import locked, touch

LONGEST_BODY = 60_000
#: Comments of one person on one edition.
MOST_COMMENTS = 20
LONGEST_DISCUSSION_DAYS = 120


@transaction.atomic
def start_edition(
    *, actor: Any, round_: Round, kind: str, now: datetime, slug: str = "", title_kk: str = "", title_ru: str = ""
) -> Edition:
    """A draft: of a document of ``kind``, or with ``slug`` of that one; from its last edition, else from what an earlier round of
    the city approved, else from the template.

    For another document titles are needed. Raises Invalid, NotFound, Conflict ``edition_open`` while one is in the making.
    """
    authorize(actor, Action.EDIT_DOCUMENT, round_, now=now)
    row = locked(round_)
    document = _document(row, kind, slug, now)
    last = document.editions.order_by("-number").exclude(state=DocumentState.DROPPED).first() or _of_last_year(row, document)
    if document.editions.filter(state__in=OPEN).exists():
        raise Conflict("edition_open")
    texts = {f"body_{code}": getattr(last, f"body_{code}") if last else template_text(kind, code) for code in LANGUAGES}
    given = {"kk": title_kk, "ru": title_ru}
    for code in LANGUAGES:
        title = getattr(last, f"title_{code}") if last else TITLES.get(kind, given)[code]
        texts[f"title_{code}"] = _words(title, f"title_{code}", least=5, most=200)
    number = int(document.editions.aggregate(n=Max("number"))["n"] or 0) + 1
    made = Edition.objects.create(document=document, number=number, made_by=actor, made_at=now, **texts)
    _note(actor, "start_edition", made, row, now)
    return made


def _document(round_: Round, kind: str, slug: str, now: datetime) -> Document:
    if kind not in Kind.values:
        raise Invalid("document_kind", field="kind")
    if slug or kind != Kind.OTHER:
        found = Document.objects.filter(round=round_, slug=slug or kind).first()
        if found is not None:
            return found
        if slug:
            raise NotFound("document")
    n = Document.objects.filter(round=round_, kind=Kind.OTHER).count() + 1
    return Document.objects.create(round=round_, kind=kind, slug=kind if kind != Kind.OTHER else f"other-{n}", made_at=now)


def _of_last_year(round_: Round, document: Document) -> Edition | None:
    """The text in force of the newest other round of the city that has one: its inserts speak of this round's rules anyway."""
    rows = Edition.objects.filter(
        document__round__city=round_.city_id, document__kind=document.kind, document__slug=document.slug, state=DocumentState.ADOPTED
    )
    return rows.exclude(document__round=round_).order_by("-document__round__created_at", "-pk").first()


def lock(edition: Edition) -> tuple[Edition, Round]:
    """The edition read again FOR UPDATE, and its round. Raises NotFound."""
    rows = Edition.objects.select_for_update(of=("self",)).select_related("document__round__city", "document__round__constitution")
    found = rows.filter(pk=edition.pk).first()
    if found is None:
        raise NotFound("edition")
    return found, found.document.round


@transaction.atomic
def save_edition(
    *, actor: Any, edition: Edition, version: int, title_kk: str, title_ru: str, body_kk: str, body_ru: str, now: datetime
) -> Edition:
    """Write texts of a draft; ``version`` is the one that the writer has read.

    Raises Conflict ``not_a_draft``, ``edited_meanwhile``; Invalid ``text_needed``, ``too_long``, ``unknown_insert``.
    """
    row, round_ = lock(edition)
    authorize(actor, Action.EDIT_DOCUMENT, round_, now=now)
    if row.state != DocumentState.DRAFT:
        raise Conflict("not_a_draft")
    if row.version != version:
        raise Conflict("edited_meanwhile")
    row.title_kk, row.title_ru = _words(title_kk, "title_kk", least=5, most=200), _words(title_ru, "title_ru", least=5, most=200)
    row.body_kk, row.body_ru = _body(body_kk, "body_kk"), _body(body_ru, "body_ru")
    row.version += 1
    row.save(update_fields=["title_kk", "title_ru", "body_kk", "body_ru", "version"])
    _note(actor, "save_edition", row, round_, now)
    return row


def _words(text: str, field: str, *, least: int = 1, most: int) -> str:
    text = text.replace("\0", "").strip()
    if len(text) < least:
        raise Invalid("text_needed", field=field)
    if len(text) > most:
        raise Invalid("too_long", field=field, limit=most)
    return text


def _body(text: str, field: str) -> str:
    text = _words(text.replace("\r\n", "\n"), field, least=0, most=LONGEST_BODY)
    check_inserts(text, field)
    return text


def _move(row: Edition, new: DocumentState, **values: Any) -> None:
    DOCUMENT.check(DocumentState(row.state), new)
    row.state = new
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=["state", *values])


@transaction.atomic
def open_discussion(*, actor: Any, edition: Edition, until: date, now: datetime) -> Edition:
    """Let everybody read the draft and comment on it until the end of ``until``. Raises Invalid, IllegalMove."""
    row, round_ = lock(edition)
    authorize(actor, Action.EDIT_DOCUMENT, round_, now=now)
    today = now.astimezone(zone_of(round_)).date()
    if not 0 < (until - today).days <= LONGEST_DISCUSSION_DAYS:
        raise Invalid("discussion_day", field="until")
    _check_whole(row)
    _move(row, DocumentState.DISCUSSION, discussed_until=until)
    _note(actor, "discuss_edition", row, round_, now, until=until.isoformat())
    touch(round_)
    return row


@transaction.atomic
def back_to_draft(*, actor: Any, edition: Edition, now: datetime) -> Edition:
    """End the discussion to mend the text; comments and answers stay with it. Raises IllegalMove."""
    row, round_ = lock(edition)
    authorize(actor, Action.EDIT_DOCUMENT, round_, now=now)
    if row.state != DocumentState.DISCUSSION:
        raise Conflict("not_discussed")
    _move(row, DocumentState.DRAFT)
    _note(actor, "mend_edition", row, round_, now)
    touch(round_)
    return row


def _check_whole(row: Edition) -> None:
    """Raises Invalid ``text_needed`` for an empty language, ``inserts_missing`` with the names that this kind must have."""
    for code in LANGUAGES:
        body = getattr(row, f"body_{code}")
        if len(body.strip()) < 50:
            raise Invalid("text_needed", field=f"body_{code}")
        check_inserts(body, f"body_{code}")
        missing = [name for name in REQUIRED[row.document.kind] if name not in names_in(body)]
        if missing:
            raise Invalid("inserts_missing", field=f"body_{code}", names=", ".join(missing))


@transaction.atomic
def submit(*, actor: Any, edition: Edition, now: datetime) -> Edition:
    """Fix what the edition says and hand it to the akimat's approver.

    Raises Invalid as ``open_discussion``, Conflict ``comments_unanswered``, IllegalMove.
    """
    row, round_ = lock(edition)
    authorize(actor, Action.EDIT_DOCUMENT, round_, now=now)
    _check_whole(row)
    if row.comments.filter(answered_at=None, hidden_at=None).exists():
        raise Conflict("comments_unanswered")
    content = content_of(row, round_)
    _move(row, DocumentState.SUBMITTED, content=content, digest=digest_of(content), submitted_by=actor, submitted_at=now, reason="")
    _note(actor, "submit_edition", row, round_, now, digest=row.digest)
    return row


@transaction.atomic
def send_back(*, actor: Any, edition: Edition, reason: str, now: datetime) -> Edition:
    """The approver sends it back with words; it is a draft again. Raises IllegalMove, Invalid."""
    row, round_ = lock(edition)
    authorize(actor, Action.APPROVE_DOCUMENT, round_, now=now)
    if row.state != DocumentState.SUBMITTED:
        raise Conflict("not_submitted")
    reason = _words(reason, "reason", least=5, most=500)
    _move(row, DocumentState.DRAFT, content={}, digest="", submitted_by=None, submitted_at=None, reason=reason)
    _note(actor, "send_back_edition", row, round_, now, reason)
    return row


@transaction.atomic
def approve(
    *, actor: Any, edition: Edition, act_number: str, act_on: date | None, signatory_kk: str, signatory_ru: str, now: datetime
) -> Edition:
    """Put the edition into force by an act of the akimat; the one before is superseded in the same moment.

    Raises NotAllowed ``second_person`` for who handed it in, Conflict ``not_submitted``, ``rules_changed`` when the rules say
    something else by now than the text that was handed in, Invalid for the act.
    """
    row, round_ = lock(edition)
    authorize(actor, Action.APPROVE_DOCUMENT, round_, now=now)
    if row.state != DocumentState.SUBMITTED:
        raise Conflict("not_submitted")
    if row.submitted_by_id == actor.pk:
        raise NotAllowed("second_person", action=str(Action.APPROVE_DOCUMENT))
    if digest_of(content_of(row, round_)) != row.digest:
        raise Conflict("rules_changed")
    act = {
        "act_number": _words(act_number, "act_number", most=60),
        "signatory_kk": _words(signatory_kk, "signatory_kk", least=3, most=160),
        "signatory_ru": _words(signatory_ru, "signatory_ru", least=3, most=160),
    }  # fmt: skip
    if act_on is None or act_on > now.astimezone(zone_of(round_)).date() or act_on.year < 2000:
        raise Invalid("act_day", field="act_on")
    before = Edition.objects.select_for_update().filter(document=row.document, state=DocumentState.ADOPTED).first()
    if before is not None:
        _move(before, DocumentState.SUPERSEDED, ended_at=now)
    _move(row, DocumentState.ADOPTED, approved_by=actor, approved_at=now, act_on=act_on, **act)
    _note(actor, "approve_edition", row, round_, now, digest=row.digest, act=act["act_number"])
    touch(round_)
    return row


@transaction.atomic
def repeal(*, actor: Any, edition: Edition, reason: str, now: datetime) -> Edition:
    """End an edition in force without a successor; it stays readable. Raises IllegalMove, Invalid."""
    row, round_ = lock(edition)
    authorize(actor, Action.APPROVE_DOCUMENT, round_, now=now)
    _move(row, DocumentState.WITHDRAWN, ended_at=now, reason=_words(reason, "reason", least=5, most=500))
    _note(actor, "repeal_edition", row, round_, now, row.reason)
    touch(round_)
    return row


@transaction.atomic
def drop(*, actor: Any, edition: Edition, now: datetime) -> Edition:
    """Give up a draft that was never approved; its number is not used again. Raises IllegalMove."""
    row, round_ = lock(edition)
    authorize(actor, Action.EDIT_DOCUMENT, round_, now=now)
    _move(row, DocumentState.DROPPED, ended_at=now)
    _note(actor, "drop_edition", row, round_, now)
    touch(round_)
    return row


@transaction.atomic
def comment(*, actor: Any, edition: Edition, text: str, language: str, now: datetime) -> EditionComment:
    """Say something of a draft in discussion; the same words again change nothing.

    Raises Conflict ``not_discussed`` before, after or without a discussion; TooMany; Invalid.
    """
    row, round_ = lock(edition)
    authorize(actor, Action.COMMENT, round_, now=now)
    today = now.astimezone(zone_of(round_)).date()
    if row.state != DocumentState.DISCUSSION or row.discussed_until is None or today > row.discussed_until:
        raise Conflict("not_discussed")
    text = _words(text, "text", least=3, most=2000)
    own = row.comments.filter(author=actor)
    same = own.filter(text=text).first()
    if same is not None:
        return same
    if own.count() >= MOST_COMMENTS:
        raise TooMany("comments", retry_after_s=86_400)
    made = EditionComment.objects.create(edition=row, author=actor, text=text, language=language[:2], at=now)
    touch(round_)
    return made


@transaction.atomic
def answer(*, actor: Any, comment: EditionComment, text: str, now: datetime) -> EditionComment:
    """Answer a comment, or word the answer anew while the edition is in the making. Raises Conflict ``edition_over``."""
    edition, round_ = lock(comment.edition)
    authorize(actor, Action.EDIT_DOCUMENT, round_, now=now)
    if edition.state not in OPEN:
        raise Conflict("edition_over")
    row = EditionComment.objects.select_for_update().get(pk=comment.pk)
    row.answer, row.answered_by, row.answered_at = _words(text, "answer", least=2, most=2000), actor, now
    row.save(update_fields=["answer", "answered_by", "answered_at"])
    _note(actor, "answer_comment", edition, round_, now, comment=row.pk)
    touch(round_)
    return row


@transaction.atomic
def hide(*, actor: Any, comment: EditionComment, reason: str, now: datetime) -> EditionComment:
    """Take an insult or personal data out of sight; the reason stays in its place. Raises Invalid, Conflict ``hidden_already``."""
    edition, round_ = lock(comment.edition)
    authorize(actor, Action.MODERATE, round_, now=now)
    row = EditionComment.objects.select_for_update().get(pk=comment.pk)
    if row.hidden_at is not None:
        raise Conflict("hidden_already")
    row.hidden_at, row.hidden_why = now, _words(reason, "reason", least=5, most=300)
    row.save(update_fields=["hidden_at", "hidden_why"])
    _note(actor, "hide_comment", edition, round_, now, row.hidden_why, comment=row.pk)
    touch(round_)
    return row


def _note(actor: Any, action: str, row: Edition, round_: Round, now: datetime, reason: str = "", **detail: Any) -> None:
    target = f"documents.edition:{row.pk}"
    record(
        actor=actor, action=action, now=now, place=str(round_), target=target, reason=reason, document=row.document.slug,
        number=row.number, **detail,
    )
