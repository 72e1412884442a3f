"""Addresses of cities and rounds; last of all, because a city's slug is the first part of its addresses."""

from __future__ import annotations

from django.urls import path

from qatysu.web.views import public, trust, verify

_ROUND = "<slug:city_slug>/<slug:round_slug>/"

urlpatterns = [
    path("", public.home, name="home"),
    # Before the city: no city may take this name (rounds.cities.RESERVED).
    path("trust/", trust.trust, name="trust"),
    path("<slug:city_slug>/", public.city, name="city"),
    path(_ROUND, public.round_front, name="round"),
    path(f"{_ROUND}projects/", public.projects, name="projects"),
    path(f"{_ROUND}projects/<slug:code>/", public.project, name="project"),
    path(f"{_ROUND}verify/", verify.verify, name="verify"),
    path(f"{_ROUND}verify/proof/", verify.verify_proof, name="verify_proof"),
    path(f"{_ROUND}results/", public.results, name="results"),
    path(f"{_ROUND}works/", public.works, name="works"),
    path(f"{_ROUND}documents/", public.documents, name="documents"),
    path(f"{_ROUND}powers/", public.powers, name="powers"),
    path(f"{_ROUND}news/", public.news, name="news"),
]
