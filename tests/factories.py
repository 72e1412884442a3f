"""Builders of test data. Rows that lead to a rule under test are written by the real commands."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.test import Client
from django.utils import timezone
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.plugins.otp_totp.models import TOTPDevice

from qatysu.ballots import commands as ballots
from qatysu.core.codes import written
from qatysu.core.regulation import STAGE_ORDER, Role, Stage
from qatysu.identity.access import SECOND_FACTOR_KEY
from qatysu.identity.contact import parse_contact
from qatysu.identity.models import Account, Channel
from qatysu.places.models import City, Population
from qatysu.proposals.models import Proposal, State, TeamMember
from qatysu.rounds.models import Category, Constitution, Funder, Membership, Round, RoundStage
from qatysu.vault import seal

_serial = itertools.count(1)
STAGE_DAYS = 10


def make_city(slug: str = "khromtau", **fields: Any) -> City:
    """A city with a population of 31,000."""
    values: dict[str, Any] = {
        "name_kk": "Хромтау", "name_ru": "Хромтау", "name_en": "Khromtau",
        "south": 50.20, "west": 58.35, "north": 50.29, "east": 58.52, "time_zone": "Asia/Almaty",
    }
    city = City.objects.create(slug=slug, **values | fields)
    Population.objects.create(
        city=city, count=31_000, counted_on=date(2020, 1, 1), territory_kk="қала", territory_ru="город", territory_en="town",
        source="test",
    )
    return city


def make_account(name: str = "Айгүл Т.", *, city: City | None = None, phone: str = "", email: str = "") -> Account:
    """An account with an address of its own; with ``city`` it has declared to live there."""
    number = next(_serial)
    contact = parse_contact(email or phone or f"+7701{number:07d}")
    fields: dict[str, Any] = {}
    if contact.channel is Channel.SMS:
        fields = {"phone_hash": contact.hash, "phone_sealed": seal(contact.value)}
    else:
        fields = {"email_hash": contact.hash, "email_sealed": seal(contact.value)}
    if city is not None:
        fields |= {"city": city, "declared_at": timezone.now(), "birth_year": 1980}
    return Account.objects.create(name=name, created_at=timezone.now(), **fields)


def make_staff(role: Role, city: City, round_: Round | None = None, name: str = "Дана С.") -> Account:
    """An account that holds ``role`` in the city, or in one round of it, and has a second factor."""
    account = make_account(name, city=city)
    today = timezone.now().date()
    Membership.objects.create(account=account, role=role, city=city, round=round_, from_on=today - timedelta(days=30))
    make_device(account)
    return account


def make_device(account: Account) -> TOTPDevice:
    """A confirmed authenticator of the account."""
    return TOTPDevice.objects.get_or_create(user=account, defaults={"name": "test", "confirmed": True})[0]


def client_for(account: Account, *, verified: bool = True) -> Client:
    """A browser in which ``account`` is signed in, with its second factor unless ``verified`` is False."""
    client = Client()
    client.force_login(account, backend="qatysu.identity.backend.AccountBackend")
    if verified:
        shown = {DEVICE_ID_SESSION_KEY: make_device(account).persistent_id, SECOND_FACTOR_KEY: int(timezone.now().timestamp())}
        put_session(client, **shown)
    return client


def put_session(client: Client, **values: Any) -> None:
    """Store ``values`` in the browser's signed session cookie."""
    session = client.session
    session.update(values)
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key


def make_round(city: City, *, stage: Stage = Stage.VOTING, now: datetime | None = None, slug: str = "demo", **rules: Any) -> Round:
    """A public round with calendar, constitution, two funders and two categories; ``stage`` is open at ``now``."""
    now = now or timezone.now()
    round_ = Round.objects.create(
        city=city, slug=slug, title_kk="Сынақ", title_ru="Проверка", title_en="Trial", is_public=True, created_at=now,
    )
    values: dict[str, Any] = {
        "preset": "test", "cap_tenge": 10_000_000, "min_cost_tenge": 100_000, "methods": ["phone", "email", "code"],
        "max_choices": 2,
    }
    Constitution.objects.create(round=round_, **values | rules)
    for position, (slug_, plan) in enumerate((("parks", "park"), ("sport", "sport")), 1):
        Category.objects.create(
            round=round_, slug=slug_, position=position, name_kk=slug_, name_ru=slug_, name_en=slug_, plan=plan
        )
    for position, amount in enumerate((10_000_000, 5_000_000), 1):
        Funder.objects.create(
            round=round_, position=position, name_kk="Қор", name_ru="Фонд", name_en="Fund", amount_tenge=amount
        )
    move_to(round_, stage, now)
    return round_


def move_to(round_: Round, stage: Stage, now: datetime) -> None:
    """Lay the calendar so that ``stage`` is in its middle at ``now``; every stage lasts ten days."""
    start = now - timedelta(days=STAGE_DAYS) * STAGE_ORDER.index(stage) - timedelta(days=STAGE_DAYS / 2)
    for index, each in enumerate(STAGE_ORDER):
        opens = start + timedelta(days=STAGE_DAYS) * index
        RoundStage.objects.update_or_create(
            round=round_, stage=each, defaults={"opens_at": opens, "closes_at": opens + timedelta(days=STAGE_DAYS)}
        )


def fresh(round_: Round) -> Round:
    """The round as pages get it: city, constitution and calendar loaded anew."""
    return Round.objects.select_related("city", "constitution").prefetch_related("stages__pauses", "funders").get(pk=round_.pk)


def make_proposal(round_: Round, *, state: State = State.SUBMITTED, author: Account | None = None, **fields: Any) -> Proposal:
    """A proposal in ``state`` with its captain; numbered in order unless it is a draft."""
    author = author or make_account(city=round_.city)
    now = timezone.now()
    number = None if state == State.DRAFT else Proposal.objects.filter(round=round_, number__isnull=False).count() + 1
    values: dict[str, Any] = {
        "number": number, "state": state, "language": "kk", "title": f"Балалар алаңы {next(_serial)}", "problem": "Ойнайтын жер жоқ.",
        "solution": "Алаң салу.", "cost_tenge": 4_000_000, "category": Category.objects.filter(round=round_).first(),
        "address": "Абай даңғылы, 1", "latitude": 50.25, "longitude": 58.43, "plan": "park",
    }
    proposal = Proposal.objects.create(
        round=round_, author=author, created_at=now, changed_at=now, **values | fields
    )
    TeamMember.objects.create(proposal=proposal, account=author, role=TeamMember.Role.CAPTAIN, joined_at=now)
    return proposal


def make_voting_round(city: City, *, now: datetime | None = None, projects: int = 3, slug: str = "demo", **rules: Any) -> Round:
    """A round with ``projects`` admitted projects (codes 1, 2, …), its slate frozen by a coordinator, voting open."""
    now = now or timezone.now()
    round_ = make_round(city, stage=Stage.VOTING, now=now, slug=slug, **rules)
    for _ in range(projects):
        make_proposal(round_, state=State.ADMITTED)
    ballots.freeze_slate(actor=make_staff(Role.COORDINATOR, city), round=fresh(round_), now=now)
    return fresh(round_)


def make_codes(round_: Round, count: int = 1) -> list[str]:
    """One-time voting codes as printed."""
    return [written(code) for code in ballots.issue_codes(actor=None, round=round_, count=count, now=timezone.now())]


def cast(round_: Round, voter: str, choices: Sequence[str]) -> Any:
    """A stored ballot of ``voter`` (any text), through the real command."""
    return ballots.cast_ballot(round=round_, voter_id=voter, choices=list(choices))
