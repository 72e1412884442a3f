"""Where to go after a form: a page of ours, never another site (open redirect)."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

LONGEST = 500


def next_page(request: HttpRequest) -> str:
    """The path in ``next`` of this request; '' when there is none or it leads elsewhere."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    hosts = {request.get_host()}
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=hosts, require_https=request.is_secure())
    return wanted if is_ours and len(wanted) <= LONGEST and wanted.isprintable() else ""


def with_next(name: str, path: str) -> str:
    """Address of the page called ``name``, carrying ``next`` when there is one."""
    return f"{reverse(name)}?{urlencode({'next': path})}" if path else reverse(name)
