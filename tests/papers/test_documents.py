"""Letters and consents: one model of blocks, printed as PDF and as DOCX."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime

import docx as word
import pytest

from qatysu.core.errors import Invalid
from qatysu.papers import docx
from qatysu.papers.blocks import (
    BulletList,
    Document,
    Heading,
    Paragraph,
    Run,
    Signature,
    Spacer,
    Table,
    blocks_from_markdown,
    words,
)
from qatysu.papers.certificate import CertificateSheet, render_certificate
from qatysu.papers.filling import fill
from qatysu.papers.letter import render_document
from tests.papers import reading

TEMPLATE = """# Келісім

Мен, **{{ name }}**, *келісім* беремін.

## Тізім

- бірінші
- екінші **маңызды**

3. Ә Ғ Қ Ң
4. Ө Ұ Ү Һ І

| Жұмыс | Сомасы |
|---|---:|
| Тірек \\| шам | 1 332 000 ₸ |
| бос |

---

Соңы [сілтеме](https://a.kz) <b>x</b>
"""
HOSTILE = '#panic("x") \x00\x0b\x1b \ud800 😀 \u202eabc <w:p/> &amp; ]]> ' + "ә" * 500


def sample() -> Document:
    blocks = blocks_from_markdown(fill(TEMPLATE, {"name": "Қ. *Б*"}).text)
    return Document("Келісім", (*blocks, Spacer(2), Signature(("Қ. Б.", "Л. С."), "қолы, күні")), note="№ 6")


def test_markdown_becomes_blocks() -> None:
    blocks = blocks_from_markdown(fill(TEMPLATE, {"name": "Қ. *Б*"}).text)
    assert blocks[0] == Heading("Келісім", 1)
    assert blocks[1] == Paragraph(
        (Run("Мен, "), Run("Қ. *Б*", is_bold=True), Run(", "), Run("келісім", is_italic=True), Run(" беремін."))
    )
    assert blocks[3] == BulletList((words("бірінші"), (Run("екінші "), Run("маңызды", is_bold=True))))
    assert blocks[4] == BulletList((words("Ә Ғ Қ Ң"), words("Ө Ұ Ү Һ І")), is_numbered=True)
    assert blocks[5] == Table(("Жұмыс", "Сомасы"), (("Тірек | шам", "1 332 000 ₸"), ("бос", "")))
    assert blocks[6:] == (Spacer(), Paragraph(words("Соңы сілтеме <b>x</b>")))


@pytest.mark.parametrize(
    "text",
    ["", "\n\n", "- \n- \n", "||\n|--|\n", "> quote\n> two", "```\ncode\n```", "#", "1.\n   - a\n     - b", "***"],
)
def test_any_markdown_becomes_a_document(text: str) -> None:
    document = Document("Т", blocks_from_markdown(text))
    render_document(document, "kk")
    word.Document(io.BytesIO(docx.render(document, "kk")))


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_pdf_says_all_blocks(language: str) -> None:
    made = render_document(sample(), language)
    text = reading.text(made)
    for said in (
        "Келісім",
        "Мен, Қ. *Б*, келісім беремін.",
        "1. Ә Ғ Қ Ң",
        "Тірек | шам 1 332 000 ₸",
        "қолы, күні",
        "№ 6",
    ):
        assert said in text
    assert len(reading.pages(made)) == 1


def test_headings_may_skip_levels_and_be_empty() -> None:
    headings = (Heading("үш", 3), Heading("😀", 1), Heading("бір", 1), Heading("тағы", 3), Heading("", 2))
    assert "тағы" in reading.text(render_document(Document("", headings), "kk"))


def test_docx_opens_and_says_the_same_through_styles() -> None:
    made = word.Document(io.BytesIO(docx.render(sample(), "kk", made_at=datetime(2026, 3, 2, tzinfo=UTC))))
    lines = [paragraph.text for paragraph in made.paragraphs]
    assert lines[:2] == ["Келісім", "Мен, Қ. *Б*, келісім беремін."]
    assert "1.\u00a0Ә Ғ Қ Ң" in lines
    assert [paragraph.style.name for paragraph in made.paragraphs[:4]] == [
        "Heading 1",
        "Normal",
        "Heading 2",
        "List Bullet",
    ]
    assert [run.style.name for run in made.paragraphs[1].runs][1::2] == ["Strong", "Emphasis"]
    [table] = made.tables
    assert [cell.text for cell in table.rows[1].cells] == ["Тірек | шам", "1 332 000 ₸"]
    assert (made.core_properties.title, made.core_properties.language) == ("Келісім", "kk-KZ")
    assert made.core_properties.author == ""
    section = made.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert section.footer.paragraphs[0].text == "№ 6"


@pytest.mark.parametrize(("language", "tag"), [("kk", "kk-KZ"), ("ru", "ru-RU")])
def test_docx_names_its_language_for_the_speller(language: str, tag: str) -> None:
    archive = zipfile.ZipFile(io.BytesIO(docx.render(sample(), language)))
    assert f'w:lang w:val="{tag}"' in archive.read("word/styles.xml").decode()


def test_hostile_text_stays_text_in_both() -> None:
    blocks = (
        Heading(HOSTILE),
        Paragraph((Run(HOSTILE, is_bold=True),), "center"),
        BulletList((words(HOSTILE),)),
        Table((HOSTILE,), ((HOSTILE, HOSTILE), ())),
        Signature((HOSTILE,), HOSTILE),
    )
    document = Document(HOSTILE, blocks, HOSTILE, HOSTILE)
    made = word.Document(io.BytesIO(docx.render(document, "kk")))
    assert '#panic("x")' in made.paragraphs[1].text
    assert "<w:p/> &amp; ]]>" in made.paragraphs[1].text
    assert "\u202e" not in made.paragraphs[1].text
    assert '#panic("x")' in reading.text(render_document(document, "kk"))


def test_docx_refuses_too_much_text() -> None:
    with pytest.raises(Invalid, match="paper_too_large"):
        docx.render(Document("Т", (Paragraph(words("ә" * 500_000)),)), "kk")


def certificate(**changes: object) -> CertificateSheet:
    facts = {
        "heading": "Қатысу куәлігі",
        "name": "Ләззат Сейтқалиқызы Өтеғұлова",
        "number": "KHR-2026-0042",
        "made_at": datetime(2026, 7, 15, tzinfo=UTC),
        "programme": "Қатысу бюджеті",
        "deed": "«Ауладағы жарық» жобасын паспортқа дейін жеткізгені үшін",
        "done": ("төрт модуль", "3 тест"),
        "url": "https://qatysu.example/kk/c/42/",
        "scan_label": "Тексеру",
        "illustrative": "Үлгі деректер",
    }
    return CertificateSheet(**(facts | changes))  # type: ignore[arg-type]


def test_certificate_says_who_and_what_on_one_page() -> None:
    made = render_certificate(certificate(), "kk")
    [page] = reading.pages(made)
    for said in (
        "Қатысу куәлігі",
        "Ләззат Сейтқалиқызы Өтеғұлова",
        "KHR-2026-0042",
        "төрт модуль",
        "Үлгі деректер",
        "Тексеру",
    ):
        assert said in page
    assert "Өтеғұлова" in reading.metadata(made)["Title"]


@pytest.mark.parametrize("text", ["", " ", "ә" * 3000, "сөз " * 900, HOSTILE])
def test_certificate_is_one_page_whatever_it_says(text: str) -> None:
    names = (
        "heading",
        "name",
        "number",
        "programme",
        "city",
        "round",
        "lead",
        "deed",
        "signer",
        "signer_role",
        "date",
        "scan_label",
    )
    sheet = certificate(**dict.fromkeys(names, text), done=(text,) * 9)
    assert len(reading.pages(render_certificate(sheet, "ru"))) == 1
