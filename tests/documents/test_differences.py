"""Differences give back both texts, whatever they are."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from qatysu.documents.differences import differences, is_changed

LINES = st.lists(st.text("аб 1.", min_size=1, max_size=12), max_size=8)


@given(old=LINES, new=LINES)
def test_both_texts_can_be_read_from_the_differences(old: list[str], new: list[str]) -> None:
    lines = differences(old, new)
    after = ["".join(p.text for p in line.pieces if p.kind != "del") for line in lines if line.kind != "del"]
    before = ["".join(p.text for p in line.pieces if p.kind != "ins") for line in lines if line.kind != "ins"]
    assert after == new
    assert before == old
    assert is_changed(lines) == (old != new)


def test_only_the_changed_word_is_marked() -> None:
    (line,) = differences(["Жалоба – в течение 5 дней."], ["Жалоба – в течение 10 дней."])
    assert [(piece.kind, piece.text) for piece in line.pieces if piece.kind != "same"] == [("del", "5"), ("ins", "10")]
