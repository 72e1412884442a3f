"""Addresses of normative documents: the organisers' desk, and what everybody reads."""

from __future__ import annotations

from django.urls import URLPattern, path

from qatysu.documents.views import desk, reading

_DESK = "studio/<slug:city_slug>/<slug:round_slug>/documents/"
_PUBLIC = "<slug:city_slug>/<slug:round_slug>/documents/<slug:slug>/"

urlpatterns: list[URLPattern] = [
    path(_DESK, desk.documents, name="documents_desk"),
    path(f"{_DESK}<slug:slug>/", desk.document, name="document_desk"),
    path(_PUBLIC, reading.document, name="document"),
    path(f"{_PUBLIC}<int:number>/", reading.document, name="document_edition"),
    path(f"{_PUBLIC}<int:number>/changes/", reading.changes, name="document_changes"),
    path(f"{_PUBLIC}<int:number>/comment/", reading.comment, name="document_comment"),
    path(f"{_PUBLIC}<int:number>/<slug:language>.<slug:kind>", reading.file, name="document_file"),
]
