"""The voting path as a browser walks it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from qatysu.ballots import keys as key_files
from qatysu.ballots import logs
from qatysu.ballots.models import Ballot, FailedCast
from qatysu.core.regulation import Role
from qatysu.ledger.entries import decode
from qatysu.ledger.notes import VerifierKey
from qatysu.ledger.receipts import Proof, Receipt, check, open_promise
from qatysu.ledger.tiles import unpack_entries
from qatysu.motions import commands as motions
from qatysu.motions.kinds import Kind
from qatysu.rounds.models import RoundStage
from tests import counting, factories

pytestmark = pytest.mark.django_db
BASE = "/ru/khromtau/demo/"


@pytest.fixture
def voter(voting_round) -> Client:
    """A browser in which a one-time code was typed."""
    client = Client()
    (client.code,) = factories.make_codes(voting_round)
    answer = client.post(BASE + "sign-in/code/", {"code": client.code})
    assert (answer.status_code, answer["Location"]) == (303, BASE + "ballot/")
    return client


def close(round_):
    RoundStage.objects.filter(round=round_, stage="voting").update(closes_at=timezone.now() - timedelta(seconds=1))


def test_a_code_votes_in_three_screens_and_gets_a_receipt(voter):
    assert voter.get(BASE + "ballot/").status_code == 200
    assert voter.post(BASE + "ballot/", {"choice": ["1", "2"]})["Location"] == BASE + "ballot/review/"
    page = voter.get(BASE + "ballot/review/").content.decode()
    assert 'value="1"' in page
    assert 'value="2"' in page
    answer = voter.post(BASE + "ballot/confirm/", follow=True)
    assert answer.redirect_chain == [(BASE + "receipt/", 303)]
    assert Ballot.objects.get().choices == '["1","2"]'


def test_the_receipt_shows_no_choice(voter, voting_round):
    voter.post(BASE + "ballot/", {"choice": ["2"]})
    page = voter.post(BASE + "ballot/confirm/", follow=True).content.decode()
    assert not any(entry.title in page for entry in voting_round.slate.entries.all())
    assert not [key for key in voter.session.keys() if key.startswith("choice:")]  # noqa: SIM118  # reason: a session is no dict


@pytest.mark.parametrize("query", ["бар жоқ", "12", "zz" * 200, "\x00", "ағаш " * 6])
def test_a_search_that_finds_nothing_says_so(voting_round, query):
    assert Client().get(BASE + "verify/", {"q": query}).status_code in (200, 422)


@pytest.mark.parametrize("choice", [[], ["1", "2", "3"], ["1", "1"], ["999"], ["1 OR 1=1"], ["\x00"], ["x" * 5000]])
def test_a_refused_choice_comes_back_with_a_reason_and_is_counted(voter, choice):
    answer = voter.post(BASE + "ballot/", {"choice": choice})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert FailedCast.objects.get().count == 1


def test_more_than_the_limit_sent_straight_to_confirmation_is_refused(voter):
    assert voter.post(BASE + "ballot/confirm/", {"choice": ["1", "2", "3"]}).status_code == 422
    assert not Ballot.objects.exists()


def test_confirming_twice_is_one_ballot(voter):
    voter.post(BASE + "ballot/", {"choice": ["1"]})
    token = voter.get(BASE + "ballot/review/").context["form_token"]
    for _ in range(2):
        answer = voter.post(BASE + "ballot/confirm/", {"choice": ["1"], "form_token": token})
        assert answer["Location"] == BASE + "receipt/"
    assert Ballot.objects.count() == 1


def test_a_ballot_a_moment_too_late_is_told_what_is_stored(voter, voting_round):
    voter.post(BASE + "ballot/", {"choice": ["1"]})
    close(voting_round)
    answer = voter.post(BASE + "ballot/confirm/")
    assert answer.status_code == 409
    assert answer.context["standing"] is None
    assert not Ballot.objects.exists()


def test_after_the_end_the_receipt_is_still_there(voter, voting_round):
    voter.post(BASE + "ballot/", {"choice": ["1"]})
    voter.post(BASE + "ballot/confirm/")
    close(voting_round)
    assert voter.get(BASE + "receipt/").status_code == 200
    again = Client()
    assert again.post(BASE + "sign-in/code/", {"code": voter.code})["Location"] == BASE + "receipt/"
    assert voter.get(BASE + "ballot/").status_code == 409


def test_nobody_in_particular_is_sent_to_the_sign_in(voting_round):
    for path in ("ballot/", "ballot/review/", "receipt/"):
        assert Client().get(BASE + path)["Location"] == BASE + "sign-in/"
    assert Client().post(BASE + "ballot/confirm/", {"choice": ["1"]})["Location"] == BASE + "sign-in/"


def test_a_wrong_code_is_answered_with_a_sentence(voting_round):
    answer = Client().post(BASE + "sign-in/code/", {"code": "ABCD-EFGH-JKMN"})
    assert answer.status_code == 409
    assert 'role="alert"' in answer.content.decode()


def test_an_account_declares_once_and_votes(voting_round, city):
    account = factories.make_account()
    client = factories.client_for(account, verified=False)
    assert client.get(BASE + "ballot/")["Location"] == BASE + "sign-in/"
    wrong = client.post(BASE + "sign-in/declare/", {"birth_year": "x", "agrees": "yes"})
    assert wrong.status_code == 422
    assert (
        client.post(BASE + "sign-in/declare/", {"birth_year": "1980", "agrees": "yes"})["Location"] == BASE + "ballot/"
    )
    assert client.get(BASE + "ballot/").status_code == 200


def test_a_child_does_not_vote(voting_round):
    client = factories.client_for(factories.make_account(), verified=False)
    year = str(timezone.now().year - 15)
    answer = client.post(BASE + "sign-in/declare/", {"birth_year": year, "agrees": "yes"}, follow=True)
    assert answer.redirect_chain[-1] == (BASE + "sign-in/", 303)
    assert client.get(BASE + "sign-in/").context["obstacle"] == "age"


def test_a_resident_of_another_city_does_not_vote(voting_round):
    other = factories.make_city("aksu")
    client = factories.client_for(factories.make_account(city=other), verified=False)
    assert client.get(BASE + "ballot/")["Location"] == BASE + "sign-in/"


def test_an_erased_and_returned_person_has_the_same_ballot(voting_round, city):
    """PEERS T33."""
    from qatysu.identity.commands import declare_residence, erase_account, open_account
    from qatysu.identity.contact import parse_contact

    def come():
        account = open_account(contact=parse_contact("+77015550199"), language="kk", now=timezone.now())
        declare_residence(actor=account, city=city, birth_year=1980, agrees=True, now=timezone.now())
        return account, factories.client_for(account, verified=False)

    account, client = come()
    client.post(BASE + "ballot/", {"choice": ["1"]})
    client.post(BASE + "ballot/confirm/")
    erase_account(actor=account, now=timezone.now())
    _, again = come()
    assert again.get(BASE + "receipt/").context["standing"].attempt == 1


def test_finishing_at_a_shared_device_forgets_the_code(voter):
    voter.post(BASE + "sign-in/leave/")
    assert voter.get(BASE + "ballot/")["Location"] == BASE + "sign-in/"


def test_the_ballot_costs_the_same_number_of_queries_for_three_and_nine_projects(city, now):
    def queries(slug, projects):
        round_ = factories.make_voting_round(city, now=now, projects=projects, slug=slug)
        (code,) = factories.make_codes(round_)
        client = Client()
        client.post(f"/ru/khromtau/{slug}/sign-in/code/", {"code": code})
        client.get(f"/ru/khromtau/{slug}/ballot/")
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"/ru/khromtau/{slug}/ballot/").status_code == 200
        return len(captured)

    assert queries("three", 3) == queries("nine", 9) == 10


def test_who_comes_after_the_end_is_told_so_and_finds_the_receipt(voter, voting_round):
    voter.post(BASE + "ballot/", {"choice": ["2"]})
    voter.post(BASE + "ballot/confirm/")
    close(voting_round)
    shown = [browser.get(BASE + "sign-in/") for browser in (Client(), voter)]
    assert [page.status_code for page in shown] == [200, 200]
    assert [BASE + "receipt/" in page.text for page in shown] == [False, True]
    assert all('name="code"' not in page.text for page in shown)


def test_a_database_that_fails_is_said_so_and_the_choice_is_kept(voter):
    voter.post(BASE + "ballot/", {"choice": ["1"]})
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE ballots_participation RENAME TO gone")
        answer = voter.post(BASE + "ballot/confirm/")
        cursor.execute("ALTER TABLE gone RENAME TO ballots_participation")
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert voter.post(BASE + "ballot/confirm/")["Location"] == BASE + "receipt/"
    assert Ballot.objects.count() == 1


def vote(voter, *choices):
    voter.post(BASE + "ballot/", {"choice": choices})
    return voter.post(BASE + "ballot/confirm/", follow=True)


def marks(page) -> dict[str, str]:
    return dict(page.context["road"])


def titles(round_, text: str) -> list[str]:
    return [entry.code for entry in round_.slate.entries.all() if entry.title in text]


def test_the_receipt_follows_the_ballot_from_accepted_to_opened(voter, voting_round):
    assert marks(vote(voter, "2")) == {"accepted": "now", "in_box": "", "counted": "", "opened": ""}
    counting.seal(voting_round)
    page = voter.get(BASE + "receipt/")
    assert marks(page) == {"accepted": "done", "in_box": "now", "counted": "", "opened": ""}
    assert page.context["standing"].idx == 1
    counting.close(voting_round)
    assert marks(voter.get(BASE + "receipt/"))["counted"] == "now"
    counting.open_all(voting_round)
    page = voter.get(BASE + "receipt/")
    assert marks(page) == {"accepted": "done", "in_box": "done", "counted": "done", "opened": "now"}
    assert not titles(voting_round, page.text)
    assert titles(voting_round, voter.get(BASE + "receipt/?choice=shown").text) == ["2"]


def test_before_the_opening_no_address_shows_the_choice(voter, voting_round):
    vote(voter, "2")
    counting.seal(voting_round)
    for path in ("receipt/?choice=shown", "receipt/", "verify/?q=1", "verify/"):
        assert not titles(voting_round, voter.get(BASE + path).text)


def test_while_it_waits_the_page_asks_again_less_and_less_often_and_then_stops(voter, voting_round):
    page = vote(voter, "2")
    waits, looks = [], 0
    while (found := page.context["look_again"]) is not None:
        looks, seconds = found
        waits.append(seconds)
        assert f"?look={looks}" in page.text
        page = voter.get(BASE + f"receipt/?look={looks}", headers={"HX-Request": "true"})
        assert "<html" not in page.text
    assert waits == sorted(waits)
    assert 60 <= sum(waits) <= 3600
    assert "hx-get" not in page.text
    counting.seal(voting_round)
    assert "hx-get" not in voter.get(BASE + "receipt/").text


def test_the_promise_is_a_file_that_keeps_its_time(voter, voting_round):
    vote(voter, "2")
    answers = [voter.get(BASE + "receipt/promise/") for _ in range(2)]
    assert answers[0].content == answers[1].content
    assert answers[0]["Content-Disposition"] == 'attachment; filename="khromtau-demo-promise.txt"'
    counting.seal(voting_round)
    storage, log = logs.storage_of(logs.log_of(voting_round)), logs.log_of(voting_round)
    manifest = decode(unpack_entries(storage.get("tile/entries/000.p/2"), 2)[0])
    found = open_promise(answers[0].content, VerifierKey.parse(manifest["promise"]))
    assert (found.origin, found.leaf) == (log.origin, bytes(Ballot.objects.get().leaf))
    assert 0 <= found.by - timezone.now().timestamp() - log.max_delay_s - 3600 <= 3600
    assert found.by % 3600 == 0


def test_a_new_ballot_gets_a_new_promise_and_finishing_forgets_it(voter, voting_round):
    vote(voter, "1")
    first = voter.get(BASE + "receipt/promise/").content
    vote(voter, "2")
    assert voter.get(BASE + "receipt/promise/").content != first
    voter.post(BASE + "sign-in/leave/")
    assert not [key for key in voter.session.keys() if key.startswith("promise:")]  # noqa: SIM118  # reason: a session is no dict


def test_the_receipt_file_holds_no_choice_before_the_opening_and_the_published_one_after_it(voter, voting_round):
    vote(voter, "2")
    assert voter.get(BASE + "receipt/proof/")["Location"] == BASE + "receipt/"
    counting.seal(voting_round)
    files = [voter.get(BASE + "receipt/proof/").content]
    counting.open_all(voting_round)
    files.append(voter.get(BASE + "receipt/proof/").content)
    key, told = VerifierKey.parse(logs.log_of(voting_round).vkey), []
    for data in files:
        proof = Proof.decode(data)
        receipt = Receipt.decode(proof.extra)
        assert check(proof, receipt.entry, key) > proof.index == 1
        told.append((receipt.choices, len(receipt.nonce)))
    assert told == [((), 0), (("2",), 64)]


def test_nobody_else_gets_the_files(voting_round):
    for path in ("receipt/promise/", "receipt/proof/"):
        answer = Client().get(BASE + path, follow=True)
        assert answer.redirect_chain[-1] == (BASE + "sign-in/", 303)


def test_when_the_key_is_with_the_commission_the_page_says_how_to_go_on(voter, voting_round):
    fingerprint = vote(voter, "2").context["standing"].fingerprint
    counting.close(voting_round)
    key_files.path_of("khromtau-demo", "round").rename(key_files.path_of("khromtau-demo", "open"))
    page = voter.get(BASE + "receipt/")
    assert page.status_code == 200
    assert "ballots/receipt_sealed.html" in {template.name for template in page.templates}
    for path in ("receipt/promise/", "receipt/proof/"):
        assert voter.get(BASE + path)["Location"] == BASE + "receipt/"
    assert BASE + "receipt/" in voter.get(BASE + "sign-in/").text
    again = Client()
    assert again.post(BASE + "sign-in/code/", {"code": voter.code})["Location"] == BASE + "receipt/"
    found = Client().get(BASE + "verify/", {"q": fingerprint})
    assert marks(found)["counted"] == "now"


def test_an_annulled_ballot_says_why_and_that_one_may_complain(voter, voting_round, city, now):
    vote(voter, "2")
    counting.seal(voting_round)
    handle = Ballot.objects.get().handle
    lead, member = (factories.make_staff(role, city) for role in (Role.COORDINATOR, Role.COMMISSION))
    motion = motions.propose_on_ballot(
        actor=lead, round_=voting_round, kind=Kind.ANNUL, handle=handle, now=now, reason="bought", text="Sold in the market",
        protocol="3", attempt=1,
    )  # fmt: skip
    motions.confirm(actor=member, motion=motion, now=now)
    page = voter.get(BASE + "receipt/")
    assert marks(page)["annulled"] == "stop"
    assert page.context["standing"].reason == "bought"
    assert "Sold in the market" not in page.text
