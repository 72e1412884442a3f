"""A ``.pb`` file as values, and the one error that reading raises."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from qatysu.core.errors import Invalid
from qatysu.rules.model import Election


class PbError(Invalid):
    """A file that cannot be read, or an election that cannot be written. ``text`` is one English line; it begins with
    ``line N: `` where there is a line (``line`` is 0 otherwise). ``params["text"]`` is the same; ``what`` is without the line.
    """

    def __init__(self, text: str, line: int = 0) -> None:
        """``text`` without the number of the line."""
        self.line, self.what = line, text
        self.text = f"line {line}: {text}" if line else text
        super().__init__("pb_file", text=self.text, line=line)

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Note:
    """A deviation that does not change the meaning of a file. ``line`` is 0 where there is none; ``code`` is stable."""

    line: int
    text: str
    code: str = ""

    def __str__(self) -> str:
        return f"line {self.line}: {self.text}" if self.line else self.text


@dataclass(frozen=True, slots=True, eq=False)
class PbFile:
    """What a file says. Money of ``election`` is in minor units (``election.scale`` of them make one unit of the file).

    ``meta``: key -> value, as written, in the order of the file. ``selected``: project id -> 0 (no), 1 (by the rule),
    2 (for another reason), 3 (paid from elsewhere); empty when the file has no such column.
    ``project_columns``: project id -> {column: text}, every column of PROJECTS as written, in the order of the file.
    ``columns``, ``vote_columns``: headers of PROJECTS and VOTES. ``notes``: in the order in which they were found.
    """

    meta: Mapping[str, str]
    election: Election
    selected: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    project_columns: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: MappingProxyType({}))
    columns: tuple[str, ...] = ()
    vote_columns: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()

    @property
    def currency(self) -> str:
        """Code of the currency as the file gives it, or ''."""
        return self.meta.get("currency", "")

    @property
    def rule(self) -> str:
        """The declared rule (META ``rule``), or ''."""
        return self.meta.get("rule", "")

    @property
    def has_votes_column(self) -> bool:
        """Whether PROJECTS states the votes of each project."""
        return "votes" in self.columns

    @property
    def has_score_column(self) -> bool:
        """Whether PROJECTS states the score of each project."""
        return "score" in self.columns
