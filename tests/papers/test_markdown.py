"""Safe HTML from Markdown, and gaps of templates."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qatysu.papers.blocks import Paragraph, blocks_from_markdown
from qatysu.papers.filling import escaped, fill, names
from qatysu.papers.markdown import to_html


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "a <b onclick=x>b</b>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](&#106;avascript:alert(1))",
        "[x](data:text/html,y)",
        "[x](//evil.example)",
        "<javascript:alert(1)>",
        "[x][1]\n\n[1]: vbscript:y",
        "![x](https://a.example/p.png)",
        "```<script>\n</script>\n```",
    ],
)
def test_nothing_dangerous_comes_out(text: str) -> None:
    made = to_html(text)
    tags = set(re.findall(r"<\s*([a-z0-9]+)", made))
    assert tags <= {"p", "a", "code", "pre", "em", "strong"}
    assert not re.search(r'href="(?!https://)', made)
    assert not re.search(r"<[^>]*\son\w+=", made)


def test_links_lead_to_pages_and_mail_only() -> None:
    made = to_html('[a](https://a.kz "t") <mailto:x@y.kz> [m](mailto:x@y.kz) [r](/kk/)')
    assert made.count('rel="noopener nofollow"') == 3
    assert "[r](/kk/)" in made


@pytest.mark.parametrize(("top", "tags"), [(1, ["h1", "h2", "h3"]), (2, ["h2", "h3", "h4"]), (5, ["h5", "h6", "h6"])])
def test_headings_move_down(top: int, tags: list[str]) -> None:
    assert re.findall(r"<(h\d)", to_html("# a\n\n## b\n\n###### c", top=top)) == tags


def test_headings_begin_at_the_top_however_they_are_written() -> None:
    assert re.findall(r"<(h\d)", to_html("### a\n\n#### b\n\n### c")) == ["h2", "h3", "h2"]


def test_tables_scroll_alone() -> None:
    made = to_html("| a | b |\n|---|---|\n| 1 | 2 |")
    assert '<div class="scroll-x" tabindex="0"><table class="table">' in made
    assert made.rstrip().endswith("</table></div>")


def test_deep_and_long_text_ends_soon() -> None:
    assert to_html(">" * 5000 + "a")
    assert to_html("[" * 20_000)
    assert to_html("*a " * 20_000)
    assert len(to_html("ә" * 500_000)) < 201_000


def test_gaps_are_filled_and_missing_ones_are_told() -> None:
    filled = fill("{{ name }} / {{city}} / {{ empty }} / {{ name }} / {{Bad}}", {"name": "Қ. Б.", "empty": " "})
    assert filled.missing == ("city", "empty")
    [paragraph] = blocks_from_markdown(filled.text)
    assert isinstance(paragraph, Paragraph)
    assert paragraph.runs[0].text == "Қ. Б. / {{city}} / {{ empty }} / Қ. Б. / {{Bad}}"
    assert names("{{ a }} {{b_2}} {{ a }}") == ("a", "b_2")


@pytest.mark.parametrize(
    "value",
    [
        *[
            "# h",
            "- item",
            "1. item",
            "1) item",
            "> q",
            "---",
            "***",
            "a\n\n# b",
            "| a | b |",
            "[x](http://y)",
            "<b>",
            "&amp;",
            "`c`",
        ],
        *[
            "**b**",
            "_i_",
            "~~~",
            "\\",
            "\\*",
            "===",
            "+ x",
            "{{ other }}",
            "    code",
            "http://a.kz",
            "x\u2028# y",
            "a*b*c",
            "!x",
        ],
    ],
)
def test_a_value_is_only_words(value: str) -> None:
    filled = fill("{{ v }}", {"v": value, "other": "SECRET"})
    [paragraph] = blocks_from_markdown(filled.text)
    assert isinstance(paragraph, Paragraph)
    [run] = paragraph.runs
    assert (run.is_bold, run.is_italic) == (False, False)
    assert run.text.split() == re.split(r"\s+", value.strip())
    assert "SECRET" not in filled.text


@settings(max_examples=300, deadline=None)
@given(
    st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=60).filter(lambda text: text.strip())
)
def test_any_value_is_only_words(value: str) -> None:
    blocks = blocks_from_markdown("x " + escaped(value) + " y")
    assert len(blocks) == 1
    assert isinstance(blocks[0], Paragraph)
    [run] = blocks[0].runs
    assert "".join(run.text.split()) == "".join(f"x{value}y".split())


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200))
def test_any_text_becomes_html_without_foreign_tags(text: str) -> None:
    assert not re.search(r"<(script|img|iframe|style|svg|form|input)", to_html(text), re.IGNORECASE)
