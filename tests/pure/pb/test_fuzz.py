"""Whatever bytes come, the answer is a file or one line."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tests.pure.pb.samples import data, facts, pointed

from qatysu.rules.pb.checking import check
from qatysu.rules.pb.model import PbError, PbFile
from qatysu.rules.pb.reading import read_bytes
from qatysu.rules.pb.writing import write

GOOD = (
    data(),
    data({"categories": "a,b", "budget_per_category": "1,2.5"}, ('project_id;cost;category', '1;60;"a;b"', "12;70;a,b")),
    pointed("cumulative", ("voter_id;vote;points", "a;12,1;2,1", "b;1;0"), ("2;1", "1;2")),
    pointed("ordinal", ("voter_id;vote", "a;12,1", "b;1"), ("2;2", "1;2")),
)  # fmt: skip
PIECES = (
    b";", b'"', b"\n", b"\r", b"\0", b",", b"\xff", b"-", b".", b"9" * 20,
    b"META\n", b"VOTES\n", b"PROJECTS\n", b"1", b"\xef\xbb\xbf",
)  # fmt: skip


def answer(content: bytes, *, lenient: bool) -> PbFile | None:
    """What reading gives; None where it refuses with one line. Any other exception fails the test."""
    refusal = ""
    try:
        return read_bytes(content, lenient=lenient)
    except PbError as error:
        refusal = error.text
    assert (refusal.isprintable(), 0 < len(refusal) < 300) == (True, True)
    return None


@st.composite
def bent(draw: st.DrawFn) -> bytes:
    """A good file with a few places changed, cut out or doubled."""
    content = draw(st.sampled_from(GOOD))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(content)))
        upto = min(len(content), at + draw(st.integers(0, 12)))
        new = draw(st.sampled_from((*PIECES, content[at:upto] * 2, b"")))
        content = content[:at] + new + content[upto:]
    return content


@given(st.one_of(st.binary(max_size=200), st.text(max_size=100).map(lambda text: b"META\n" + text.encode("utf-8", "replace"))))
def test_any_bytes_are_answered(content: bytes) -> None:
    strict, lenient = answer(content, lenient=False), answer(content, lenient=True)
    assert strict is None or lenient is not None


@given(bent())
def test_bent_files_are_answered(content: bytes) -> None:
    strict, lenient = answer(content, lenient=False), answer(content, lenient=True)
    if strict is not None:
        assert lenient is not None
        assert (facts(lenient.election), lenient.notes) == (facts(strict.election), strict.notes)
    if lenient is not None:
        assert {finding.level for finding in check(lenient)} <= {"error", "warning"}


@given(bent())
def test_what_is_read_from_a_bent_file_can_be_written_and_read(content: bytes) -> None:
    pb = answer(content, lenient=False)
    if pb is not None:
        back = read_bytes(write(pb.election, meta=pb.meta, selected=pb.selected or None, project_columns=pb.project_columns).encode())
        assert facts(back.election)[1] == facts(pb.election)[1]
        assert back.election.budget * pb.election.scale == pb.election.budget * back.election.scale
