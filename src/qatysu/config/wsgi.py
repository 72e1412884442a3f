"""WSGI entry for Granian and others."""

from __future__ import annotations

import os
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application
from django.urls import reverse
from django.utils import translation

#: How long a key file that was looked at is taken as it was, in seconds.
KEYS_S = 1.0
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qatysu.config.settings")
application = get_wsgi_application()


def serving() -> Any:
    """The application of one web process of ``qatysu serve``: refuses a foreign database, starts the writer of ballots.

    Ballots that are confirmed take the short way of ``config.lean`` where it answers as the whole chain does.
    """
    from qatysu.ballots import keys, writer  # reason: apps must be loaded first
    from qatysu.config import demonstration, lean

    demonstration.refuse_production()
    keys.trust_files(KEYS_S)
    writer.start()
    # ``qatysu serve`` has gathered and compressed the static files: those are served, not the ones of the packages.
    settings.WHITENOISE_USE_FINDERS = False
    _load_all()
    whole = WSGIHandler()
    return lean.Lean(whole) if lean.is_open() else whole


def _load_all() -> None:
    """Import the views and read the catalogues before the first request: else it waits for them, and with it all others."""
    for language, _ in settings.LANGUAGES:
        with translation.override(language):
            reverse("receipt", args=["city", "round"])
            translation.gettext("Send")
