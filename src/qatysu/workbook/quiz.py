"""A short quiz: questions with one right answer each, and why it is right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from qatysu.workbook.errors import BadForm
from qatysu.workbook.schema import Option, Words, options_from, words_from

MOST_QUESTIONS = 30
#: Share of right answers that passes.
PASS = Fraction(3, 4)


@dataclass(frozen=True, slots=True)
class Question:
    """One question; ``answer`` is the id of the right option."""

    id: str
    question: Words
    options: tuple[Option, ...]
    answer: str
    why: Words


@dataclass(frozen=True, slots=True)
class Score:
    """Right answers of all; ``by_question`` says which. An unanswered question is wrong."""

    right: int
    total: int
    by_question: Mapping[str, bool]

    @property
    def is_passed(self) -> bool:
        """True from three quarters on."""
        return self.total > 0 and Fraction(self.right, self.total) >= PASS


def quiz_from(data: Any) -> tuple[Question, ...]:
    """The quiz that the JSON value describes; () for none. Raises BadForm with the path of the first mistake."""
    if not isinstance(data, list) or len(data) > MOST_QUESTIONS:
        raise BadForm("quiz", "not_a_list" if not isinstance(data, list) else "too_many", most=MOST_QUESTIONS)
    questions: list[Question] = []
    for i, item in enumerate(data):
        path = f"quiz[{i}]"
        if not isinstance(item, Mapping) or not isinstance(item.get("id"), str) or not item["id"]:
            raise BadForm(f"{path}.id", "bad_id")
        if item["id"] in {question.id for question in questions}:
            raise BadForm(f"{path}.id", "twice", id=item["id"])
        options = options_from(item.get("options"), f"{path}.options")
        if len(options) < 2:
            raise BadForm(f"{path}.options", "too_few", least=2)
        if item.get("answer") not in {option.id for option in options}:
            raise BadForm(f"{path}.answer", "unknown_option")
        text = words_from(item.get("question"), f"{path}.question")
        why = words_from(item.get("why", {}), f"{path}.why", is_needed=False)
        questions.append(Question(item["id"], text, options, item["answer"], why))
    return tuple(questions)


def score(questions: tuple[Question, ...], answers: Mapping[str, str]) -> Score:
    """How many of ``answers`` (option id by question id) are right."""
    by_question = {question.id: answers.get(question.id) == question.answer for question in questions}
    return Score(sum(by_question.values()), len(questions), by_question)


def checklist_from(data: Any) -> tuple[Option, ...]:
    """Points of a checklist: id and label. Raises BadForm."""
    return options_from(data, "checklist") if data else ()
