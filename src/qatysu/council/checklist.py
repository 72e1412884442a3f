"""The checklist that a round starts with: what the study and the regulation ask of every project."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DefaultPoint:
    """A point; ``reason`` is the code of the refusal that a "no" suggests, ``check`` names the machine's finding beside it."""

    slug: str
    kk: str
    ru: str
    en: str
    reason: str
    check: str = ""


POINTS: tuple[DefaultPoint, ...] = (
    DefaultPoint("cap", "Құны шектен аспайды", "Стоимость в пределах лимита", "The cost is within the cap", "over_cap", "cap"),
    DefaultPoint(
        "land", "Жер ортақ пайдалануда, даулы емес", "Земля общего пользования, не спорная",
        "The land is in common use and not disputed", "land", "land",
    ),
    DefaultPoint(
        "typology", "Нысан түрі ережеге сай", "Тип объекта соответствует правилам", "The kind of object fits the rules", "typology"
    ),
    DefaultPoint("powers", "Әкімдіктің құзыретіне кіреді", "В полномочиях акимата", "The akimat has the power to build it", "powers"),
    DefaultPoint(
        "utilities", "Астында кедергі желі жоқ", "Нет сетей и охранных зон под объектом",
        "No buried utilities are in the way", "utilities", "utilities",
    ),
    DefaultPoint(
        "operator", "Кім ұстайтыны белгілі, келісімі бар", "Есть кто содержит, и он согласен",
        "Somebody has agreed to maintain it", "operator", "operator",
    ),
    DefaultPoint(
        "upkeep", "Жылдық күту шығыны көтерімді", "Годовое содержание посильно", "The yearly upkeep can be borne",
        "maintenance", "upkeep",
    ),
    DefaultPoint(
        "duplicates", "Басқа жобаны қайталамайды", "Не повторяет другой проект", "It does not repeat another project",
        "duplicate", "duplicates",
    ),
    DefaultPoint(
        "documents", "Құжаттары толық", "Документы полные", "The documents are complete", "incomplete", "documents"
    ),
    DefaultPoint(
        "access", "Арбамен де жетуге болады, қауіпсіз", "Доступно людям на коляске, безопасно",
        "People in wheelchairs can use it, and it is safe", "unsafe",
    ),
)  # fmt: skip
