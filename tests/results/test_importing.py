"""An election held elsewhere as a round of the portal."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from qatysu.ballots.models import Ballot, Participation, Slate
from qatysu.core.errors import Conflict, Invalid, QatysuError
from qatysu.places.models import City
from qatysu.results import comparing, exporting, importing, queries
from qatysu.results.models import Outcome
from qatysu.rounds.models import Round
from qatysu.rules.pb import reading
from qatysu.tally.models import ImportedBallot, ImportedElection
from qatysu.tally.queries import count, turnout, turnout_by_channel
from tests import factories

pytestmark = pytest.mark.django_db

META = (
    "META\nkey;value\ndescription;Town, 2024\ncountry;Kazakhstan\nunit;Town\ninstance;2024\nnum_projects;3\nnum_votes;{votes}\n"
    "budget;{budget}\nvote_type;{kind}\nrule;{rule}\ndate_begin;01.09.2024\ndate_end;20.09.2024\ncurrency;{currency}\n"
)
PROJECTS = (
    "PROJECTS\nproject_id;cost;name;category;selected\n{a};{cost};Park;green,sport;1\n{b};60;Well;water;{second}\n{c};50;Lights;;0\n"
)


def text(
    ids: tuple[str, str, str] = ("A-1", "B", "C"), *, kind: str = "approval", cost: str = "50", second: int = 1, budget: str = "110",
    currency: str = "KZT", rule: str = "greedy", votes: tuple[str, ...] = ("{a},{b}", "{a},{b}", "{a}", "{c}"),
) -> bytes:
    """A small file."""
    a, b, c = ids
    meta = META.format(votes=len(votes), budget=budget, kind=kind, rule=rule, currency=currency)
    projects = PROJECTS.format(a=a, b=b, c=c, cost=cost, second=second)
    rows = "".join(f"{i};{vote.format(a=a, b=b, c=c)}\n" for i, vote in enumerate(votes, 1))
    header = "voter_id;vote;points\n" if kind == "cumulative" else "voter_id;vote\n"
    return (meta + projects + "VOTES\n" + header + rows).encode()


def bring(city: City, now: datetime, data: bytes | None = None, **asked: object) -> importing.Imported:
    request = importing.Request("town.pb", data if data is not None else text(), city, "town-2024", **asked)  # type: ignore[arg-type]
    return importing.import_pb(request, now)


def test_an_election_becomes_a_round_with_published_results(city: City, now: datetime) -> None:
    done = bring(city, now)
    outcome = queries.published(done.round)
    assert outcome is not None
    assert (outcome.is_imported, outcome.ballots, outcome.voters, outcome.spent_tenge) == (True, 4, 4, 110)
    assert queries.rule_outcome(outcome).winners == ("1", "2")
    assert done.audit.matches is True
    assert ImportedElection.objects.get().file_ids == {"1": "A-1", "2": "B", "3": "C"}
    assert comparing.rows_of(outcome)[0].rule == "votes"
    page = Client().get("/en/khromtau/town-2024/results/").text
    assert "This election was held elsewhere and read from the file town.pb." in page
    assert "2 projects of 3 won" in page
    documents = page.partition('id="docs"')[2].partition("</section>")[0]
    assert "town.pb" in documents
    assert "Check a ballot" not in documents


@pytest.mark.parametrize("section", ["", "projects/", "projects/1/", "results/", "verify/", "ballot/", "documents/", "works/"])
def test_every_page_of_an_imported_round_answers(city: City, now: datetime, section: str) -> None:
    bring(city, now)
    assert Client().get(f"/kk/khromtau/town-2024/{section}").status_code < 500


def test_no_foreign_ballot_enters_the_ballot_box(city: City, now: datetime) -> None:
    round_ = bring(city, now).round
    assert (Ballot.objects.count(), Participation.objects.count()) == (0, 0)
    assert Slate.objects.get(round=round_).key_digest == ""
    assert (turnout(round_), turnout_by_channel(round_)) == (4, {"file": 4})
    assert count(round_).votes == {"1": 3, "2": 2, "3": 1}
    with pytest.raises(QatysuError):
        factories.cast(round_, "somebody", ["1"])


def test_imported_ballots_are_never_changed(city: City, now: datetime) -> None:
    bring(city, now)
    for change in (lambda: ImportedBallot.objects.update(times=9), lambda: ImportedBallot.objects.all().delete()):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_points_count(city: City, now: datetime) -> None:
    data = text(kind="cumulative", second=0, votes=("{a},{c};1,9", "{c},{a};2,1", "{b};3"))
    done = bring(city, now, data)
    outcome = queries.outcome_of(done.round)
    assert outcome is not None
    assert {line.entry.code: (line.votes, line.score) for line in queries.lines(outcome)} == {"3": (2, 11), "2": (1, 3), "1": (2, 2)}
    assert queries.rule_outcome(outcome).winners == ("3", "2")


def test_a_page_says_that_the_official_list_differs(city: City, now: datetime) -> None:
    done = bring(city, now, text(second=0))
    assert done.audit.matches is False
    page = Client().get("/en/khromtau/town-2024/results/").text
    assert "The official list of the file differs" in page
    assert "Only computed here: Well" in page


def test_a_tie_is_settled_by_the_official_list_or_not_at_all(city: City, now: datetime) -> None:
    tied = ("{a}", "{b}", "{c},{a}")
    done = bring(city, now, text(budget="60", cost="50", second=0, votes=("{a}", "{b}")))
    assert queries.rule_outcome(done.outcome).winners == ("1",)
    official = text(budget="60", votes=tied)
    without = official.replace(b";selected", b"").replace(b";green,sport;1", b";green,sport").replace(b";water;1", b";water")
    without = without.replace(b";;0", b";")
    request = importing.Request("t.pb", without.replace(b"3;C,A-1", b"3;C"), city, "tied")
    with pytest.raises(Invalid, match="tie_open"):
        importing.import_pb(request, now)
    assert not Round.objects.filter(slug="tied").exists()


def test_numbers_as_ids_stay_the_codes(city: City, now: datetime) -> None:
    bring(city, now, text(("1701", "33", "9")))
    assert set(ImportedElection.objects.get().file_ids) == {"1701", "33", "9"}


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (text(currency="PLN"), "currency"),
        (text(currency=""), "currency"),
        (text(cost="50.5"), "amounts"),
        (b"nonsense", "pb_file"),
        (text().replace(b"num_votes;4", b"num_votes;5"), "pb_file"),
    ],
)
def test_what_the_portal_cannot_hold_is_refused_with_a_line(city: City, now: datetime, data: bytes, reason: str) -> None:
    with pytest.raises(Invalid) as refusal:
        bring(city, now, data)
    assert refusal.value.reason == reason
    assert "\n" not in refusal.value.params["text"]
    assert Round.objects.count() == 0


def test_another_currency_is_taken_only_when_asked_and_the_page_says_so(city: City, now: datetime) -> None:
    done = bring(city, now, text(currency="PLN"), as_tenge=True)
    assert "The file counts in PLN; its sums stand here with the sign of the tenge, unchanged." in done.round.note_en


def test_an_address_is_taken_once(city: City, now: datetime) -> None:
    bring(city, now)
    with pytest.raises(Conflict, match="round_exists"):
        bring(city, now)
    with pytest.raises(Invalid, match="round_slug"):
        importing.import_pb(importing.Request("t.pb", text(), city, "Bad slug"), now)


@pytest.mark.parametrize("rule", ["density", "equal-shares", "phragmen", "welfare"])
def test_another_rule_can_be_asked_for(city: City, now: datetime, rule: str) -> None:
    done = bring(city, now, rule=rule)
    assert (done.outcome.rule, done.outcome.state) == (rule, Outcome.State.PUBLISHED)


def test_an_imported_round_exports_as_the_same_election(city: City, now: datetime) -> None:
    done = bring(city, now, text(currency="PLN"), as_tenge=True)
    file, original = reading.read_bytes(exporting.pb_text(done.round).encode()), reading.read_bytes(text(currency="PLN"))
    assert [(p.id, p.name, p.cost, p.categories) for p in file.election.projects] == [
        (p.id, p.name, p.cost, p.categories) for p in original.election.projects
    ]
    assert file.election.profile.votes(3) == original.election.profile.votes(3)
    assert file.selected == original.selected
    assert {name: file.meta[name] for name in ("unit", "currency", "date_end", "budget", "rule")} == {
        name: original.meta[name] for name in ("unit", "currency", "date_end", "budget", "rule")
    }


def test_rules_that_no_round_here_could_have_are_kept(city: City, now: datetime) -> None:
    done = bring(city, now, params={"conflicts": "A-1/B:B"})
    assert queries.rule_outcome(done.outcome).winners == ("2", "3")
