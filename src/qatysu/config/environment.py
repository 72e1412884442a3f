"""Every name that Qatysu reads from the environment, in one table (mirrored in docs/operations.md by a test)."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Variable:
    """One environment name with its type, default and what it is for."""

    name: str
    kind: str
    default: str
    doc: str


VARIABLES: tuple[Variable, ...] = (
    Variable("QATYSU_DATA", "path", "var", "Folder of database, media, keys and logs."),
    Variable("DATABASE_URL", "url", "", "postgresql://… selects PostgreSQL; empty means SQLite below QATYSU_DATA."),
    Variable("QATYSU_ORIGIN", "url", "http://127.0.0.1:8000", "Public address; https switches secure cookies on."),
    Variable("QATYSU_HOSTS", "list", "127.0.0.1,localhost,[::1]", "Host names that are served, separated by commas."),
    Variable("QATYSU_DEMO", "bool", "0", "1 shows the demonstration: visible outbox, listed accounts. Refused on production data."),
    Variable("QATYSU_DEBUG", "bool", "0", "1 shows tracebacks in the browser. Never on a public address."),
    Variable("QATYSU_SECRET_KEY", "text", "", "Signing key; empty means a key file is made below QATYSU_DATA/keys."),
    Variable("QATYSU_TRUSTED_PROXIES", "int", "0", "How many reverse proxies stand before us and set X-Forwarded-For."),
    Variable("QATYSU_TILES", "path", "", "PMTiles file with vector tiles; empty shows the drawn plan."),
    Variable("QATYSU_EMAIL_URL", "url", "", "smtp://user:password@host:port; empty prints messages on the console."),
    Variable(
        "QATYSU_DESK_IMAP", "url", "",
        "Mailboxes of the Project Centres, separated by spaces:"
        " imaps://user:password@host/INBOX?city=slug&address=help@example.kz; empty: no letters are fetched.",
    ),
    Variable(
        "QATYSU_CMS_VERIFIER", "url", "",
        "Service that checks electronic signatures (NCANode 3), such as http://127.0.0.1:14579; empty: kept, not checked.",
    ),
    Variable("QATYSU_SMS_URL", "url", "", "Gateway of a later version; empty prints messages on the console."),
    Variable("QATYSU_CODES_PER_DAY", "int", "5000", "How many sign-in codes the installation sends in a day at most."),
    Variable("QATYSU_LOG_KEYS", "path", "", "Folder of the keys that sign ballot logs, for the worker; empty: QATYSU_DATA/keys."),
    Variable(
        "QATYSU_LOG_STORAGE", "url", "",
        "https://key:secret@host/bucket/prefix?region=… (an S3-compatible store) keeps the files of ballot logs there;"
        " empty: QATYSU_DATA/logs.",
    ),
    Variable("QATYSU_WITNESSES", "path", "", "File of witnesses: a line 'quorum N' and lines 'VKEY ADDRESS'; empty: nobody is asked."),
    Variable("QATYSU_LOG_LEVEL", "text", "INFO", "Level of the log on standard error."),
)
_DEFAULTS = {variable.name: variable.default for variable in VARIABLES}


def text(name: str) -> str:
    """Value of ``name``, or its default. Raises KeyError for a name that the table does not hold."""
    return os.environ.get(name) or _DEFAULTS[name]


def flag(name: str) -> bool:
    """True for 1, true, yes, on."""
    return text(name).strip().lower() in {"1", "true", "yes", "on"}


def number(name: str) -> int:
    """Whole number. Raises SystemExit with a clear line otherwise."""
    try:
        return int(text(name))
    except ValueError:
        raise SystemExit(f"{name} must be a whole number, not {text(name)!r}") from None


def items(name: str) -> list[str]:
    """Parts between commas, stripped, without empty ones."""
    return [part.strip() for part in text(name).split(",") if part.strip()]


def data_folder() -> Path:
    """Absolute path of QATYSU_DATA; a relative one is taken from the program's own folder, or from here when installed."""
    folder = Path(text("QATYSU_DATA"))
    source = Path(__file__).resolve().parents[3]
    return folder if folder.is_absolute() else (source if (source / "pyproject.toml").exists() else Path.cwd()) / folder
