"""Reports of rapporteurs, opinions of units, questions to the team."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from qatysu.core.errors import Conflict, Invalid, NotAllowed
from qatysu.core.regulation import Role
from qatysu.council import commands
from qatysu.council.checklist import POINTS
from qatysu.council.models import Inquiry, Matter, Point, PointAnswer, Review, UnitOpinion, Verdict
from qatysu.council.queries.reviews import findings, table_of
from qatysu.proposals.models import Proposal, State, TeamMember
from qatysu.vault.triggers import refused_by
from tests import factories
from tests.council import holding
from tests.council.holding import Council
from tests.council.test_deciding import REFUSAL
from tests.council.test_pages import HOME, post

pytestmark = pytest.mark.django_db


@pytest.fixture
def matter(council: Council, ready: Callable[..., Proposal], now: datetime) -> Matter:
    """A project that waits."""
    ready(title="Аула жарығы")
    commands.collect_matters(actor=council.keeper, round_=council.round, now=now)
    return Matter.objects.select_related("proposal__round__constitution", "round__city").get()


def assign(council: Council, matter: Matter, now: datetime, seat: Any = None) -> Review:
    due = (now + timedelta(days=3)).date()
    return commands.assign_review(actor=council.keeper, matter=matter, seat=seat or council.members[0], due_on=due, now=now)


def every(answer: str = "yes", text: str = "") -> dict[int, tuple[str, str]]:
    return {point.pk: (answer, text) for point in Point.objects.all()}


def submit(council: Council, review: Review, now: datetime, **more: Any) -> Review:
    values: dict[str, Any] = {
        "actor": review.rapporteur.account, "review": review, "answers": every(), "recommendation": "admit", "summary": "All is well.",
        "language": "ru", "now": now,
    }  # fmt: skip
    return commands.submit_review(**values | more)


def test_a_report_answers_every_point_and_then_stays(council: Council, matter: Matter, now: datetime) -> None:
    review = assign(council, matter, now)
    assert Point.objects.count() == len(POINTS)
    with pytest.raises(Invalid, match="points_open"):
        submit(council, review, now, answers={})
    submit(council, review, now)
    with pytest.raises(Conflict, match="review_submitted"):
        submit(council, review, now)
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        PointAnswer.objects.update(answer="no", text="x")
    assert refused_by(error.value) == "qatysu:council:review_kept"


def test_every_no_needs_a_reason(council: Council, matter: Matter, now: datetime) -> None:
    review = assign(council, matter, now)
    with pytest.raises(Invalid, match="no_needs_reason"):
        submit(council, review, now, answers=every("no"))
    submit(council, review, now, answers=every("no", "The land is private."), recommendation="not_admit")
    with pytest.raises(IntegrityError), transaction.atomic():
        PointAnswer.objects.create(review=review, point=Point.objects.first(), answer="no", text="", at=now)


@pytest.mark.parametrize(("more", "code"), [({"recommendation": "perhaps"}, "verdict"), ({"summary": " "}, "text_needed")])
def test_a_report_recommends_in_words(council: Council, matter: Matter, now: datetime, more: dict[str, Any], code: str) -> None:
    with pytest.raises(Invalid, match=code):
        submit(council, assign(council, matter, now), now, **more)


def test_the_rapporteur_is_impartial_and_alone(council: Council, matter: Matter, now: datetime) -> None:
    assert matter.proposal is not None
    member = council.members[1]
    TeamMember.objects.create(proposal=matter.proposal, account=member.account, role="member", joined_at=now)
    with pytest.raises(Conflict, match="rapporteur_conflict"):
        assign(council, matter, now, member)
    review = assign(council, matter, now)
    with pytest.raises(Conflict, match="review_open"):
        assign(council, matter, now, council.members[2])
    with pytest.raises(NotAllowed, match="not_yours"):
        submit(council, review, now, actor=council.keeper)


def test_after_an_appeal_another_member_reports(council: Council, matter: Matter, now: datetime) -> None:
    submit(council, assign(council, matter, now), now)
    holding.decided(council, matter, Verdict.NOT_ADMIT, now, **REFUSAL)
    assert matter.proposal is not None
    decision = matter.decisions.get()
    appeal = commands.file_appeal(
        actor=matter.proposal.author, decision=decision, text="The land was given in May, see the paper.", language="ru", now=now
    )
    commands.take_appeal(actor=council.keeper, appeal=appeal, now=now)
    with pytest.raises(Conflict, match="rapporteur_again"):
        assign(council, matter, now)
    assert assign(council, matter, now, council.members[1]).turn == 2


def test_findings_are_facts_beside_the_points(council: Council, matter: Matter, ready: Callable[..., Proposal]) -> None:
    assert matter.proposal is not None
    found = findings(matter.proposal)
    assert (found["cap"].is_good, found["cap"].value) == (True, 6_000_000)
    assert found["documents"].is_good is False
    ready(title="Аула жарығы 2", stems=" аула жарығы ", cost_tenge=11_000_000)
    assert findings(Proposal.objects.get(title="Аула жарығы 2"))["cap"].is_good is False


def test_like_cases_are_shown_refusals_first(council: Council, matter: Matter, ready: Callable[..., Proposal], now: datetime) -> None:
    others = [ready(title=f"Басқа {n}") for n in range(2)]
    commands.collect_matters(actor=council.keeper, round_=council.round, now=now)
    holding.decided(council, Matter.objects.get(proposal=others[0]), Verdict.NOT_ADMIT, now, **REFUSAL)
    holding.decided(council, Matter.objects.get(proposal=others[1]), Verdict.ADMIT, now)
    assert [row.verdict for row in table_of(matter).like] == ["not_admit", "admit"]


def test_a_unit_answers_once(council: Council, matter: Matter, now: datetime) -> None:
    due = (now + timedelta(days=3)).date()
    asked = commands.ask_unit(
        actor=council.keeper, matter=matter, unit="Land department", question="Whose land is it?", due_on=due, now=now
    )
    officer = factories.make_staff(Role.AKIMAT_OFFICER, council.round.city)
    values: dict[str, Any] = {"opinion": asked, "verdict": "agreed", "text": "The town's.", "language": "ru", "now": now}
    with pytest.raises(NotAllowed):
        commands.answer_unit(actor=council.keeper, **values)
    commands.answer_unit(actor=officer, **values)
    with pytest.raises(Conflict, match="answered"):
        commands.answer_unit(actor=officer, **values)
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        UnitOpinion.objects.update(verdict="against")
    assert refused_by(error.value) == "qatysu:council:opinion_kept"
    with pytest.raises(Invalid, match="due_day"):
        commands.ask_unit(
            actor=council.keeper, matter=matter, unit="Roads", question="Is it safe?", due_on=(now - timedelta(days=2)).date(), now=now
        )


def test_review_and_questions_through_the_pages(council: Council, matter: Matter, now: datetime) -> None:
    assert matter.proposal is not None
    secretary, member = factories.client_for(council.keeper), factories.client_for(council.members[0].account)
    page, due = f"{HOME}matters/1/", (now + timedelta(days=3)).date().isoformat()
    post(secretary, page, do="assign", seat=council.members[0].pk, due_on=due)
    points = {f"p{point.pk}": "yes" for point in Point.objects.all()}
    first = Point.objects.order_by("position").first()
    assert first is not None
    answer = post(member, page, 422, do="submit", **points | {f"p{first.pk}": "no"}, recommendation="admit", summary="Kept words")
    assert "Kept words" in answer.content.decode()
    assert "Every “no” needs a reason" in answer.content.decode()
    post(member, page, do="submit", **points, recommendation="admit", summary="All is well.")
    post(member, page, do="ask-team", question="Who cleans the snow?", due_on=due)
    captain = factories.client_for(matter.proposal.author)
    mine = f"{HOME}appeals/{matter.proposal.code}/"
    assert "Who cleans the snow?" in captain.get(mine).content.decode()
    post(captain, mine, do="answer", inquiry=Inquiry.objects.get().pk, answer="The school does.")
    shown = secretary.get(page).content.decode()
    assert "The school does." in shown
    assert "All is well." in shown
    post(secretary, page, do="ask-unit", unit="Land", question="Whose land is it?", due_on=due)
    officer = factories.client_for(factories.make_staff(Role.AKIMAT_OFFICER, council.round.city))
    post(officer, page, do="answer-unit", opinion=UnitOpinion.objects.get().pk, verdict="condition", text="After a survey.")
    assert "After a survey." in member.get(page).content.decode()
    assert Client().get(page).status_code == 302
    Proposal.objects.filter(pk=matter.proposal_id).update(state=State.READY)


def test_the_checklist_is_changed_by_the_secretary(council: Council, matter: Matter, now: datetime) -> None:
    secretary, page = factories.client_for(council.keeper), f"{HOME}checklist/"
    assert POINTS[0].en in secretary.get(page).content.decode()
    post(secretary, page, 422, label_kk="Қыс", label_ru="")
    post(secretary, page, point="", label_kk="Қысқа дайын", label_ru="Готов к зиме", reason="unsafe", is_active="yes")
    own = Point.objects.get(label_ru="Готов к зиме")
    assert (own.position, own.label_en) == (len(POINTS) + 1, "Готов к зиме")
    post(secretary, page, point=own.pk, label_kk="Қысқа дайын", label_ru="Готов к зиме", reason="")
    own.refresh_from_db()
    assert not own.is_active
    post(secretary, page, 422, point=own.pk, label_kk="Қысқа дайын", label_ru="Готов к зиме", reason="because")
    member = factories.client_for(council.members[0].account)
    assert member.get(page).status_code == 404
