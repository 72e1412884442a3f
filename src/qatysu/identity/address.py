"""Which network address asks: decided by our own proxies, never by what a client writes into a header."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest


def client_ip(request: HttpRequest) -> str:
    """The address seen by the outermost trusted proxy (QATYSU_TRUSTED_PROXIES of them); '' when nobody knows it.

    Each proxy appends the address it sees to X-Forwarded-For, so with n proxies of ours the n-th entry from the right
    is true and everything left of it is hearsay.
    """
    hops = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    trusted = settings.TRUSTED_PROXIES
    chosen = hops[-trusted] if 0 < trusted <= len(hops) else request.META.get("REMOTE_ADDR", "")
    try:
        return str(ip_address(chosen))
    except ValueError:
        return ""


def network_of(ip: str) -> str:
    """What a limit counts: the IPv4 address itself, the /64 of an IPv6 one (a household has 2^64 of those)."""
    if not ip:
        return "unknown"
    address = ip_address(ip)
    if address.version == 4:
        return ip
    mapped = getattr(address, "ipv4_mapped", None)
    return str(mapped) if mapped else str(ip_network(f"{ip}/64", strict=False).network_address)
