"""Mailboxes of the desks, from QATYSU_DESK_IMAP: imaps://user:password@host:port/INBOX?city=slug&address=…"""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote, urlsplit

from django.conf import settings

from qatysu.vault import keyed_hash

_PORTS = {"imaps": 993, "imap": 143}
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True, slots=True)
class Account:
    """Where letters of one city arrive. ``address`` is what people write to."""

    city: str
    address: str
    host: str
    port: int
    user: str
    password: str = field(repr=False)
    folder: str
    is_tls: bool

    @property
    def is_local(self) -> bool:
        """On this machine: no wire to protect."""
        return self.host in _LOOPBACK

    @property
    def key(self) -> str:
        """A name for the database that tells neither host nor address."""
        return keyed_hash("mailbox", f"{self.user}@{self.host}/{self.folder}")


def parse(text: str) -> tuple[Account, ...]:
    """Mailboxes named in ``text``, separated by spaces. Raises ValueError that names what is missing, never a password."""
    return tuple(_one(part) for part in text.split())


def _one(text: str) -> Account:
    parts = urlsplit(text)
    asked = parse_qs(parts.query)
    city = asked.get("city", [""])[0]
    if parts.scheme not in _PORTS or not parts.hostname or not parts.username or not city:
        raise ValueError("QATYSU_DESK_IMAP must be imaps://user:password@host/INBOX?city=slug")
    user = unquote(parts.username)
    address = asked.get("address", [user if "@" in user else f"{user}@{parts.hostname}"])[0]
    return Account(
        city=city,
        address=address.lower(),
        host=parts.hostname,
        port=parts.port or _PORTS[parts.scheme],
        user=user,
        password=unquote(parts.password or ""),
        folder=unquote(parts.path.strip("/")) or "INBOX",
        is_tls=parts.scheme == "imaps",
    )


def accounts() -> tuple[Account, ...]:
    """Mailboxes of this installation. Raises ValueError for a malformed setting."""
    return parse(settings.DESK_IMAP)


def address_of(city: str) -> str:
    """Address of the desk of ``city``; '' when it has no mailbox."""
    try:
        return next((box.address for box in accounts() if box.city == city), "")
    except ValueError:
        return ""
