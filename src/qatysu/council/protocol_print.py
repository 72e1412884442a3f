"""A protocol as office paper: PDF and DOCX, Kazakh and Russian, from its content alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from qatysu.core.money import tenge
from qatysu.council.models import Protocol
from qatysu.council.protocol_words import INTERESTS, LABELS, OUTCOMES, ROLES, VERDICTS
from qatysu.papers import docx, letter
from qatysu.papers.blocks import Block, BulletList, Document, Heading, Paragraph, Run, Signature, Table, words
from qatysu.ui import dates

Content = dict[str, Any]


def file_of(protocol: Protocol, language: str, kind: str) -> bytes:
    """The protocol in ``language`` (kk or ru) as ``pdf`` or ``docx``."""
    document = document_of(protocol.content, language, digest=protocol.digest)
    if kind == "docx":
        return docx.render(document, language, made_at=protocol.made_at)
    return letter.render_document(document, language, made_at=protocol.made_at)


def document_of(content: Content, language: str, *, digest: str = "") -> Document:
    """Blocks of the whole document; without ``digest`` it says that it is a draft."""
    label = {name: both[language] for name, both in LABELS.items()}
    foot = f"{label['fingerprint']}: {digest}" if digest else label["draft_note"]
    if content["is_illustrative"]:
        foot = f"{label['example']} · {foot}"
    title = f"{label['protocol']} № {content['number']}"
    return Document(title, tuple(_blocks(content, language, label)), foot, content["city"][language])


def _blocks(content: Content, language: str, label: dict[str, str]) -> Iterator[Block]:
    is_letter = content["kind"] == "correspondence"
    yield Heading(f"{label['protocol']} № {content['number']}")
    what = label["of_letters" if is_letter else "of_sitting"]
    yield Paragraph((Run(f"{what}\n{content['title'][language]}, {content['city'][language]}"),))
    yield Table((), tuple(_facts(content, language, label, is_letter=is_letter)), (2, 5))
    if content["note"]:
        yield Paragraph((Run(f"{label['notes']}: ", is_bold=True), Run(content["note"])))
    yield Heading(label["agenda"], 2)
    yield BulletList(tuple(words(_item_title(item, language, label)) for item in content["items"]), is_numbered=True)
    for number, item in enumerate(content["items"], start=1):
        yield Heading(f"{number}. {item['title'][language]}", 2)
        yield from _item(item, language, label)
    yield Signature(tuple(_signatories(content, label)), label["signature"])


def _facts(content: Content, language: str, label: dict[str, str], *, is_letter: bool) -> Iterator[tuple[str, str]]:
    opened, closed = (datetime.fromisoformat(content[name]) for name in ("opened", "closed"))
    day = dates.long(opened.date(), language)
    when = f"{day}, {opened:%H:%M}–{closed:%H:%M}"
    if opened.date() != closed.date():
        when = f"{day}, {opened:%H:%M} – {dates.long(closed.date(), language)}, {closed:%H:%M}"
    yield label["term" if is_letter else "time"], when
    for name, value in (("place", content["place"]), ("call", content["call_url"]), ("presides", content["presides"])):
        if value:
            yield label[name], value
    quorum = content["quorum"]
    counted = label["seats_are"].format(seats=quorum["seats"], needed=quorum["needed"])
    yield label["seats"], f"{counted}. {label['quorum_met' if quorum['is_met'] else 'no_quorum']}: {quorum['present']}"
    there = [seat for seat in content["seats"] if (seat["answered"] if is_letter else seat["how"])]
    away = [seat for seat in content["seats"] if seat not in there]
    if there:
        yield label["answered" if is_letter else "present"], "\n".join(_person(seat, language, label) for seat in there)
    if away:
        yield label["absent"], "\n".join(_person(seat, language, label) for seat in away)


def _person(seat: Content, language: str, label: dict[str, str]) -> str:
    about = [ROLES[seat["role"]][language], seat["post"][language], seat["organisation"]]
    if seat["how"] == "remote":
        about.append(label["remote"])
    if seat["stands_in_for"]:
        about.append(label["stands_in"].format(name=seat["stands_in_for"]))
    return f"{seat['name']} ({', '.join(filter(None, about))})"


def _item_title(item: Content, language: str, label: dict[str, str]) -> str:
    project = item["project"]
    if project is None:
        return str(item["title"][language])
    return f"{label['project']} № {project['code']} «{item['title'][language]}»"


def _item(item: Content, language: str, label: dict[str, str]) -> Iterator[Block]:
    yield Paragraph((Run(f"{label['heard']}: ", is_bold=True), Run(_heard(item, language, label))))
    if item["minutes"]:
        yield Paragraph((Run(f"{label['spoke']}: ", is_bold=True), Run(item["minutes"])))
    if item["rating"]:
        yield from _rating(item["rating"], language, label)
    if item["paying"]:
        yield from _paying(item, language, label)
    for row in item["recusals"]:
        yield Paragraph((Run(f"{label['recused']}: ", is_bold=True), Run(f"{row['name']} ({INTERESTS[row['kind']][language]})")))
    for poll in item["polls"]:
        yield from _poll(poll, language, label)
    if item["postponed_why"]:
        yield Paragraph((Run(f"{label['postponed']}: ", is_bold=True), Run(item["postponed_why"])))
    elif not any(poll["outcome"] == "adopted" for poll in item["polls"]):
        yield Paragraph((Run(label["undecided"], is_bold=True),))


def _rating(rows: list[Content], language: str, label: dict[str, str]) -> Iterator[Block]:
    """All projects by their place, then the winners with what they cost together."""
    head = ("№", label["project"], label["votes"], label["sum"])
    won = [row for row in rows if row["won"]]
    for name, shown in (("rating", rows), ("register", won)):
        yield Heading(label[name], 3)
        lines = [(row["code"], row["title"][language], str(row["votes"]), tenge(row["cost"])) for row in shown]
        if name == "register":
            lines.append((label["total"], str(len(won)), "", tenge(sum(row["cost"] for row in won))))
        yield Table(head, tuple(lines), (2, 9, 2, 4))


def _paying(item: Content, language: str, label: dict[str, str]) -> Iterator[Block]:
    """Which funder pays what for each winner, and what is left of their money with the reserve."""
    paying, titles = item["paying"], {row["code"]: row["title"][language] for row in item["rating"]}
    names = [funder[language] for funder in paying["funders"]]
    yield Heading(label["paying"], 3)
    rows = []
    for code, shares in paying["shares"].items():
        parts = [f"{name}: {tenge(amount)}" for name, amount in zip(names, shares, strict=True) if amount]
        rows.append((code, titles[code], "\n".join(parts)))
    yield Table(("№", label["project"], label["paying"]), tuple(rows), (1, 5, 5))
    left = sum(funder["sum"] - funder["pays"] for funder in paying["funders"])
    lines = [(f[language], tenge(f["sum"]), tenge(f["pays"]), tenge(f["sum"] - f["pays"])) for f in paying["funders"]]
    note = f"{label['reserve']} {tenge(min(paying['reserve'], left))}" if paying["reserve"] else ""
    lines.append((label["total"], "", "", f"{tenge(left)}\n{note}".strip()))
    yield Table((label["funder"], label["gives"], label["pays"], label["left"]), tuple(lines))


def _heard(item: Content, language: str, label: dict[str, str]) -> str:
    parts = [_item_title(item, language, label)]
    if item["project"]:
        parts.append(f"{label['cost']} {tenge(item['project']['cost'])}")
        if item["project"]["passport"]:
            parts.append(f"{label['passport']} {item['project']['passport'][:16]}…")
    if item["rapporteur"]:
        parts.append(f"{label['rapporteur'].lower()}: {item['rapporteur']}")
    if item["recommendation"]:
        parts.append(f"{label['recommends']}: {VERDICTS[item['recommendation']][language].lower()}")
    return "; ".join(parts) + "."


def _poll(poll: Content, language: str, label: dict[str, str]) -> Iterator[Block]:
    yield Paragraph((Run(f"{label['draft']}: ", is_bold=True), Run(_draft(poll, language, label))))
    if poll["outcome"] == "cancelled":
        yield Paragraph(words(OUTCOMES["cancelled"][language]))
        return
    yield Paragraph((Run(f"{label['voted']}: ", is_bold=True), Run(_counts(poll, language, label))))
    yield Table((label["member"], label["voice"]), tuple((row["name"], _voice(row, poll, label)) for row in poll["voices"]), (3, 1))
    for row in poll["voices"]:
        if row["dissent"]:
            yield Paragraph((Run(f"{label['dissent']} ({row['name']}): ", is_bold=True), Run(f"«{row['dissent']}»")))
    if poll["outcome"] == "adopted":
        yield Paragraph((Run(f"{label['resolved']}: ", is_bold=True), Run(_resolved(poll, language, label))))


def _draft(poll: Content, language: str, label: dict[str, str]) -> str:
    text = VERDICTS[poll["verdict"]][language]
    if poll["options"]:
        text += ": " + " / ".join(poll["options"])
    if poll["target"]:
        text += f". {label['target']}: № {poll['target']}"
    return text + "."


def _counts(poll: Content, language: str, label: dict[str, str]) -> str:
    counts = poll["counts"]
    if "options" in counts:
        parts = [f"{option} — {n}" for option, n in counts["options"].items()]
    else:
        parts = [f"{label['for'].lower()} — {counts['for_']}", f"{label['against'].lower()} — {counts['against']}"]
    parts += [f"{label['abstain'].lower()} — {counts['abstained']}"]
    if counts["not_voted"]:
        parts.append(f"{label['not_voted'].lower()} — {counts['not_voted']}")
    text = f"{', '.join(parts)}; {label['needed']} — {counts['needed']}: {OUTCOMES[poll['outcome']][language]}."
    return f"{text} {label['chair_decided']}." if counts["chair_decided"] else text


def _voice(row: Content, poll: Content, label: dict[str, str]) -> str:
    if poll["options"]:
        return str(row["voice"] or label["abstain"])
    return label[row["voice"]]


def _resolved(poll: Content, language: str, label: dict[str, str]) -> str:
    parts = [f"{VERDICTS[poll['verdict']][language]}" + (f": {poll['chosen']}" if poll["chosen"] else "") + "."]
    if poll["reasons"]:
        parts.append(f"{label['reasons']}: {'; '.join(row[language] for row in poll['reasons'])}.")
    if poll["text"][language]:
        parts.append(poll["text"][language])
    if poll["target"]:
        parts.append(f"{label['target']}: № {poll['target']}.")
    for name, day in (("until", poll["rework_until"]), ("appeal", poll["appeal_last_day"])):
        if day:
            parts.append(f"{label[name]}: {dates.long(date.fromisoformat(day), language).removesuffix('.')}.")
    return " ".join(parts)


def _signatories(content: Content, label: dict[str, str]) -> Iterator[str]:
    chair = content["presides"] or next((seat["name"] for seat in content["seats"] if seat["role"] == "chair"), "")
    yield f"{label['presides' if content['presides'] else 'chair']} {chair}"
    yield f"{label['secretary']} {next((seat['name'] for seat in content['seats'] if seat['role'] == 'secretary'), '')}"
