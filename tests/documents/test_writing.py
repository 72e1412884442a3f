"""What a text says: every rule of the round, numbered, in both languages, and nothing that nobody wrote."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.template.loader import render_to_string

from qatysu.core.errors import Invalid
from qatysu.documents.inserts import NAMES, blocks_of
from qatysu.documents.kinds import REQUIRED, Kind, template_text
from qatysu.documents.writing import check_inserts, lines_of, names_in, written
from qatysu.papers.blocks import Document, Heading, Paragraph, restored, stored
from qatysu.rounds.models import Category, Constitution, Funder, Round
from qatysu.rounds.presets import VALUE_FIELDS
from tests import factories

pytestmark = pytest.mark.django_db

#: For each rule another value than the round of the factories has; with what else must be set for it to matter.
OTHER: dict[str, dict[str, Any]] = {
    "min_cost_tenge": {"min_cost_tenge": 250_000}, "cap_tenge": {"cap_tenge": 7_000_000},
    "cap_mrp": {"cap_tenge": None, "cap_mrp": 2_000, "mrp_tenge": 4_325},
    "mrp_tenge": {"cap_tenge": None, "cap_mrp": 1_000, "mrp_tenge": 3_932},
    "proposer_min_age": {"proposer_min_age": 21}, "proposals_per_author": {"proposals_per_author": 2},
    "voter_min_age": {"voter_min_age": 14},
    "methods": {"methods": ["email"]}, "ballot_type": {"ballot_type": "one", "max_choices": 1}, "min_choices": {"min_choices": 2},
    "max_choices": {"max_choices": 5}, "ballot_order": {"ballot_order": "number"}, "max_attempts": {"max_attempts": 1},
    "counts_mode": {"counts_mode": "live"}, "cadence": {"cadence": "town"}, "rule": {"rule": "equal-shares"},
    "rule_params": {"rule_params": {"conflicts": "3/7"}}, "threshold_votes": {"threshold_votes": 25},
    "threshold_op": {"threshold_op": "gt", "threshold_votes": 10}, "fit": {"fit": "stop"}, "tie": {"tie": "cheaper"},
    "council_quorum_percent": {"council_quorum_percent": 66}, "council_majority_percent": {"council_majority_percent": 60},
    "council_quorum_least": {"council_quorum_least": 4}, "council_majority": {"council_majority": "absolute_of_seats"},
    "council_chair_breaks_ties": {"council_chair_breaks_ties": True}, "council_recusal": {"council_recusal": "stays_in_seats"},
    "council_remote_counts": {"council_remote_counts": False}, "council_correspondence": {"council_correspondence": True},
    "appeal_days": {"appeal_days": 11}, "exclusions_kk": {"exclusions_kk": "жолдар"}, "exclusions_ru": {"exclusions_ru": "дороги"},
    "exclusions_en": {"exclusions_en": "roads"},
}  # fmt: skip


def text_of(round_: Round, kind: Kind, language: str) -> str:
    return "\n".join(lines_of(written(template_text(kind, language), round_, language)))


def test_the_table_above_names_every_rule() -> None:
    assert set(OTHER) == set(VALUE_FIELDS)


@pytest.mark.parametrize("rule", VALUE_FIELDS)
def test_every_rule_of_the_round_changes_the_regulation(round_: Round, rule: str) -> None:
    before = {code: text_of(round_, Kind.SELECTION, code) for code in ("kk", "ru")}
    Constitution.objects.filter(round=round_).update(**OTHER[rule])
    changed = factories.fresh(round_)
    for code in ("kk", "ru"):
        # A text in one language is shown to the other one only when that has none of its own.
        assert text_of(changed, Kind.SELECTION, code) != before[code], (rule, code)


def test_money_categories_and_dates_change_it_too(round_: Round) -> None:
    def changed_by(action: Any) -> bool:
        before = text_of(factories.fresh(round_), Kind.SELECTION, "ru")
        action()
        return text_of(factories.fresh(round_), Kind.SELECTION, "ru") != before

    assert changed_by(lambda: Funder.objects.filter(round=round_, position=1).update(amount_tenge=1))
    assert changed_by(lambda: Category.objects.filter(round=round_, position=1).update(name_ru="Аллеи"))
    assert changed_by(lambda: Round.objects.filter(pk=round_.pk).update(reserve_tenge=99))
    assert changed_by(lambda: round_.stages.all().delete())


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind != Kind.OTHER])
@pytest.mark.parametrize("language", ["kk", "ru"])
def test_templates_hold_what_their_kind_must_say(round_: Round, kind: Kind, language: str) -> None:
    body = template_text(kind, language)
    check_inserts(body, "body")
    assert set(REQUIRED[kind]) <= set(names_in(body))
    text = text_of(round_, kind, language)
    assert "[[" not in text
    assert "##" not in text
    assert len(text) > 800


def test_the_two_languages_have_the_same_chapters_and_clauses() -> None:
    for kind in Kind:
        kazakh, russian = ([shape(line) for line in template_text(kind, code).splitlines() if line] for code in ("kk", "ru"))
        assert kazakh == russian, kind


def shape(line: str) -> str:
    """An insert with its name, the mark of a chapter or of an item, or just a clause."""
    if line.startswith("[["):
        return line
    return line[:2] if line.startswith(("##", "- ")) else "clause"


@pytest.mark.parametrize("name", NAMES)
def test_inserts_speak_the_language_of_the_text_not_of_the_reader(round_: Round, name: str) -> None:
    Constitution.objects.filter(round=round_).update(rule_params={"conflicts": "3/7"}, exclusions_kk="жол", exclusions_ru="дороги")
    both = {code: lines_of(blocks_of(name, factories.fresh(round_), code)) for code in ("kk", "ru")}
    if name in ("budgets", "payers", "categories"):
        return
    assert both["kk"] != both["ru"]


def test_chapters_and_clauses_are_numbered_and_the_preamble_is_not(round_: Round) -> None:
    body = "Мы договорились.\n\n## Первое\nодин\n\n- а\n- б\n\nдва\n[[money]]\n## Второе\n[[appeals]]"
    blocks = written(body, round_, "ru")
    assert [block.text for block in blocks if isinstance(block, Heading)] == ["1. Первое", "2. Второе"]
    starts = [block.runs[0].text for block in blocks if isinstance(block, Paragraph)]
    assert starts == ["Мы договорились.", "1.1. ", "1.2. ", "1.3. ", "2.1. "]


@pytest.mark.parametrize("body", ["[[mony]]", "Сумма: [[money]]", "[[ money ]] тенге", "[[]]", "[[money]][[tie]]"])
def test_an_insert_that_is_none_is_told(body: str) -> None:
    with pytest.raises(Invalid, match="unknown_insert"):
        check_inserts(body, "body_ru")


def test_a_text_cannot_bring_html_or_links(round_: Round) -> None:
    body = "## <script>x</script>\n<b onclick=1>ж</b> [сайт](javascript:alert(1)) ![](http://x/y.png)"
    paper = Document("", written(body, round_, "ru"))
    page = render_to_string("ui/_paper.html", {"document": paper})
    assert "&lt;script&gt;" in page
    for tag in ("<script", "<b onclick", "<a ", "<img"):
        assert tag not in page


def test_blocks_survive_their_storing(round_: Round, now: datetime) -> None:
    blocks = written(template_text(Kind.SELECTION, "kk"), round_, "kk")
    assert restored(stored(blocks)) == blocks
