"""``qatysu manage appoint CONTACT CITY``: the first coordinator of a city, or any other staff role."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from qatysu.core.errors import QatysuError
from qatysu.core.regulation import STAFF_ROLES, Role
from qatysu.identity.contact import parse_contact
from qatysu.rounds.appointing import appoint


class Command(BaseCommand):
    """Gives a role to a phone number or an e-mail address; the person then signs in with a code as everybody."""

    help = "Give a staff role in a city to whoever signs in with this phone number or e-mail address."

    def add_arguments(self, parser: CommandParser) -> None:
        """Arguments of the command line."""
        parser.add_argument("contact", help="mobile number or e-mail address")
        parser.add_argument("city", help="first part of the city's addresses, such as khromtau; founded when absent")
        parser.add_argument("--role", default=Role.COORDINATOR.value, choices=sorted(r.value for r in STAFF_ROLES))
        parser.add_argument("--name", default="", help="name of a new city")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Do it; a refusal is one line on standard error."""
        try:
            contact = parse_contact(options["contact"])
            role = Role(options["role"])
            row = appoint(
                contact=contact, city_slug=options["city"], role=role, name=options["name"], now=timezone.now()
            )
        except QatysuError as error:
            raise CommandError(f"Refused: {error.reason}") from error
        self.stdout.write(f"{contact.masked} is {row.role} in {row.city.slug} and can sign in now.")
