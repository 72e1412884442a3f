"""The default course is well-formed: annotation, visualisation, and three types of projects."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from qatysu.coaching.course_files import LessonText, ModuleText, TypeText, default_course
from qatysu.workbook.quiz import checklist_from, quiz_from
from qatysu.workbook.schema import Kind, form_from

FIELDS = {
    "annotation": {
        "summary", "problem", "evidence", "evidence_files", "beneficiaries", "beneficiaries_count", "counting",
        "age_groups", "accessibility", "effect", "effect_check",
    },
    "visualisation": {"place", "before_after", "sketch", "plan", "plan_notes", "sizes", "materials"},
}  # fmt: skip
TYPES = ("playground", "lighting", "sports_ground")
PAPERS = {
    "owner_consent", "upkeep_letter", "utilities_scheme", "neighbours_consent", "price_request", "akimat_application",
    "power_conditions", "traffic_police_opinion",
}  # fmt: skip
#: A word with letters of two alphabets: an ``i`` of the wrong keyboard is not seen on the screen, and not found.
MIXED = re.compile(r"\b(?=\w*[a-zA-Z])(?=\w*[а-яА-ЯәғқңөұүһіӘҒҚҢӨҰҮҺІ])\w+\b")
KAZAKH = set("әғқңөұүһіӘҒҚҢӨҰҮҺІ")
#: The letters which Kazakh and Russian share do not make a text Kazakh.
LEAST_KAZAKH = 0.05


def module(slug: str) -> ModuleText:
    """A module of the default course."""
    return next(m for m in default_course().modules if m.slug == slug)


def project_type(slug: str) -> TypeText:
    """A type of the default course."""
    return next(t for t in default_course().types if t.slug == slug)


def tables(data: Any) -> Iterator[Mapping[str, str]]:
    """All tables of texts by language in ``data``."""
    if isinstance(data, Mapping):
        if "kk" in data:
            yield data
        else:
            for part in data.values():
                yield from tables(part)
    elif isinstance(data, list | tuple):
        for part in data:
            yield from tables(part)


def texts_of(found: ModuleText) -> tuple[Mapping[str, str], ...]:
    """All short texts of a module."""
    return tuple(tables([found.title, found.lead, found.form, found.checklist, found.quiz, found.canned]))


def lessons() -> list[tuple[str, LessonText]]:
    """Every lesson of the two modules."""
    return [(slug, lesson) for slug in FIELDS for lesson in module(slug).lessons]


def assert_kazakh(text: str) -> None:
    """The text has the letters which only Kazakh has, as often as Kazakh has them."""
    letters = [letter for letter in text if letter.isalpha()]
    assert sum(letter in KAZAKH for letter in letters) / len(letters) > LEAST_KAZAKH, text[:80]


@pytest.mark.parametrize("slug", FIELDS)
def test_a_module_has_the_agreed_fields_and_the_form_is_accepted(slug: str) -> None:
    form = form_from(module(slug).form)
    assert {field.id for field in form.fields} == FIELDS[slug]
    assert all(field.help.kk and field.help.ru and field.help.en for field in form.fields)
    assert all(field.least for field in form.fields if field.kind is Kind.LONG_TEXT and field.is_required)


@pytest.mark.parametrize("slug", FIELDS)
def test_what_the_centre_translates_is_shown_in_the_passport(slug: str) -> None:
    form = form_from(module(slug).form)
    assert all(field.is_public for field in form.fields if field.is_translated)
    assert all(
        field.is_public for field in form.fields if field.id != "evidence_files"
    )  # faces and signatures stay inside


@pytest.mark.parametrize("slug", FIELDS)
def test_every_short_text_is_there_in_three_languages(slug: str) -> None:
    for text in texts_of(module(slug)):
        assert set(text) == {"kk", "ru", "en"}
        assert all(part.strip() for part in text.values())
        assert text["kk"] != text["ru"]


@pytest.mark.parametrize("slug", FIELDS)
def test_texts_fit_into_their_columns(slug: str) -> None:
    found = module(slug)
    assert all(len(text) <= 160 for text in found.title.values())
    assert all(len(text) <= 400 for text in found.lead.values())
    assert all(len(text) <= 1000 for remark in found.canned for text in remark.values())
    assert all(len(text) <= 160 for lesson in found.lessons for text in lesson.title.values())


@pytest.mark.parametrize("slug", FIELDS)
def test_a_quiz_has_four_questions_with_an_answer_among_the_options(slug: str) -> None:
    quiz = quiz_from(module(slug).quiz)
    assert len(quiz) == 4
    assert all(len(question.options) >= 3 and question.why.kk and question.why.ru for question in quiz)
    assert len({question.answer for question in quiz}) > 2  # a quiz is not passed by always pressing the same letter


@pytest.mark.parametrize("slug", FIELDS)
def test_a_module_has_a_checklist_eight_remarks_and_three_lessons(slug: str) -> None:
    found = module(slug)
    assert len({item.id for item in checklist_from(found.checklist)}) == len(found.checklist) >= 5
    assert len(found.canned) == 8
    assert [lesson.position for lesson in found.lessons] == [1, 2, 3]
    assert found.days == {"annotation": 10, "visualisation": 12}[slug]


@pytest.mark.parametrize(("slug", "lesson"), lessons(), ids=lambda part: getattr(part, "slug", part))
def test_a_lesson_is_short_and_the_same_in_both_languages(slug: str, lesson: LessonText) -> None:
    assert set(lesson.title) == {"kk", "ru", "en"}
    assert set(lesson.body) == {"kk", "ru"}
    assert 2 <= lesson.minutes <= 8
    for body in lesson.body.values():
        assert 250 <= len(body.split()) <= 450
        assert not MIXED.findall(body)
        assert "# " not in body.splitlines()[0]  # the page gives the title
    assert_kazakh(lesson.body["kk"])
    for mark in ("\n## ", "\n- ", "\n1. ", "\n> "):
        assert lesson.body["kk"].count(mark) == lesson.body["ru"].count(mark), mark
    assert lesson.body["kk"].count("**Нашар:**") == lesson.body["ru"].count("**Слабо:**") >= 1
    assert lesson.body["kk"].count("**Жақсы:**") == lesson.body["ru"].count("**Лучше:**") >= 1


@pytest.mark.parametrize("slug", TYPES)
def test_a_type_has_a_guide_and_an_example_in_both_languages(slug: str) -> None:
    found = project_type(slug)
    assert set(found.name) == {"kk", "ru", "en"}
    assert set(found.categories) <= {"sport", "yards", "public", "roads", "waste", "other"}
    for language in ("kk", "ru"):
        assert 250 <= len(found.guide[language].split()) <= 500
        # problem, solution, benefit, effect
        assert found.example[language].count("\n**") == 3
        assert not MIXED.findall(found.guide[language] + found.example[language])
    assert_kazakh(found.guide["kk"])
    assert_kazakh(found.example["kk"])
    assert found.guide["kk"].count("\n- ") == found.guide["ru"].count("\n- ")
    assert found.guide["kk"].count("## ") == found.guide["ru"].count("## ")


@pytest.mark.parametrize("slug", TYPES)
def test_a_typical_estimate_is_plausible(slug: str) -> None:
    found = project_type(slug)
    assert 10 <= len(found.estimate) <= 16
    assert set(found.papers) <= PAPERS
    for line in found.estimate:
        assert set(line["item"]) == set(line["unit"]) == {"kk", "ru", "en"}
        assert line["quantity"] > 0
        assert line["price"] > 0
    assert 2_000_000 < sum(line["quantity"] * line["price"] // 1000 for line in found.estimate) < 15_000_000


@pytest.mark.parametrize("slug", FIELDS)
def test_no_word_mixes_alphabets(slug: str) -> None:
    for text in texts_of(module(slug)):
        assert not MIXED.findall(f"{text['kk']} {text['ru']} {text.get('en', '')}")
