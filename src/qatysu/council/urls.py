"""Addresses of the Council, by subject."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("qatysu.council.urls_meetings")),
    path("", include("qatysu.council.urls_reviews")),
    path("", include("qatysu.council.urls_protocols")),
    path("", include("qatysu.council.urls_public")),
]
