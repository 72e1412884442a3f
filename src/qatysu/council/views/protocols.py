"""The protocol of a meeting: reading, fixing, signing, publishing; files for everybody once it is public."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from qatysu.core.errors import Invalid, NotFound
from qatysu.council import commands, queries, signing
from qatysu.council.models import Meeting, Protocol, Seat, Signature
from qatysu.council.protocol_content import digest_of, is_illustrative, signed_text
from qatysu.council.protocol_print import document_of, file_of
from qatysu.council.queries import pages
from qatysu.council.views.common import address, attempt, base, council_round, number
from qatysu.files.commands import location
from qatysu.identity.access import public
from qatysu.rounds.access import staff
from qatysu.rounds.queries import get_round

#: Where NCALayer listens on the signer's own computer.
NCALAYER = "wss://127.0.0.1:13579"
TYPES = {"pdf": "application/pdf", "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document"}


@staff
@never_cache
@require_http_methods(["GET", "POST"])
def protocol(request: HttpRequest, city_slug: str, round_slug: str, number: int) -> HttpResponse:
    """The draft beside its state, and the next step."""
    round_, viewer = council_round(request, city_slug, round_slug)
    meeting = queries.get_meeting(round_, number, request.user, timezone.now())
    status = 200
    if request.method == "POST":
        error = attempt(request, lambda: _deed(request, meeting), _("Done."))
        if error is None:
            return HttpResponseRedirect(address("council_protocol", round_, number=meeting.number))
        status = error.status
    found = Protocol.objects.filter(meeting=meeting).first()
    signatures = {row.seat_id: row for row in found.signatures.filter(void_at=None).select_related("file")} if found else {}
    context = base(
        round_, viewer, meeting=meeting, protocol=found, posted=request.POST,
        signers=[(seat, signatures.get(seat.pk)) for seat in commands.needed_seats(found)] if found else [],
        documents=[(each, document_of(found.content, each, digest=found.digest)) for each in ("kk", "ru")] if found else [],
        void=found.signatures.exclude(void_at=None).select_related("seat__account") if found else (),
    )  # fmt: skip
    answer = render(request, "council/protocol.html", context, status=status)
    # NCALayer is a program on the signer's own computer; only this page may speak to it (web.middleware).
    answer.connect = NCALAYER  # type: ignore[attr-defined]  # reason: read by the middleware
    return answer


def _deed(request: HttpRequest, meeting: Meeting) -> None:
    post, now, verb = request.POST, timezone.now(), request.POST.get("do", "")
    if verb == "draft":
        commands.draft_protocol(actor=request.user, meeting=meeting, number=post.get("number", ""), now=now)
        return
    found = Protocol.objects.filter(meeting=meeting).first()
    if found is None:
        raise NotFound("protocol")
    who: dict[str, Any] = {"actor": request.user, "protocol": found, "now": now}
    deeds: dict[str, Callable[[], Any]] = {
        "fix": lambda: commands.fix_text(**who),
        "back": lambda: commands.send_back(reason=post.get("reason", ""), **who),
        "sign": lambda: _sign(request, found),
        "cms": lambda: _sign_by_container(request, found),
        "check": lambda: _check_again(request, found),
        "freeze": lambda: commands.freeze_protocol(**who),
        "publish": lambda: commands.publish_protocol(**who),
    }
    if verb not in deeds:
        raise NotFound("deed")
    deeds[verb]()


def _sign(request: HttpRequest, found: Protocol) -> None:
    seat = Seat.objects.filter(round=found.round, pk=number(request.POST.get("seat"))).first()
    upload = request.FILES.get("file")
    if seat is None:
        raise NotFound("seat")
    if upload is None:
        raise Invalid("signature_pdf", field="file")
    commands.sign_by_scan(actor=request.user, protocol=found, seat=seat, upload=upload, now=timezone.now())


def _sign_by_container(request: HttpRequest, found: Protocol) -> None:
    """The verifier is asked before anything is locked: it may take its time."""
    seat = Seat.objects.filter(round=found.round, pk=number(request.POST.get("seat"))).first()
    if seat is None:
        raise NotFound("seat")
    upload = request.FILES.get("cms")
    if upload is not None and (upload.size or 0) > 2 * signing.MOST_BYTES:
        raise Invalid("signature_cms", field="container")
    container = signing.container_of(upload.read() if upload is not None else request.POST.get("container", ""))
    verdict = signing.verifier().check(container, signed_text(found.content))
    commands.sign_by_container(
        actor=request.user, protocol=found, seat=seat, container=container, verdict=verdict, digest=digest_of(found.content),
        now=timezone.now(),
    )  # fmt: skip


def _check_again(request: HttpRequest, found: Protocol) -> None:
    row = found.signatures.filter(pk=number(request.POST.get("signature")), kind="cms").first()
    if row is None:
        raise NotFound("signature")
    verdict = signing.verifier().check(bytes(row.container or b""), signed_text(found.content))
    commands.check_again(actor=request.user, signature=row, verdict=verdict, now=timezone.now())


@staff
@never_cache
@require_safe
def protocol_text(request: HttpRequest, city_slug: str, round_slug: str, number: int) -> HttpResponse:
    """The bytes that an electronic signature signs, for members."""
    round_, _viewer = council_round(request, city_slug, round_slug)
    found = Protocol.objects.filter(meeting=queries.get_meeting(round_, number, request.user, timezone.now())).first()
    if found is None:
        raise NotFound("protocol")
    answer = HttpResponse(signed_text(found.content), content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="protocol-{found.round}-{number}.json"'
    return answer


@public
@require_safe
def public_text(request: HttpRequest, city_slug: str, round_slug: str, pk: int) -> HttpResponse:
    """The signed bytes of a published protocol: their SHA-256 is its fingerprint."""
    found = pages.get_published(get_round(city_slug, round_slug, request.user), pk)
    answer = HttpResponse(signed_text(found.content), content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="protocol-{found.round}-{found.meeting.number}.json"'
    return answer


@staff
@never_cache
@require_safe
def protocol_file(request: HttpRequest, city_slug: str, round_slug: str, number: int, language: str, kind: str) -> HttpResponse:
    """The protocol as PDF or DOCX for members, drafts too."""
    round_, _viewer = council_round(request, city_slug, round_slug)
    meeting = queries.get_meeting(round_, number, request.user, timezone.now())
    found = Protocol.objects.filter(meeting=meeting).first()
    if found is None:
        raise NotFound("protocol")
    return _download(found, language, kind)


def _download(found: Protocol, language: str, kind: str) -> HttpResponse:
    if language not in ("kk", "ru") or kind not in TYPES:
        raise NotFound("file")
    name = f"protocol-{found.round}-{found.meeting.number}-{language}.{kind}"
    answer = HttpResponse(file_of(found, language, kind), content_type=TYPES[kind])
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@staff
@never_cache
@require_safe
def signature_file(request: HttpRequest, city_slug: str, round_slug: str, number: int, seat: int) -> HttpResponse:
    """A signature: the scan for members; the container, whose certificate holds an IIN, for its signer and the secretary alone."""
    round_, viewer = council_round(request, city_slug, round_slug)
    meeting = queries.get_meeting(round_, number, request.user, timezone.now())
    found = Protocol.objects.filter(meeting=meeting).first()
    row = found.signatures.filter(seat=seat, void_at=None).select_related("file").first() if found else None
    if row is None or (row.kind == "cms" and not may_open(row, viewer)):
        raise NotFound("signature")
    if row.file is not None:
        body, kind, name = location(row.file.path).read_bytes(), "application/pdf", f"signature-{seat}.pdf"
    else:
        body, kind, name = bytes(row.container or b""), "application/pkcs7-signature", f"signature-{seat}.p7s"
    answer = HttpResponse(body, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def may_open(row: Signature, viewer: queries.Viewer) -> bool:
    """Whether the reader may open a container: the signer, or whoever keeps the protocols."""
    return viewer.may_keep or (viewer.seat is not None and viewer.seat.pk == row.seat_id)


@public
@require_safe
def public_protocol(request: HttpRequest, city_slug: str, round_slug: str, pk: int) -> HttpResponse:
    """A published protocol as everybody reads it, with its files and fingerprint."""
    round_ = get_round(city_slug, round_slug, request.user)
    found = pages.get_published(round_, pk)
    language = "kk" if request.LANGUAGE_CODE == "kk" else "ru"
    context = {
        "round": round_, "city": round_.city, "protocol": found, "document": document_of(found.content, language, digest=found.digest),
        "language": language, "holds": digest_of(found.content) == found.digest,
        "signatures": found.signatures.filter(void_at=None).select_related("seat__account"),
    }  # fmt: skip
    return render(request, "council/public_protocol.html", context)


@public
@require_safe
def public_file(request: HttpRequest, city_slug: str, round_slug: str, pk: int, language: str, kind: str) -> HttpResponse:
    """A published protocol as PDF or DOCX."""
    return _download(pages.get_published(get_round(city_slug, round_slug, request.user), pk), language, kind)


@public
@require_safe
def public_council(request: HttpRequest, city_slug: str, round_slug: str) -> HttpResponse:
    """Members, meetings, decisions in figures, the register of protocols."""
    round_ = get_round(city_slug, round_slug, request.user)
    page = pages.public_of(round_, timezone.now())
    most = max((n for _code, n in page.reasons), default=1)
    context = {
        "round": round_, "city": round_.city, "page": page, "all": sum(n for _code, n in page.figures),
        "bars": [(code, n, 100 * n // most) for code, n in page.reasons], "is_illustrative": is_illustrative(round_),
    }  # fmt: skip
    return render(request, "council/public.html", context)
