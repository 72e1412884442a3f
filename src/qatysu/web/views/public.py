"""Public pages of the installation, of cities and of rounds."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language

from qatysu.identity.access import public
from qatysu.proposals.queries import project_page
from qatysu.rounds.queries import get_round
from qatysu.web import queries_powers, queries_projects, queries_results, queries_rounds, queries_rules
from qatysu.web.caching import cached_page
from qatysu.web.forms import filters_of


@public
@cached_page
def home(request: HttpRequest) -> HttpResponse:
    """The installation: cities and what goes on in them."""
    return render(request, "web/home.html", {"cities": queries_rounds.installation(request.user, timezone.now())})


@public
@cached_page
def city(request: HttpRequest, city_slug: str) -> HttpResponse:
    """A city: its rounds, organisers, head counts."""
    page = queries_rounds.city_page(city_slug, request.user, timezone.now())
    return render(request, "web/city.html", {"page": page, "city": page.city})


@public
@cached_page
def round_front(request: HttpRequest, city_slug: str, round_slug: str) -> HttpResponse:
    """The front page of a round."""
    round_ = get_round(city_slug, round_slug, request.user)
    page = queries_rounds.round_page(round_, get_language() or "kk", timezone.now())
    return render(request, "web/round.html", {"page": page, "round": round_})


@public
@cached_page
def projects(request: HttpRequest, city_slug: str, round_slug: str) -> HttpResponse:
    """The list of projects with filters and the map."""
    round_ = get_round(city_slug, round_slug, request.user)
    found = queries_projects.listing(round_, filters_of(request.GET), get_language() or "kk", timezone.now())
    return render(request, "web/projects.html", {"list": found, "round": round_, "query": query_without_page(request)})


@public
@cached_page
def project(request: HttpRequest, city_slug: str, round_slug: str, code: str) -> HttpResponse:
    """The page of one project."""
    round_ = get_round(city_slug, round_slug, request.user)
    now = timezone.now()
    page = project_page(round_, code, request.user, now)
    around = queries_projects.around(page, get_language() or "kk", now)
    return render(request, "web/project.html", {"page": page, "around": around, "round": round_})


@public
@cached_page
def results(request: HttpRequest, city_slug: str, round_slug: str) -> HttpResponse:
    """The results, or when they will be there."""
    round_ = get_round(city_slug, round_slug, request.user)
    page = queries_results.results_page(round_, request.user, get_language() or "kk", timezone.now())
    if page is None:
        return render(request, "web/not_yet.html", queries_rules.not_yet(round_, "results", timezone.now()))
    return render(request, "web/results.html", {"page": page, "round": round_})


@public
@cached_page
def documents(request: HttpRequest, city_slug: str, round_slug: str) -> HttpResponse:
    """The rules of the round in plain words, made from its constitution."""
    round_ = get_round(city_slug, round_slug, request.user)
    return render(
        request, "web/documents.html", {"rules": queries_rules.rules(round_, timezone.now()), "round": round_}
    )


@public
@cached_page
def powers(request: HttpRequest, city_slug: str, round_slug: str) -> HttpResponse:
    """Who decides what, who answers for what, and where to ask."""
    round_ = get_round(city_slug, round_slug, request.user)
    return render(request, "web/powers.html", {"page": queries_powers.powers(round_), "round": round_, "city": round_.city})


@public
@cached_page
def works(request: HttpRequest, city_slug: str, round_slug: str) -> HttpResponse:
    """Construction: not part of this version yet."""
    round_ = get_round(city_slug, round_slug, request.user)
    return render(request, "web/not_yet.html", queries_rules.not_yet(round_, "works", timezone.now()))


@public
@cached_page
def news(request: HttpRequest, city_slug: str, round_slug: str) -> HttpResponse:
    """News: not part of this version yet."""
    round_ = get_round(city_slug, round_slug, request.user)
    return render(request, "web/not_yet.html", queries_rules.not_yet(round_, "news", timezone.now()))


def query_without_page(request: HttpRequest) -> str:
    """The query string for links to other pages of the same list."""
    kept = request.GET.copy()
    kept.pop("page", None)
    return kept.urlencode()
