"""What everybody sees: the help page of a city, own questions, the private page of a question."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from qatysu.core.errors import NotFound, QatysuError
from qatysu.desk import commands, queries
from qatysu.desk.models import Channel, Thread
from qatysu.desk.queries import public as public_reads
from qatysu.desk.queries import rows as reads
from qatysu.desk.views.common import ANSWERED, network, posted, refused
from qatysu.files.serving import response_for
from qatysu.identity.access import account_of, public, signed_in
from qatysu.identity.models import Account
from qatysu.places.models import City
from qatysu.vault import unseal


@public
@require_http_methods(["GET", "HEAD", "POST"])
def help_page(request: HttpRequest, city_slug: str) -> HttpResponse:
    """Telephone, opening hours, address, frequent questions, and a form to ask; a POST asks."""
    city = City.objects.filter(slug=city_slug).first()
    if city is None:
        raise NotFound("city")
    if request.method != "POST":
        return _help(request, city, {"subject": request.GET.get("about", "").replace("\0", "")[:160]})
    sent = posted(request, "subject", "text", "contact", "contact_name")
    if request.POST.get("website"):
        # A field that people do not see: whoever fills it in is a program, and learns nothing.
        messages.success(request, _("Your question arrived."))
        return redirect("help", city_slug=city.slug)
    account = request.user if isinstance(request.user, Account) else None
    try:
        made = commands.open_thread(
            actor=account, city=city, channel=Channel.WEB, subject=sent["subject"], text=sent["text"],
            language=(get_language() or "kk")[:2], contact=sent["contact"], contact_name=sent["contact_name"],
            network=network(request), uploads=request.FILES.getlist("files") if account else (), now=timezone.now(),
        )  # fmt: skip
    except ANSWERED as error:
        return _help(request, city, sent, error)
    messages.success(request, _("Your question arrived."))
    return redirect("help_thread", token=unseal(bytes(made.token_sealed)))


def _help(request: HttpRequest, city: City, sent: dict[str, Any], error: QatysuError | None = None) -> HttpResponse:
    words = " ".join(request.GET.get("q", "").replace("\0", "").split())[:100]
    context = {
        "city": city,
        "opening": queries.opening(city, timezone.now()),
        "faq": queries.faq(city, words),
        "q": words,
        "sent": sent,
    }
    return render(request, "desk/help.html", context | refused(error), status=error.status if error else 200)


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def private(request: HttpRequest, token: str) -> HttpResponse:
    """The page of a question for whoever has its link; a POST writes on."""
    found = queries.thread_by_token(token)
    return _thread(request, found, {"token": token}, "help_thread", "help_file")


@public
@require_safe
def private_file(_request: HttpRequest, token: str, public_id: uuid.UUID) -> HttpResponse:
    """A file of a message, for whoever has the link."""
    return response_for(reads.file_of(queries.thread_by_token(token), public_id, with_notes=False).file)


@signed_in
@never_cache
@require_safe
def questions(request: HttpRequest) -> HttpResponse:
    """Own questions, newest first."""
    rows = queries.my_threads(account_of(request))[:100]
    return render(request, "desk/questions.html", {"threads": rows})


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, pk: int) -> HttpResponse:
    """One of the own questions; a POST writes on."""
    found = public_reads.my_thread(account_of(request), pk)
    return _thread(request, found, {"pk": pk}, "my_question", "my_question_file")


@signed_in
@require_safe
def question_file(request: HttpRequest, pk: int, public_id: uuid.UUID) -> HttpResponse:
    """A file of an own question."""
    return response_for(reads.file_of(public_reads.my_thread(account_of(request), pk), public_id, with_notes=False).file)


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask_of_team(request: HttpRequest, city_slug: str, round_slug: str, code: str) -> HttpResponse:
    """A member of a team asks about its project; the whole team reads the answer."""
    account = account_of(request)
    proposal = reads.team_project(account, city_slug, round_slug, code)
    sent, error = posted(request, "subject", "text"), None
    if request.method == "POST":
        try:
            made = commands.open_thread(
                actor=account, city=proposal.round.city, channel=Channel.WORKSPACE, subject=sent["subject"], text=sent["text"],
                language=(get_language() or "kk")[:2], proposal=proposal, network=network(request),
                uploads=request.FILES.getlist("files"), now=timezone.now(),
            )  # fmt: skip
        except ANSWERED as problem:
            error = problem
        else:
            messages.success(request, _("Your question arrived."))
            return redirect("my_question", pk=made.pk)
    context = {"city": proposal.round.city, "round": proposal.round, "proposal": proposal, "sent": sent}
    return render(request, "desk/ask_of_team.html", context | refused(error), status=error.status if error else 200)


def _thread(request: HttpRequest, found: Thread, where: dict[str, Any], here: str, files: str) -> HttpResponse:
    """Show the thread, or write on: by the link, or as the account whose question it is."""
    account = request.user if isinstance(request.user, Account) else None
    text, error = "", None
    if request.method == "POST":
        text = request.POST.get("text", "")
        try:
            commands.write(
                actor=account if commands.is_asker(account, found) else None, thread=found, text=text, now=timezone.now(),
                token=str(where.get("token", "")), network=network(request),
                uploads=request.FILES.getlist("files") if account else (),
            )  # fmt: skip
        except ANSWERED as problem:
            error = problem
        else:
            messages.success(request, _("Your message arrived."))
            return HttpResponseRedirect(reverse(here, kwargs=where))
    context = {
        "city": found.city,
        "thread": found,
        "posts": reads.posts_of(found, with_notes=False),
        "where": where,
        "file_page": files,
        "text": text,
    }
    response = render(request, "desk/help_thread.html", context | refused(error), status=error.status if error else 200)
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response
