"""Finds the account of a session; nobody signs in with a password."""

from __future__ import annotations

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from qatysu.identity.models import Account


class AccountBackend(BaseBackend):
    """Loads active accounts only, so that a blocked account is signed out at once."""

    def authenticate(self, request: HttpRequest | None, **credentials: object) -> None:  # noqa: ARG002  # reason: Django's
        """Codes are checked by ``identity.commands``; this backend authenticates nobody by itself."""
        return None

    def get_user(self, user_id: int) -> Account | None:
        """The active account with this key, or None."""
        return Account.objects.filter(pk=user_id, is_active=True).first()
