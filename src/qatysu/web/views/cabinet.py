"""A person's own page: ideas, profile, data, sessions."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qatysu.coaching.queries.cabinet import for_cabinet
from qatysu.core.errors import Invalid
from qatysu.identity import commands
from qatysu.identity.access import account_of, signed_in
from qatysu.identity.accounts import RESIDENCE_TEXT
from qatysu.identity.models import Language
from qatysu.identity.queries import contact_of
from qatysu.web import queries_cabinet
from qatysu.web.cabinet_words import profile_words
from qatysu.web.person_data import erase_person, export_person


@signed_in
@never_cache
@require_safe
def cabinet(request: HttpRequest) -> HttpResponse:
    """Own ideas with their next step, followed projects, roles."""
    account, now = account_of(request), timezone.now()
    context = {
        "page": queries_cabinet.cabinet_of(account, now),
        "contact": contact_of(account),
        "together": for_cabinet(account, now),
    }
    return render(request, "web/cabinet.html", context)


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Name, language, messages; a POST stores them and goes on in the chosen language."""
    if request.method != "POST":
        return _profile_page(request)
    language = request.POST.get("language", "")
    try:
        commands.change_profile(
            actor=account_of(request),
            name=request.POST.get("name", ""),
            language=language,
            wants_messages="wants_messages" in request.POST,
            now=timezone.now(),
        )
    except Invalid as error:
        return _profile_page(request, error)
    return _stored(request, language)


@signed_in
@require_POST
def residence(request: HttpRequest) -> HttpResponse:
    """The declaration to live in a city and to be of age."""
    typed = request.POST.get("birth_year", "").strip()
    city = next((c for c in queries_cabinet.cities() if c.slug == request.POST.get("city")), None)
    try:
        commands.declare_residence(
            actor=account_of(request),
            city=city,
            birth_year=int(typed) if typed.isdecimal() and len(typed) == 4 else None,
            agrees="agrees" in request.POST,
            now=timezone.now(),
        )
    except Invalid as error:
        return _profile_page(request, error)
    return _stored(request, account_of(request).language)


@signed_in
@require_POST
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """End all sessions of the account, this one too."""
    commands.sign_out_everywhere(actor=account_of(request), now=timezone.now())
    logout(request)
    messages.success(request, _("You are signed out on every device."))
    return redirect("sign_in")


@signed_in
@never_cache
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """Everything about the person as a JSON file."""
    data = export_person(account_of(request), timezone.now())
    response = JsonResponse(data, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = 'attachment; filename="qatysu-my-data.json"'
    return response


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: HttpRequest) -> HttpResponse:
    """Say what erasing means; a POST with the box ticked does it."""
    if request.method == "POST" and "understood" in request.POST:
        erase_person(actor=account_of(request), now=timezone.now())
        logout(request)
        messages.success(request, _("Your data were erased."))
        return redirect("sign_in")
    context = {"is_missing": request.method == "POST"}
    return render(request, "web/cabinet_erase.html", context, status=422 if context["is_missing"] else 200)


def _stored(request: HttpRequest, language: str) -> HttpResponse:
    with override(language):
        messages.success(request, _("Stored."))
        return redirect(reverse("cabinet_profile"))


def _profile_page(request: HttpRequest, error: Invalid | None = None) -> HttpResponse:
    sent: Any = request.POST if error else {}
    account = account_of(request)
    context = {
        "contact": contact_of(account),
        "languages": Language.choices,
        "cities": queries_cabinet.cities(),
        "name": sent.get("name", account.name),
        "chosen_language": sent.get("language", account.language),
        "city_slug": sent.get("city", account.city.slug if account.city else ""),
        "birth_year": sent.get("birth_year", str(account.birth_year or "")),
        "text_version": RESIDENCE_TEXT,
        "words": profile_words(error) if error else None,
        "wrong": error.field if error else "",
    }
    return render(request, "web/cabinet_profile.html", context, status=error.status if error else 200)
