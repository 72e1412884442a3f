"""Word forms: what people type finds what people wrote."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qatysu.core import wordforms

letters = st.text(alphabet="абвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщыіэюяәАЯҚ Ёabcz-0129", max_size=60)


def related(a: str, b: str) -> bool:
    return bool(set(wordforms.stems(a)) & set(wordforms.stems(b)))


@pytest.mark.parametrize(
    ("base", "forms"),
    [
        ("алаң", "алаңы алаңдары алаңына алаңында алаңын алаңның алаңдағы АЛАҢДАРЫНДА"),
        ("мектеп", "мектептің мектебі мектептегі мектептерге мектебіміз мектебінің"),
        ("көше", "көшесінде көшелер көшенің көшесі көшедегі көшеден"),
        ("саябақ", "саябағы саябақта саябақтар саябағында"),
        ("кешен", "кешені кешенін кешендер"),
        ("үй", "үйлер үйлердің"),
        ("площадка", "площадки площадку площадок площадками"),
        ("скамейка", "скамейки скамеек"),
        ("ёлка", "елки ёлкам"),
        ("освещение", "освещения освещению"),
        ("playground", "playgrounds"),
    ],
)
def test_forms_of_one_word_share_a_stem(base: str, forms: str) -> None:
    assert [form for form in forms.split() if not related(base, form)] == []


@pytest.mark.parametrize(("a", "b"), [("алаң", "көпір"), ("мектеп", "саябақ"), ("площадка", "скамейка")])
def test_different_words_share_no_stem(a: str, b: str) -> None:
    assert not related(a, b)


def test_stored_stems_have_a_space_at_both_ends() -> None:
    stored = wordforms.stored_stems("Балалар алаңы", "", "№ 12")
    assert stored.startswith(" ")
    assert stored.endswith(" ")
    assert " алаң " in stored
    assert " 12 " in stored
    assert wordforms.stored_stems("", " — ") == ""


def test_similarity_orders_titles() -> None:
    title = "Детская площадка во дворе школы"
    near = wordforms.similarity(title, "Площадка для детей во дворе")
    far = wordforms.similarity(title, "Остановочный комплекс у рынка")
    assert near > far
    assert far == 0


@given(letters)
def test_normalise_is_idempotent(text: str) -> None:
    once = wordforms.normalise(text)
    assert wordforms.normalise(once) == once
    assert "ё" not in once


@given(st.text(max_size=80))
def test_any_text_has_stems_without_spaces(text: str) -> None:
    found = wordforms.stems(text)
    assert all(stem and not any(ch.isspace() for ch in stem) for stem in found)
    assert len(set(found)) == len(found)


@given(letters)
def test_case_of_letters_does_not_matter(text: str) -> None:
    assert wordforms.stems(text.upper()) == wordforms.stems(text.lower())


@given(letters, letters)
def test_similarity_is_symmetric_and_bounded(a: str, b: str) -> None:
    value = wordforms.similarity(a, b)
    assert value == wordforms.similarity(b, a)
    assert 0 <= value <= 1
    assert wordforms.similarity(a, a) == (1 if wordforms.tokenise(a) else 0)
