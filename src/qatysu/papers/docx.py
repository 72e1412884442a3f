"""DOCX from the blocks of a document: named styles that an office can change in one place, our language, A4."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from qatysu.core.errors import Invalid
from qatysu.papers.blocks import Block, BulletList, Document, Heading, Paragraph, Run, Signature, Spacer, Table, even

if TYPE_CHECKING:
    from docx.document import Document as DocxDocument

TAGS = {"kk": "kk-KZ", "ru": "ru-RU", "en": "en-GB"}
MOST_CHARACTERS = 400_000
FACE, INK = "Arial", "17211D"  # on every office computer, with all Kazakh letters
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u202a-\u202e\u2066-\u2069]")


def render(document: Document, language: str, *, made_at: datetime | None = None) -> bytes:
    """``document`` as DOCX in ``language`` (``kk``, ``ru``, ``en``). ``made_at`` (aware) is written into the file.

    Raises Invalid: ``paper_too_large`` when the text passes 400 000 characters.
    """
    import docx  # with its XML parser takes 100 ms: only documents pay for it

    made = docx.Document()
    _clear(made)
    _page(made)
    _styles(made, TAGS[language])
    _properties(made, document, TAGS[language], made_at or datetime(2000, 1, 1, tzinfo=UTC))
    left = MOST_CHARACTERS
    for block in document.blocks:
        left -= len(repr(block))
        if left < 0:
            raise Invalid("paper_too_large", limit=MOST_CHARACTERS)
        _add(made, block)
    if document.note:
        made.sections[0].footer.paragraphs[0].text = clean(document.note)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def clean(text: str) -> str:
    """``text`` without characters that XML or a reader must not see."""
    return _FORBIDDEN.sub("", text)


def _clear(made: DocxDocument) -> None:
    body = made.element.body
    for child in list(body):
        if not child.tag.endswith("sectPr"):
            body.remove(child)


def _page(made: DocxDocument) -> None:
    """A4 with the margins of office letters of the country: 30 mm left for binding, 15 mm right."""
    from docx.shared import Mm

    section = made.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin, section.right_margin, section.top_margin, section.bottom_margin = (
        Mm(30),
        Mm(15),
        Mm(20),
        Mm(20),
    )


def _styles(made: DocxDocument, tag: str) -> None:
    """Our face, sizes, ink and language, once, in the styles."""
    from docx.shared import Pt, RGBColor

    sizes = {"Normal": 12, "Title": 18, "Heading 1": 16, "Heading 2": 14, "Heading 3": 12, "Footer": 9, "Caption": 9}
    for name, size in sizes.items():
        style: Any = made.styles[name]
        style.font.name, style.font.size, style.font.color.rgb = FACE, Pt(size), RGBColor.from_string(INK)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for key in [key for key in fonts.attrib if "Theme" in key]:
            del fonts.attrib[key]
        for script in ("ascii", "hAnsi", "cs", "eastAsia"):
            fonts.set(_w(script), FACE)
    normal: Any = made.styles["Normal"]
    normal.paragraph_format.space_after, normal.paragraph_format.line_spacing = Pt(6), 1.15
    caption: Any = made.styles["Caption"]
    caption.font.bold = False
    language = _element("lang", val=tag, eastAsia=tag, bidi="ar-SA")
    defaults = made.styles.element.find(f".//{_w('rPrDefault')}/{_w('rPr')}")
    for old in defaults.findall(_w("lang")):
        defaults.remove(old)
    defaults.append(language)


def _properties(made: DocxDocument, document: Document, tag: str, made_at: datetime) -> None:
    about = made.core_properties
    about.title, about.author, about.language = clean(document.title)[:255], clean(document.author)[:255], tag
    about.comments, about.last_modified_by = "", ""
    about.created = about.modified = made_at.astimezone(UTC).replace(tzinfo=None)


def _add(made: DocxDocument, block: Block) -> None:
    match block:
        case Heading():
            made.add_paragraph(clean(block.text), style=f"Heading {min(max(block.level, 1), 3)}")
        case Paragraph():
            _paragraph(made, block)
        case BulletList():
            _list(made, block)
        case Table():
            _table(made, even(block))
        case Signature():
            _signature(made, block)
        case Spacer():
            for _ in range(min(max(block.lines, 0), 40)):
                made.add_paragraph()


def _paragraph(made: DocxDocument, block: Paragraph) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    paragraph = made.add_paragraph()
    sides = {"right": WD_ALIGN_PARAGRAPH.RIGHT, "center": WD_ALIGN_PARAGRAPH.CENTER}
    if block.align in sides:
        paragraph.alignment = sides[block.align]
    _runs(paragraph, block.runs)


def _runs(paragraph: Any, runs: tuple[Run, ...]) -> None:
    """Runs by character styles: «Strong», «Emphasis», or both."""
    for run in runs:
        added = paragraph.add_run(clean(run.text))
        if run.is_bold:
            added.style = "Strong"
        elif run.is_italic:
            added.style = "Emphasis"
        if run.is_bold and run.is_italic:
            added.italic = True


def _list(made: DocxDocument, block: BulletList) -> None:
    """Numbers are written as text: Word would go on counting from the list before."""
    for number, item in enumerate(block.items, 1):
        if block.is_numbered:
            paragraph = made.add_paragraph(style="List")
            paragraph.add_run(f"{number}.\u00a0")
        else:
            paragraph = made.add_paragraph(style="List Bullet")
        _runs(paragraph, item)


def _table(made: DocxDocument, block: Table) -> None:
    lines = [block.head, *block.rows] if block.head else list(block.rows)
    if not lines:
        return
    table = made.add_table(rows=0, cols=len(lines[0]), style="Table Grid")
    for number, line in enumerate(lines):
        row = table.add_row()
        is_head = bool(block.head) and number == 0
        for cell, text in zip(row.cells, line, strict=True):
            cell.paragraphs[0].add_run(clean(text), style="Strong" if is_head else None)
        properties = row._tr.get_or_add_trPr()
        properties.append(_element("cantSplit"))
        if is_head:
            properties.append(_element("tblHeader"))
    _widen(table, block.widths)
    made.add_paragraph()


def _widen(table: Any, widths: tuple[int, ...]) -> None:
    """Columns of these relative widths on the 165 mm between the margins."""
    from docx.shared import Mm

    if len(widths) != len(table.columns):
        return
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(165 * width / sum(widths))
        for cell in column.cells:
            cell.width = column.width


def _signature(made: DocxDocument, block: Signature) -> None:
    """Who signs, and a line to sign on that stays with its caption."""
    from docx.enum.text import WD_TAB_ALIGNMENT, WD_TAB_LEADER
    from docx.shared import Mm

    for who in block.who:
        paragraph = made.add_paragraph()
        paragraph.paragraph_format.keep_with_next = bool(block.caption)
        paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(95))
        paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(165), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.LINES)
        paragraph.add_run(f"{clean(who)}\t\t")
        if block.caption:
            under = made.add_paragraph(style="Caption")
            under.paragraph_format.tab_stops.add_tab_stop(Mm(95))
            under.add_run(f"\t{clean(block.caption)}")


def _w(name: str) -> str:
    from docx.oxml.ns import qn

    return str(qn(f"w:{name}"))


def _element(name: str, **attributes: str) -> Any:
    from docx.oxml import OxmlElement

    made = OxmlElement(f"w:{name}")
    for key, value in attributes.items():
        made.set(_w(key), value)
    return made
