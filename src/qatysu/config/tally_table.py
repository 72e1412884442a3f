"""What ``qatysu tally`` prints for people: header, table, ties, audit, comparison, protocol. Plain text for any width."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from qatysu.config.tally_words import word
from qatysu.core.money import grouped, percent
from qatysu.rules import compare, explain, hints
from qatysu.rules.auditing import Audit
from qatysu.rules.describe import rule_text
from qatysu.rules.hints import Hint
from qatysu.rules.model import Outcome, Step, Verdict
from qatysu.rules.params import PARAMS
from qatysu.rules.pb.model import Note, PbFile

#: Below this width a project takes several lines.
NARROW = 64
LONGEST_ID = 24
LONGEST_NAME = 48
LONGEST_TEXT = 2000
#: Ties without effect that are listed.
MOST_TIES = 5
COLOURS = {Verdict.FUNDED: "32", Verdict.EXTRA: "36", Verdict.UNDECIDED: "33", Verdict.WITHDRAWN: "2", Verdict.NOT_FUNDED: ""}


@dataclass(frozen=True, slots=True)
class Shown:
    """Everything that is printed. ``source``: where rule and parameters come from: by_hand, by_file, assumed."""

    name: str
    file: PbFile
    outcome: Outcome
    audit: Audit
    notes: tuple[Note | Hint | str, ...]
    source: str
    language: str
    width: int = 80
    colour: bool = False
    comparison: tuple[compare.Row, ...] = ()
    steps: bool = False
    context: explain.Context = field(init=False)

    def __post_init__(self) -> None:
        names = {p.id: f"{cut(p.id, LONGEST_ID)} {cut(p.name, LONGEST_NAME)}".strip() for p in self.file.election.projects}
        made = explain.Context.of(self.file.election, self.outcome, self.money, names)
        object.__setattr__(self, "context", made)

    def money(self, amount: int | Fraction) -> str:
        """Minor units as an amount of the file's currency."""
        text = money_text(amount, self.file.election.scale, self.language)
        return f"{text}\u00a0{cut(self.file.currency, 8)}" if self.file.currency else text

    def say(self, name: str, **values: str) -> str:
        """A word in the reader's language."""
        return word(self.language, name, **values)


def money_text(amount: int | Fraction, scale: int, language: str) -> str:
    """``1 331 751,11``: minor units in units, without needless decimals; shares of a minor unit rounded half up."""
    digits = len(str(scale)) - 1
    if Fraction(amount).denominator != 1:
        digits = max(digits, 2)
    whole, rest = divmod(int((Fraction(amount, scale) * 10**digits * 2 + 1) // 2), 10**digits)
    return grouped(whole) + (f"{'.' if language == 'en' else ','}{rest:0{digits}d}" if rest else "")


def share_text(share: Fraction, language: str) -> str:
    """``98,3 %``."""
    return percent(share, 1).replace(",", "." if language == "en" else ",")


def clean(text: str) -> str:
    """``text`` on one line, without characters that steer a terminal or turn the direction of writing."""
    return "".join(" " if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp") else c for c in text).strip()


def wide(text: str) -> int:
    """Columns that ``text`` takes on a terminal."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def cut(text: str, width: int) -> str:
    """``text`` on one line of at most ``width`` columns; an ellipsis shows that something is left out."""
    text = clean(text[: 4 * width + 16])
    if wide(text) <= width:
        return text
    while text and wide(text) > width - 1:
        text = text[:-1]
    return text.rstrip() + "…"


def padded(text: str, width: int, *, right: bool = False) -> str:
    """``text`` filled with spaces up to ``width`` columns."""
    space = " " * max(0, width - wide(text))
    return space + text if right else text + space


def lines(shown: Shown) -> Iterator[str]:
    """All lines, without line ends."""
    yield from _header(shown)
    yield ""
    yield from _table(shown)
    yield ""
    yield from _wrap(explain.outcome_sentence(shown.outcome, shown.context, shown.language), shown.width)
    for part in (_ties(shown), _audit(shown), _notes(shown), _protocol(shown), _comparison(shown)):
        block = list(part)
        if block:
            yield from ("", *block)


def _wrap(text: str, width: int, indent: str = "", first: str | None = None) -> list[str]:
    start = indent if first is None else first
    whole = clean(text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…")
    return textwrap.wrap(whole, width, initial_indent=start, subsequent_indent=indent, break_on_hyphens=False) or [start]


def _header(shown: Shown) -> Iterator[str]:
    election, meta = shown.file.election, shown.file.meta
    title = meta.get("description") or meta.get("instance") or ""
    year = meta.get("instance", "")
    yield from _wrap(f"{title}, {year}" if year and year not in title else title or shown.name, shown.width)
    facts = [
        f"{shown.say('ballots')}: {grouped(election.voters)}", f"{shown.say('projects')}: {grouped(len(election.projects))}",
        f"{shown.say('budget')}: {shown.money(shown.outcome.budget)}",
    ]
    if shown.outcome.runs > 1:
        facts.append(f"{shown.say('runs')}: {grouped(shown.outcome.runs)}")
    yield from _wrap(f"{shown.say('file')}: {shown.name}", shown.width, "  ", "")
    yield from _wrap(" · ".join(facts), shown.width, "  ", "")
    rule = rule_text(shown.outcome.rule, shown.language)
    yield from _wrap(f"{shown.say('rule')}: {rule.name} ({settings(shown.outcome)}), {shown.say(shown.source)}", shown.width, "  ", "")
    yield from _wrap(rule.line, shown.width, "  ")


def settings(outcome: Outcome) -> str:
    """The rule with its own parameters and those that are not at their default."""
    own = ("fit", "utility", "completion", "unaffordable")
    told = [f"{name}={text}" for name, text in outcome.params.items() if name in own or text != PARAMS[name].default]
    return " ".join([outcome.rule, *told])


def ordered(outcome: Outcome) -> list[Step]:
    """The last step of every project: winners in order of selection, those funded apart, undecided ones, the others; within the
    last two by falling votes."""
    last = {step.project: step for step in outcome.steps}
    rank = {Verdict.FUNDED: 0, Verdict.EXTRA: 1, Verdict.UNDECIDED: 2, Verdict.NOT_FUNDED: 3, Verdict.WITHDRAWN: 4}

    def place(step: Step) -> tuple[int, int, int, str]:
        won = step.verdict in (Verdict.FUNDED, Verdict.EXTRA)
        counted = outcome.counts[step.project]
        return rank[step.verdict], step.place if won else 0, -counted.score, step.project

    return sorted(last.values(), key=place)


def _table(shown: Shown) -> Iterator[str]:
    steps = ordered(shown.outcome)
    names = {p.id: p.name for p in shown.file.election.projects}
    key = "points" if shown.context.by_points else "votes"
    counts = {i: counted.score if shown.context.by_points else counted.votes for i, counted in shown.outcome.counts.items()}
    money = {i: money_text(cost, shown.file.election.scale, shown.language) for i, cost in shown.context.costs.items()}
    head = ("#", shown.say("id"), shown.say("name"), shown.say(key), shown.say("cost"), shown.say("result"))
    rows = [
        (
            str(place), cut(step.project, LONGEST_ID), clean(names[step.project]), grouped(counts[step.project]),
            money[step.project], explain.verdict_word(step, shown.language),
        )
        for place, step in enumerate(steps, 1)
    ]
    widths = [max(wide(row[column]) for row in (head, *rows)) for column in range(6)]
    widths[2] = shown.width - sum(widths[c] for c in (0, 1, 3, 4, 5)) - 2 * 5
    narrow = shown.width < NARROW or widths[2] < 12
    if not narrow:
        yield _paint(shown, _row(head, widths), "1")
    for step, row in zip(steps, rows, strict=True):
        yield from _about(shown, step, row, [] if narrow else widths)


def _about(shown: Shown, step: Step, row: tuple[str, ...], widths: Sequence[int]) -> Iterator[str]:
    indent = " " * (widths[0] + 2 if widths else 3)
    colour = COLOURS[step.verdict]
    if widths:
        yield _paint(shown, _row(row, widths), colour)
    else:
        place, name, title, count, cost, result = row
        yield _paint(shown, cut(f"{place}. {name} {title}", shown.width), colour)
        yield from _wrap(f"{count} · {cost} · {result}", shown.width, indent)
    yield from (_paint(shown, line, "2") for line in _wrap(explain.why(step, shown.context, shown.language), shown.width, indent))


def _row(cells: Sequence[str], widths: Sequence[int]) -> str:
    right = (0, 3, 4)
    fitted = [*cells[:2], cut(cells[2], widths[2]), *cells[3:]]
    texts = (padded(cell, widths[c], right=c in right) for c, cell in enumerate(fitted))
    return "  ".join(texts).rstrip()


def _paint(shown: Shown, line: str, colour: str) -> str:
    return f"\033[{colour}m{line}\033[0m" if shown.colour and colour else line


def _title(shown: Shown, text: str, colour: str = "1") -> Iterator[str]:
    yield from (_paint(shown, line, colour) for line in _wrap(text, shown.width))


def _ties(shown: Shown) -> Iterator[str]:
    if not shown.outcome.ties:
        return
    yield from _title(shown, shown.say("ties"))
    told = [tie for tie in shown.outcome.ties if tie.decisive]
    quiet = [tie for tie in shown.outcome.ties if not tie.decisive]
    for tie in [*told, *quiet[:MOST_TIES]]:
        yield from _wrap(explain.tie_sentence(tie, shown.context, shown.language), shown.width, "  ", "- ")
    if len(quiet) > MOST_TIES:
        yield from _wrap(shown.say("more_ties", n=grouped(len(quiet) - MOST_TIES)), shown.width, "  ", "- ")


def _audit(shown: Shown) -> Iterator[str]:
    audit = shown.audit
    state = {True: "agrees", False: "differs", None: "unsettled" if shown.file.selected else "nothing"}[audit.matches]
    yield from _title(shown, f"{shown.say('audit')}: {shown.say(state)}", {True: "32", False: "31", None: "1"}[audit.matches])
    for name in ("only_official", "only_computed", "official_extra"):
        ids = getattr(audit, name)
        if ids:
            yield from _wrap(f"{shown.say(name)}: {', '.join(ids)}", shown.width, "  ")
    for why in audit.why:
        if why.code != "no_official":
            yield from _wrap(hints.sentence(why, shown.language), shown.width, "  ", "- ")


def _notes(shown: Shown) -> Iterator[str]:
    if shown.notes:
        yield from _title(shown, shown.say("notes"))
    for note in shown.notes:
        yield from _wrap(note_text(note, shown.language), shown.width, "  ", "- ")


def note_text(note: Note | Hint | str, language: str) -> str:
    """A note of the reader of files (English), of this command or of the outcome."""
    return hints.sentence(note, language) if isinstance(note, Hint) else hints.note_sentence(str(note), language)


def _protocol(shown: Shown) -> Iterator[str]:
    if shown.steps:
        yield from _title(shown, shown.say("steps"))
        for step in shown.outcome.steps:
            yield from _wrap(explain.step_line(step, shown.context, shown.language), shown.width, "   ", "")


def _comparison(shown: Shown) -> Iterator[str]:
    if not shown.comparison:
        return
    yield from _title(shown, shown.say("compare"))
    for row in shown.comparison:
        found = row.measures
        facts = [
            f"{shown.say('winners')} {grouped(len(row.winners))}", f"{shown.say('spent')} {shown.money(found.spent)}",
            f"{shown.say('with_winner')} {share_text(found.share, shown.language)}",
        ]
        if found.cost_per_vote is not None:
            facts.append(f"{shown.money(found.cost_per_vote)} {shown.say('per_vote')}")
        name = rule_text(row.rule, shown.language).name
        yield from _wrap(f"{name}: {', '.join(facts)}", shown.width, "    ", "* " if row.binding else "- ")
        for label, ids in (("gained", row.gained), ("lost", row.lost)):
            if ids:
                yield from _wrap(f"{shown.say(label)}: {', '.join(ids)}", shown.width, "      ", "    ")
        for sentence in compare.note_sentences(row, shown.money, shown.language):
            yield from _wrap(sentence, shown.width, "      ", "    ")
    yield from _wrap(compare.not_binding(shown.language), shown.width)
