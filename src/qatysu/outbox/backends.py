"""Ways out: an SMTP server, or a line on the console where none is set. No text of a message reaches the log."""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Mapping
from email.message import EmailMessage
from urllib.parse import parse_qs, unquote, urlsplit

from django.conf import settings

from qatysu.core.phone import masked_phone

log = logging.getLogger("qatysu.outbox")
TIMEOUT_S = 10
#: Headers that a message may bring along: they tie letters together, or tell machines not to answer.
THREADING = ("Reply-To", "Message-ID", "In-Reply-To", "References", "Auto-Submitted")


class NotSent(Exception):
    """The message did not leave. ``is_final``: trying again is useless."""

    def __init__(self, reason: str, *, is_final: bool = False) -> None:
        super().__init__(reason)
        self.is_final = is_final


def masked(channel: str, address: str) -> str:
    """``address`` as logs and staff pages may show it."""
    if channel == "sms":
        return masked_phone(address)
    local, _, domain = address.partition("@")
    return f"{local[:1]}···@{domain}"


def uses_network(channel: str) -> bool:
    """True when sending means talking to another machine."""
    return channel == "email" and bool(settings.EMAIL_URL)


def send(channel: str, address: str, subject: str, body: str, headers: Mapping[str, str] | None = None) -> None:
    """Hand one message over. Raises NotSent."""
    if not address:
        raise NotSent("no address", is_final=True)
    if uses_network(channel):
        _send_mail(settings.EMAIL_URL, address, subject, body, headers or {})
    else:
        # In the demonstration addresses are invented and the outbox page shows every text anyway.
        log.info("to %s (%s): %s", masked(channel, address), channel, body if settings.DEMO else "[text withheld]")


def _send_mail(url: str, address: str, subject: str, body: str, headers: Mapping[str, str]) -> None:
    parts = urlsplit(url)
    sender = parse_qs(parts.query).get("from", [f"qatysu@{parts.hostname}"])[0]
    try:
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = sender, address, " ".join(subject.split())
        for name in THREADING:
            if headers.get(name):
                mail[name] = " ".join(headers[name].split())
        mail.set_content(body)
    except ValueError as error:
        raise NotSent("malformed address or subject", is_final=True) from error
    try:
        server = _connection(parts.scheme, parts.hostname or "", parts.port)
        try:
            if parts.username:
                server.login(unquote(parts.username), unquote(parts.password or ""))
            server.send_message(mail)
        finally:
            # A server that took the letter and then stumbles over QUIT must not get the letter twice.
            server.close()
    except smtplib.SMTPRecipientsRefused as error:
        raise NotSent("recipient refused", is_final=True) from error
    except (OSError, smtplib.SMTPException) as error:
        raise NotSent(type(error).__name__) from error


def _connection(scheme: str, host: str, port: int | None) -> smtplib.SMTP:
    """``smtps``: TLS from the first byte; ``smtp``: STARTTLS wherever the server offers it."""
    if scheme == "smtps":
        return smtplib.SMTP_SSL(host, port or 465, timeout=TIMEOUT_S)
    server = smtplib.SMTP(host, port or 25, timeout=TIMEOUT_S)
    server.ehlo()
    if server.has_extn("starttls"):
        server.starttls()
        server.ehlo()
    return server
