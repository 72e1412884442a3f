"""The way of an edition: draft, discussion, handing in, approval, succession; and what the database refuses."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qatysu.core.collegial_states import DocumentState
from qatysu.core.errors import Conflict, IllegalMove, Invalid, NotAllowed, TooMany
from qatysu.core.regulation import Role
from qatysu.documents import commands, queries
from qatysu.documents.content import digest_of, is_behind
from qatysu.documents.kinds import Kind
from qatysu.documents.models import OPEN, Document, Edition, EditionComment
from qatysu.identity.models import Account
from qatysu.places.models import City
from qatysu.rounds.models import Constitution, Round
from qatysu.vault.triggers import refused_by
from tests import factories
from tests.documents.working import ACT, approved, saved, started

pytestmark = pytest.mark.django_db


def test_from_the_template_to_the_text_in_force(
    round_: Round, lead: Account, approver: Account, resident: Account, now: datetime
) -> None:
    edition = started(round_, lead, now)
    until = (now + timedelta(days=7)).date()
    commands.open_discussion(actor=lead, edition=edition, until=until, now=now)
    said = commands.comment(actor=resident, edition=edition, text="Пункт 9.1: срок мал", language="ru", now=now)
    again = commands.comment(actor=resident, edition=edition, text="Пункт 9.1: срок мал", language="ru", now=now)
    assert again.pk == said.pk
    with pytest.raises(Conflict, match="comments_unanswered"):
        commands.submit(actor=lead, edition=edition, now=now)
    commands.answer(actor=lead, comment=said, text="Продлим до десяти дней", now=now)
    commands.back_to_draft(actor=lead, edition=edition, now=now)
    edition.refresh_from_db()
    saved(edition, lead, now, body_ru=edition.body_ru + "\n\nЕщё один пункт.")
    done = approved(edition, lead, approver, now)
    assert (done.state, done.act_number) == (DocumentState.ADOPTED, "12")
    assert digest_of(done.content) == done.digest
    assert [row.text for row in queries.comments(done)] == ["Пункт 9.1: срок мал"]


def test_the_next_edition_begins_from_this_one_and_takes_its_place(
    round_: Round, lead: Account, approver: Account, now: datetime
) -> None:
    first = approved(started(round_, lead, now), lead, approver, now)
    second = started(round_, lead, now)
    assert (second.number, second.body_kk) == (2, first.body_kk)
    with pytest.raises(Conflict, match="edition_open"):
        started(round_, lead, now)
    saved(second, lead, now, body_ru=second.body_ru.replace("бесплатное", "бесплатное для всех"))
    approved(second, lead, approver, now)
    first.refresh_from_db()
    assert first.state == DocumentState.SUPERSEDED
    lines = queries.changes(Edition.objects.get(pk=second.pk), round_, "ru")
    assert [piece.text for line in lines for piece in line.pieces if piece.kind == "ins"] == ["бесплатное для всех."]


def test_next_year_begins_with_what_was_approved(round_: Round, lead: Account, approver: Account, now: datetime) -> None:
    first = started(round_, lead, now)
    saved(first, lead, now, body_ru=first.body_ru + "\n\nОсобый пункт города.")
    approved(Edition.objects.get(pk=first.pk), lead, approver, now)
    later = factories.fresh(factories.make_round(round_.city, now=now, slug="next"))
    assert "Особый пункт города." in started(later, lead, now).body_ru
    other = factories.fresh(factories.make_round(factories.make_city("aksu"), now=now, slug="next"))
    their_lead = factories.make_staff(Role.COORDINATOR, other.city)
    assert "Особый пункт города." not in started(other, their_lead, now).body_ru


def test_what_was_handed_in_is_approved_only_while_the_rules_say_the_same(
    round_: Round, lead: Account, approver: Account, now: datetime
) -> None:
    edition = started(round_, lead, now)
    commands.submit(actor=lead, edition=edition, now=now)
    Constitution.objects.filter(round=round_).update(max_choices=5)
    with pytest.raises(Conflict, match="rules_changed"):
        commands.approve(actor=approver, edition=edition, act_on=now.date(), now=now, **ACT)
    commands.send_back(actor=approver, edition=edition, reason="Правила изменились", now=now)
    done = approved(edition, lead, approver, now)
    assert not is_behind(done, factories.fresh(round_))
    Constitution.objects.filter(round=round_).update(max_choices=7)
    assert is_behind(done, factories.fresh(round_))


def test_two_people_and_their_roles(
    round_: Round, city: City, lead: Account, approver: Account, resident: Account, now: datetime
) -> None:
    edition = started(round_, lead, now)
    both = factories.make_staff(Role.AKIMAT_APPROVER, city)
    factories.make_staff(Role.AKIMAT_OFFICER, city)
    from qatysu.rounds.models import Membership  # reason: a second role of one person

    Membership.objects.create(account=both, role=Role.AKIMAT_OFFICER, city=city, from_on=(now - timedelta(days=3)).date())
    commands.submit(actor=both, edition=edition, now=now)
    for who in (both, lead, resident):
        with pytest.raises(NotAllowed):
            commands.approve(actor=who, edition=edition, act_on=now.date(), now=now, **ACT)
    with pytest.raises(NotAllowed):
        commands.start_edition(actor=resident, round_=round_, kind=Kind.CENTRE, now=now)
    with pytest.raises(NotAllowed):
        commands.start_edition(actor=approver, round_=round_, kind=Kind.CENTRE, now=now)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"body_ru": ""}, "text_needed"), ({"body_kk": "қысқа"}, "text_needed"),
        ({"body_ru": "[[money]]\n" + "слово " * 30}, "inserts_missing"),
    ],
)  # fmt: skip
def test_a_text_that_is_not_whole_is_not_handed_in(
    round_: Round, lead: Account, now: datetime, change: dict[str, str], refusal: str
) -> None:
    edition = saved(started(round_, lead, now), lead, now, **change)
    with pytest.raises(Invalid, match=refusal):
        commands.submit(actor=lead, edition=edition, now=now)
    with pytest.raises(Invalid, match=refusal):
        commands.open_discussion(actor=lead, edition=edition, until=(now + timedelta(days=3)).date(), now=now)


def test_two_who_write_at_once_do_not_overwrite_each_other(round_: Round, lead: Account, now: datetime) -> None:
    edition = started(round_, lead, now)
    stale = Edition.objects.get(pk=edition.pk)
    saved(edition, lead, now, title_ru="Положение о выборе проектов")
    with pytest.raises(Conflict, match="edited_meanwhile"):
        saved(stale, lead, now, title_ru="Другое название")
    assert Edition.objects.get(pk=edition.pk).title_ru == "Положение о выборе проектов"


def test_when_people_may_comment(round_: Round, lead: Account, resident: Account, now: datetime) -> None:
    edition = started(round_, lead, now)
    say: dict[str, Any] = {"actor": resident, "edition": edition, "language": "kk"}
    with pytest.raises(Conflict, match="not_discussed"):
        commands.comment(text="Ерте", now=now, **say)
    for wrong in (0, 121):
        with pytest.raises(Invalid, match="discussion_day"):
            commands.open_discussion(actor=lead, edition=edition, until=(now + timedelta(days=wrong)).date(), now=now)
    commands.open_discussion(actor=lead, edition=edition, until=(now + timedelta(days=2)).date(), now=now)
    for number in range(commands.MOST_COMMENTS):
        commands.comment(text=f"Пікір {number}", now=now, **say)
    with pytest.raises(TooMany):
        commands.comment(text="Тағы бір", now=now, **say)
    with pytest.raises(Conflict, match="not_discussed"):
        commands.comment(text="Кеш", now=now + timedelta(days=4), **say)
    hidden = commands.hide(actor=lead, comment=EditionComment.objects.earliest("pk"), reason="Жеке деректер", now=now)
    assert hidden.hidden_why == "Жеке деректер"


def test_a_repealed_text_stays_readable_and_a_dropped_draft_does_not(
    round_: Round, lead: Account, approver: Account, now: datetime
) -> None:
    done = approved(started(round_, lead, now), lead, approver, now)
    commands.repeal(actor=approver, edition=done, reason="Раунд отменён", now=now)
    draft = started(round_, lead, now)
    commands.drop(actor=lead, edition=draft, now=now)
    document = Document.objects.get()
    assert [row.number for row in queries.editions(document, is_public=True)] == [1]
    assert started(round_, lead, now).number == 3


SQL = {
    "UPDATE documents_edition SET body_ru = 'x'": "text_kept", "UPDATE documents_edition SET content = '{}'": "text_kept",
    "UPDATE documents_edition SET act_number = '13'": "text_kept", "UPDATE documents_edition SET state = 'draft'": "text_kept",
    "DELETE FROM documents_edition": "text_kept", "DELETE FROM documents_document": "kept",
    "UPDATE documents_editioncomment SET text = 'x'": "words_kept", "DELETE FROM documents_editioncomment": "words_kept",
}  # fmt: skip


@pytest.mark.parametrize("statement", SQL)
def test_the_database_keeps_what_is_in_force(
    round_: Round, lead: Account, approver: Account, resident: Account, now: datetime, statement: str
) -> None:
    edition = started(round_, lead, now)
    commands.open_discussion(actor=lead, edition=edition, until=(now + timedelta(days=2)).date(), now=now)
    said = commands.comment(actor=resident, edition=edition, text="Хорошо", language="ru", now=now)
    commands.answer(actor=lead, comment=said, text="Спасибо", now=now)
    approved(edition, lead, approver, now)
    with pytest.raises(IntegrityError) as error, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert refused_by(error.value) == f"qatysu:document:{SQL[statement]}"


def test_no_draft_comes_into_force_past_the_program(round_: Round, lead: Account, now: datetime) -> None:
    edition = started(round_, lead, now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Edition.objects.filter(pk=edition.pk).update(state=DocumentState.ADOPTED)
    with pytest.raises(IntegrityError), transaction.atomic():
        Edition.objects.create(
            document=edition.document, number=9, state=DocumentState.ADOPTED, title_kk="a", title_ru="b", made_by=lead, made_at=now
        )


DEEDS = ("start", "save", "discuss", "mend", "submit", "back", "approve", "repeal", "drop")


@given(deeds=st.lists(st.sampled_from(DEEDS), max_size=14))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_people_try_one_text_is_in_force_and_one_in_the_making(
    round_: Round, lead: Account, approver: Account, now: datetime, deeds: list[str]
) -> None:
    with transaction.atomic():
        for deed in deeds:
            _try(deed, round_, lead, approver, now)
            states = list(Edition.objects.values_list("state", flat=True))
            assert states.count(DocumentState.ADOPTED) <= 1
            assert sum(state in OPEN for state in states) <= 1
            for row in Edition.objects.exclude(digest=""):
                assert digest_of(row.content) == row.digest
        transaction.set_rollback(True)


def _try(deed: str, round_: Round, lead: Account, approver: Account, now: datetime) -> None:
    newest = Edition.objects.order_by("-number").first()
    with suppress(Conflict, Invalid, IllegalMove):
        if deed == "start":
            started(round_, lead, now)
        elif newest is not None:
            {
                "save": lambda: saved(newest, lead, now, title_ru=f"Положение {newest.version}"),
                "discuss": lambda: commands.open_discussion(
                    actor=lead, edition=newest, until=(now + timedelta(days=2)).date(), now=now
                ),
                "mend": lambda: commands.back_to_draft(actor=lead, edition=newest, now=now),
                "submit": lambda: commands.submit(actor=lead, edition=newest, now=now),
                "back": lambda: commands.send_back(actor=approver, edition=newest, reason="Исправить", now=now),
                "approve": lambda: commands.approve(actor=approver, edition=newest, act_on=now.date(), now=now, **ACT),
                "repeal": lambda: commands.repeal(actor=approver, edition=newest, reason="Отменено", now=now),
                "drop": lambda: commands.drop(actor=lead, edition=newest, now=now),
            }[deed]()
