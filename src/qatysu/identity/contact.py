"""One form takes a phone number or an e-mail address: every way of writing either gives one identity."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from qatysu.core.errors import Invalid
from qatysu.core.phone import masked_phone, normalise_phone
from qatysu.identity.models import Channel
from qatysu.vault import keyed_hash, seal, unseal

LONGEST = 254


@dataclass(frozen=True, slots=True)
class Contact:
    """A normalised address: E.164 number, or an e-mail address with an ASCII domain, in small letters."""

    channel: Channel
    value: str

    @property
    def hash(self) -> str:
        """Keyed hash that stands for the address everywhere (accounts, codes, counters)."""
        return keyed_hash("phone" if self.channel is Channel.SMS else "email", self.value)

    @property
    def masked(self) -> str:
        """Enough to recognise one's own address, not enough to write to it."""
        if self.channel is Channel.SMS:
            return masked_phone(self.value)
        local, domain = self.value.split("@")
        return f"{local[0]}···@{domain}"

    def packed(self) -> str:
        """Sealed text for the session cookie, which its bearer can read: no address travels in clear."""
        return seal(f"{self.channel.value}:{self.value}").decode()


def unpack(text: str) -> Contact:
    """The contact packed in ``text`` (our own cookie, already checked for its signature)."""
    channel, value = unseal(text.encode()).split(":", 1)
    return Contact(Channel(channel), value)


def parse_contact(text: str) -> Contact:
    """What a person typed, as a contact. Raises Invalid with reason 'contact', 'email' or 'phone'."""
    typed = unicodedata.normalize("NFKC", text[: LONGEST * 2]).strip()
    if not typed or any(unicodedata.category(ch) in {"Cc", "Cs"} for ch in typed):
        raise Invalid("contact", field="identifier")
    if "@" in typed:
        return Contact(Channel.EMAIL, _normalise_email(typed))
    if not any(ch.isdigit() for ch in typed):
        raise Invalid("contact", field="identifier")
    try:
        return Contact(Channel.SMS, normalise_phone(typed))
    except Invalid as error:
        raise Invalid("phone", field="identifier") from error


def _normalise_email(text: str) -> str:
    local, _, domain = text.lower().rpartition("@")
    try:
        address = f"{local}@{domain.encode('idna').decode('ascii')}"
        validate_email(address)
    except (UnicodeError, ValidationError) as error:
        raise Invalid("email", field="identifier") from error
    if len(address) > LONGEST or not local.isascii():
        raise Invalid("email", field="identifier")
    return address
