"""The press: its bounds, and that people's words stay words."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from qatysu.core.errors import Invalid
from qatysu.papers import letters, pdf
from qatysu.papers.blocks import Document, Paragraph, words
from qatysu.papers.letter import render_document
from tests.papers import reading

HOSTILE = '#import "@preview/cetz:0.3.0" #read("/etc/passwd") #panic("x") $x^2$ \\ *b* _i_ <l> @ref `raw` // /* */ [a](b) #[#let x=1]'


def printed(text: str, language: str = "kk") -> str:
    return reading.text(render_document(Document("Т", (Paragraph(words(text)),)), language))


def test_typst_markup_of_people_is_printed_as_typed() -> None:
    assert printed(HOSTILE) == HOSTILE


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("нөл\x00дік \x1b[31mқызыл", "нөлдік [31mқызыл"),
        ("үй 😀🏗️ салу", "үй салу"),
        ("ABC \u202eDCB\u202c \u2067x\u2069", "ABC DCB x"),
        ("ﬁ Ⅳ ²", "fi IV ²"),
        ("й\u0306 и\u0306 e\u0301\u0302", "й й é"),
        ("бір жол\r\nекінші жол\u2028үшінші", "бір жол екінші жол үшінші"),
        ("\ud800 lone", "lone"),
    ],
)
def test_text_is_made_fit_for_print(typed: str, shown: str) -> None:
    assert printed(typed) == shown


def test_letters_of_other_scripts_become_boxes_and_are_counted() -> None:
    assert letters.printable("שלום 中文") == "\ufffd" * 4 + " " + "\ufffd" * 2
    assert printed("שלום ок").endswith("ок")


def test_every_letter_of_the_list_has_a_form_in_every_face() -> None:
    """The archive profile refuses letters without a form, so a document that compiles had them all."""
    from qatysu.papers.blocks import Run

    everything = " ".join(chr(code) for code in sorted(letters.coverage()) if code > 0x20)
    styles = [Run(everything, is_bold, is_italic) for is_bold in (False, True) for is_italic in (False, True)]
    assert {*map(ord, "ӘәҒғҚқҢңӨөҰұҮүҺһІі₸№—«»…\u202f\u2011\ufffd")} <= letters.coverage()
    for style in styles:
        assert "Әә" in reading.text(render_document(Document("Т", (Paragraph((style,)),)), "kk")).replace(" ", "")


def test_fonts_stay_small() -> None:
    fonts = sorted(letters.FONTS.glob("*.ttf"))
    assert len(fonts) == 5
    assert all(font.stat().st_size < 120_000 for font in fonts)
    assert (letters.FONTS / "OFL.txt").is_file()


def test_pdf_names_its_language_title_and_profiles() -> None:
    made = render_document(Document("Келісім №\u00a01", (Paragraph(words("Сәлем")),), author="Қатысу"), "kk")
    assert reading.language(made) == "kk"
    assert reading.metadata(made)["Title"] == "Келісім №\u00a01"
    assert b"/MarkInfo" in made
    assert b"pdfuaid:part" in made
    assert b"pdfaid:part" in made


def test_same_input_gives_same_bytes() -> None:
    document = Document("Т", (Paragraph(words("Сәлем")),))
    moment = datetime(2026, 3, 2, tzinfo=UTC)
    assert render_document(document, "ru", made_at=moment) == render_document(document, "ru", made_at=moment)


def test_too_much_text_is_refused_before_printing() -> None:
    with pytest.raises(Invalid, match="paper_too_large"):
        printed("ә" * (pdf.MOST_CHARACTERS + 1))


def test_too_many_pages_are_refused() -> None:
    lines = tuple(Paragraph(words("жол")) for _ in range(4000))
    with pytest.raises(Invalid, match="paper_too_large"):
        render_document(Document("Т", lines), "kk")


@pytest.mark.parametrize("name", ["../x.jpg", "/etc/x.jpg", "x.typ", "x.svgz"])
def test_pictures_cannot_leave_their_folder_nor_be_templates(name: str) -> None:
    with pytest.raises(ValueError, match="not a picture"):
        pdf.render("document", {}, language="kk", pictures={name: b"\xff\xd8\xff"})


def test_what_is_not_a_picture_is_refused() -> None:
    with pytest.raises(ValueError, match="not a picture"):
        pdf.render("document", {}, language="kk", pictures={"a.jpg": b"%PDF-1.7"})


@pytest.mark.parametrize(("template", "language"), [("no_such", "kk"), ("../pdf", "kk"), ("document", "xx")])
def test_unknown_templates_and_languages_are_refused(template: str, language: str) -> None:
    with pytest.raises(ValueError, match="no such"):
        pdf.render(template, {}, language=language)


@pytest.mark.parametrize(
    "source",
    [
        '#read("/../../../../../etc/passwd")',
        '#read("/etc/passwd")',
        '#read("../job.json")',
        '#import "@preview/cetz:0.3.0": canvas',
        "#while true {}",
        "#let f(n) = f(n + 1)\n#f(0)",
    ],
)
def test_even_a_template_cannot_read_outside_nor_run_for_ever(source: str, monkeypatch: Any, tmp_path: Path) -> None:
    (tmp_path / "bad.typ").write_text(source)
    monkeypatch.setattr(pdf, "TEMPLATES", tmp_path)
    monkeypatch.setattr(pdf, "CPU_SECONDS", 2)
    with pytest.raises(pdf.PaperFailed):
        pdf.render("bad", {}, language="kk")


def test_a_press_that_hangs_is_stopped(monkeypatch: Any, tmp_path: Path) -> None:
    slow = tmp_path / "slow.py"
    slow.write_text("import time; time.sleep(30)")
    monkeypatch.setattr(pdf, "PRESS", slow)
    monkeypatch.setattr(pdf, "WALL_SECONDS", 0.3)
    with pytest.raises(pdf.PaperFailed, match="wall clock"):
        pdf.render("document", {}, language="kk")


def test_the_portal_starts_without_typst_and_without_word_files() -> None:
    names = "passport, certificate, letter, docx, markdown, filling"
    code = f"import sys; from qatysu.papers import {names}; print([m for m in ('typst', 'docx', 'lxml') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
