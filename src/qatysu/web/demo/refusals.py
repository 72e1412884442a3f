"""Words of refusals and withdrawals of 2020 by reason code (``proposals.reasons``). Illustrative."""

from __future__ import annotations

from qatysu.web.demo.shapes import Text

_TIME: Text = (
    "Ауысыммен жұмыс істейміз, модульдерді мерзімінде аяқтай алмадық.",
    "Работаем по сменам и не успели закончить модули в срок.",
    "We work in shifts and could not finish the modules in time.",
)
_HARD: Text = (
    "Смета мен техникалық жоба тым күрделі болды, командада маман табылмады.",
    "Смета и технический проект оказались слишком сложны, специалиста в команде не нашлось.",
    "The estimate and the technical project proved too hard; the team had no specialist.",
)
_CAP: Text = (
    "Шамаланған құны бір жобаға берілетін сомадан асады.",
    "Оценочная стоимость больше суммы, выделяемой на один проект.",
    "The estimated cost exceeds the sum for one project.",
)
_LAND: Text = (
    "Жер учаскесі жеке меншікте, иесінің келісімі жоқ.",
    "Участок в частной собственности, согласия владельца нет.",
    "The land is private and its owner has not agreed.",
)
_POWERS: Text = (
    "Бұл мәселе аудан әкімдігінің құзыретіне кірмейді.",
    "Вопрос не входит в полномочия акимата района.",
    "The matter is outside the powers of the district akimat.",
)
_NETS: Text = (
    "Учаске астында жылу желісі өтеді, күзет аймағында құрылыс салуға болмайды.",
    "Под участком проходит теплотрасса, в охранной зоне строить нельзя.",
    "A heating main runs under the site; nothing may be built in its protection zone.",
)
_TYPE: Text = (
    "Жоба Ережедегі нысан түрлеріне сәйкес келмейді.",
    "Проект не подходит под типы объектов из Положения.",
    "The project is not of a type that the regulation admits.",
)
_KEEP: Text = (
    "Нысанды кім ұстайтыны және күту шығыны анықталмаған.",
    "Не определено, кто содержит объект и сколько это стоит.",
    "It is not settled who maintains the object and at what cost.",
)
_SAME: Text = (
    "Сол ауладағы ұқсас идеямен екі автордың келісімі бойынша біріктірілді.",
    "Объединена с похожей идеей того же двора с согласия обоих авторов.",
    "Merged with a similar idea for the same courtyard; both authors agreed.",
)
REASONS: dict[str, Text] = {
    "no_time": _TIME,
    "too_complex": _HARD,
    "over_cap": _CAP,
    "land": _LAND,
    "powers": _POWERS,
    "utilities": _NETS,
    "excluded": _TYPE,
    "maintenance": _KEEP,
    "merged": _SAME,
}
