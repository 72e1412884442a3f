"""Threats 8, 15, 20, 25, 27 of the box: forged requests, two boards, impossible ballots, curious strangers, spoilt bytes."""

from __future__ import annotations

from datetime import datetime
from random import Random
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from qatysu.ballots import keys, logs
from qatysu.ballots.models import Ballot
from qatysu.bulletin.models import Entry
from qatysu.ledger.notes import Checkpoint, sign
from qatysu.rounds.models import Round
from qatysu.verify.checking import Kept, verify
from tests import factories
from tests.threats.conftest import checked, checked_alone, folder_of, publish

pytestmark = pytest.mark.django_db
BASE = "/ru/khromtau/demo/"


def voter(round_: Round, **options: Any) -> Client:
    browser = Client(**options)
    plain = Client()
    assert plain.post(f"{BASE}sign-in/code/", {"code": factories.make_codes(round_)[0]}).status_code == 303
    browser.cookies = plain.cookies
    return browser


def cast_entries() -> int:
    return Entry.objects.filter(is_voters=True).count()


def test_threat_8_a_vote_posted_from_another_site_is_refused(voting_round: Round) -> None:
    browser = voter(voting_round, enforce_csrf_checks=True)
    answer = browser.post(f"{BASE}ballot/confirm/", {"choice": ["1"]}, headers={"origin": "https://evil.example"})
    assert (answer.status_code, cast_entries()) == (403, 0)
    browser.get(f"{BASE}ballot/confirm/?choice=1")
    assert cast_entries() == 0
    assert not Ballot.objects.exists()


def test_threat_15_two_boards_under_one_key_are_told_apart(voting_round: Round, now: datetime) -> None:
    factories.cast(voting_round, "a", ["1"])
    log = publish(voting_round, now)
    signer = keys.log_signer(str(voting_round), log.origin)
    other = sign(Checkpoint(log.origin, log.size, b"o" * 32).text, signer).encode()
    assert checked(voting_round, kept=Kept((other,), (), ())).faults[0].code == "split_view"
    assert checked(voting_round, kept=Kept(((folder_of(voting_round) / "checkpoint").read_bytes(),), (), ())).is_good


HOSTILE = (
    {}, {"choice": []}, {"choice": ["1"] * 2}, {"choice": ["1", "2", "3"]}, {"choice": ["１"]}, {"choice": ["1e9"]},
    {"choice": ["-1"]},
    {"choice": ["1 "]}, {"choice": ["01"]}, {"choice": ["99"]}, {"choice": ['["1"]']}, {"choice": ["1,2"]}, {"choice": ["\x00"]},
    {"choice": ["1" * 10_000]}, {"choice": [str(n) for n in range(400)]}, {"choice[]": ["1"]}, {"points-1": ["-5"]},
)


@pytest.mark.parametrize("body", HOSTILE, ids=range(len(HOSTILE)))
def test_threat_20_no_impossible_ballot_reaches_the_log(voting_round: Round, body: dict[str, list[str]]) -> None:
    answer = voter(voting_round).post(f"{BASE}ballot/confirm/", body)
    assert answer.status_code in (400, 422)
    assert (cast_entries(), Ballot.objects.count()) == (0, 0)


def test_threat_25_a_stranger_cannot_tell_who_has_voted(voting_round: Round) -> None:
    pages = ("receipt/", "ballot/", "verify/?q=000000000000")
    before = [(a.status_code, a.headers.get("Location", "")) for a in (Client().get(BASE + page) for page in pages)]
    known, unknown = factories.make_codes(voting_round, 2)
    browser = Client()
    browser.post(f"{BASE}sign-in/code/", {"code": known})
    browser.post(f"{BASE}ballot/confirm/", {"choice": ["1"]})
    assert Ballot.objects.count() == 1
    after = [(a.status_code, a.headers.get("Location", "")) for a in (Client().get(BASE + page) for page in pages)]
    assert before == after
    assert Client().get(f"{BASE}receipt/").headers["Location"].endswith("/sign-in/")
    assert unknown != known


def test_threat_27_bytes_spoilt_at_random_get_a_clean_refusal(voting_round: Round) -> None:
    for number in range(30):
        factories.cast(voting_round, f"voter {number}", ["1"])
    log = publish(voting_round, timezone.now())
    chance, folder = Random(27), folder_of(voting_round)
    files = [path for path in folder.rglob("*") if path.is_file() and not path.name.startswith(".")]
    for _ in range(120):
        path = chance.choice(files)
        good = path.read_bytes()
        at = chance.randrange(len(good))
        path.write_bytes(good[:at] + bytes([good[at] ^ (1 << chance.randrange(8))]) + good[at + chance.choice((1, 1, 2)) :])
        assert verify_codes(voting_round, log) != []
        path.write_bytes(good)
    assert verify_codes(voting_round, log) == []


def verify_codes(round_: Round, log: Any) -> list[str]:
    """Reasons of both verifiers; neither ends in anything but an answer."""
    return [fault.code for fault in verify(logs.storage_of(log), keys.log_signer(str(round_), log.origin).verifier).faults] + (
        checked_alone(round_)
    )
