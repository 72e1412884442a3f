"""Normative documents of the demonstration: the four of the study, in words of our own; number and day of the act are examples."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from qatysu.core.regulation import Role, Stage
from qatysu.documents import commands
from qatysu.documents.kinds import Kind
from qatysu.rounds.models import Round
from qatysu.web.demo.calendars import Period
from qatysu.web.demo.proposals import Cast

#: Who signed: the office that the study names, never the person.
SIGNATORY = {"signatory_kk": "Аудан әкімі (мысал)", "signatory_ru": "Аким района (пример)"}
COMMENT = "5.2-тармақ: Жоба орталығына кешке келуге бола ма? Мен ауысыммен жұмыс істеймін."
ANSWER = "Иә. Сәрсенбіде орталық 20.00-ге дейін жұмыс істейді, өтінімді порталда түнде де толтыруға болады."


def approve_all(round_: Round, cast: Cast, periods: Sequence[Period]) -> None:
    """The four documents, in force since the preparation of the round."""
    begins = next(period for period in periods if period.stage is Stage.PREPARATION).opens_at + timedelta(days=2, hours=9)
    for number, kind in enumerate((Kind.MEMORANDUM, Kind.SELECTION, Kind.COUNCIL, Kind.CENTRE)):
        now = begins + timedelta(hours=number)
        lead = cast.roles[Role.COORDINATOR]
        edition = commands.start_edition(actor=lead, round_=round_, kind=kind, now=now)
        commands.submit(actor=lead, edition=edition, now=now)
        commands.approve(
            actor=cast.roles[Role.AKIMAT_APPROVER], edition=edition, act_number=str(40 + number), act_on=now.date(),
            now=now + timedelta(minutes=30), **SIGNATORY,
        )  # fmt: skip


def discuss(round_: Round, cast: Cast, now: datetime) -> None:
    """A draft of the regulation that people may comment on now, with one comment and its answer."""
    began = now - timedelta(days=4)
    lead = cast.roles[Role.COORDINATOR]
    edition = commands.start_edition(actor=lead, round_=round_, kind=Kind.SELECTION, now=began)
    commands.open_discussion(actor=lead, edition=edition, until=(now + timedelta(days=10)).date(), now=began)
    said = commands.comment(
        actor=cast.roles[Role.RESIDENT], edition=edition, text=COMMENT, language="kk", now=now - timedelta(days=2),
    )  # fmt: skip
    commands.answer(actor=lead, comment=said, text=ANSWER, now=now - timedelta(days=1))
