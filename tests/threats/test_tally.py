"""LEDGER threat 19: the tally does not match the box.

Two hundred random logs are counted by four programs: the portal's own reading of a published log, the public verifier, the single
file, and the slow reference of the rules, which is given what the voters of the test chose and never sees the log. Then one figure
in the database is changed: nothing can be approved or published with it.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from functools import partial
from random import Random
from typing import Any

import pytest
from django.db import connection

from qatysu.ballots import logs as box_logs
from qatysu.core.errors import Conflict
from qatysu.identity.models import Account
from qatysu.ledger.leaf import voter_handle
from qatysu.results import commands, queries
from qatysu.results.gates import gates
from qatysu.results.models import Outcome
from qatysu.rounds.models import Round
from qatysu.rules.model import Election, Profile, Project
from qatysu.tally import published
from qatysu.verify import outcome as verifier
from qatysu.verify.checking import verify
from qatysu.verify.standalone import verify as alone
from tests import counting
from tests.pure.reference.run import run
from tests.results.conftest import counted as counted  # reason: a fixture
from tests.results.conftest import people as people  # reason: a fixture
from tests.verify import logs
from tests.verify.logs import LOG, Entry

LOGS, BATCH = 200, 20
KEY = alone.read_key(str(LOG.verifier))
PARAMS: dict[str, tuple[dict[str, str], ...]] = {
    "votes": ({"fit": "skip"}, {"fit": "stop"}, {"min_score": "2", "min_score_op": "ge"}, {"min_score": "1", "min_score_op": "gt"}),
    "density": ({}, {"min_score": "1"}, {"parts": "category"}),
    "equal-shares": ({"utility": "cost", "completion": "none"}, {"utility": "cardinality", "completion": "none"}),
    "phragmen": ({"unaffordable": "skip"}, {"unaffordable": "stop"}),
    "welfare": ({}, {"parts": "category"}),
}
People = tuple[Account, Account]
Make = Callable[..., Round]


class Vote:
    """An election as its voters know it, and the log that a box makes of it."""

    def __init__(self, number: int) -> None:
        r = self.chance = Random(number)
        self.codes = [str(code) for code in r.sample(range(1, 60), r.randint(2, 5))]
        self.costs = {code: r.choice((3, 4, 5, 6, 10, 12)) for code in self.codes}
        self.category = {code: r.choice(("", "parks", "sport")) for code in self.codes}
        self.rule = r.choice(sorted(PARAMS))
        self.params = dict(r.choice(PARAMS[self.rule]))
        self.budget = r.randint(3, sum(self.costs.values()) + 2)
        self.parts = {"parks": r.randint(2, 14)} if self.params.get("parts") else {}
        self.order = r.sample(self.codes, len(self.codes))
        self.most = r.randint(1, len(self.codes))
        #: Voter -> the choices of each attempt; the last one counts.
        self.attempts = {f"voter {i}": [self._choice() for _ in range(r.choice((1, 1, 1, 2, 3)))] for i in range(r.randint(0, 9))}
        self.annulled = {voter for voter in self.attempts if r.random() < 0.15}

    def _choice(self) -> tuple[str, ...]:
        return tuple(self.chance.sample(self.codes, self.chance.randint(1, self.most)))

    @property
    def counted(self) -> list[tuple[str, ...]]:
        """What counts, by the voters' own knowledge."""
        return [choices[-1] for voter, choices in self.attempts.items() if voter not in self.annulled]

    def reference(self) -> tuple[dict[str, int], list[str]]:
        """Votes and winners, without a log."""
        place = {code: i for i, code in enumerate(self.codes)}
        projects = tuple(
            Project(code, self.costs[code], categories=(self.category[code],) if self.category[code] else ()) for code in self.codes
        )
        rows = (([place[code] for code in choices], None, 1) for choices in self.counted)
        given = {**self.params, "tie": "decision", "tie_decision": ",".join(self.order)}
        found = run(Election(projects, Profile.build(rows), self.budget, category_budgets=self.parts), self.rule, given)
        votes = Counter(code for choices in self.counted for code in choices)
        if self.rule == "welfare":
            # The reference finds the best set; its members stand by votes, then by code.
            found.winners.sort(key=lambda code: (-votes[code], code))
        return {code: votes[code] for code in self.codes}, list(found.winners)

    def entries(self, votes: dict[str, int], winners: list[str]) -> list[Entry]:
        """The log; ``votes`` and ``winners`` are what its result states."""
        casts = [logs.cast(v, n, *codes) for v, all_ in self.attempts.items() for n, codes in enumerate(all_, 1)]
        openings = [logs.opened(v, len(all_), *all_[-1]) for v, all_ in self.attempts.items()]
        self.chance.shuffle(casts)
        self.chance.shuffle(openings)
        rows = [[c, self.costs[c], self.category[c], hashlib.sha256(c.encode()).hexdigest()] for c in self.codes]
        manifest = logs.manifest(
            projects=rows, budget=self.budget, max_choices=self.most, rule=self.rule, params=sorted(map(list, self.params.items())),
            parts=sorted(map(list, self.parts.items())),
        )
        return [
            manifest, *casts, {"t": "close", "v": 1, "entries": len(casts) + 1, "handles": len(self.attempts)},
            *(logs.annulled(voter, len(self.attempts[voter])) for voter in sorted(self.annulled)), *openings,
            {
                "t": "result", "v": 1, "counts": [[c, votes[c]] for c in self.codes], "ballots": len(self.counted),
                "winners": winners, "spent": sum(self.costs[c] for c in winners), "tie_decision": self.order, "code": "test",
            },
        ]  # fmt: skip


@pytest.mark.parametrize("batch", range(LOGS // BATCH))
def test_threat_19_four_programs_count_the_same_in_200_random_logs(batch: int) -> None:
    for number in range(batch * BATCH, (batch + 1) * BATCH):
        vote = Vote(number)
        votes, winners = vote.reference()
        files = logs.publish([logs.raw(entry) for entry in vote.entries(votes, winners)])
        report, single = verify(files, LOG.verifier), alone.verify(files.get, KEY, alone.Kept())
        assert (number, report.faults, single["faults"]) == (number, [], [])
        assert report.replay is not None
        assert report.outcome is not None
        assert report.replay.manifest is not None
        portal = verifier.outcome(report.replay.manifest, report.replay.counted(), vote.order)
        assert list(portal.winners) == list(report.outcome.winners) == single["winners"] == winners
        assert report.replay.votes(report.replay.counted()) == dict(single["counts"]) == votes
        assert report.replay.annulled == len(vote.annulled)


def test_the_random_logs_hold_what_they_are_meant_to() -> None:
    votes = [Vote(number) for number in range(LOGS)]
    assert {vote.rule for vote in votes} == set(PARAMS)
    assert sum(bool(vote.annulled) for vote in votes) > 60
    assert sum(any(len(found) > 1 for found in vote.attempts.values()) for vote in votes) > 100
    assert sum(len(vote.reference()[1]) >= 2 for vote in votes) > 60
    assert sum(not vote.attempts for vote in votes) >= 5


@pytest.mark.parametrize("number", range(0, LOGS, 4))
def test_threat_19_a_result_with_one_vote_moved_is_refused_by_both(number: int) -> None:
    vote = Vote(number)
    votes, winners = vote.reference()
    one, other = vote.codes[:2]
    moved = votes | {one: votes[one] + 1, other: max(0, votes[other] - 1)}
    files = logs.publish([logs.raw(entry) for entry in vote.entries(moved, winners)])
    assert "counts" in {fault.code for fault in verify(files, LOG.verifier).faults}
    assert "counts" in {fault["code"] for fault in alone.verify(files.get, KEY, alone.Kept())["faults"]}


@pytest.mark.django_db
@pytest.mark.parametrize("number", range(6))
def test_the_box_of_the_portal_counts_what_the_reference_counts(counted: Make, people: People, now: datetime, number: int) -> None:
    """The same through ballots cast, sealed, opened and counted by the real commands."""
    r = Random(f"box {number}")
    costs = [r.choice((3_000_000, 4_000_000, 5_000_000, 6_000_000, 9_000_000)) for _ in range(r.randint(2, 4))]
    codes = [str(i + 1) for i in range(len(costs))]
    chosen = [r.sample(codes, r.randint(1, len(codes))) for _ in range(r.randint(1, 9))]
    params = {"utility": "cost", "completion": "none"} if number % 2 else {}
    round_ = counted(costs, chosen, rule="equal-shares" if number % 2 else "votes", rule_params=params, max_choices=4, tie="cheaper")
    outcome = counting.declare(people[0], round_, now)
    while queries.open_ties(outcome):
        outcome = counting.decide_tie(people[1], round_, sorted(queries.open_ties(outcome)[0].projects), "By lot", now)
    rows = (([codes.index(code) for code in choices], None, 1) for choices in chosen)
    projects = tuple(Project(code, cost, categories=("parks",)) for code, cost in zip(codes, costs, strict=True))
    wanted = run(Election(projects, Profile.build(rows), outcome.budget_tenge), outcome.rule, dict(outcome.params))
    stored = queries.rule_outcome(outcome)
    assert list(stored.winners) == wanted.winners
    box = published.read(box_logs.log_of(round_), anew=True)
    assert box.is_good
    assert box.result is not None
    assert box.result["winners"] == wanted.winners
    assert dict(box.result["counts"]) == {code: sum(code in choices for choices in chosen) for code in codes}


def change(table: str, what: str, where: str, *values: Any) -> None:
    """Change rows as somebody does who has the password of the database."""
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {what} WHERE {where}", values)
        assert cursor.rowcount


@pytest.mark.django_db
@pytest.mark.parametrize("approved", [False, True])
@pytest.mark.parametrize(
    ("what", "where"),
    [
        ("votes = votes + 1", "entry_id = (SELECT e.id FROM ballots_slateentry e WHERE e.code = '2')"),
        # One vote goes from the third to the second project: the sum stays.
        ("votes = votes + CASE WHEN votes = 3 THEN -1 ELSE 1 END", "votes IN (2, 3)"),
        ("votes = 9", "votes = 4"),
    ],
)
def test_threat_19_a_changed_count_in_the_database_is_not_published(
    counted: Make, people: People, now: datetime, approved: bool, what: str, where: str
) -> None:
    round_ = counted([4_000_000, 5_000_000, 6_000_000], [["1"]] * 4 + [["2"]] * 2 + [["3"]] * 3)
    counting.declare(people[0], round_, now)
    if approved:
        commands.approve(actor=people[1], round=round_, protocol_number="7", now=now)
        counting.seal(round_, now)
    change("results_outcomeline", what, where)
    next_act = (
        partial(commands.publish, actor=people[0]) if approved else partial(commands.approve, actor=people[1], protocol_number="7")
    )
    with pytest.raises(Conflict, match="gates_closed") as refused:
        next_act(round=round_, now=now)
    assert {"same_again", "result_published"} <= set(refused.value.params["gates"])
    assert not Outcome.objects.filter(state=Outcome.State.PUBLISHED).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("what", ["spent_tenge = spent_tenge - 1", "ballots = ballots + 1", "voters = voters - 1"])
def test_other_changed_figures_are_not_published_either(counted: Make, people: People, now: datetime, what: str) -> None:
    round_ = counted([4_000_000], [["1"]] * 4)
    outcome = counting.declare(people[0], round_, now)
    assert all(gate.ok for gate in gates(round_))
    change("results_outcome", what, "id = %s", outcome.pk)
    with pytest.raises(Conflict, match="gates_closed"):
        commands.approve(actor=people[1], round=round_, protocol_number="7", now=now)


@pytest.mark.django_db
def test_the_handle_of_the_random_logs_is_that_of_the_box() -> None:
    """The builder of the tests makes handles as the portal does, so that its logs are logs of the portal."""
    assert logs.cast("voter 1", 1, "1")["b"] == voter_handle(logs.VOTER, logs.ORIGIN, "voter 1")
