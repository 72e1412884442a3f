"""Addresses of the project sessions: the team's room, the Centre, talk and learning, passports."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    # Talk before the team's own: talk/, tasks/ and events/ would be read as names of modules.
    path("", include("qatysu.coaching.urls_talk")),
    path("", include("qatysu.coaching.urls_team")),
    path("", include("qatysu.coaching.urls_centre")),
    path("", include("qatysu.coaching.urls_passport")),
]
