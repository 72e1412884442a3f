"""What the profile page says about a refusal."""

from __future__ import annotations

from django.utils.translation import gettext as _

from qatysu.core.errors import QatysuError
from qatysu.web.sign_in_words import Words


def profile_words(error: QatysuError) -> Words:
    """Sentences for a refusal of ``identity.accounts``."""
    title = _("Nothing was stored yet")
    if error.reason == "name_long":
        text = _("The name is too long: at most %(most)s signs.") % error.params
    elif error.reason == "birth_year":
        text = _("Write the year of birth with four digits, for example 1990.")
    elif error.reason == "city":
        text = _("Choose the city you live in.")
    elif error.reason == "not_agreed":
        text = _("Tick the declaration if it is true. Without it you can read everything, but not propose or vote.")
    else:
        text = _("Choose a language.")
    return Words(title, text, text)
