"""Loading the demonstration, and keeping it away from a production database (SPEC 17)."""

from __future__ import annotations

import shutil
import sys

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from qatysu.config import alone

#: A deed of this name marks a database as a demonstration; the trail refuses to forget it.
MARK = "demonstration_loaded"
REFUSED = "Demonstration mode cannot be switched on over a production database."


def say(text: str) -> None:
    """One line for the person at the terminal, on standard error."""
    sys.stderr.write(f"  {text}\n")
    sys.stderr.flush()


def is_marked() -> bool:
    """Whether this database was made for the demonstration."""
    from qatysu.audit.models import Deed  # reason: apps must be loaded first

    return Deed.objects.filter(action=MARK).exists()


def is_empty() -> bool:
    """Whether nobody has used this database yet."""
    from qatysu.identity.models import Account  # reason: apps must be loaded first
    from qatysu.places.models import City

    return not Account.objects.exists() and not City.objects.exists()


def has_tables() -> bool:
    """Whether any migration was ever applied here."""
    return "django_migrations" in connection.introspection.table_names()


def refuse_production() -> None:
    """Raises SystemExit when the demonstration is switched on over data that are not its own."""
    if settings.DEMO and has_tables() and not is_marked() and not is_empty():
        raise SystemExit(f"{REFUSED}\nUnset QATYSU_DEMO, or give the demonstration a folder of its own with QATYSU_DATA.")


def migrate() -> None:
    """Bring the tables in step with the program."""
    call_command("migrate", verbosity=0, interactive=False)


def _forget() -> None:
    """Throw the demonstration's database, media, logs and keys away. Raises SystemExit over anything else."""
    if has_tables() and not is_marked() and not is_empty():
        raise SystemExit("This database holds no demonstration; it is not touched.")
    if connection.vendor == "sqlite":
        # Removing the file under a running portal would leave it writing into nothing.
        alone.refuse_company()
    _forget_logs()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE")
            cursor.execute("CREATE SCHEMA public")
    else:
        name = str(connection.settings_dict["NAME"])
        connection.close()
        for suffix in ("", "-wal", "-shm"):
            settings.DATA.joinpath(name + suffix).unlink(missing_ok=True)
    if settings.MEDIA_ROOT.exists():
        shutil.rmtree(settings.MEDIA_ROOT)
    say("The demonstration was thrown away.")


def _forget_logs() -> None:
    """Remove keys and public files of every log. Files in a store elsewhere stay: another portal may read them."""
    from qatysu.ballots import keys, logs  # reason: apps must be loaded first
    from qatysu.rounds.models import Round

    # Slugs alone: the tables may be those of an older program.
    rounds = Round.objects.values_list("city__slug", "slug") if has_tables() else ()
    for name in (logs.HEADS, *(f"{city}-{slug}" for city, slug in rounds)):
        keys.discard_unused_keys(name)
        keys.path_of(name, "open").unlink(missing_ok=True)
        shutil.rmtree(settings.LOG_ROOT / name, ignore_errors=True)


def _mark() -> None:
    from qatysu.audit.commands import record  # reason: apps must be loaded first

    with transaction.atomic():
        record(actor=None, action=MARK, now=timezone.now())


def _load() -> None:
    """Load the demonstration, or finish a load that was interrupted; nothing when it is there."""
    from qatysu.ballots.key_files import mark_demonstration  # reason: apps must be loaded first
    from qatysu.web.demo.load import load

    load(timezone.now(), say)
    mark_demonstration()


def run(*, reset: bool, summary: bool) -> int:
    """Make the database, load the demonstration when there is none; 0, or SystemExit with a sentence."""
    if reset:
        _forget()
    migrate()
    if is_empty() and not is_marked():
        _mark()
    if not is_marked():
        raise SystemExit(REFUSED)
    _load()
    if summary:
        sys.stdout.write(_summary())
    return 0


def _summary() -> str:
    """Accounts, one per role, and a handful of voting codes."""
    lines = ["Accounts of the demonstration (the code appears on the page of sent messages):"]
    lines += [f"  {role:<18}{address:<36}{name}" for role, address, name in _accounts()]
    codes = _fresh_codes(5)
    if codes:
        lines += ["", f"One-time voting codes of {codes[0]}:", *(f"  {code}" for code in codes[1:])]
    return "\n".join(lines) + "\n"


def _accounts() -> list[tuple[str, str, str]]:
    """Role, address, name: one account for each role, in the order of the start screen."""
    from qatysu.web.demo.load import accounts  # reason: apps must be loaded first

    return [(found.role.value, found.email, found.name) for found in accounts()]


def _fresh_codes(count: int) -> list[str]:
    """Name of the first round whose voting is open, then ``count`` new codes; empty when none is open."""
    from qatysu.ballots.commands import issue_codes  # reason: apps must be loaded first
    from qatysu.core.codes import written
    from qatysu.core.regulation import Stage
    from qatysu.rounds import queries

    now = timezone.now()
    for round_ in queries.visible_rounds():
        if round_.is_public and Stage.VOTING in queries.open_stages(round_, now) and "code" in round_.constitution.methods:
            return [str(round_), *(written(code) for code in issue_codes(actor=None, round=round_, count=count, now=now))]
    return []
