"""Drafts, limits, teams: what the commands refuse and what they keep."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from qatysu.core.errors import Conflict, Invalid, NotAllowed, NotFound, StageClosed, TooMany
from qatysu.core.regulation import Role, Stage
from qatysu.proposals import commands, queries, words
from qatysu.proposals.models import Comment, Proposal, State, TeamMember
from tests import factories

from .conftest import LONG, complete

TOKEN = "t" * 32


def now() -> Any:
    return timezone.now()


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"title": ""}, "title_needed"),
        ({"title": "аула"}, "title_short"),
        ({"address": "", "latitude": None}, "place_needed"),
        ({"problem": " "}, "problem_needed"),
        ({"problem": "қысқа"}, "problem_short"),
        ({"solution": ""}, "solution_needed"),
        ({"category": None}, "category_needed"),
        ({"cost_tenge": None}, "cost_needed"),
        ({"cost_tenge": 0}, "cost_needed"),
        ({"cost_tenge": 10_000_001}, "cost_over_cap"),
        ({"cost_tenge": 99_999}, "cost_under_min"),
    ],
)
def test_submission_names_what_is_missing(round: Any, author: Any, fields: dict[str, Any], reason: str) -> None:
    with pytest.raises(Invalid) as caught:
        commands.submit_proposal(actor=author, proposal=complete(round, author, **fields), now=now())
    assert caught.value.reason == reason


@pytest.mark.parametrize("cost", [100_000, 10_000_000])
def test_both_ends_of_the_cost_are_allowed(round: Any, author: Any, cost: int) -> None:
    done = commands.submit_proposal(actor=author, proposal=complete(round, author, cost_tenge=cost), now=now())
    assert done.number == 1


def test_category_of_another_round_is_refused(round: Any, author: Any, city: Any) -> None:
    other = factories.make_round(city, slug="other").categories.first()
    draft = complete(round, author)
    with pytest.raises(Invalid, match="category_other_round"):
        commands.save_step(
            actor=author,
            proposal=draft,
            step="money",
            values={"category_id": other.pk, "cost_tenge": 1},
            revision=0,
            now=now(),
        )


def test_author_limit_leaves_out_what_was_withdrawn(round: Any, author: Any) -> None:
    drafts = [complete(round, author) for _ in range(4)]
    for draft in drafts[:3]:
        commands.submit_proposal(actor=author, proposal=draft, now=now())
    with pytest.raises(Conflict, match="author_limit"):
        commands.submit_proposal(actor=author, proposal=drafts[3], now=now())
    commands.withdraw_proposal(actor=author, proposal=drafts[0], reason_code="no_time", reason_text="x", now=now())
    assert commands.submit_proposal(actor=author, proposal=drafts[3], now=now()).number == 4


def test_too_young_authors_are_told_the_age(round: Any, author: Any) -> None:
    author.birth_year = now().year - 12
    author.save()
    with pytest.raises(NotAllowed, match="too_young"):
        commands.start_draft(actor=author, round_=round, language="kk", now=now())


def test_drafts_are_limited_per_day(round: Any, author: Any) -> None:
    for n in range(10):
        draft = commands.start_draft(actor=author, round_=round, language="kk", now=now())
        commands.save_step(
            actor=author, proposal=draft, step="what", values={"title": f"Ой {n}"}, revision=0, now=now()
        )
    with pytest.raises(TooMany):
        commands.start_draft(actor=author, round_=round, language="kk", now=now())


def test_comments_are_limited(round: Any, author: Any) -> None:
    proposal = factories.make_proposal(round)
    for n in range(10):
        commands.comment(actor=author, proposal=proposal, text=f"{n}", language="kk", now=now())
    with pytest.raises(TooMany):
        commands.comment(actor=author, proposal=proposal, text="once more", language="kk", now=now())


@pytest.mark.parametrize("stage", [s for s in Stage if s not in (Stage.IDEAS, Stage.SESSIONS)])
def test_editing_waits_for_its_stage(round: Any, author: Any, stage: Stage) -> None:
    draft = complete(round, author)
    factories.move_to(round, stage, now())
    with pytest.raises(StageClosed):
        commands.save_step(
            actor=author, proposal=draft, step="what", values={"title": "Жаңа атау"}, revision=0, now=now()
        )
    with pytest.raises(StageClosed):
        commands.submit_proposal(actor=author, proposal=draft, now=now())


def test_strangers_may_do_nothing(round: Any, author: Any) -> None:
    proposal, stranger = complete(round, author), factories.make_account()
    common = {"actor": stranger, "proposal": proposal, "now": now()}
    acts: list[Any] = [
        lambda: commands.save_step(**common, step="what", values={"title": "x"}, revision=0),
        lambda: commands.submit_proposal(**common),
        lambda: commands.withdraw_proposal(**common, reason_code="other", reason_text="x"),
        lambda: commands.invite_to_team(**common, token=TOKEN),
        lambda: commands.remove_member(**common, member=1),
        lambda: commands.hand_over_captaincy(**common, member=1),
        lambda: commands.accept_proposal(**common),
        lambda: commands.remove_photo(**common, photo=1),
        lambda: commands.admit_proposal(**common),
        lambda: commands.add_translation(**common, language="ru", title="x", problem="", solution="", address=""),
        lambda: commands.file_on_behalf(
            actor=stranger, round_=round, identifier="a@b.kz", name="", language="kk", now=now()
        ),
    ]
    for act in acts:
        with pytest.raises(NotAllowed):
            act()
    for act in (commands.follow, commands.comment):
        with pytest.raises(NotFound):
            act(**common, **({"text": "x", "language": "kk"} if act is commands.comment else {}))


def test_after_submission_each_revision_is_kept_and_stays_complete(round: Any, author: Any) -> None:
    proposal = complete(round, author)
    commands.submit_proposal(actor=author, proposal=proposal, now=now())
    with pytest.raises(Invalid, match="cost_over_cap"):
        commands.save_step(
            actor=author, proposal=proposal, step="money", values={"cost_tenge": 10**9}, revision=0, now=now()
        )
    for revision in range(2):
        commands.save_step(
            actor=author,
            proposal=proposal,
            step="why",
            values={"problem": LONG * (revision + 2)},
            revision=revision,
            now=now(),
        )
    assert list(proposal.versions.values_list("revision", flat=True)) == [2, 1, 0]


def test_captain_hands_over_before_leaving(round: Any, author: Any) -> None:
    proposal, friend = complete(round, author), factories.make_account()
    commands.invite_to_team(actor=author, proposal=proposal, token=TOKEN, now=now())
    commands.join_team(actor=friend, token=TOKEN, now=now())
    with pytest.raises(Conflict, match="captain_hands_over_first"):
        commands.leave_team(actor=author, proposal=proposal, now=now())
    member = TeamMember.objects.get(account=friend)
    with pytest.raises(NotAllowed):
        commands.hand_over_captaincy(actor=friend, proposal=proposal, member=member.pk, now=now())
    commands.hand_over_captaincy(actor=author, proposal=proposal, member=member.pk, now=now())
    commands.leave_team(actor=author, proposal=proposal, now=now())
    assert list(proposal.team.values_list("account", "role")) == [(friend.pk, "captain")]


def test_an_invitation_ends_after_two_weeks(round: Any, author: Any) -> None:
    proposal = complete(round, author)
    commands.invite_to_team(actor=author, proposal=proposal, token=TOKEN, now=now())
    with pytest.raises(NotFound):
        commands.join_team(actor=factories.make_account(), token=TOKEN, now=now() + timedelta(days=14))
    assert not proposal.invites.filter(token_hash__contains=TOKEN).exists()


def test_declined_merge_moves_nothing(round: Any, author: Any) -> None:
    source, target = factories.make_proposal(round, author=author), factories.make_proposal(round)
    offer = commands.offer_merge(actor=author, source=source, target=target, now=now())
    with pytest.raises(Conflict, match="merge_offered"):
        commands.offer_merge(actor=author, source=source, target=target, now=now())
    commands.decline_merge(actor=target.author, offer=offer, now=now())
    with pytest.raises(Conflict, match="merge_closed"):
        commands.agree_merge(actor=target.author, offer=offer, now=now())
    source.refresh_from_db()
    assert source.state == State.SUBMITTED


def test_centre_offers_but_does_not_consent(round: Any, coach: Any) -> None:
    source, target = factories.make_proposal(round), factories.make_proposal(round)
    offer = commands.offer_merge(actor=coach, source=source, target=target, now=now())
    with pytest.raises(NotFound):
        commands.agree_merge(actor=coach, offer=offer, now=now())
    for captain in (source.author, target.author):
        commands.agree_merge(actor=captain, offer=offer, now=now())
    source.refresh_from_db()
    assert (source.state, source.merged_into) == (State.MERGED, target)


def test_text_is_read_in_the_readers_language(round: Any, coach: Any) -> None:
    proposal = factories.make_proposal(round, title="Алаң")
    commands.add_translation(
        actor=coach, proposal=proposal, language="ru", title="Площадка", problem="", solution="", address="", now=now()
    )
    found = queries.get_public(round, proposal.code)
    assert (words.words_of(found, "ru").title, words.words_of(found, "en").title) == ("Площадка", "Алаң")


def test_search_finds_word_forms_and_numbers(round: Any, author: Any) -> None:
    done = commands.submit_proposal(actor=author, proposal=complete(round, author, title="Мектеп алаңдары"), now=now())
    for text in ("алаңы", "мектептің", "АЛАҢДА", "алаң мект", "1"):
        assert [p.pk for p in queries.matching(Proposal.objects.all(), text)] == [done.pk], text
    for text in ("көпір", "алаң көпір", "%", "2"):
        assert list(queries.matching(Proposal.objects.all(), text)) == ([] if text != "%" else [done])


@given(st.text(max_size=200), st.text(max_size=200))
def test_differences_rebuild_both_texts(before: str, after: str) -> None:
    pieces = queries.compare(before, after)
    assert "".join(p.text for p in pieces if p.kind != "removed") == after
    assert "".join(p.text for p in pieces if p.kind != "added") == before


def test_staff_of_another_city_is_a_stranger(round: Any, author: Any) -> None:
    foreign = factories.make_staff(Role.COACH, factories.make_city("elsewhere"))
    proposal = factories.make_proposal(round, author=author)
    with pytest.raises(NotAllowed):
        commands.accept_proposal(actor=foreign, proposal=proposal, now=now())


@pytest.mark.parametrize("count", [1, 3])
def test_project_page_needs_the_same_queries_for_any_discussion(
    round: Any, author: Any, count: int, django_assert_num_queries: Any
) -> None:
    proposal = factories.make_proposal(round)
    for n in range(count):
        made = commands.comment(actor=author, proposal=proposal, text=f"Сұрақ {n}", language="kk", now=now())
        commands.reply(actor=proposal.author, parent=made, text=f"Жауап {n}", language="kk", now=now())
    with django_assert_num_queries(19):
        page = queries.project_page(factories.fresh(round), proposal.code, author, now())
    assert page.message_count == count * 2
    assert all(len(message.replies) == 1 for message in page.discussion)


def test_the_ninth_file_is_refused(round: Any, author: Any) -> None:
    draft = complete(round, author)
    for n in range(8):
        upload = SimpleUploadedFile(f"{n}.pdf", b"%%PDF-1.4 %d\n%%%%EOF" % n)
        commands.add_photo(actor=author, proposal=draft, upload=upload, caption="", now=now())
    with pytest.raises(Invalid, match="too_many_files"):
        commands.add_photo(actor=author, proposal=draft, upload=upload, caption="", now=now())
    second = draft.files.order_by("position")[1]
    commands.raise_photo(actor=author, proposal=draft, photo=second.pk, now=now())
    assert draft.files.order_by("position")[0] == second


def test_a_resident_goes_on_with_what_the_centre_began(round: Any, coach: Any) -> None:
    draft = commands.file_on_behalf(
        actor=coach, round_=round, identifier="apa@example.kz", name="Апа", language="kk", now=now()
    )
    values = {"title": "Аулаға жарық", "address": "Абай, 3"}
    commands.save_step(actor=coach, proposal=draft, step="what", values=values, revision=0, now=now())
    commands.save_step(
        actor=draft.author,
        proposal=draft,
        step="why",
        values={"problem": LONG, "solution": LONG},
        revision=1,
        now=now(),
    )
    category = round.categories.first()
    commands.save_step(
        actor=coach,
        proposal=draft,
        step="money",
        values={"category_id": category.pk, "cost_tenge": 900_000},
        revision=2,
        now=now(),
    )
    done = commands.submit_proposal(actor=coach, proposal=draft, now=now())
    with pytest.raises(NotAllowed):
        commands.withdraw_proposal(actor=coach, proposal=done, reason_code="other", reason_text="x", now=now())


def test_unhiding_shows_the_message_again(round: Any, author: Any, coach: Any) -> None:
    proposal = factories.make_proposal(round)
    made = commands.comment(actor=author, proposal=proposal, text="Сәлем", language="kk", now=now())
    commands.hide_comment(actor=coach, hidden=made, reason="Қате", now=now())
    with pytest.raises(Conflict, match="comment_hidden"):
        commands.reply(actor=author, parent=Comment.objects.get(), text="x", language="kk", now=now())
    commands.unhide_comment(actor=coach, hidden=made, now=now())
    assert queries.project_page(round, proposal.code, author, now()).discussion[0].text == "Сәлем"
