"""What the sign-in pages say about a refusal: what happened and what to do next."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qatysu.core.errors import QatysuError, TooMany


class Words(NamedTuple):
    """Heading of the notice, its sentence, and the short line beside the field."""

    title: str
    text: str
    field: str


def words_for(error: QatysuError) -> Words:
    """Sentences for a refusal of ``identity.codes``."""
    if isinstance(error, TooMany):
        return _too_many(error)
    if error.reason == "code_wrong":
        left = error.params["tries_left"]
        text = ngettext("%(left)s try is left.", "%(left)s tries are left.", left) % {"left": left}
        hint = _("Look at the last message: only the newest code works.")
        return Words(_("The code does not match"), f"{text} {hint}", _("This is not the code from the last message"))
    return _FIXED.get(error.reason, _other)()


def _too_many(error: TooMany) -> Words:
    seconds = error.retry_after_s
    minutes = -(-seconds // 60)
    if error.reason == "send-budget":
        text = _("The portal has sent as many codes as it may send in a day. Try again tomorrow or come to the Centre.")
        return Words(_("No more codes today"), text, "")
    if error.reason == "send-pause":
        text = ngettext(
            "A code was just sent. A new one may be sent in %(n)s second.",
            "A code was just sent. A new one may be sent in %(n)s seconds.",
            seconds,
        )
        return Words(_("Wait a little"), text % {"n": seconds}, "")
    if error.reason == "token_pause":
        text = ngettext("Try again in %(n)s second.", "Try again in %(n)s seconds.", seconds)
        return Words(_("Wait a little"), text % {"n": seconds}, "")
    title = _("Too many wrong codes") if error.reason.startswith("try") else _("Too many codes were asked for")
    text = ngettext("Try again in %(n)s minute.", "Try again in %(n)s minutes.", minutes)
    return Words(title, text % {"n": minutes}, "")


def _format() -> Words:
    text = _("The code has six digits. Copy it from the message.")
    return Words(_("The code is not complete"), text, _("Six digits are needed"))


def _over() -> Words:
    text = _(
        "A code works once, for 5 minutes, in the browser that asked for it, and bears five tries. Ask for a new one."
    )
    return Words(_("This code no longer works"), text, _("Ask for a new code"))


def _token() -> Words:
    text = _("Take the six digits that the app shows now. If its clock is wrong, set the phone to automatic time.")
    return Words(_("The code does not match"), text, _("Type the code that the app shows now"))


def _email() -> Words:
    text = _("An e-mail address looks like name@example.kz. Check the letters before and after the @ sign.")
    return Words(_("This is not an e-mail address"), text, _("Check the address"))


def _phone() -> Words:
    text = _("A Kazakh mobile number is needed, for example +7 701 000 00 00. Or use an e-mail address.")
    return Words(_("This is not a Kazakh mobile number"), text, _("Check the number"))


def _contact() -> Words:
    text = _("Type a mobile number like +7 701 000 00 00, or an e-mail address.")
    return Words(_("A phone number or an e-mail address is needed"), text, _("Type a number or an address"))


def _blocked() -> Words:
    return Words(_("This account is closed"), _("The organisers closed it. Call the hotline of your city."), "")


def _other() -> Words:
    return Words(_("This did not work"), _("Nothing was changed. Try again."), "")


_FIXED = {
    "code_format": _format,
    "code_over": _over,
    "token_wrong": _token,
    "email": _email,
    "phone": _phone,
    "contact": _contact,
    "blocked": _blocked,
}
