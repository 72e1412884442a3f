"""Words of the table that ``qatysu tally`` prints. Sentences about projects come from ``qatysu.rules.explain``."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

#: name -> Kazakh, Russian, English.
WORDS: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {
        "file": ("Файл", "Файл", "File"),
        "ballots": ("Бюллетень", "Бюллетеней", "Ballots"),
        "projects": ("Жоба", "Проектов", "Projects"),
        "budget": ("Бюджет", "Бюджет", "Budget"),
        "rule": ("Ереже", "Правило", "Rule"),
        "by_hand": ("қолмен берілген", "задано вручную", "given by hand"),
        "by_file": ("файлда көрсетілген", "указано в файле", "declared in the file"),
        "assumed": ("файлда көрсетілмеген", "в файле не указано", "not declared in the file"),
        "id": ("нөмірі", "номер", "id"),
        "name": ("атауы", "название", "name"),
        "votes": ("дауыс", "голоса", "votes"),
        "points": ("ұпай", "баллы", "points"),
        "cost": ("құны", "стоимость", "cost"),
        "result": ("қорытынды", "итог", "result"),
        "ties": ("Теңдік", "Равенство", "Ties"),
        "more_ties": (
            "Ештеңені шешпейтін тағы {n} теңдік.",
            "Ещё равенств, которые ничего не решают: {n}.",
            "{n} more, which decide nothing.",
        ),
        "notes": ("Ескертпе", "Примечания", "Notes"),
        "runs": ("Есептеу саны", "Повторений счёта", "Runs"),
        "audit": ("Салыстыру", "Сверка", "Audit"),
        "agrees": ("ресми тізіммен бірдей", "совпадает с официальным списком", "the official list is reproduced"),
        "differs": ("ресми тізімнен өзгеше", "не совпадает с официальным списком", "not the official list"),
        "unsettled": ("қорытынды дауыс теңдігін күтеді", "итог ждёт решения о равенстве", "open until the tie is decided"),
        "nothing": ("салыстыратын ештеңе жоқ", "сравнивать не с чем", "nothing to compare with"),
        "only_official": ("тек ресми тізімде", "только в официальном", "only official"),
        "only_computed": ("тек есептегенде", "только в подсчёте", "only computed"),
        "official_extra": ("ресми тізімде ережеден тыс", "в официальном не по правилу", "official apart from the rule"),
        "steps": ("Хаттама", "Протокол", "Protocol"),
        "compare": ("Басқа ережелер не берер еді", "Что дали бы другие правила", "What other rules would give"),
        "winners": ("жеңген", "победило", "won"),
        "spent": ("жұмсалған", "потрачено", "spent"),
        "with_winner": ("жеңімпазы бар бюллетень", "бюллетени с победителем", "ballots with a winner"),
        "per_vote": ("бір дауысқа", "за голос", "per vote"),
        "gained": ("қосылады", "добавляются", "gained"),
        "lost": ("шығады", "выпадают", "lost"),
        "reading": ("оқылуда", "чтение", "reading"),
        "running": ("есептелуде: {n}", "счёт: {n}", "computing: {n}"),
        "running_of": ("есептелуде: {n}/{m}", "счёт: {n} из {m}", "computing: {n} of {m}"),
        "tie_open": (
            "дауыс теңдігі шешілмеген: {ids}. Реті: --param tie=decision --param tie_decision={order}",
            "равенство не решено: {ids}. Порядок: --param tie=decision --param tie_decision={order}",
            "an undecided tie: {ids}. Decide it: --param tie=decision --param tie_decision={order}",
        ),
    }
)
LANGUAGES = ("kk", "ru", "en")


def word(language: str, name: str, **values: str) -> str:
    """The word ``name`` in ``language``."""
    return WORDS[name][LANGUAGES.index(language)].format(**values)
