"""Versions: what differs, and how the changes of two people go together."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from qatysu.workbook.changes import differences, merge, words

from .forms import ANSWERS, FORM

TABLE = [{"id": "1", "what": "Шам", "size": 1}, {"id": "2", "what": "Кабель", "size": 2}]


@settings(max_examples=200, deadline=None)
@given(ANSWERS, ANSWERS)
def test_who_is_alone_gets_what_was_written(base: dict[str, Any], x: dict[str, Any]) -> None:
    assert merge(FORM, base, x, base).answers == x
    assert merge(FORM, base, base, x).answers == x
    assert merge(FORM, base, x, x).answers == x
    assert merge(FORM, base, x, base).conflicts == merge(FORM, base, x, x).conflicts == ()


@settings(max_examples=400, deadline=None)
@given(ANSWERS, ANSWERS, ANSWERS)
def test_no_word_of_anybody_is_lost(base: dict[str, Any], mine: dict[str, Any], theirs: dict[str, Any]) -> None:
    merged = merge(FORM, base, mine, theirs)
    told = json.dumps([merged.answers, [[c.mine, c.theirs] for c in merged.conflicts]], ensure_ascii=False)

    for side in (mine, theirs):
        for field in ("text", "long"):
            if side.get(field) != base.get(field):
                for line in str(side.get(field, "")).split("\n"):
                    if line not in str(base.get(field, "")).split("\n"):
                        assert json.dumps(line, ensure_ascii=False)[1:-1] in told
        old = {row["id"]: row for row in base.get("table", ())}
        for row in side.get("table", ()):
            if row["id"] in old and row["what"] != old[row["id"]]["what"]:
                assert json.dumps(row["what"], ensure_ascii=False)[1:-1] in told


@settings(max_examples=200, deadline=None)
@given(ANSWERS, ANSWERS, ANSWERS)
def test_what_stands_where_nobody_agrees_is_what_was_there_first(
    base: dict[str, Any], mine: dict[str, Any], theirs: dict[str, Any]
) -> None:
    for conflict in merge(FORM, base, mine, theirs).conflicts:
        assert conflict.mine != conflict.theirs
        if not conflict.row:
            assert merge(FORM, base, mine, theirs).answers.get(conflict.field) == conflict.theirs


def test_lines_of_a_text_changed_apart_go_together() -> None:
    base = {"long": "бір\nекі\nүш\nтөрт"}

    merged = merge(FORM, base, {"long": "БІР\nекі\nүш\nтөрт"}, {"long": "бір\nекі\nүш\nТӨРТ"})

    assert merged.answers == {"long": "БІР\nекі\nүш\nТӨРТ"}
    assert merged.conflicts == ()


def test_the_same_line_changed_by_two_is_a_conflict_with_both_texts() -> None:
    merged = merge(FORM, {"long": "бір"}, {"long": "мен"}, {"long": "сен"})

    (conflict,) = merged.conflicts
    assert (merged.answers["long"], conflict.mine, conflict.theirs) == ("сен", "мен", "сен")


def test_cells_of_one_row_changed_apart_go_together() -> None:
    mine = [TABLE[0] | {"what": "Үлкен шам"}, TABLE[1]]
    theirs = [TABLE[0] | {"size": 7}, TABLE[1], {"id": "3", "what": "Тірек", "size": 3}]

    merged = merge(FORM, {"table": TABLE}, {"table": mine}, {"table": theirs})

    assert merged.answers["table"] == [{"id": "1", "what": "Үлкен шам", "size": 7}, TABLE[1], theirs[2]]
    assert merged.conflicts == ()


def test_a_row_that_one_removed_and_the_other_changed_stays() -> None:
    changed = [TABLE[0] | {"size": 9}, TABLE[1]]

    assert merge(FORM, {"table": TABLE}, {"table": TABLE[1:]}, {"table": changed}).answers["table"] == changed
    assert merge(FORM, {"table": TABLE}, {"table": changed}, {"table": TABLE[1:]}).answers["table"][0]["size"] == 9
    assert merge(FORM, {"table": TABLE}, {"table": TABLE[1:]}, {"table": TABLE}).answers["table"] == TABLE[1:]


def test_ticks_of_both_count() -> None:
    merged = merge(FORM, {"choices": ["a", "b"]}, {"choices": ["a", "b", "c"]}, {"choices": ["b"]})

    assert merged.answers == {"choices": ["b", "c"]}


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60), st.text(max_size=60))
def test_segments_rebuild_both_texts(old: str, new: str) -> None:
    pieces = words(old, new)

    assert "".join(piece.text for piece in pieces if piece.op != "added") == old
    assert "".join(piece.text for piece in pieces if piece.op != "removed") == new


@settings(max_examples=100, deadline=None)
@given(ANSWERS, ANSWERS)
def test_differences_name_exactly_the_fields_that_differ(old: dict[str, Any], new: dict[str, Any]) -> None:
    found = {one.field.id for one in differences(FORM, old, new)}

    assert found == {field.id for field in FORM.fields if old.get(field.id) != new.get(field.id)}
