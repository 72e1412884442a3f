"""Blocks of a general document: what letters, applications and consents are made of, before they are PDF or DOCX."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from markdown_it.token import Token

from qatysu.papers.letters import printable
from qatysu.papers.markdown import parser


@dataclass(frozen=True, slots=True)
class Run:
    """Words of one style."""

    text: str
    is_bold: bool = False
    is_italic: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 to 3."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Runs on one paragraph; ``\\n`` in a run ends the line. ``align``: ``left``, ``right`` or ``center``."""

    runs: tuple[Run, ...]
    align: str = "left"


@dataclass(frozen=True, slots=True)
class BulletList:
    """Items of one level, each a list of runs; numbered from 1 when ``is_numbered``."""

    items: tuple[tuple[Run, ...], ...]
    is_numbered: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Cells of text; ``head`` may be empty. Every row has as many cells as the widest.

    ``widths`` of columns are relative; empty: all alike.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Signature:
    """Lines to sign on: who, and what is under the line («қолы», «күні»)."""

    who: tuple[str, ...]
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Spacer:
    """Empty space of ``lines`` lines."""

    lines: int = 1


Block = Heading | Paragraph | BulletList | Table | Signature | Spacer


@dataclass(frozen=True, slots=True)
class Document:
    """A document with the title of its file. ``note`` stands at the foot of every page: number, date, «illustrative data»."""

    title: str
    blocks: tuple[Block, ...]
    note: str = ""
    author: str = ""


def words(text: str) -> tuple[Run, ...]:
    """``text`` as one plain run."""
    return (Run(text),)


def even(table: Table) -> Table:
    """``table`` with rows filled up to the same number of cells; at least one column."""
    width = max([1, len(table.head), *map(len, table.rows)])
    rows = tuple(row + ("",) * (width - len(row)) for row in table.rows)
    widths = table.widths if len(table.widths) == width else ()
    return Table(table.head + ("",) * (width - len(table.head)) if table.head else (), rows, widths)


def blocks_from_markdown(text: str) -> tuple[Block, ...]:
    """Blocks of Markdown: headings, paragraphs, bold, italic, lists, tables; ``---`` is a spacer.

    Nested lists become one list; of quotes, links and code the words stay. HTML stays text.
    """
    return tuple(_blocks(parser().parse(text)))


def _blocks(tokens: list[Token]) -> Iterator[Block]:
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if token.type == "heading_open":
            yield Heading(_plain(tokens[at + 1]), min(int(token.tag[1]), 3))
            at += 2
        elif token.type in ("bullet_list_open", "ordered_list_open", "table_open"):
            end = _end(tokens, at)
            inside = tokens[at + 1 : end]
            yield _table(inside) if token.type == "table_open" else _list(inside, token.type == "ordered_list_open")
            at = end
        elif token.type == "inline":
            yield Paragraph(_runs(token))
        elif token.type in ("fence", "code_block"):
            yield Paragraph(words(token.content.rstrip("\n")))
        elif token.type == "hr":
            yield Spacer()
        at += 1


def _end(tokens: list[Token], start: int) -> int:
    """Where what opens at ``start`` closes."""
    level, closing = tokens[start].level, tokens[start].type.replace("_open", "_close")
    return next(at for at in range(start + 1, len(tokens)) if tokens[at].type == closing and tokens[at].level == level)


def _list(tokens: list[Token], is_numbered: bool) -> BulletList:
    inlines = [token for token in tokens if token.type == "inline"]
    return BulletList(tuple(_runs(token) for token in inlines), is_numbered)


def _table(tokens: list[Token]) -> Table:
    head: tuple[str, ...] = ()
    rows: list[tuple[str, ...]] = []
    cells: list[str] = []
    is_head = False
    for opening, token in pairwise(tokens):
        if token.type == "inline":
            cells.append(_plain(token))
            is_head = opening.type == "th_open"
        elif token.type == "tr_close":
            if is_head:
                head = tuple(cells)
            else:
                rows.append(tuple(cells))
            cells = []
    return even(Table(head, tuple(rows)))


def _plain(token: Token) -> str:
    return "".join(run.text for run in _runs(token))


def _runs(token: Token) -> tuple[Run, ...]:
    """Runs of an inline token; neighbours of one style are joined."""
    runs: list[Run] = []
    depth = {"strong": 0, "em": 0}
    for child in token.children or []:
        style = child.type.rsplit("_", 1)[0]
        if style in depth:
            depth[style] += child.nesting
            continue
        text = "\n" if child.type in ("softbreak", "hardbreak") else child.content
        if child.type == "softbreak":
            text = " "
        run = Run(text, depth["strong"] > 0, depth["em"] > 0)
        if runs and (runs[-1].is_bold, runs[-1].is_italic) == (run.is_bold, run.is_italic):
            runs[-1] = Run(runs[-1].text + text, run.is_bold, run.is_italic)
        elif text:
            runs.append(run)
    return tuple(runs)


def as_data(document: Document) -> dict[str, Any]:
    """``document`` for the template ``document.typ``, its headings without gaps between levels as PDF/UA demands."""
    return {
        "title": document.title,
        "author": document.author,
        "note": document.note,
        "blocks": [_block_data(block) for block in _stepwise(document.blocks)],
    }


def _stepwise(blocks: tuple[Block, ...]) -> Iterator[Block]:
    """``blocks`` whose first heading is of level 1 and no other goes down by more than one; empty headings are left out."""
    deepest = 0
    for block in blocks:
        if isinstance(block, Heading):
            if not printable(block.text).strip():
                continue
            deepest = min(max(block.level, 1), deepest + 1, 3)
            block = Heading(block.text, deepest)
        yield block


def _block_data(block: Block) -> dict[str, Any]:
    match block:
        case Heading():
            return {"kind": "heading", "text": block.text, "level": block.level}
        case Paragraph():
            return {"kind": "paragraph", "runs": _run_data(block.runs), "align": block.align}
        case BulletList():
            return {
                "kind": "list",
                "items": [_run_data(item) for item in block.items],
                "is_numbered": block.is_numbered,
            }
        case Table():
            whole = even(block)
            rows = [list(row) for row in whole.rows]
            return {"kind": "table", "head": list(whole.head), "rows": rows, "widths": list(whole.widths)}
        case Signature():
            return {"kind": "signature", "who": list(block.who), "caption": block.caption}
        case Spacer():
            return {"kind": "spacer", "lines": min(max(block.lines, 0), 40)}


def _run_data(runs: tuple[Run, ...]) -> list[dict[str, Any]]:
    return [{"text": run.text, "bold": run.is_bold, "italic": run.is_italic} for run in runs]


def stored(blocks: tuple[Block, ...]) -> list[dict[str, Any]]:
    """``blocks`` as plain data that JSON keeps; ``restored`` makes them again."""
    return [_block_data(block) for block in blocks]


def restored(rows: list[dict[str, Any]]) -> tuple[Block, ...]:
    """Blocks of what ``stored`` gave. Raises KeyError for anything else."""
    return tuple(_MAKERS[row["kind"]](row) for row in rows)


def _runs_of(rows: list[dict[str, Any]]) -> tuple[Run, ...]:
    return tuple(Run(row["text"], row["bold"], row["italic"]) for row in rows)


_MAKERS: dict[str, Callable[[dict[str, Any]], Block]] = {
    "heading": lambda row: Heading(row["text"], row["level"]),
    "paragraph": lambda row: Paragraph(_runs_of(row["runs"]), row["align"]),
    "list": lambda row: BulletList(tuple(_runs_of(item) for item in row["items"]), row["is_numbered"]),
    "table": lambda row: Table(tuple(row["head"]), tuple(map(tuple, row["rows"])), tuple(row["widths"])),
    "signature": lambda row: Signature(tuple(row["who"]), row["caption"]),
    "spacer": lambda row: Spacer(row["lines"]),
}
