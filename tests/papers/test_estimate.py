"""The estimate on office paper."""

from __future__ import annotations

import pytest

from qatysu.papers.estimate import EstimateSheet, render_estimate
from qatysu.papers.passport import EstimateRow, WorkRow
from tests.papers import reading, samples

HUGE = "ә" * 700


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_lines_sums_and_schedule_are_printed(language: str) -> None:
    project = samples.sheet(language)
    sheet = EstimateSheet(
        samples.LABELS[language],
        project.title,
        samples.MADE_AT,
        over="№ 6",
        rows=project.estimate,
        totals=project.totals,
        schedule=project.schedule,
        signers=("Қ. Б.", "Л. С."),
        note="KHR-6",
    )
    [page] = reading.pages(render_estimate(sheet, language))
    said = [
        project.title,
        "KHR-6",
        "Л. С.",
        *(row.item for row in project.estimate),
        *(row.work for row in project.schedule),
    ]
    for words in [*said, *(fact.text for fact in project.totals)]:
        assert words in page


def test_empty_and_overfull_sheets_print() -> None:
    labels = samples.LABELS["kk"]
    assert len(reading.pages(render_estimate(EstimateSheet(labels, "", samples.MADE_AT), "kk"))) == 1
    rows = (EstimateRow(HUGE, HUGE, HUGE, HUGE, HUGE, HUGE),) * 20
    works = (WorkRow(HUGE, "мерзімі", HUGE),) * 20
    sheet = EstimateSheet(labels, HUGE, samples.MADE_AT, HUGE, rows, (), "#panic()", works, (HUGE,) * 9, HUGE)
    assert "#panic()" in reading.text(render_estimate(sheet, "kk"))
