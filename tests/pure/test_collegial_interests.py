"""Conflicts of interest: by account, by declared words, and by names however they are written. All names are invented."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qatysu.core.collegial_interests import (
    CERTAIN,
    Interest,
    InterestKind,
    MemberFacts,
    ProjectFacts,
    TeamPerson,
    conflicts,
    employer_key,
    name_key,
)

K = InterestKind
AUTHOR = TeamPerson("1", "Үлгі Айжан", "ТОО «Үлгі Құрылыс»")
PROJECT = ProjectFacts("P-7", AUTHOR, (AUTHOR, TeamPerson("2", "Образцов Пётр Иванович", "КГУ «Школа № 4»"), TeamPerson()))


def kinds(**facts):
    """Kinds and details of the interests of a member."""
    return [(one.kind, one.detail) for one in conflicts(MemberFacts(**facts), PROJECT)]


def test_author_and_team_are_known_by_account() -> None:
    assert kinds(account="1") == [(K.AUTHOR, "")]
    assert kinds(account="2") == [(K.TEAM, "")]
    assert kinds(account="3") == kinds(account="") == []


def test_a_relative_is_known_by_full_name_in_any_order_of_words() -> None:
    assert kinds(account="3", relatives=("ОБРАЗЦОВ  Петр Иванович", "Образцов Петр")) == [
        (K.RELATIVE, "ОБРАЗЦОВ Петр Иванович")
    ]
    assert kinds(account="3", relatives=("Айжан Үлгі", "Айжан", "", "  ")) == [(K.RELATIVE, "Айжан Үлгі")]


def test_an_employer_is_known_without_quotes_and_legal_form() -> None:
    same = ("«Үлгі құрылыс» ЖШС", 'TOO "Үлгі Құрылыс"', "ООО Үлгі", "ТОО", "")
    assert kinds(account="3", employers=same) == [(K.EMPLOYER, 'TOO "Үлгі Құрылыс"'), (K.EMPLOYER, "«Үлгі құрылыс» ЖШС")]
    assert kinds(account="3", employers=("№4 школа КММ", "школа №4 КММ")) == [(K.EMPLOYER, "школа №4 КММ")]


def test_a_member_is_not_their_own_colleague_or_relative() -> None:
    assert kinds(account="1", employers=("Үлгі құрылыс",), relatives=("Үлгі Айжан",)) == [(K.AUTHOR, "")]


def test_declared_interests_hold_for_their_project_only() -> None:
    declared = (("P-7", " сосед  по двору "), ("P-8", "other"), ("P-7", "сосед по двору"))
    assert kinds(account="3", declared=declared) == [(K.DECLARED_OTHER, "сосед по двору")]
    found = conflicts(MemberFacts("2", declared=declared, employers=("Үлгі құрылыс",)), PROJECT)
    assert [one.kind for one in found] == [K.TEAM, K.EMPLOYER, K.DECLARED_OTHER]
    assert found[0] == Interest(K.TEAM, "P-7")
    assert [one.kind in CERTAIN for one in found] == [True, False, True]


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("ТОО «Рассвет»", "Рассвет ЖШС"),
        ("АО «Завод»", "«Завод» АҚ"),
        ("ГУ «Аппарат»", "«Аппарат» ММ"),
        ("КГУ «Школа №1»", "«Школа № 1» КММ"),
        ("Товарищество с ограниченной ответственностью «Рассвет»", "«РАССВЕТ» жауапкершілігі шектеулі серіктестігі"),
        ("Коммунальное государственное учреждение «Парк»", "«Парк» коммуналдық мемлекеттік мекемесі"),
        ("AO Завод", "завод"),
        ("Общественный фонд “Ел”", "ЕЛ ҚҚ"),
    ],
)
def test_one_employer_written_in_two_ways(left, right) -> None:
    assert employer_key(left) == employer_key(right) != ()


@pytest.mark.parametrize(("left", "right"), [("ТОО «Рассвет»", "ТОО «Рассвет 2»"), ("КГУ «Школа № 1»", "КГУ «Школа № 11»")])
def test_two_employers(left, right) -> None:
    assert employer_key(left) != employer_key(right)


WORDS = st.lists(st.sampled_from(["Алма", "Байқоңыр", "Ёлка", "school", "1"]), min_size=2, max_size=4)


@given(WORDS, st.sampled_from(["ТОО", "жшс", "AO", "Ақ", "КММ", "общественный фонд", ""]), st.booleans(), st.booleans())
def test_a_legal_form_anywhere_says_nothing(words, form, is_first, is_loud) -> None:
    name = " ".join(words)
    written = f"{form} «{name}»" if is_first else f"«{name}» {form}"
    assert employer_key(written.upper() if is_loud else written) == employer_key(name)


@given(WORDS, st.randoms(use_true_random=False))
def test_a_name_is_the_same_in_any_order_and_case(words, chance) -> None:
    mixed = list(words)
    chance.shuffle(mixed)
    assert name_key("  ".join(mixed).upper()) == name_key("-".join(words)) != ()


@given(st.text(), st.text(), st.text())
def test_any_text_is_taken(name, employer, words) -> None:
    person = TeamPerson("9", name, employer)
    member = MemberFacts("8", (employer,), (name,), (("P", words),))
    found = {one.kind for one in conflicts(member, ProjectFacts("P", person))}
    assert (K.RELATIVE in found) == (name_key(name) != ())
    assert (K.EMPLOYER in found) == (employer_key(employer) != ())
    assert K.DECLARED_OTHER in found
