"""WSGI entry for Granian and others."""

from __future__ import annotations

import os
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qatysu.config.settings")
application = get_wsgi_application()


def serving() -> Any:
    """The application of one web process of ``qatysu serve``: refuses a foreign database, starts the writer of ballots."""
    from qatysu.ballots import writer  # reason: apps must be loaded first
    from qatysu.config import demonstration

    demonstration.refuse_production()
    writer.start()
    return application
