"""What the people page and the invitation page say about a refusal."""

from __future__ import annotations

from django.utils.translation import gettext as _

from qatysu.core.errors import QatysuError
from qatysu.web.sign_in_words import Words, words_for


def people_words(error: QatysuError) -> Words:
    """Sentences for a refusal of ``rounds.invitations``."""
    if error.reason == "role":
        text = _("Your role is bound to this round. Somebody with a role in the whole city can do this.")
        return Words(_("Nothing was changed"), text, "")
    if error.reason == "role_missing":
        return Words(_("Choose a role"), _("Nothing was sent."), "")
    if error.reason == "until_on":
        text = _("Give a day that is not before the first day of the role.")
        return Words(_("The last day is missing or too early"), text, text)
    if error.reason == "last_coordinator":
        text = _("Without a coordinator nobody could invite people. Invite another coordinator first.")
        return Words(_("The last coordinator stays"), text, "")
    if error.reason == "invitation_over":
        text = _("It was used already, or seven days have passed. Ask the person who invited you for a new one.")
        return Words(_("This invitation no longer works"), text, "")
    if error.reason == "already_member":
        return Words(_("You hold this role already"), _("You need not accept anything. Open your page."), "")
    if error.reason == "own_invitation":
        text = _("You sent this invitation. It is for somebody else.")
        return Words(_("This invitation is not for you"), text, "")
    return words_for(error)
