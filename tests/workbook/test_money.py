"""Sums to a tenge, days to a day, quizzes to a point; workbook files out and in."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qatysu.workbook import estimate, schedule
from qatysu.workbook.answers import clean
from qatysu.workbook.errors import BadForm, BadSheet
from qatysu.workbook.quiz import checklist_from, quiz_from, score
from qatysu.workbook.sheets import estimate_from_xlsx, estimate_to_xlsx

from .forms import FORM, OPTIONS, ids, words

HEADERS = {
    "item": "Жұмыс немесе материал", "unit": "Өлшем бірлігі", "quantity": "Саны", "price": "Бағасы, ₸",
    "source": "Баға қайдан алынды", "amount": "Сомасы", "total": "Жолдардың сомасы",
}  # fmt: skip
_WORD = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S")), min_size=1, max_size=20)
_LINE = st.fixed_dictionaries(
    {
        "id": st.just("00000001"), "item": _WORD, "unit": _WORD, "quantity": st.integers(1, 10**6), "price": st.integers(1, 10**9),
        "source": _WORD, "file": st.just(""),
    }
)  # fmt: skip


@given(st.lists(st.tuples(st.integers(0, 10**7), st.integers(0, 10**9)), max_size=8), st.integers(0, 50), st.integers(0, 10**12))
def test_sums_are_exact(rows: list[tuple[int, int]], percent: int, cap: int) -> None:
    lines = [{"quantity": quantity, "price": price} for quantity, price in rows]
    amounts = [int(Fraction(q * p, 1000) + Fraction(1, 2)) for q, p in rows]

    standing = estimate.standing(lines, cap, percent)

    assert [estimate.amount(line) for line in lines] == amounts
    assert standing.total == sum(amounts)
    assert Fraction(standing.total * percent, 100) <= standing.reserve < Fraction(standing.total * percent, 100) + 1
    assert standing.left == cap - standing.total - standing.reserve
    assert standing.is_over == (standing.with_reserve > cap)


def test_a_coach_is_told_what_to_ask() -> None:
    lines = [
        {"id": "1", "item": "Шам", "quantity": 1000, "price": 300, "source": ""},
        {"id": "2", "item": "", "quantity": 0, "price": 0, "source": "", "file": ""},
        {"id": "3", "item": "шам", "quantity": 1000, "price": 300, "source": "прайс"},
    ]

    found = {(doubt.line, doubt.code) for doubt in estimate.doubts(lines, {"шам": 100})}

    assert found == {
        (1, "no_source"), (1, "far_above"), (2, "no_item"), (2, "no_quantity"), (2, "no_price"), (3, "far_above"), (3, "twice"),
    }  # fmt: skip


def test_bars_lie_within_the_whole() -> None:
    rows = [
        {"id": "1", "start": "2027-03-01", "days": 10},
        {"id": "2", "start": "2027-03-11", "days": 10},
        {"id": "3", "start": None, "days": 4},
    ]

    bars = schedule.bars(rows)

    assert [(bar.left, bar.width) for bar in bars] == [(0, Fraction(1, 2)), (Fraction(1, 2), Fraction(1, 2))]
    assert schedule.span([]) is None


def test_a_quiz_is_passed_from_three_quarters_on() -> None:
    quiz = quiz_from([{"id": str(n), "question": words("?"), "options": OPTIONS, "answer": "a", "why": words("!")} for n in range(4)])

    assert score(quiz, {"0": "a", "1": "a", "2": "a", "3": "b"}).is_passed
    assert not score(quiz, {"0": "a", "1": "a"}).is_passed
    assert not score((), {}).is_passed


@pytest.mark.parametrize("bad", [{}, [{}], [{"id": "a"}], [{"id": "a", "question": words("?"), "options": OPTIONS, "answer": "z"}]])
def test_a_broken_quiz_is_refused(bad: Any) -> None:
    with pytest.raises(BadForm):
        quiz_from(bad)
    assert checklist_from([]) == ()


@settings(max_examples=30, deadline=None)
@given(st.lists(_LINE, min_size=1, max_size=5))
def test_what_goes_out_comes_in_again(lines: list[dict[str, Any]]) -> None:
    raw = estimate_from_xlsx(estimate_to_xlsx(lines, HEADERS, "=Смета/[1]"))
    back = clean(FORM, {"estimate": raw}, new_id=ids()).answers["estimate"]

    assert [(r["quantity"], r["price"]) for r in back] == [(line["quantity"], line["price"]) for line in lines]
    assert [r["item"] for r in back] == [clean(FORM, {"text": line["item"]}, new_id=ids()).answers["text"] for line in lines]


@pytest.mark.parametrize("item", ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "'=1"])
def test_no_cell_that_goes_out_is_run_by_a_spreadsheet(item: str) -> None:
    import io

    import openpyxl

    line = {"item": item, "unit": "м", "quantity": 1000, "price": 5, "source": item}
    sheet = openpyxl.load_workbook(io.BytesIO(estimate_to_xlsx([line], HEADERS, "Смета"))).active

    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    assert str(sheet["A2"].value).startswith("'")


@pytest.mark.parametrize(
    ("body", "reason"),
    [(b"", "not_a_workbook"), (b"a,b\n1,2", "not_a_workbook"), (b"<html>", "not_a_workbook"), (b"\xd0\xcf\x11\xe0", "old_format"),
     (b"PK\x03\x04 nothing", "archive_broken"), (b"0" * 3_000_000, "sheet_too_large")],
)  # fmt: skip
def test_what_is_no_workbook_is_refused_with_its_reason(body: bytes, reason: str) -> None:
    with pytest.raises(BadSheet) as refusal:
        estimate_from_xlsx(body)

    assert refusal.value.reason == reason
