"""A person's account. No password: people sign in with a code sent to a phone or an address."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.crypto import salted_hmac


class Language(models.TextChoices):
    """Languages of people and of their texts."""

    KK = "kk", "Қазақша"
    RU = "ru", "Русский"
    EN = "en", "English"


class Channel(models.TextChoices):
    """How a message reaches a person."""

    SMS = "sms", "SMS"
    EMAIL = "email", "e-mail"


class AccountManager(BaseUserManager["Account"]):
    """Finds accounts by public id; creation goes through ``identity.commands``."""

    def get_by_natural_key(self, username: str | None) -> Account:
        return self.get(public_id=username or "")


class Account(AbstractBaseUser):
    """One person who signed in at least once.

    A phone number is kept sealed (for sending) and as a keyed hash (for uniqueness); an e-mail address likewise.
    """

    password = None  # type: ignore[assignment]  # reason: no passwords exist in this system
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=80, blank=True)
    language = models.CharField(max_length=2, choices=Language.choices, default=Language.KK)
    phone_hash = models.CharField(max_length=64, null=True, blank=True, unique=True)
    phone_sealed = models.BinaryField(null=True, blank=True)
    email_hash = models.CharField(max_length=64, null=True, blank=True, unique=True)
    email_sealed = models.BinaryField(null=True, blank=True)
    city = models.ForeignKey("places.City", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    #: The person declared to live in ``city`` and to be of age (self-declared until a register says more).
    declared_at = models.DateTimeField(null=True, blank=True)
    birth_year = models.PositiveSmallIntegerField(null=True, blank=True)
    #: False: no messages but codes and what the law asks for.
    wants_messages = models.BooleanField(default=True)
    is_active = models.BooleanField(default=True)
    #: The person had the data erased; only the keyed hashes are left, so that nobody votes twice.
    erased_at = models.DateTimeField(null=True, blank=True)
    #: Raised to end every session of the account at once.
    session_epoch = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()

    USERNAME_FIELD = "public_id"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = AccountManager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(phone_hash__isnull=False)
                | models.Q(email_hash__isnull=False)
                | models.Q(is_active=False),
                name="account_reachable",
            ),
            models.CheckConstraint(
                condition=models.Q(erased_at__isnull=True)
                | models.Q(is_active=False, name="", phone_sealed__isnull=True, email_sealed__isnull=True),
                name="account_erased_is_empty",
            ),
        )

    def __str__(self) -> str:
        return str(self.public_id)

    def _get_session_auth_hash(self, secret: str | bytes | None = None) -> str:
        """What a session must hold to be this account's: raising ``session_epoch`` ends every session at once."""
        text = f"{self.public_id}:{self.session_epoch}"
        return salted_hmac("qatysu.identity.session", text, secret=secret, algorithm="sha256").hexdigest()

    def get_session_auth_hash(self) -> str:
        """See ``_get_session_auth_hash``; Django's own reads the password, which nobody has here."""
        return self._get_session_auth_hash()


class Consent(models.Model):
    """A person agreed to a text of a certain version, or took it back. Rows are only added."""

    class Kind(models.TextChoices):
        """What was agreed to."""

        RESIDENCE = "residence", "lives in the city and is of age"
        DATA = "data", "handling of contact data"

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="consents")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    version = models.CharField(max_length=20)
    language = models.CharField(max_length=2, choices=Language.choices)
    is_given = models.BooleanField(default=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ("account", "at", "pk")


class SignInCode(models.Model):
    """A code sent to an address. Spent by one UPDATE that sets ``used_at``; never stored in clear."""

    address_hash = models.CharField(max_length=64)
    code_hash = models.CharField(max_length=64)
    #: Ties the code to the browser session that asked for it (LEDGER threat 2).
    session_hash = models.CharField(max_length=64)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = (models.Index(fields=("address_hash", "-sent_at"), name="signincode_address"),)
        constraints = (models.CheckConstraint(condition=models.Q(tries__lte=5), name="signincode_five_tries"),)


class RateCount(models.Model):
    """How often something happened in a window; lives in the database so that a restart resets nothing."""

    key = models.CharField(max_length=64)
    window_started_at = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("key",), name="ratecount_key"),)
