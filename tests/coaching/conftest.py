"""A round in its sessions, a team of two, and its coach."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.test import Client
from django.utils import timezone

from qatysu.coaching import commands
from qatysu.coaching.models import Module, Work, Workspace
from qatysu.core.regulation import Role
from qatysu.identity.models import Account
from qatysu.places.models import City
from qatysu.rounds.models import Round
from tests import factories

from . import rooms


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def round(city: City) -> Round:
    return rooms.make_sessions(city)


@pytest.fixture
def coach(round: Round) -> Account:
    return rooms.staff(Role.COACH, round, "Нұрлан Ж.")


@pytest.fixture
def captain(city: City) -> Account:
    return factories.make_account("Лаура Сейткали", city=city)


@pytest.fixture
def room(round: Round, captain: Account, coach: Account) -> Workspace:
    return rooms.make_room(round, author=captain, coach=coach)


@pytest.fixture
def mate(room: Workspace) -> Account:
    return rooms.join(room.proposal)


@pytest.fixture
def annotation(room: Workspace) -> Work:
    return rooms.work_in(room, "annotation")


@pytest.fixture
def technical(room: Workspace) -> Work:
    return rooms.work_in(room, "technical")


@pytest.fixture
def consultant(round: Round) -> Account:
    return rooms.staff(Role.CONSULTANT, round, "Ирина Ф.")


@pytest.fixture
def editor(consultant: Account) -> Client:
    return factories.client_for(consultant)


@pytest.fixture
def module(round: Round) -> Module:
    return Module.objects.get(round=round, slug="annotation")


@pytest.fixture
def answered(annotation: Work, captain: Account, now: datetime) -> Work:
    """The first module with everything filled in."""
    raw = {**rooms.FULL["annotation"], "ages": ["kids"]}
    commands.save_work(actor=captain, work=annotation, base=0, raw=raw, now=now, new_id=rooms.ids())
    return rooms.work_in(annotation.workspace, "annotation")
