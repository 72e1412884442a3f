"""A document on its way, by the real commands."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from qatysu.documents import commands
from qatysu.documents.kinds import Kind
from qatysu.documents.models import Edition
from qatysu.identity.models import Account
from qatysu.rounds.models import Round

ACT: dict[str, Any] = {"act_number": "12", "signatory_kk": "Аудан әкімі", "signatory_ru": "Аким района"}


def started(round_: Round, lead: Account, now: datetime, kind: Kind = Kind.SELECTION, **more: Any) -> Edition:
    return commands.start_edition(actor=lead, round_=round_, kind=kind, now=now, **more)


def approved(edition: Edition, lead: Account, approver: Account, now: datetime) -> Edition:
    """Handed in and put into force."""
    commands.submit(actor=lead, edition=edition, now=now)
    day: date = (now - timedelta(days=1)).date()
    return commands.approve(actor=approver, edition=edition, act_on=day, now=now, **ACT)


def saved(edition: Edition, lead: Account, now: datetime, **changes: str) -> Edition:
    texts = {name: getattr(edition, name) for name in ("title_kk", "title_ru", "body_kk", "body_ru")} | changes
    return commands.save_edition(actor=lead, edition=edition, version=edition.version, now=now, **texts)
