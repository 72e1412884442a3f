"""People of a round: who holds which role, invitations, ends of roles; and the page of an invitation."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from qatysu.core.errors import Conflict, Invalid, NotAllowed, QatysuError
from qatysu.core.regulation import STAFF_ROLES, Action, Role
from qatysu.identity.access import account_of, public, signed_in
from qatysu.identity.contact import parse_contact
from qatysu.rounds import invitations, staffing
from qatysu.rounds.access import staff
from qatysu.rounds.authorize import authorize
from qatysu.rounds.models import Round
from qatysu.rounds.queries import get_round
from qatysu.rounds.role_names import ROLE_NAMES
from qatysu.web.people_words import people_words

Refusal = (Invalid, NotAllowed, Conflict)


@staff
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest, city_slug: str, round_slug: str) -> HttpResponse:
    """List the people of a round; a POST invites one more."""
    round_ = get_round(city_slug, round_slug, request.user)
    authorize(request.user, Action.INVITE_STAFF, round_, now=timezone.now())
    if request.method != "POST":
        return _people_page(request, round_)
    try:
        contact = parse_contact(request.POST.get("identifier", ""))
        whole_city = request.POST.get("scope") == "city"
        role = _role(request.POST.get("role", ""))
        invitations.invite_staff(
            actor=account_of(request),
            round_=round_,
            contact=contact,
            role=role,
            whole_city=whole_city,
            now=timezone.now(),
        )
    except Refusal as error:
        return _people_page(request, round_, error)
    messages.success(request, _("The invitation was sent to %(contact)s.") % {"contact": contact.masked})
    return redirect("people", city_slug=city_slug, round_slug=round_slug)


@staff
@require_POST
def end_membership(request: HttpRequest, city_slug: str, round_slug: str, membership_id: int) -> HttpResponse:
    """Let one role end after a day."""
    round_ = get_round(city_slug, round_slug, request.user)
    try:
        invitations.end_membership(
            actor=account_of(request),
            round_=round_,
            membership_id=membership_id,
            until_on=_day(request.POST.get("until_on", "")),
            now=timezone.now(),
        )
    except Refusal as error:
        return _people_page(request, round_, error)
    messages.success(request, _("The last day of the role was stored."))
    return redirect("people", city_slug=city_slug, round_slug=round_slug)


@public
@never_cache
@require_http_methods(["GET", "HEAD"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Say who is invited to what; accepting needs an account."""
    return _invitation_page(request, token)


@signed_in
@require_POST
def accept_invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Take the role that the link offers."""
    try:
        invitations.accept_invitation(actor=account_of(request), token=token, now=timezone.now())
    except Refusal as error:
        return _invitation_page(request, token, error)
    messages.success(request, _("Welcome. Your new role is listed on this page."))
    return redirect("cabinet")


def _role(text: str) -> Role:
    if text not in STAFF_ROLES:
        raise Invalid("role_missing", field="role")
    return Role(text)


def _day(text: str) -> date:
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None:
        raise Invalid("until_on", field="until_on")
    return day


def _people_page(request: HttpRequest, round_: Round, error: QatysuError | None = None) -> HttpResponse:
    now = timezone.now()
    context: dict[str, Any] = {
        "round": round_,
        "city": round_.city,
        "today": now.date(),
        "rows": staffing.staff_rows(round_, today=now.date()),
        "invitations": staffing.open_invitations(round_, now=now),
        "roles": [(role.value, ROLE_NAMES[role]) for role in Role if role in STAFF_ROLES],
        "identifier": request.POST.get("identifier", "")[:254],
        "chosen": request.POST.get("role", ""),
        "words": people_words(error) if error else None,
    }
    return render(request, "web/people.html", context, status=error.status if error else 200)


def _invitation_page(request: HttpRequest, token: str, error: QatysuError | None = None) -> HttpResponse:
    found = invitations.invitation_by_token(token)
    context = {
        "invitation": found,
        "token": token,
        "city": found.city,
        "role_name": ROLE_NAMES[Role(found.role)],
        "is_open": invitations.is_open(found, now=timezone.now()),
        "words": people_words(error) if error else None,
    }
    return render(request, "web/invitation.html", context, status=error.status if error else 200)
