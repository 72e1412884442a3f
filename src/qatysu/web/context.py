"""What every page knows."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url
from django.utils.translation import get_language


def page(request: HttpRequest) -> dict[str, Any]:
    """Language links for this very page, theme cookie, demonstration mark."""
    path = request.get_full_path()
    names = (("kk", "Қаз", "ақша"), ("ru", "Рус", "ский"), ("en", "Eng", "lish"))
    theme = request.COOKIES.get("theme", "")
    return {
        "language_links": [(code, short, rest, translate_url(path, code)) for code, short, rest in names],
        "language": get_language(),
        "theme": theme if theme in {"dark", "light"} else "",
        "is_demo": settings.DEMO,
        "origin": settings.ORIGIN,
    }
