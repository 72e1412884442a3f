"""Protocols: drafted from the facts, fixed, signed, frozen, published."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.db.models import Q

from qatysu.core.collegial import SeatRole
from qatysu.core.collegial_states import PROTOCOL, MeetingState, ProtocolState
from qatysu.core.errors import Conflict, Invalid, NotAllowed, NotFound
from qatysu.core.regulation import Action
from qatysu.council.commands.guards import lock_meeting, move_meeting, note, words
from qatysu.council.models import Meeting, Protocol, Seat, Signature
from qatysu.council.protocol_content import content_of, digest_of
from qatysu.council.queries.seats import meeting_day, presiding_seat, seats_of
from qatysu.council.signing import Verdict
from qatysu.files.commands import accept_upload
from qatysu.files.models import StoredFile
from qatysu.rounds.authorize import authorize
from qatysu.rounds.queries import zone_of
from qatysu.rounds.touching import touch


@transaction.atomic
def draft_protocol(*, actor: Any, meeting: Meeting, now: datetime, number: str = "") -> Protocol:
    """Write the protocol of a closed meeting from its facts; an unsigned draft is written anew.

    ``number`` is ``<number of the meeting>/<year>`` unless given. Raises Conflict ``meeting_not_closed``, ``protocol_fixed``,
    ``protocol_number``.
    """
    row = lock_meeting(meeting)
    authorize(actor, Action.KEEP_COUNCIL, row.round, now=now)
    if row.state != MeetingState.CLOSED:
        raise Conflict("meeting_not_closed", state=row.state)
    found = Protocol.objects.select_for_update().filter(meeting=row).first()
    if found is not None and found.state != ProtocolState.DRAFT:
        raise Conflict("protocol_fixed", state=found.state)
    year = (row.opened_at or row.starts_at).astimezone(zone_of(row.round)).year
    number = number.strip()[:40] or (found.number if found else f"{row.number}/{year}")
    content = content_of(row, number)
    try:
        with transaction.atomic():
            made, _ = Protocol.objects.update_or_create(
                meeting=row,
                defaults={"round": row.round, "number": number, "content": content, "made_by": actor, "made_at": now},
            )
    except IntegrityError as error:
        raise Conflict("protocol_number", field="number") from error
    note(actor, "draft_protocol", row.round, made, now, number=number)
    return made


def _lock(protocol: Protocol) -> Protocol:
    rows = Protocol.objects.select_for_update(of=("self",)).select_related("meeting__round__city", "meeting__round__constitution")
    found = rows.filter(pk=protocol.pk).first()
    if found is None:
        raise NotFound("protocol")
    return found


def _move(row: Protocol, new: ProtocolState, **values: Any) -> None:
    PROTOCOL.check(ProtocolState(row.state), new)
    row.state = new
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=("state", *values))


@transaction.atomic
def fix_text(*, actor: Any, protocol: Protocol, now: datetime) -> Protocol:
    """Fix the text and its fingerprint: from now on people sign exactly this. The facts are taken once more."""
    row = _lock(protocol)
    authorize(actor, Action.KEEP_COUNCIL, row.round, now=now)
    content = content_of(row.meeting, row.number)
    _move(row, ProtocolState.SIGNING, content=content, digest=digest_of(content))
    note(actor, "fix_protocol", row.round, row, now, digest=row.digest)
    return row


@transaction.atomic
def send_back(*, actor: Any, protocol: Protocol, reason: str, now: datetime) -> Protocol:
    """A signatory found a mistake: the text is a draft again, and signatures under it fall away with the reason."""
    row = _lock(protocol)
    authorize(actor, Action.SIGN_PROTOCOL, row.round, now=now)
    reason = words(reason, "reason", least=5, most=300)
    row.signatures.filter(void_at=None).update(void_at=now, void_reason=reason)
    _move(row, ProtocolState.DRAFT, digest="")
    note(actor, "send_back_protocol", row.round, row, now, reason)
    return row


def needed_seats(protocol: Protocol) -> tuple[Seat, ...]:
    """Who must sign: whoever presided (the chair of a vote by correspondence), and the secretary."""
    meeting = protocol.meeting
    seats = seats_of(meeting.round, meeting_day(meeting))
    head = presiding_seat(meeting) if meeting.kind == Meeting.Kind.SITTING else None
    head = head or next((seat for seat in seats if seat.role == SeatRole.CHAIR), None)
    secretary = next((seat for seat in seats if seat.role == SeatRole.SECRETARY), None)
    return tuple(dict.fromkeys(seat for seat in (head, secretary) if seat is not None))


@transaction.atomic
def sign_by_scan(*, actor: Any, protocol: Protocol, seat: Seat, upload: UploadedFile[Any], now: datetime) -> Signature:
    """Keep the scan of the signed paper as the signature of ``seat``, brought by that member or by the secretary.

    When the last signature needed is there the protocol is signed. Raises Conflict ``not_for_signing``, ``signed_already``;
    NotAllowed ``not_a_signatory``; Invalid with the reasons of uploads, ``signature_pdf`` for anything but a PDF.
    """
    row = _signing(actor, protocol, seat, now)
    stored = accept_upload(owner=actor, upload=upload, now=now)
    if stored.kind != StoredFile.Kind.DOCUMENT:
        raise Invalid("signature_pdf", field="file")
    made = Signature.objects.create(
        protocol=row, seat=seat, kind=Signature.Kind.SCAN, file=stored, digest=row.digest, at=now
    )
    note(actor, "sign_protocol", row.round, row, now, seat=seat.pk, file=stored.sha256)
    _sign_off(row)
    return made


def _signing(actor: Any, protocol: Protocol, seat: Seat, now: datetime) -> Protocol:
    """The protocol, locked, for somebody who may bring the signature of ``seat`` under it now."""
    row = _lock(protocol)
    own = seat.account_id == getattr(actor, "pk", None)
    authorize(actor, Action.SIGN_PROTOCOL if own else Action.KEEP_COUNCIL, row.round, now=now)
    if row.state != ProtocolState.SIGNING:
        raise Conflict("not_for_signing", state=row.state)
    if seat not in needed_seats(row):
        raise NotAllowed("not_a_signatory")
    if row.signatures.filter(seat=seat, void_at=None).exists():
        raise Conflict("signed_already")
    return row


def _sign_off(row: Protocol) -> None:
    """The protocol is signed when everybody needed has, by a scan or by a container that nobody has found wanting."""
    good = Q(kind=Signature.Kind.SCAN) | Q(checked__in=(Signature.Checked.VALID, Signature.Checked.NOT_ASKED))
    signed = set(row.signatures.filter(good, void_at=None, digest=row.digest).values_list("seat_id", flat=True))
    if row.state == ProtocolState.SIGNING and {one.pk for one in needed_seats(row)} <= signed:
        _move(row, ProtocolState.SIGNED)


@transaction.atomic
def sign_by_container(
    *, actor: Any, protocol: Protocol, seat: Seat, container: bytes, verdict: Verdict, digest: str, now: datetime
) -> Signature:
    """Keep a CMS container as the signature of ``seat``, brought by that member alone; ``verdict`` is of the text with ``digest``.

    One that the verifier could not be asked about is kept, and counts once ``check_again`` finds it valid. Raises as
    ``sign_by_scan``; Invalid ``signature_invalid``, Conflict ``text_changed``, NotAllowed ``not_a_signatory`` for others.
    """
    row = _signing(actor, protocol, seat, now)
    if seat.account_id != getattr(actor, "pk", None):
        raise NotAllowed("not_a_signatory")
    if row.digest != digest:
        raise Conflict("text_changed")
    if verdict.checked == Signature.Checked.INVALID:
        raise Invalid("signature_invalid", field="container")
    made = Signature.objects.create(
        protocol=row, seat=seat, kind=Signature.Kind.CMS, container=container, digest=digest, checked=verdict.checked,
        signer=verdict.signer, at=now,
    )  # fmt: skip
    note(actor, "sign_protocol", row.round, row, now, seat=seat.pk, checked=str(verdict.checked))
    _sign_off(row)
    return made


@transaction.atomic
def check_again(*, actor: Any, signature: Signature, verdict: Verdict, now: datetime) -> Signature:
    """Write what the verifier says now of a container that it could not be asked about. An invalid one falls away.

    Raises Conflict ``checked_already``, ``verifier_away`` when there is still no answer.
    """
    protocol = _lock(signature.protocol)
    authorize(actor, Action.KEEP_COUNCIL, protocol.round, now=now)
    row = Signature.objects.select_for_update().get(pk=signature.pk)
    waits = row.kind == Signature.Kind.CMS and row.void_at is None
    if not waits or row.checked != Signature.Checked.UNREACHABLE:
        raise Conflict("checked_already")
    if verdict.checked in (Signature.Checked.UNREACHABLE, Signature.Checked.NOT_ASKED):
        raise Conflict("verifier_away")
    row.checked, row.signer = verdict.checked, verdict.signer
    if verdict.checked == Signature.Checked.INVALID:
        row.void_at, row.void_reason = now, "signature_invalid"
    row.save(update_fields=("checked", "signer", "void_at", "void_reason"))
    note(actor, "check_signature", protocol.round, protocol, now, seat=row.seat_id, checked=str(row.checked))
    _sign_off(protocol)
    return row


@transaction.atomic
def freeze_protocol(*, actor: Any, protocol: Protocol, now: datetime) -> Protocol:
    """Close a signed protocol for good; its meeting is recorded. The database refuses every change from here on."""
    row = _lock(protocol)
    authorize(actor, Action.KEEP_COUNCIL, row.round, now=now)
    _move(row, ProtocolState.FROZEN, frozen_at=now)
    move_meeting(lock_meeting(row.meeting), MeetingState.RECORDED)
    note(actor, "freeze_protocol", row.round, row, now, digest=row.digest)
    touch(row.round)
    return row


@transaction.atomic
def publish_protocol(*, actor: Any, protocol: Protocol, now: datetime) -> Protocol:
    """Put a frozen protocol into the public register."""
    row = _lock(protocol)
    authorize(actor, Action.KEEP_COUNCIL, row.round, now=now)
    _move(row, ProtocolState.PUBLISHED, published_at=now)
    note(actor, "publish_protocol", row.round, row, now, digest=row.digest)
    touch(row.round)
    return row
