"""Addresses of files: the same in every language."""

from __future__ import annotations

from django.urls import URLPattern, path

from qatysu.proposals.views import files

urlpatterns: list[URLPattern] = [
    path("files/<uuid:public_id>/", files.file, name="file"),
    path("files/<uuid:public_id>.webp", files.image, name="file_image"),
    path("files/<uuid:public_id>.thumb.webp", files.thumb, name="file_thumb"),
    path("tiles/<slug:name>.pmtiles", files.tiles, name="tiles"),
]
