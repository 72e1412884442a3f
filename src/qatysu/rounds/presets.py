"""Ready-made constitutions to start a round from. Everything in them may be changed before the slate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from qatysu.core.regulation import Stage

#: Monthly calculation index (MRP, АЕК) in whole tenge by year, as of 1 January (2020: 1 April).
MRP_TENGE: Mapping[int, int] = MappingProxyType(
    {2020: 2778, 2021: 2917, 2022: 3063, 2023: 3450, 2024: 3692, 2025: 3932, 2026: 4325}
)


def mrp_of_year(year: int) -> int:
    """MRP of ``year`` in whole tenge; the nearest known earlier year when the law of that year is not known here."""
    known = [y for y in MRP_TENGE if y <= year]
    return MRP_TENGE[max(known)] if known else MRP_TENGE[min(MRP_TENGE)]


@dataclass(frozen=True, slots=True)
class CategoryPreset:
    """A category with its drawing (a name in ``ui/plans``)."""

    slug: str
    kk: str
    ru: str
    en: str
    plan: str


@dataclass(frozen=True, slots=True)
class FunderPreset:
    """A funder with the sum it gives, whole tenge."""

    kk: str
    ru: str
    en: str
    amount_tenge: int
    is_approximate: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """A stage as days from the first day of the round: ``starts`` is the offset, ``days`` the length."""

    stage: Stage
    starts: int
    days: int


@dataclass(frozen=True, slots=True)
class Preset:
    """What a new round starts with. ``values`` are fields of ``Constitution``; ``cap_mrp`` gets the MRP of the round's year."""

    slug: str
    values: Mapping[str, object]
    categories: tuple[CategoryPreset, ...]
    spans: tuple[Span, ...]
    funders: tuple[FunderPreset, ...] = ()
    reserve_tenge: int = 0
    #: Names of values that no source states; shown with the mark "example" until somebody confirms them.
    illustrative: frozenset[str] = field(default_factory=frozenset)


_KHROMTAU = Preset(
    slug="khromtau-2020",
    values=MappingProxyType(
        {
            "cap_tenge": 15_000_000,
            "min_cost_tenge": 0,
            "proposer_min_age": 18,
            "proposals_per_author": 5,
            "voter_min_age": 16,
            "methods": ["phone"],
            "ballot_type": "one",
            "min_choices": 1,
            "max_choices": 1,
            "ballot_order": "random",
            "max_attempts": 1,
            "counts_mode": "live",
            "rule": "votes",
            "threshold_votes": 10,
            "threshold_op": "gt",
            "fit": "skip",
            "council_quorum_percent": 50,
            "council_majority_percent": 50,
            "appeal_days": 5,
        }
    ),
    categories=(
        CategoryPreset(
            "sport",
            "Спорт нысандары (алаңдар, стадиондар)",
            "Спортивные объекты (площадки, стадионы)",
            "Sports grounds and stadiums",
            "stadium",
        ),
        CategoryPreset(
            "yards",
            "Балалар алаңдары және аулаларды абаттандыру",
            "Детские площадки и благоустройство дворовых территорий",
            "Playgrounds and yards",
            "playground",
        ),
        CategoryPreset(
            "public",
            "Қоғамдық орындарды (саябақтар, гүлзарлар) абаттандыру",
            "Благоустройство общественных мест (парков, скверов)",
            "Public places (parks, squares)",
            "park",
        ),
        CategoryPreset(
            "roads",
            "Жолдар, тротуарлар, автотұрақтар",
            "Дороги, тротуары, парковки",
            "Roads, pavements, parking",
            "parking",
        ),
        CategoryPreset("waste", "Қоқыс жинау", "Сбор мусора", "Waste collection", "containers"),
        CategoryPreset("other", "Басқалары", "Прочие", "Other", "busstop"),
    ),
    spans=(
        Span(Stage.IDEAS, 0, 30),
        Span(Stage.SESSIONS, 30, 49),
        Span(Stage.COUNCIL, 79, 8),
        Span(Stage.CAMPAIGN, 87, 8),
        Span(Stage.VOTING, 95, 21),
        Span(Stage.AUDIT, 116, 7),
        Span(Stage.RESULTS, 123, 14),
        Span(Stage.AWARD, 137, 1),
        Span(Stage.WORKS, 169, 365),
    ),
    funders=(
        FunderPreset("Еуразиялық топ (ERG)", "Евразийская группа (ERG)", "Eurasian Resources Group (ERG)", 50_000_000),
        FunderPreset(
            "Хромтау ауданының әкімдігі",
            "Акимат Хромтауского района",
            "Akimat of Khromtau district",
            15_000_000,
            is_approximate=True,
        ),
    ),
    illustrative=frozenset({"cap_tenge", "proposals_per_author", "voter_min_age", "max_attempts", "appeal_days"}),
)

_BNU = Preset(
    slug="bnu",
    values=MappingProxyType(
        {
            "cap_mrp": 20_000,
            "min_cost_tenge": 0,
            "proposer_min_age": 18,
            "proposals_per_author": 1,
            "voter_min_age": 18,
            "methods": ["phone"],
            "ballot_type": "up_to_k",
            "min_choices": 1,
            "max_choices": 3,
            "ballot_order": "random",
            "max_attempts": 1,
            "counts_mode": "sealed",
            "rule": "votes",
            "threshold_votes": 50,
            "threshold_op": "ge",
            "fit": "skip",
            "council_quorum_percent": 50,
            "council_majority_percent": 50,
            "appeal_days": 5,
            "exclusions_kk": "Тек жобалық құжаттама әзірлеуге арналған ұсыныстар қабылданбайды. "
            "Жер ортақ пайдаланудағы мемлекеттік жер болуы керек.",
            "exclusions_ru": "Предложения только о разработке проектной документации не принимаются. "
            "Земля должна быть государственной, общего пользования.",
            "exclusions_en": "Proposals that only make design documents are not accepted. The land must be public and in common use.",
        }
    ),
    categories=(
        CategoryPreset("greening", "Көгалдандыру", "Озеленение", "Greening", "alley"),
        CategoryPreset(
            "pavements",
            "Тротуарлар, пандустар, арықтар",
            "Тротуары, пандусы, арыки",
            "Pavements, ramps, irrigation ditches",
            "ramp",
        ),
        CategoryPreset(
            "commons",
            "Ортақ пайдаланылатын орындар: саябақтар, гүлзарлар, көшелер",
            "Места общего пользования: парки, скверы, улицы",
            "Common places: parks, squares, streets",
            "park",
        ),
        CategoryPreset(
            "kerbs",
            "Жиектастар, төсем, тіреу қабырғалар",
            "Бордюры, брусчатка, подпорные стены",
            "Kerbs, paving, retaining walls",
            "parking",
        ),
        CategoryPreset("dumps", "Қоқыс үйінділерін жою", "Ликвидация свалок", "Removal of dumps", "containers"),
        CategoryPreset(
            "rest",
            "Күркелер, орындықтар, ойын және демалыс жабдықтары",
            "Беседки, скамьи, урны, игровое оборудование и места отдыха",
            "Pavilions, benches, bins, play and rest equipment",
            "benches",
        ),
        CategoryPreset(
            "sport",
            "Аулалардағы спорт жабдықтары",
            "Спортивное оборудование во дворах",
            "Sports equipment in yards",
            "sports",
        ),
        CategoryPreset("lighting", "Жарықтандыру", "Освещение", "Lighting", "lighting"),
    ),
    spans=(
        Span(Stage.IDEAS, 0, 41),
        Span(Stage.SESSIONS, 41, 21),
        Span(Stage.COUNCIL, 62, 21),
        Span(Stage.CAMPAIGN, 83, 7),
        Span(Stage.VOTING, 90, 21),
        Span(Stage.AUDIT, 111, 7),
        Span(Stage.RESULTS, 118, 14),
        Span(Stage.WORKS, 346, 365),
    ),
    illustrative=frozenset({"council_quorum_percent", "council_majority_percent", "appeal_days"}),
)

#: Organisation, money and calendar as in the Kazakh rules; ballot and rule of the Method of Equal Shares (docs/outcome-rules.md).
_EQUAL_SHARES = replace(
    _BNU,
    slug="equal-shares",
    values=MappingProxyType(
        {
            **_BNU.values,
            "max_choices": 5,
            "rule": "equal-shares",
            "rule_params": {"utility": "cost", "completion": "add1", "step": "100", "comparison": "none"},
            "threshold_votes": 0,
            "threshold_op": "ge",
            "fit": "skip",
            "tie": "refuse",
        }
    ),
    illustrative=_BNU.illustrative | {"max_choices", "rule_params"},
)

PRESETS: Mapping[str, Preset] = MappingProxyType({preset.slug: preset for preset in (_KHROMTAU, _BNU, _EQUAL_SHARES)})
#: Constitution fields that a preset or an organiser sets, in the order of the rules page.
VALUE_FIELDS: tuple[str, ...] = (
    "min_cost_tenge",
    "cap_tenge",
    "cap_mrp",
    "mrp_tenge",
    "proposer_min_age",
    "proposals_per_author",
    "voter_min_age",
    "methods",
    "ballot_type",
    "min_choices",
    "max_choices",
    "ballot_order",
    "max_attempts",
    "counts_mode",
    "cadence",
    "rule",
    "rule_params",
    "threshold_votes",
    "threshold_op",
    "fit",
    "tie",
    "council_quorum_percent",
    "council_majority_percent",
    "council_quorum_least",
    "council_majority",
    "council_chair_breaks_ties",
    "council_recusal",
    "council_remote_counts",
    "council_correspondence",
    "appeal_days",
    "exclusions_kk",
    "exclusions_ru",
    "exclusions_en",
)
