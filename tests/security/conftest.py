"""A small world: a city that votes, a foreign one that collects ideas, and one person for each role."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from qatysu.coaching.commands.rooms import furnish
from qatysu.coaching.models import Certificate, Event, Mention, Note, Task
from qatysu.core.regulation import Role, Stage
from qatysu.identity.models import Account
from qatysu.proposals.models import Proposal, State
from qatysu.rounds.models import Round
from tests import factories
from tests.coaching import rooms

ROLES = ("visitor", "resident", "other_captain", "coach", "expert", "coordinator", "foreign_coordinator", "unverified_coordinator")


@dataclass(frozen=True, slots=True)
class World:
    """What the permission tests walk through."""

    voting: Round
    ideas: Round
    draft: Proposal
    idea: Proposal
    people: dict[str, Account]

    def browser(self, role: str) -> Client:
        """A browser of the person with ``role``; errors of the program become answers, as in production."""
        signed_in = role != "visitor"
        verified = role != "unverified_coordinator"
        browser = factories.client_for(self.people[role], verified=verified) if signed_in else Client()
        browser.raise_request_exception = False
        return browser

    def known(self, round_: Round) -> dict[str, Any]:
        """Arguments of addresses that lead to objects of ``round_``."""
        draft = self.draft
        project = Proposal.objects.filter(round=round_, number__isnull=False).first()
        return {
            "city_slug": round_.city.slug, "round_slug": round_.slug, "code": project.code if project else "1",
            "token": draft.token, "name": str(round_), "step": "what", "language": "en",
            "module": "annotation", "number": 1,
        }


def furnish_room(proposal: Proposal, coach: Account, now: datetime) -> None:
    """A course for the round and a room for the team, with something of everything: their addresses lead somewhere."""
    annotation, _technical = rooms.make_course(proposal.round)
    options = [{"id": key, "label": rooms.words(key)} for key in ("a", "b")]
    annotation.quiz = [{"id": "q", "question": rooms.words("?"), "options": options, "answer": "a", "why": rooms.words("!")}]
    annotation.save()
    room = furnish(proposal=proposal, now=now)
    note = Note.objects.create(workspace=room, author=proposal.author, language="kk", text="Жасырын7351 сөз", at=now)
    Mention.objects.create(note=note, account=proposal.author)
    Task.objects.create(workspace=room, text="Жасырын7351 іс", author=proposal.author, assignee=proposal.author, at=now)
    Event.objects.create(
        round=proposal.round, title_kk="Кездесу", title_ru="Встреча", starts_at=now, ends_at=now + timedelta(hours=1),
        place="Мектеп", created_by=coach, changed_at=now,
    )  # fmt: skip
    Certificate.objects.create(
        round=proposal.round, account=proposal.author, number=1, name=proposal.author.name, facts={}, issued_at=now, issued_by=coach
    )


@pytest.fixture
def world(db: None, now: datetime) -> World:
    """Khromtau votes with a sealed box; Aksu collects ideas."""
    khromtau, aksu = factories.make_city(), factories.make_city("aksu", name_en="Aksu")
    voting = factories.make_voting_round(khromtau, now=now)
    ideas = factories.make_round(khromtau, stage=Stage.IDEAS, now=now, slug="ideas")
    factories.make_round(aksu, stage=Stage.IDEAS, now=now, slug="ideas")
    author = factories.make_account("Author A.", city=khromtau)
    people = {
        "resident": factories.make_account("Resident R.", city=khromtau),
        "other_captain": factories.make_account("Captain C.", city=khromtau),
        "coach": factories.make_staff(Role.COACH, khromtau),
        "expert": factories.make_staff(Role.EXPERT, khromtau),
        "coordinator": factories.make_staff(Role.COORDINATOR, khromtau),
        "foreign_coordinator": factories.make_staff(Role.COORDINATOR, aksu),
    }
    people["unverified_coordinator"] = people["coordinator"]
    furnish_room(factories.make_proposal(ideas, author=people["other_captain"]), people["coach"], now)
    return World(
        voting=voting, ideas=factories.fresh(ideas), people=people,
        draft=factories.make_proposal(ideas, state=State.DRAFT, author=author), idea=factories.make_proposal(ideas, author=author),
    )
