"""Pages of an idea that everybody sees: discussion, versions, checks by the Centre, merging."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from qatysu.identity.models import Account
from qatysu.proposals import commands, queries
from qatysu.proposals.models import Comment, CommentReport, Proposal, State
from qatysu.rounds.models import Round
from tests import factories

from .conftest import LONG, complete

BASE = "/en/khromtau/demo/"


def idea(proposal: Proposal, step: str) -> str:
    return f"/en/cabinet/ideas/{proposal.token}/{step}/"


@pytest.fixture
def public(mine: Proposal) -> Proposal:
    return commands.submit_proposal(actor=mine.author, proposal=mine, now=timezone.now())


def test_similar_ideas_are_a_fragment(public: Proposal, client: Client) -> None:
    page = client.get(BASE + "propose/similar/", {"title": "балалар алаңдары"}).content.decode()
    assert public.title in page
    assert "<html" not in page
    assert client.get(BASE + "propose/similar/", {"title": "мүлдем өзге"}).content.decode().strip() == ""


def test_comment_and_answer_are_stored_once(public: Proposal) -> None:
    browser = factories.client_for(factories.make_account())
    path = BASE + "projects/1/comment/"
    first, second = browser.post(path, {"text": "Қашан?"}), browser.post(path, {"text": "Қашан?"})
    assert first["Location"] == second["Location"]
    browser.post(path, {"text": "Көктемде", "parent": Comment.objects.get().pk})
    assert Comment.objects.filter(parent__isnull=False).count() == 1
    assert browser.post(path, {"text": "x" * 2001}).status_code == 422
    assert browser.post(path, {"text": "x", "parent": "99999"}).status_code == 404


def test_moderator_hides_with_a_reason(public: Proposal, coach: Account, client: Client) -> None:
    browser = factories.client_for(factories.make_account())
    browser.post(BASE + "projects/1/comment/", {"text": "Жаман сөз"})
    pk = Comment.objects.get().pk
    browser.post(f"/en/comments/{pk}/report/")
    waiting = CommentReport.objects.filter(comment_id=pk, answered_at=None)
    assert waiting.count() == 1
    assert browser.post(f"/en/comments/{pk}/judge/", {"act": "hide", "reason": "x"}).status_code == 403
    moderator = factories.client_for(coach)
    moderator.post(f"/en/comments/{pk}/judge/", {"act": "hide", "reason": "Балағат"})
    assert waiting.count() == 0
    shown = queries.project_page(public.round, "1", client, timezone.now()).discussion[0]
    assert (shown.text, shown.hidden_reason) == ("", "Балағат")


def test_follow_and_unfollow(public: Proposal) -> None:
    browser = factories.client_for(factories.make_account())
    for act, count in (("follow", 1), ("follow", 1), ("unfollow", 0)):
        assert browser.post(BASE + "projects/1/follow/", {"act": act}).status_code == 302
        assert public.follows.count() == count


def test_versions_show_what_changed(public: Proposal, browser: Client, client: Client) -> None:
    browser.post(
        idea(public, "why"), {"problem": LONG + " Тағы да.", "solution": LONG, "present_state": "", "revision": 0}
    )
    page = client.get(BASE + "projects/1/versions/").content.decode()
    assert "<ins> Тағы да.</ins>" in page
    assert client.get(BASE + "projects/1/versions/?old=zz&new=99").status_code == 200


def test_centre_files_for_a_resident(round: Round, coach: Account) -> None:
    desk = factories.client_for(coach)
    assert (
        desk.post(BASE + "propose/on-behalf/", {"identifier": "nobody", "name": "А", "language": "kk"}).status_code
        == 422
    )
    answer = desk.post(BASE + "propose/on-behalf/", {"identifier": "8 701 555 44 33", "name": "Апа", "language": "kk"})
    draft = Proposal.objects.get()
    assert (draft.author.name, draft.filed_by) == ("Апа", coach)
    assert desk.get(answer["Location"]).status_code == 200


def test_a_translation_is_found_by_search(public: Proposal, coach: Account) -> None:
    texts = {"title": "Детская площадка", "problem": "", "solution": "", "address": ""}
    commands.add_translation(actor=coach, proposal=public, language="ru", now=timezone.now(), **texts)
    found = queries.matching(Proposal.objects.filter(round=public.round), "площадки")
    assert [p.pk for p in found] == [public.pk]


def test_merge_needs_both_captains(public: Proposal, browser: Client, round: Round) -> None:
    other = factories.make_account("Б. В.")
    target = commands.submit_proposal(actor=other, proposal=complete(round, other), now=timezone.now())
    factories.client_for(factories.make_account()).post(BASE + "projects/1/follow/")
    browser.post(idea(public, "merge"), {"code": "77"})
    browser.post(idea(public, "merge"), {"code": target.code})
    offer = public.merge_offers.get()
    path = f"/en/cabinet/merges/{offer.pk}/"
    public.refresh_from_db()
    assert public.state == State.SUBMITTED
    assert factories.client_for(factories.make_account()).get(path).status_code == 404
    assert browser.get(path).status_code == 200
    factories.client_for(other).post(path, {"act": "agree"})
    public.refresh_from_db()
    assert (public.state, public.merged_into) == (State.MERGED, target)
    assert (target.team.count(), target.follows.count(), public.follows.count()) == (2, 1, 0)


def test_tiles_are_served_in_ranges(client: Client, settings: Any, tmp_path: Any, db: None) -> None:
    tiles = tmp_path / "town.pmtiles"
    tiles.write_bytes(bytes(range(100)))
    settings.TILES = str(tiles)
    piece = client.get("/tiles/town.pmtiles", headers={"range": "bytes=10-19"})
    assert (piece.status_code, piece.content, piece["Content-Range"]) == (206, bytes(range(10, 20)), "bytes 10-19/100")
    assert client.get("/tiles/town.pmtiles").status_code == 416
    assert client.get("/tiles/town.pmtiles", headers={"range": "bytes=200-"}).status_code == 416
    assert client.get("/tiles/other.pmtiles", headers={"range": "bytes=0-1"}).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_lists_need_the_same_queries_for_one_and_three(
    round: Round, author: Account, count: int, django_assert_num_queries: Any
) -> None:
    now = timezone.now() - timedelta(minutes=1)
    for _ in range(count):
        person = factories.make_account()
        proposal = factories.make_proposal(round, author=person, stems=" алаң ")
        commands.comment(actor=person, proposal=proposal, text="Сәлем", language="kk", now=now)
        commands.report_comment(actor=author, reported=proposal.comments.get(), now=now)
    with django_assert_num_queries(1):
        assert len(queries.matching(Proposal.objects.filter(round=round), "алаң")) == count
    with django_assert_num_queries(5):
        assert sum(len(rows) for _, rows in queries.board(round)) == count
    with django_assert_num_queries(3):
        assert queries.counts(round).submitted == count
