"""How the portal looks: theme of a reader, colours of a city, what robots may read."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from qatysu.identity.access import public
from qatysu.places.models import City
from qatysu.ui.brand import stylesheet

_YEAR_S = 365 * 24 * 3600
_ROBOTS = "User-agent: *\nDisallow: /*/cabinet/\nDisallow: /*/sign-in/\nDisallow: /*/studio/\n"


# A foreign page that posts here can change a colour and nothing else; without a token public pages stay cacheable.
@public
@csrf_exempt
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Keep the chosen theme in a cookie and go back."""
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    response = HttpResponseRedirect(back if safe else "/")
    chosen = request.POST.get("theme", "")
    if chosen in {"light", "dark"}:
        response.set_cookie("theme", chosen, max_age=_YEAR_S, samesite="Lax", httponly=True, secure=request.is_secure())
    else:
        response.delete_cookie("theme", samesite="Lax")
    return response


@public
@cache_control(max_age=300)
def brand(request: HttpRequest, city_slug: str) -> HttpResponse:
    """The city's colours as a style sheet; empty when they cannot be read well enough."""
    city = get_object_or_404(City, slug=city_slug)
    chosen = request.GET.get("theme", "")
    return HttpResponse(stylesheet(city.brand, chosen), content_type="text/css; charset=utf-8")


@public
@cache_control(max_age=86_400)
def robots(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  # reason: a view's signature
    """Public pages are open to search engines, personal ones are not."""
    return HttpResponse(_ROBOTS, content_type="text/plain; charset=utf-8")
