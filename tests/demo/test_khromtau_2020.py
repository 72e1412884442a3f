"""Every published figure of the study comes out by computing it from rows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction

from qatysu.ballots.models import Ballot, Participation
from qatysu.core.money import percent
from qatysu.places.queries import denominator
from qatysu.proposals.models import Move, Proposal, State
from qatysu.proposals.queries import counts
from qatysu.proposals.reasons import BY_STATE
from qatysu.results import queries
from qatysu.results.gates import gates
from qatysu.results.models import Outcome
from qatysu.rounds.models import Round
from qatysu.rules.model import Reason, Verdict

#: Winners in order with their votes, as the study prints them (chapter 4).
WINNERS = (
    (269, "Подготовка бетонного основания школьного стадиона для беговой дорожки, спортивной"),
    (132, "Приобретение и установка детской площадки и зоны Work Outa"),
    (112, "Реконструкция детской площадки"),
    (86, "Приобретение и установка детской спортивной площадки"),
    (83, "Приобретение и установка многофункциональной детской игровой"),
    (79, "Установка дворового освещения"),
    (76, "Общественная аллея"),
    (68, "Остановочный комплекс"),
    (55, "Приобретение и установка детской спортивной площадки"),
    (52, "Автопарковка"),
    (26, "Приобретение и установка детской спортивной площадки"),
    (25, "Строительство Стритбол площадки"),
    (18, "Антивандальные столы для настольного тенниса"),
)
RoundOf = Callable[[str, str], Round]


def outcome_of(round_: Round) -> Outcome:
    found = queries.published(round_)
    assert found is not None
    return found


def russian_title(proposal: Proposal) -> str:
    if proposal.language == "ru":
        return proposal.title
    return proposal.translations.get(language="ru").title


def test_funnel_is_that_of_the_study(round_of: RoundOf) -> None:
    round_ = round_of("khromtau", "2020")
    found = counts(round_)
    assert (found.submitted, found.authors, found.admitted) == (45, 21, 17)
    won = outcome_of(round_).lines.filter(verdict=Verdict.FUNDED.value).count()
    assert won == 13
    assert percent(Fraction(found.admitted, found.submitted), 0) == "38\u00a0%"
    assert percent(Fraction(won, found.admitted), 0) == "76\u00a0%"


def test_seventeen_projects_had_ten_captains(round_of: RoundOf) -> None:
    admitted = Proposal.objects.filter(round=round_of("khromtau", "2020"), state=State.ADMITTED)
    assert admitted.values("author").distinct().count() == 10


def test_no_author_filed_more_than_the_constitution_allows(round_of: RoundOf) -> None:
    round_ = round_of("khromtau", "2020")
    authors = list(Proposal.objects.filter(round=round_).values_list("author", flat=True))
    assert max(authors.count(author) for author in set(authors)) <= round_.constitution.proposals_per_author


def test_winners_come_out_in_order_with_their_votes(round_of: RoundOf) -> None:
    lines = queries.lines(outcome_of(round_of("khromtau", "2020")))
    won = [line for line in lines if line.verdict == Verdict.FUNDED.value]
    assert [line.votes for line in won] == [votes for votes, _ in WINNERS]
    titles = [russian_title(line.entry.proposal) for line in won]
    assert all(title.startswith(published) for title, (_, published) in zip(titles, WINNERS, strict=True))


def test_the_four_others_have_thirty_votes_and_none_more_than_ten(round_of: RoundOf) -> None:
    lines = queries.lines(outcome_of(round_of("khromtau", "2020")))
    lost = [line for line in lines if line.reason == Reason.BELOW_THRESHOLD.value]
    assert len(lost) == 4
    assert sum(line.votes for line in lost) == 30
    assert max(line.votes for line in lost) == 10


def test_votes_are_rows_and_money_adds_up(round_of: RoundOf) -> None:
    round_ = round_of("khromtau", "2020")
    outcome = outcome_of(round_)
    assert Ballot.objects.filter(round=round_).count() == 1111
    assert Participation.objects.filter(round=round_).count() == 1111
    assert outcome.spent_tenge == 61_040_000
    assert outcome.budget_tenge - outcome.spent_tenge == 3_960_000
    assert all(gate.ok for gate in gates(round_))


def test_turnout_is_that_of_the_study(round_of: RoundOf) -> None:
    round_ = round_of("khromtau", "2020")
    outcome = outcome_of(round_)
    shares = {
        turnout.population.count: percent(turnout.share) for turnout in queries.turnout_shares(round_, outcome.voters)
    }
    assert shares[26_706] == "4,16\u00a0%"
    assert shares[45_828] == "2,42\u00a0%"
    first = denominator(round_.city, outcome.counted_at.date())
    assert first is not None
    assert first.count == 26_706
    today = denominator(round_.city, date(2026, 1, 1))
    assert today is not None
    assert today.count == 29_579


def test_everything_happened_in_2020(round_of: RoundOf) -> None:
    round_ = round_of("khromtau", "2020")
    outcome = outcome_of(round_)
    moves = Move.objects.filter(proposal__round=round_)
    assert {move.at.year for move in moves} == {2020}
    assert outcome.published_at is not None
    assert outcome.counted_at.date() == date(2020, 11, 16)  # after the time of audit
    voting = round_.stages.get(stage="voting")
    assert voting.closes_at.isoformat() == "2020-11-08T19:00:00+00:00"


def test_every_refusal_has_a_code_that_the_portal_knows(round_of: RoundOf) -> None:
    round_of("khromtau", "2020")
    for move in Move.objects.filter(new__in=[str(state) for state in BY_STATE]):
        assert move.reason_code in BY_STATE[State(move.new)]
        assert move.reason_text


def test_what_the_study_does_not_publish_is_marked(round_of: RoundOf) -> None:
    assert not Proposal.objects.filter(round=round_of("khromtau", "2020"), is_illustrative=False).exists()
