"""``qatysu manage forget_second_factor CONTACT``: for staff who lost both the phone and the recovery codes."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from qatysu.core.errors import QatysuError
from qatysu.identity.contact import parse_contact
from qatysu.identity.queries import account_by_contact
from qatysu.identity.second_factor import forget_second_factor


class Command(BaseCommand):
    """Removes the authenticator and recovery codes of one account and ends its sessions."""

    help = "Remove the second factor of an account; the person enrols a new one at the next visit of the studio."

    def add_arguments(self, parser: CommandParser) -> None:
        """Arguments of the command line."""
        parser.add_argument("contact", help="mobile number or e-mail address")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Do it; a refusal is one line on standard error."""
        try:
            account = account_by_contact(parse_contact(options["contact"]))
        except QatysuError as error:
            raise CommandError(f"Refused: {error.reason}") from error
        if account is None:
            raise CommandError("Nobody signs in with this address.")
        forget_second_factor(account=account, now=timezone.now())
        self.stdout.write("Forgotten. Every session of the account has ended.")
