"""A form with a field of every kind, and answers for Hypothesis to draw."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from qatysu.workbook.schema import Form, form_from


def words(text: str) -> dict[str, str]:
    """The same text in every language."""
    return {"kk": text, "ru": text, "en": text}


def field(id_: str, kind: str, **more: Any) -> dict[str, Any]:
    """A field as JSON."""
    return {"id": id_, "kind": kind, "label": words(id_), **more}


OPTIONS = [{"id": "a", "label": words("a")}, {"id": "b", "label": words("b")}, {"id": "c", "label": words("c")}]
FORM: Form = form_from(
    {
        "fields": [
            field("text", "text", is_required=True),
            field("long", "long_text", is_required=True, least=5),
            field("choice", "choice", options=OPTIONS),
            field("choices", "choices", options=OPTIONS),
            field("number", "number", decimals=2, least=-100, most=1000),
            field("money", "money"),
            field("date", "date"),
            field("place", "place"),
            field("table", "table", columns=[field("what", "text"), field("size", "number", decimals=1)], most=5),
            field("estimate", "estimate", reserve_percent=5, is_required=True),
            field("schedule", "schedule"),
            field("images", "images"),
            field("files", "files"),
            field("pairs", "before_after"),
        ]
    }
)


def ids() -> Callable[[], str]:
    """Ids of rows in order."""
    numbers = itertools.count(1)
    return lambda: f"{next(numbers):08x}"


#: Anything at all that a client may send for a field.
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
_LINE = st.text(alphabet="абв ғқ", max_size=6)
_TEXT = st.lists(_LINE, max_size=5).map("\n".join)
_ROW = st.fixed_dictionaries({"id": st.sampled_from([f"{n:08x}" for n in range(4)]), "what": _LINE, "size": st.integers(0, 9)})
_ROWS = st.lists(_ROW, max_size=4, unique_by=lambda row: row["id"])
#: Answers as they are stored, small enough that two people meet in them.
ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "text": _LINE.filter(bool),
        "long": _TEXT.filter(bool),
        "choices": st.lists(st.sampled_from("abc"), unique=True, min_size=1).map(sorted),
        "number": st.integers(0, 5),
        "table": _ROWS.filter(bool),
    },
)
