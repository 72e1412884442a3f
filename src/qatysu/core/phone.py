"""Kazakh mobile numbers: every way of writing one number gives one identity (PEERS T15)."""

from __future__ import annotations

import unicodedata

import phonenumbers

from qatysu.core.errors import Invalid


def normalise_phone(text: str) -> str:
    """E.164 form (``+77010000000``) of a Kazakh mobile number. Raises Invalid for anything else.

    Numbers of Russia share the country code +7 and are refused: only region KZ counts.
    """
    digits = "".join(str(unicodedata.digit(ch, "")) if ch.isdigit() else ch for ch in text.strip())
    if len(digits) > 40:
        raise Invalid("phone", field="address")
    if digits.startswith("7") and len([c for c in digits if c.isdigit()]) == 11:
        digits = "+" + digits
    try:
        number = phonenumbers.parse(digits, "KZ")
    except phonenumbers.NumberParseException as error:
        raise Invalid("phone", field="address") from error
    mobile = phonenumbers.number_type(number) in (
        phonenumbers.PhoneNumberType.MOBILE,
        phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE,
    )
    if phonenumbers.region_code_for_number(number) != "KZ" or not mobile:
        raise Invalid("phone", field="address")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def masked_phone(e164: str) -> str:
    """``+7 701 ···-··-42``: enough to recognise one's own number, not enough to call it."""
    return f"+7 {e164[2:5]} ···-··-{e164[-2:]}"
