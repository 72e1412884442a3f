"""The visible outbox of a demonstration."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from qatysu.identity.access import public
from qatysu.outbox.queries import newest_letters


@public
@never_cache
@require_safe
def demo_outbox(request: HttpRequest) -> HttpResponse:
    """All messages in clear; outside a demonstration there is no such page."""
    return render(request, "web/demo_outbox.html", {"letters": newest_letters()})
