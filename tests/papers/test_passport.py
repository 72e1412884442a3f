"""Passports on paper."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from qatysu.core.errors import Invalid
from qatysu.papers import gantt
from qatysu.papers import passport as p
from qatysu.papers.passport import render_passport
from qatysu.papers.plans import Outline, Plan, svg
from qatysu.papers.poster import PosterSheet, render_poster
from tests.papers import reading, samples

HUGE = "ә" * 400


def every_word(sheet: p.PassportSheet) -> list[str]:
    """Words that must be somewhere in the document."""
    said = [
        sheet.title,
        sheet.place,
        sheet.problem,
        sheet.solution,
        sheet.number,
        sheet.date,
        sheet.programme,
        sheet.city,
    ]
    said += [part for figure in sheet.figures for part in (figure.value, figure.label, figure.note)]
    said += [part for row in sheet.estimate for part in (row.item, row.quantity, row.price, row.amount)]
    said += [part for row in sheet.schedule for part in (row.work, row.who)]
    said += [fact.text for group in sheet.facts for fact in group.facts] + [fact.text for fact in sheet.totals]
    said += [part for one in sheet.opinions for part in (one.who, one.verdict, one.text)]
    return said + [member.name for member in sheet.team] + [sheet.labels["illustrative"], sheet.labels["after"]]


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_everything_said_is_printed(language: str) -> None:
    sheet = samples.sheet(language)
    made = render_passport(sheet, language)
    words = reading.text(made)
    for said in every_word(sheet):
        assert " ".join(said.split()) in words, said
    assert reading.language(made) == language
    assert sheet.title in reading.metadata(made)["Title"]
    assert len(reading.pages(made)) == 3
    assert len(made) < 1_000_000


def test_front_page_says_what_a_passer_by_needs() -> None:
    sheet = samples.sheet("kk")
    front = reading.pages(render_passport(sheet, "kk"))[0]
    for said in (
        sheet.title,
        "3 260 000 ₸",
        "240 отбасы",
        "3 ай",
        sheet.problem,
        sheet.solution,
        "Үлгі деректер",
        "№ 6",
    ):
        assert said in front


def test_absent_parts_leave_nothing_behind() -> None:
    pages = reading.pages(render_passport(samples.bare(), "ru"))
    assert len(pages) == 1
    labels = samples.LABELS["ru"]
    for name in ("problem", "estimate", "schedule", "before", "team", "illustrative", "digest", "place", "scan"):
        assert labels[name] not in pages[0]


def test_long_story_is_cut_on_the_front_and_whole_inside() -> None:
    story = " ".join(f"сөйлем{number}." for number in range(200))
    pages = reading.pages(render_passport(samples.sheet("kk", problem=story), "kk"))
    assert "сөйлем199" not in pages[0]
    assert "сөйлем199" in pages[1]


def test_sixty_lines_of_estimate_repeat_their_head_and_keep_their_sum() -> None:
    rows = tuple(
        p.EstimateRow(f"Жұмыс {n}", "дана", "1 234,567", "12 345 678 ₸", "999 999 999 ₸", "Баға") for n in range(60)
    )
    pages = reading.pages(render_passport(samples.sheet("kk", estimate=rows), "kk"))
    with_rows = [page for page in pages if "999 999 999 ₸" in page]
    assert len(with_rows) > 1
    assert all("Жұмыс немесе материал" in page for page in with_rows)
    assert "Жұмыс 59" in with_rows[-1]
    assert "Барлығы 3 260 000 ₸" in with_rows[-1]


@pytest.mark.parametrize(
    "text", [HUGE, "ұзақ сөз " * 300, '#import "x" #panic("y") \\ $ * _ <a> 😀 עברית \x00', " ", "\n\n\n"]
)
def test_any_text_in_any_place_prints_and_the_front_stays_one_page(text: str) -> None:
    sheet = samples.sheet(
        "ru",
        title=text,
        code=text,
        programme=text,
        city=text,
        category=text,
        lead=text,
        place=text,
        problem=text,
        solution=text,
        number=text[:200],
        date=text[:200],
        figures=(p.Figure(text, text, text),) * 3,
        estimate=(p.EstimateRow(*[text] * 6),),
        totals=(p.Fact(text, text),),
        schedule=(p.WorkRow(text, text[:300], text, date(2026, 1, 1), 10**9), p.WorkRow(text, text[:300], "", None)),
        facts=(p.FactGroup(text[:300], (p.Fact(text, text),)),),
        opinions=(p.Opinion(text, text, text, "unknown"),),
        team=(p.Member(text, text),),
        digest=text,
    )
    pages = reading.pages(render_passport(sheet, "ru"))
    assert sum("Подробнее на сайте" in page for page in pages) == 1
    assert "Подробнее на сайте" in pages[0]
    assert "Смета" not in pages[0]


def test_address_that_is_no_page_is_not_linked() -> None:
    made = render_passport(samples.sheet("ru", url="javascript:alert(1)"), "ru")
    assert b"javascript" not in made
    assert "Подробнее" not in reading.text(made)


def test_damaged_picture_is_refused() -> None:
    with pytest.raises(Invalid, match="file_broken"):
        render_passport(samples.sheet("ru", pairs=(p.Pair(b"\xff\xd8\xff not a picture", b""),)), "ru")


@pytest.mark.parametrize("missing", ["estimate", "illustrative_note"])
def test_a_forgotten_label_is_noticed(missing: str) -> None:
    labels = {name: word for name, word in samples.LABELS["ru"].items() if name != missing}
    with pytest.raises(KeyError, match=missing):
        render_passport(samples.sheet("ru", labels=labels), "ru")


def test_bars_share_one_line_of_months() -> None:
    made = gantt.bars([(date(2026, 4, 16), 15), (None, 3), (date(2026, 12, 1), 62)], "kk")
    assert made is not None
    assert made["rows"][1] is None
    assert made["rows"][0][0] == pytest.approx(15 / 306, abs=1e-4)
    assert made["rows"][0][1] == pytest.approx(30 / 306, abs=1e-4)
    assert made["rows"][2][1] == 1.0
    assert [label for _, label in made["ticks"]][:2] == ["сәу 2026", "мам"]
    assert made["ticks"][-1][1] == "қаң 2027"


@pytest.mark.parametrize(
    "works",
    [
        [],
        [(date(2026, 1, 1), 5)],
        [(None, 5), (date(2026, 1, 1), 5)],
        [(date(1, 1, 1), 1), (date(9999, 12, 31), 1)],
        [(date(9999, 12, 31), 10**12), (date(9999, 12, 30), 5)],
    ],
)
def test_bars_are_left_out_when_they_would_say_nothing(works: Any) -> None:
    assert gantt.bars(works, "ru") is None


@pytest.mark.parametrize("start", [date(9999, 12, 1), date(1, 1, 1), date(2026, 12, 31)])
def test_bars_hold_at_the_ends_of_the_calendar(start: date) -> None:
    gantt.bars([(start, 1), (start, 30)], "ru")


@pytest.mark.parametrize(
    "plan",
    [
        Plan(),
        Plan(point=(90.0, 180.0)),
        Plan(shape=((1e300, 1e300), (-1e300, 0.0))),
        Plan(around=(Outline("road", ()),)),
    ],
)
def test_any_plan_is_drawn(plan: Plan) -> None:
    render_passport(samples.sheet("ru", plan=plan, pairs=(), sketches=()), "ru")
    assert svg(plan).startswith(b"<svg")


def test_many_pictures_are_bounded() -> None:
    image = samples.picture("#cfdfc9", size=(300, 200))
    made = render_passport(samples.sheet("ru", sketches=tuple(p.Sketch(image, f"Вид {n}") for n in range(200))), "ru")
    words = reading.text(made)
    assert "Вид 10" in words
    assert "Вид 100" not in words


POSTER = PosterSheet(
    programme="Қатысу бюджеті",
    title="Ауладағы жарық",
    made_at=samples.MADE_AT,
    before=samples.picture("#efe9da"),
    after=samples.picture("#cfdfc9"),
    before_label="Қазір",
    after_label="Болады",
    caption="Тоғыз тірек",
    place="Әуезов көшесі",
    figures=(("3 260 000 ₸", "құны"),),
    url="https://qatysu.example/kk/x/",
    scan_label="Толығырақ",
    illustrative="Үлгі деректер",
)


def test_poster_shows_before_and_after_on_one_sheet() -> None:
    [page] = reading.pages(render_poster(POSTER, "kk"))
    for said in ("Ауладағы жарық", "Қазір", "Болады", "3 260 000 ₸", "Әуезов көшесі", "Үлгі деректер"):
        assert said in page


@pytest.mark.parametrize("text", ["", HUGE * 5, "ұзақ сөз " * 300, '#panic("x") 😀'])
def test_poster_is_one_sheet_whatever_it_says(text: str) -> None:
    names = ("programme", "title", "city", "over", "before_label", "after_label", "caption", "place", "scan_label")
    sheet = replace(POSTER, **dict.fromkeys(names, text), figures=((text, text),) * 4, before=b"")
    assert len(reading.pages(render_poster(sheet, "ru"))) == 1
    assert len(reading.pages(render_poster(replace(sheet, after=b"", url="", figures=()), "ru"))) == 1


def test_plan_tells_its_scale_and_leaves_out_what_is_not_on_the_earth() -> None:
    bar = svg(Plan(point=(50.25, 58.43), shape=((float("nan"), 0.0), (1e9, 2.0)))).decode()
    assert ">50\u00a0м</text>" in bar
    assert "nan" not in bar
    wide = svg(Plan(shape=((50.0, 58.0), (50.5, 58.5))), metre="m & <x>").decode()
    assert ">20\u202f000\u00a0m &amp; &lt;x&gt;</text>" in wide
