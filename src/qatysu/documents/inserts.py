"""What the rules say, as blocks that a text inserts by name: ``[[money]]`` on a line of its own.

Nobody writes these words by hand, so a document cannot say something else than the software does (SPEC 2).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qatysu.core.money import tenge
from qatysu.papers.blocks import Block, BulletList, Paragraph, Run, Table, words
from qatysu.rounds.models import Round
from qatysu.rounds.plain import keyed_rules
from qatysu.rounds.queries import zone_of
from qatysu.rounds.stage_names import STAGE_NAMES
from qatysu.ui import dates
from qatysu.ui.templatetags.ui import in_language

Insert = Callable[[Round], tuple[Block, ...]]

#: Names in the order of the list beside the editor, each with what it says.
NAMES: Mapping[str, Promise] = MappingProxyType(
    {
        "parties": gettext_lazy("Organisers with their roles"), "money": gettext_lazy("What a project may cost"),
        "funders": gettext_lazy("Funders and sums"), "payers": gettext_lazy("Who pays for what"),
        "budgets": gettext_lazy("Budgets of categories"), "categories": gettext_lazy("Categories of projects"),
        "exclusions": gettext_lazy("What is excluded"), "conflicts": gettext_lazy("Projects that exclude each other"),
        "propose": gettext_lazy("Who may propose"), "vote": gettext_lazy("Who may vote"),
        "methods": gettext_lazy("How a voter is recognised"), "ballot": gettext_lazy("The ballot"),
        "again": gettext_lazy("Changing a vote"), "counts": gettext_lazy("Running counts"), "log": gettext_lazy("The public log"),
        "win": gettext_lazy("Who wins"), "tie": gettext_lazy("A tie"), "council": gettext_lazy("How the Council decides"),
        "appeals": gettext_lazy("Appeals"), "calendar": gettext_lazy("Calendar"),
    }
)


def blocks_of(name: str, round_: Round, language: str) -> tuple[Block, ...]:
    """What the rules of ``round_`` say under ``name``; () where they say nothing. Raises KeyError for an unknown name."""
    with translation.override(language):
        own = _OWN.get(name)
        if own is not None:
            return own(round_, language)
        if name not in NAMES:
            raise KeyError(name)
        sentence = keyed_rules(round_)[name][1]
        return (Paragraph(words(sentence)),) if sentence else ()


def _parties(round_: Round, language: str) -> tuple[Block, ...]:
    """Each organiser with its role and duties: items read well on a phone, a table of long texts does not."""
    items = []
    for row in round_.city.organisers.all():
        name, role, duties = (in_language(row, field, language) for field in ("name", "role", "duties"))
        items.append((Run(name, is_bold=True), Run(f" – {role}" + (f": {duties}" if duties else ""))))
    return (BulletList(tuple(items)),) if items else ()


def _funders(round_: Round, language: str) -> tuple[Block, ...]:
    """Each funder with its sum, then the reserve; who pays for what stands below when somebody pays only for some."""
    rows = [
        (in_language(row, "name", language), f"{'≈ ' if row.is_approximate else ''}{tenge(row.amount_tenge)}")
        for row in round_.funders.all()
    ]
    if round_.reserve_tenge:
        rows.append((_("Kept as a reserve for rising prices"), tenge(round_.reserve_tenge)))
    payers = keyed_rules(round_)["payers"][1]
    table = (Table((_("Funder"), _("Sum")), tuple(rows), (5, 3)),) if rows else ()
    return (*table, *((Paragraph(words(payers)),) if payers else ()))


def _categories(round_: Round, language: str) -> tuple[Block, ...]:
    items = tuple(
        words(in_language(row, "name", language) + (f" ({tenge(row.budget_tenge)})" if row.budget_tenge else ""))
        for row in round_.categories.all()
    )
    return (BulletList(items),) if items else ()


def _exclusions(round_: Round, language: str) -> tuple[Block, ...]:
    lines = [line.strip(" -•\t") for line in in_language(round_.constitution, "exclusions", language).splitlines()]
    items = tuple(words(line) for line in lines if line)
    if not items:
        return (Paragraph(words(_("The rules name no excluded kinds of projects."))),)
    return (Paragraph(words(_("These are not accepted:"))), BulletList(items))


def _calendar(round_: Round, language: str) -> tuple[Block, ...]:
    zone = zone_of(round_)
    rows = tuple(
        (
            str(STAGE_NAMES[row.stage]), dates.long(row.opens_at.astimezone(zone).date(), language),
            dates.long(dates.last_moment(row.closes_at, zone)[0], language),
        )
        for row in round_.stages.all()
    )
    return (Table((_("Stage"), _("From"), _("To, inclusive")), rows, (4, 3, 3)),) if rows else ()


_OWN: Mapping[str, Callable[[Round, str], tuple[Block, ...]]] = MappingProxyType(
    {"parties": _parties, "funders": _funders, "categories": _categories, "exclusions": _exclusions, "calendar": _calendar}
)
