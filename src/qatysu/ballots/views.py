"""Pages of the voting path: sign in, choose, review, confirm, receipt, check. No decision is taken here."""

from __future__ import annotations

import logging
import secrets

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qatysu.ballots import casting, commands, logs, pages, queries, receipts, voters
from qatysu.ballots.booth import CAST_FAILED, booth_of
from qatysu.core.codes import normalise_digits
from qatysu.core.errors import AlreadyVoted, Conflict, Invalid, QatysuError, StageClosed, TooMany
from qatysu.identity.access import voter
from qatysu.identity.address import client_ip, network_of
from qatysu.rounds.models import Round
from qatysu.rounds.queries import get_round

log = logging.getLogger(__name__)


def _to(name: str, round_: Round) -> HttpResponse:
    return HttpResponseRedirect(reverse(name, args=[round_.city.slug, round_.slug]), status=303)


@never_cache
@voter
@require_GET
def sign_in(request: HttpRequest, city_slug: str, round_slug: str) -> HttpResponse:
    """How one may vote here: by a one-time code, by phone, by e-mail; when it is not the time, when it will be."""
    round_, now = get_round(city_slug, round_slug, request.user), timezone.now()
    if not pages.is_open(round_, now):
        return render(request, "ballots/closed.html", pages.closed(request, round_, now))
    return render(request, "ballots/sign_in.html", pages.sign_in(request, round_, now))


@never_cache
@voter
@require_POST
def sign_in_with_code(request: HttpRequest, city_slug: str, round_slug: str) -> HttpResponse:
    """A one-time code was typed: on to the ballot, or the form again with the reason."""
    round_ = get_round(city_slug, round_slug, request.user)
    try:
        voter_id = commands.redeem_code(
            round=round_, text=request.POST.get("code", ""), network=network_of(client_ip(request)), now=timezone.now()
        )
    except (Conflict, Invalid, TooMany) as refusal:
        context = pages.sign_in(request, round_, timezone.now()) | {
            "refusal": refusal,
            "typed": request.POST.get("code", "")[:40],
        }
        return render(request, "ballots/sign_in.html", context, status=refusal.status)
    voters.admit_code(request, round_, voter_id)
    return _to("receipt" if pages.has_receipt(round_, voter_id) else "ballot", round_)


@never_cache
@voter
@require_POST
def declare(request: HttpRequest, city_slug: str, round_slug: str) -> HttpResponse:
    """A signed-in person declares to live here and to be of age."""
    round_ = get_round(city_slug, round_slug, request.user)
    year = normalise_digits(request.POST.get("birth_year", ""), length=4)
    try:
        commands.declare(
            account=request.user,
            round=round_,
            birth_year=int(year) if year else None,
            agrees=request.POST.get("agrees") == "yes",
            now=timezone.now(),
        )
    except Invalid as refusal:
        context = pages.sign_in(request, round_, timezone.now()) | {
            "refusal": refusal,
            "typed_year": request.POST.get("birth_year", "")[:10],
        }
        return render(request, "ballots/sign_in.html", context, status=422)
    return _to("ballot", round_)


@never_cache
@voter
@require_POST
def leave(request: HttpRequest, city_slug: str, round_slug: str) -> HttpResponse:
    """Finish at a shared device."""
    round_ = get_round(city_slug, round_slug, request.user)
    voters.leave(request, round_)
    return _to("round_sign_in", round_)


@never_cache
@voter
@require_http_methods(["GET", "POST"])
def ballot(request: HttpRequest, city_slug: str, round_slug: str) -> HttpResponse:
    """Step 1: choose. A refused choice comes back with what was ticked."""
    round_ = get_round(city_slug, round_slug, request.user)
    person = voters.voter_of(request, round_)
    if person is None:
        return _to("round_sign_in", round_)
    if request.method == "GET":
        return _ballot_page(request, round_, person, voters.kept_choices(request, round_))
    chosen = request.POST.getlist("choice")
    try:
        queries.box(round_).check(chosen)
    except Invalid as refusal:
        commands.count_failure(round=round_, reason=refusal.reason, day=timezone.now().date())
        return _ballot_page(request, round_, person, chosen, refusal)
    voters.keep_choices(request, round_, chosen)
    return _to("ballot_review", round_)


def _ballot_page(
    request: HttpRequest, round_: Round, person: voters.Voter, chosen: list[str], refusal: QatysuError | None = None
) -> HttpResponse:
    context = pages.ballot(round_, person, chosen, timezone.now()) | {"refusal": refusal}
    return render(request, "ballots/ballot.html", context, status=refusal.status if refusal else 200)


@never_cache
@voter
@require_GET
def review(request: HttpRequest, city_slug: str, round_slug: str) -> HttpResponse:
    """Step 2: look at the ballot once more."""
    round_ = get_round(city_slug, round_slug, request.user)
    person, chosen = voters.voter_of(request, round_), voters.kept_choices(request, round_)
    if person is None:
        return _to("round_sign_in", round_)
    if not chosen:
        return _to("ballot", round_)
    context = pages.review(round_, person, chosen, timezone.now()) | {"form_token": secrets.token_urlsafe(16)}
    return render(request, "ballots/review.html", context)


@never_cache
@voter
@require_POST
def confirm(request: HttpRequest, city_slug: str, round_slug: str) -> HttpResponse:
    """Step 3: the ballot goes into the box; the answer comes after it is on disk (mostly by ``config.lean``, as this does it)."""
    booth = booth_of(city_slug, round_slug)
    round_ = booth.round
    person = voters.voter_of(request, round_)
    if person is None:
        return _to("round_sign_in", round_)
    try:
        if CAST_FAILED in request.META:
            raise request.META[CAST_FAILED]
        promise = casting.cast_from(request, booth, person)
    except (Invalid, StageClosed, AlreadyVoted, Conflict) as refusal:
        return _not_stored(request, round_, person, casting.chosen_in(request, round_), refusal)
    except (DatabaseError, TimeoutError) as fault:
        return _try_again(request, round_, fault)
    response = _to("receipt", round_)
    if promise:
        response[casting.PROMISE_HEADER] = promise
    return response


def _not_stored(
    request: HttpRequest, round_: Round, person: voters.Voter, chosen: list[str], refusal: QatysuError
) -> HttpResponse:
    commands.count_failure(round=round_, reason=refusal.reason, day=timezone.now().date())
    round_ = get_round(round_.city.slug, round_.slug)
    if isinstance(refusal, Invalid):
        return _ballot_page(request, round_, person, chosen, refusal)
    context = pages.not_stored(round_, person, refusal, timezone.now())
    return render(request, "ballots/not_stored.html", context, status=refusal.status)


def _try_again(request: HttpRequest, round_: Round, fault: Exception) -> HttpResponse:
    log.error("a ballot could not be stored: %s", type(fault).__name__)
    response = render(request, "ballots/try_again.html", {"round": round_, "city": round_.city}, status=503)
    response["Retry-After"] = "5"
    return response


@never_cache
@voter
@require_GET
def receipt(request: HttpRequest, city_slug: str, round_slug: str) -> HttpResponse:
    """The receipt: where the ballot is, not what it says. While it waits, the page asks for the changing part by itself."""
    round_ = get_round(city_slug, round_slug, request.user)
    person = voters.voter_of(request, round_)
    if person is None:
        return _to("round_sign_in", round_)
    try:
        context = pages.receipt(request, round_, person, timezone.now(), settings.ORIGIN)
    except Conflict as refusal:
        return _sealed(request, round_, refusal)
    if context is None:
        return _to("ballot", round_)
    part = "ballots/_receipt_state.html" if request.headers.get("HX-Request") else "ballots/receipt.html"
    return render(request, part, context)


def _sealed(request: HttpRequest, round_: Round, refusal: Conflict) -> HttpResponse:
    """The key by which a voter's ballot is found is with the commission: how to check with the receipt alone."""
    if refusal.reason != pages.KEY_SEALED:
        raise refusal
    return render(request, "ballots/receipt_sealed.html", {"round": round_, "city": round_.city})


@never_cache
@voter
@require_GET
def receipt_promise(request: HttpRequest, city_slug: str, round_slug: str) -> HttpResponse:
    """The promise as a file."""
    round_, found = _own_ballot(request, city_slug, round_slug)
    if found is None:
        return _to("receipt", round_)
    by = voters.promised_by(request, round_, found.leaf)
    given = receipts.promise(queries.box(round_), found.leaf, timezone.now(), by)
    return _file(given.note.encode(), f"{round_}-promise.txt", "text/plain; charset=utf-8")


@never_cache
@voter
@require_GET
def receipt_proof(request: HttpRequest, city_slug: str, round_slug: str) -> HttpResponse:
    """The proof that the ballot is in the box, as a file; the receipt page again while it waits."""
    round_, found = _own_ballot(request, city_slug, round_slug)
    data = receipts.proof_file(logs.log_of(round_), found) if found is not None else None
    return _file(data, f"{round_}.tlog-proof", "application/octet-stream") if data else _to("receipt", round_)


def _own_ballot(request: HttpRequest, city_slug: str, round_slug: str) -> tuple[Round, queries.Standing | None]:
    """The ballot in force of the voter of this request; None when the receipt page says why there is none."""
    round_ = get_round(city_slug, round_slug, request.user)
    person = voters.voter_of(request, round_)
    try:
        return round_, queries.standing(round_, person.id) if person is not None else None
    except Conflict as refusal:
        if refusal.reason != pages.KEY_SEALED:
            raise
        return round_, None


def _file(data: bytes, name: str, content_type: str) -> HttpResponse:
    return HttpResponse(data, content_type=content_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})
