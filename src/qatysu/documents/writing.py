"""From the text of an edition to blocks: inserts filled in, chapters and clauses numbered as lawyers number them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from qatysu.core.errors import Invalid
from qatysu.documents import inserts
from qatysu.papers.blocks import Block, BulletList, Heading, Paragraph, Run, Table, blocks_from_markdown
from qatysu.rounds.models import Round

_INSERT = re.compile(r"^\s*\[\[\s*([a-z]+)\s*\]\]\s*$", re.MULTILINE)
_ANY = re.compile(r"\[\[([^\]]*)\]\]")
_ALONE = re.compile(r"\[\[\s*([a-z]+)\s*\]\]")


def names_in(body: str) -> tuple[str, ...]:
    """Names of inserts in their order, each line that holds nothing else."""
    return tuple(_INSERT.findall(body))


def check_inserts(body: str, field: str) -> None:
    """Raises Invalid ``unknown_insert`` with the words in brackets that no insert has, or that share their line with others."""
    good = [name for name in names_in(body) if name in inserts.NAMES]
    told = [found.strip() for found in _ANY.findall(body)]
    for name in good:
        told.remove(name)
    if told:
        raise Invalid("unknown_insert", field=field, names=", ".join(dict.fromkeys(told)))


def written(body: str, round_: Round, language: str) -> tuple[Block, ...]:
    """``body`` (Markdown with inserts) as numbered blocks in ``language``.

    A heading begins a chapter («1. …»), every paragraph below it is a clause («1.1. …»); lists and tables belong to the clause
    before them. What stands before the first heading is the preamble and has no number.
    """
    # An insert is a paragraph of its own even where its lines follow each other.
    spaced = _INSERT.sub(lambda found: f"\n\n[[{found[1]}]]\n\n", body)
    return tuple(_numbered(_filled(blocks_from_markdown(spaced), round_, language)))


def _filled(blocks: Iterable[Block], round_: Round, language: str) -> Iterator[Block]:
    for block in blocks:
        name = _name_of(block)
        if name in inserts.NAMES:
            yield from inserts.blocks_of(name, round_, language)
        else:
            yield block


def _name_of(block: Block) -> str:
    if not isinstance(block, Paragraph):
        return ""
    found = _ALONE.fullmatch("".join(run.text for run in block.runs).strip())
    return found[1] if found else ""


def _numbered(blocks: Iterable[Block]) -> Iterator[Block]:
    chapter = clause = 0
    for block in blocks:
        if isinstance(block, Heading):
            chapter, clause = chapter + 1, 0
            yield Heading(f"{chapter}. {block.text}", 2)
        elif isinstance(block, Paragraph) and chapter:
            clause += 1
            yield Paragraph((Run(f"{chapter}.{clause}. "), *block.runs), block.align)
        else:
            yield block


def lines_of(blocks: Iterable[Block]) -> list[str]:
    """Every clause, item and row as one line of text: what differences are made from."""
    return [line for block in blocks for line in _lines(block) if line.strip()]


def _lines(block: Block) -> Iterator[str]:
    match block:
        case Heading():
            yield block.text
        case Paragraph():
            yield "".join(run.text for run in block.runs)
        case BulletList():
            yield from ("— " + "".join(run.text for run in item) for item in block.items)
        case Table():
            yield from (" · ".join(row) for row in (block.head, *block.rows))
