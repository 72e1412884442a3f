"""What the ballot box promises and what not, for everybody and for engineers (LEDGER 1.14)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from qatysu.ballots import logs
from qatysu.identity.access import public
from qatysu.web.caching import cached_page


@public
@cached_page
def trust(request: HttpRequest) -> HttpResponse:
    """One page in two voices; long prose, so each language has its own text instead of sentences in a catalogue."""
    language = (get_language() or "kk")[:2]
    context = {
        "short": f"web/trust/short_{language}.html",
        "exact": f"web/trust/exact_{language}.html",
        "has_witnesses": bool(logs.witnesses()),
    }
    return render(request, "web/trust.html", context)
