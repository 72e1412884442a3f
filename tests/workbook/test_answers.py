"""Reading what people type: never an error, nothing lost."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qatysu.workbook import answers
from qatysu.workbook.errors import BadAnswer
from qatysu.workbook.reader import raw_from

from .forms import ANYTHING, FORM, ids


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(st.sampled_from([field.id for field in FORM.fields]), ANYTHING))
def test_anything_is_answered_and_only_fields_of_the_form_come_out(raw: dict[str, Any]) -> None:
    read = answers.clean(FORM, raw, new_id=ids())

    assert set(read.answers) <= set(raw)
    assert set(read.unread) <= set(raw)
    assert answers.missing(FORM, read.answers) == answers.missing(FORM, dict(read.answers))


@pytest.mark.parametrize(
    ("field", "typed", "stored"),
    [
        ("number", "12,5", 1250),
        ("number", " 1 000 ", 100_000),
        ("number", "-3.25", -325),
        ("number", "−3", -300),
        ("money", "1\u202f200\u00a0000 ₸", 1_200_000),
        ("money", "15 тг", 15),
        ("date", "25.03.2027", "2027-03-25"),
        ("date", "2027-3-5", "2027-03-05"),
        ("text", " Аула\r\n жарығы \x00", "Аула  жарығы"),
        ("long", "бір\r\nекі\rүш", "бір\nекі\nүш"),
        ("text", "и\u0306", "й"),
        ("choices", ["c", "a"], ["a", "c"]),
        ("choice", "b", "b"),
        ("place", {"address": "Абай, 1", "lat": "50,25", "lon": "58.4", "shape": "50,58; 50.1,58.2"}, None),
    ],
)
def test_each_way_of_writing_is_understood(field: str, typed: Any, stored: Any) -> None:
    read = answers.clean(FORM, {field: typed}, new_id=ids())

    assert read.faults == ()
    if field == "place":
        stored = {"address": "Абай, 1", "lat": 50.25, "lon": 58.4, "shape": [[50.0, 58.0], [50.1, 58.2]]}
    assert read.answers[field] == stored


@pytest.mark.parametrize(
    ("field", "typed", "reason"),
    [
        ("number", "көп", "not_a_number"),
        ("number", "1e9", "not_a_number"),
        ("number", "nan", "not_a_number"),
        ("number", "9" * 400, "not_a_number"),
        ("number", "1,234", "too_many_decimals"),
        ("number", "1001", "out_of_bounds"),
        ("money", "-1", "out_of_bounds"),
        ("date", "31.02.2027", "not_a_date"),
        ("date", "01.01.0027", "date_far_away"),
        ("choice", "z", "unknown_option"),
        ("choices", ["a", "z"], "unknown_option"),
        ("text", "x" * 201, "too_long"),
        ("text", "\ud800", "bad_text"),
        ("place", {"lat": "91", "lon": "0"}, "not_a_coordinate"),
    ],
)
def test_what_is_not_understood_is_kept_as_typed(field: str, typed: Any, reason: str) -> None:
    read = answers.clean(FORM, {field: typed}, new_id=ids())

    assert [fault.reason for fault in read.faults] == [reason]
    assert field not in read.answers
    assert field in read.unread
    if isinstance(typed, str) and reason not in ("bad_text",):
        assert read.unread[field] == typed[:20_000][: len(read.unread[field])]


def test_a_bad_cell_leaves_the_rest_of_its_line() -> None:
    read = answers.clean(FORM, {"table": [{"id": "0000000a", "what": "Шам", "size": "үлкен"}]}, new_id=ids())

    assert read.answers == {"table": [{"id": "0000000a", "what": "Шам", "size": None}]}
    assert [(fault.row, fault.column) for fault in read.faults] == [(1, "size")]
    assert read.unread == {"table": {"0000000a.size": "үлкен"}}


def test_lines_get_ids_once_and_keep_them() -> None:
    read = answers.clean(FORM, {"table": [{"id": "x", "what": "а"}, {"what": "б"}, {"id": "0000000a", "what": "в"}]}, new_id=ids())
    again = answers.clean(FORM, {"table": read.answers["table"]}, new_id=ids())

    assert [row["id"] for row in read.answers["table"]] == ["00000001", "00000002", "0000000a"]
    assert [row["id"] for row in again.answers["table"]] == ["00000001", "00000002", "0000000a"]


def test_two_lines_of_one_id_stay_two() -> None:
    read = answers.clean(FORM, {"table": [{"id": "0000000a", "what": "а"}, {"id": "0000000a", "what": "б"}]}, new_id=ids())

    assert len({row["id"] for row in read.answers["table"]}) == 2


def test_too_many_lines_are_a_fault_and_the_first_ones_are_kept() -> None:
    read = answers.clean(FORM, {"table": [{"what": str(n)} for n in range(9)]}, new_id=ids())

    assert len(read.answers["table"]) == 5
    assert [fault.reason for fault in read.faults] == ["too_many_rows"]


def test_required_fields_count_only_when_they_say_enough() -> None:
    full = {"text": "а", "long": "жеткілікті", "estimate": [{"id": "1", "item": "а", "quantity": 1000, "price": 5}]}

    assert answers.missing(FORM, full) == ()
    assert answers.missing(FORM, full | {"long": "аз"}) == ("long",)
    assert answers.missing(FORM, full | {"estimate": [{"id": "1", "item": "а", "quantity": 0, "price": 5}]}) == ("estimate",)
    assert answers.share(FORM, {"text": "а"}) == Fraction(1, 3)


def test_a_cell_of_an_unknown_column_is_refused() -> None:
    table = next(field for field in FORM.fields if field.id == "table")

    with pytest.raises(BadAnswer, match="unknown_column"):
        answers.clean_cell(table, "nowhere", "x")


def test_flat_names_become_answers_and_absent_fields_stay_absent() -> None:
    pairs = [
        ("f.text", "а"), ("f.choices", ""), ("f.choices", "b"), ("f.table.rows", "1"), ("f.table.new1.what", "Шам"),
        ("f.table.0000000a.what", "Кабель"), ("f.place.lat", "50"), ("f.nowhere", "x"), ("csrf", "x"), ("f", "x"),
    ]  # fmt: skip

    assert raw_from(FORM, pairs) == {
        "text": "а",
        "choices": ["b"],
        "table": [{"what": "Шам"}, {"id": "0000000a", "what": "Кабель"}],
        "place": {"lat": "50"},
    }
    assert raw_from(FORM, [("f.table.rows", "1"), ("f.choices", "")]) == {"table": [], "choices": []}
