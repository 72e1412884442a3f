"""Addresses of the project sessions: talk and learning, the team's room, the Centre, passports."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    # First: its words (talk, tasks, events) are no names of modules.
    path("", include("qatysu.coaching.urls_talk")),
    path("", include("qatysu.coaching.urls_team")),
    path("", include("qatysu.coaching.urls_centre")),
    path("", include("qatysu.coaching.urls_course")),
    path("", include("qatysu.coaching.urls_passport")),
]
