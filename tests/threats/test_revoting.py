"""Threat 23: re-voting to flood the log, or to undo a vote under watching eyes."""

from __future__ import annotations

import json
from datetime import datetime

import pytest
from django.test import Client

from qatysu.ballots import keys
from qatysu.ballots.models import Ballot, Participation
from qatysu.bulletin.models import Entry
from qatysu.core.errors import AlreadyVoted
from qatysu.ledger.entries import decode
from qatysu.ledger.leaf import nonce
from qatysu.places.models import City
from qatysu.rounds.models import Round
from tests import counting, factories
from tests.threats.conftest import checked, checked_alone, folder_of


@pytest.fixture
def revoted(city: City, now: datetime) -> Round:
    """One voter uses up five attempts, another one votes once."""
    round_ = factories.make_voting_round(city, now=now, max_attempts=5, max_choices=2)
    for choices in (["1"], ["2"], ["1", "2"], ["2"], ["3"]):
        factories.cast(round_, "often", choices)
    factories.cast(round_, "once", ["1"])
    return round_


def test_threat_23_the_sixth_attempt_is_refused(revoted: Round) -> None:
    with pytest.raises(AlreadyVoted):
        factories.cast(revoted, "often", ["1"])
    assert Entry.objects.filter(is_voters=True).count() == Ballot.objects.count() == 6


def test_threat_23_the_page_refuses_it_too(city: City, now: datetime) -> None:
    round_ = factories.make_voting_round(city, now=now, max_attempts=5)
    (code,) = factories.make_codes(round_)
    browser, base = Client(), "/en/khromtau/demo/"
    browser.post(base + "sign-in/code/", {"code": code})
    answers = [browser.post(base + "ballot/confirm/", {"choice": ["1"], "form_token": f"form {n}"}).status_code for n in range(7)]
    assert answers == [303] * 5 + [409] * 2
    assert Participation.objects.get().attempt == 5


def test_threat_23_the_last_counts_and_no_replaced_ballot_is_opened(revoted: Round, now: datetime) -> None:
    round_ = counting.open_all(revoted, now)
    opened = [decode(bytes(raw)) for raw in Entry.objects.filter(is_voters=False).values_list("raw", flat=True)]
    opened = [entry for entry in opened if entry["t"] == "open"]
    assert sorted((entry["n"], entry["c"]) for entry in opened) == [(1, ["1"]), (5, ["3"])]
    report = checked(round_)
    assert report.replay is not None
    votes = dict(report.replay.votes(report.replay.counted()))
    assert (report.faults, checked_alone(round_), votes) == ([], [], {"1": 1, "2": 0, "3": 1})


def test_threat_23_what_would_open_a_replaced_ballot_is_in_no_file_and_no_row(revoted: Round, now: datetime) -> None:
    secret = keys.open_key(str(revoted))
    handle = Participation.objects.get(attempt=5).handle
    counting.open_all(revoted, now)
    files = b"".join(path.read_bytes() for path in folder_of(revoted).rglob("*") if path.is_file())
    rows = json.dumps([decode(bytes(raw)) for raw in Entry.objects.values_list("raw", flat=True)]).encode()
    shown = {n: nonce(secret, handle, n).hex().encode() in files + rows for n in range(1, 6)}
    assert shown == {1: False, 2: False, 3: False, 4: False, 5: True}
