"""Where to go after a form: a page of ours, never another site (open redirect)."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

LONGEST = 500
_DOORSTEP = ("sign_in", "sign_in_code", "sign_in_again", "sign_out")


def next_page(request: HttpRequest) -> str:
    """The path in ``next`` of this request; '' when there is none or it leads elsewhere."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    hosts = {request.get_host()}
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=hosts, require_https=request.is_secure())
    if not is_ours or len(wanted) > LONGEST or not wanted.isprintable():
        return ""
    return "" if _is_doorstep(wanted) else wanted


def _is_doorstep(wanted: str) -> bool:
    """True for the pages of signing in and out: whoever has just signed in does not want to stand there again."""
    return _without_language(urlsplit(wanted).path) in {_without_language(reverse(name)) for name in _DOORSTEP}


def _without_language(path: str) -> str:
    return path[1:].partition("/")[2]


def with_next(name: str, path: str) -> str:
    """Address of the page called ``name``, carrying ``next`` when there is one."""
    return f"{reverse(name)}?{urlencode({'next': path})}" if path else reverse(name)
