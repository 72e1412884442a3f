"""Addresses of passports."""

from __future__ import annotations

from django.urls import URLPattern, path

from qatysu.coaching.views import passport

_PASSPORT = "<slug:city_slug>/<slug:round_slug>/projects/<slug:code>/passport/"

urlpatterns: list[URLPattern] = [
    path(_PASSPORT, passport.passport, name="passport"),
    path(f"{_PASSPORT}poster-<str:language>.pdf", passport.passport_poster, name="passport_poster"),
    path(f"{_PASSPORT}<str:language>.pdf", passport.passport_pdf, name="passport_pdf"),
    path(f"{_PASSPORT}plan.svg", passport.passport_plan, name="passport_plan"),
    path(f"{_PASSPORT}pictures/<uuid:public_id>/", passport.passport_picture, name="passport_picture"),
]
