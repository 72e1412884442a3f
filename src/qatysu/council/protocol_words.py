"""Words of a protocol in Kazakh and Russian. The document is always made in both, whatever language the reader has."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

Both = Mapping[str, str]


def _both(kk: str, ru: str) -> Both:
    return MappingProxyType({"kk": kk, "ru": ru})


LABELS: Mapping[str, Both] = MappingProxyType(
    {
        "protocol": _both("ХАТТАМА", "ПРОТОКОЛ"),
        "of_sitting": _both("Сараптамалық кеңестің отырысы", "заседания Экспертного совета"),
        "of_letters": _both("Сараптамалық кеңестің сырттай дауыс беруі", "заочного голосования Экспертного совета"),
        "place": _both("Өтетін жері", "Место"),
        "call": _both("Бейнебайланыс", "Видеосвязь"),
        "time": _both("Уақыты", "Время"),
        "term": _both("Жауап беру мерзімі", "Срок ответов"),
        "presides": _both("Төрағалық етуші", "Председательствующий"),
        "chair": _both("Төраға", "Председатель"),
        "secretary": _both("Хатшы", "Секретарь"),
        "seats": _both("Кеңес құрамы", "Состав Совета"),
        "seats_are": _both("дауыс беретін {seats} мүше, кворум — {needed}", "{seats} членов с правом голоса, кворум — {needed}"),
        "present": _both("Қатысқандар", "Присутствовали"),
        "answered": _both("Жауап бергендер", "Ответили"),
        "absent": _both("Қатыспағандар", "Отсутствовали"),
        "remote": _both("қашықтан", "удалённо"),
        "stands_in": _both("{name} орнына", "замещает: {name}"),
        "no_quorum": _both("Кворум жоқ", "Кворума нет"),
        "quorum_met": _both("Кворум бар", "Кворум есть"),
        "agenda": _both("Күн тәртібі", "Повестка дня"),
        "heard": _both("ТЫҢДАЛДЫ", "СЛУШАЛИ"),
        "spoke": _both("СӨЗ СӨЙЛЕДІ", "ВЫСТУПИЛИ"),
        "voted": _both("ДАУЫС БЕРДІ", "ГОЛОСОВАЛИ"),
        "resolved": _both("ҚАУЛЫ ЕТТІ", "ПОСТАНОВИЛИ"),
        "project": _both("Жоба", "Проект"),
        "cost": _both("құны", "стоимость"),
        "passport": _both("паспорт (SHA-256)", "паспорт (SHA-256)"),
        "rapporteur": _both("Баяндамашы", "Докладчик"),
        "recommends": _both("ұсынысы", "рекомендация"),
        "recused": _both("Дауысқа қатысудан бас тартты", "Отвод"),
        "draft": _both("Дауысқа қойылған шешім", "На голосование поставлено"),
        "for": _both("Иә", "За"),
        "against": _both("Қарсы", "Против"),
        "abstain": _both("Қалыс", "Воздержались"),
        "not_voted": _both("Дауыс бермеді", "Не голосовали"),
        "needed": _both("керегі", "требуется"),
        "chair_decided": _both("Дауыс тең бөлінді, төрағаның даусы шешті", "Голоса разделились поровну, решил голос председателя"),
        "by_name": _both("Дауыстар", "Голоса"),
        "member": _both("Мүше", "Член Совета"),
        "voice": _both("Дауысы", "Голос"),
        "dissent": _both("Ерекше пікір", "Особое мнение"),
        "reasons": _both("Себептері", "Основания"),
        "until": _both("Мерзімі", "Срок"),
        "appeal": _both("Шағым беру мерзімі", "Срок обжалования"),
        "target": _both("Мына жобамен біріктіру", "Объединить с проектом"),
        "postponed": _both("Сұрақ кейінге қалдырылды", "Вопрос отложен"),
        "undecided": _both("Сұрақ шешілмеді", "Решение не принято"),
        "notes": _both("Хатшының жазбасы", "Запись секретаря"),
        "rating": _both("Жобалар рейтингі", "Рейтинг проектов"),
        "register": _both("Жеңімпаздар тізілімі", "Реестр победителей"),
        "votes": _both("Дауыс", "Голоса"),
        "sum": _both("Құны", "Стоимость"),
        "total": _both("Барлығы", "Всего"),
        "paying": _both("Кім төлейді", "Кто платит"),
        "funder": _both("Қаржыландырушы", "Финансирует"),
        "gives": _both("Береді", "Выделяет"),
        "pays": _both("Төлейді", "Платит"),
        "left": _both("Қалады", "Остаётся"),
        "reserve": _both("оның ішінде бағаның өсуіне резерв", "из них резерв на рост цен"),
        "signature": _both("қолы", "подпись"),
        "fingerprint": _both("Мәтіннің таңбасы (SHA-256)", "Отпечаток текста (SHA-256)"),
        "draft_note": _both("Жоба: қол қойылмаған", "Черновик: не подписан"),
        "example": _both("Мысал ретінде ойдан алынған", "Придумано для примера"),
    }
)
VERDICTS: Mapping[str, Both] = MappingProxyType(
    {
        "admit": _both("Жобаны дауыс беруге жіберу", "Допустить проект к голосованию"),
        "rework": _both("Жобаны пысықтауға қайтару", "Вернуть проект на доработку"),
        "not_admit": _both("Жобаны дауыс беруге жібермеу", "Не допускать проект к голосованию"),
        "merge": _both("Жобаларды біріктіруді ұсыну", "Предложить командам объединить проекты"),
        "approve": _both("Мақұлдау", "Утвердить"),
        "decline": _both("Қабылдамау", "Отклонить"),
        "choose": _both("Таңдау", "Выбрать"),
    }
)
OUTCOMES: Mapping[str, Both] = MappingProxyType(
    {
        "adopted": _both("қабылданды", "принято"),
        "not_adopted": _both("қабылданбады", "не принято"),
        "tied": _both("дауыс тең бөлінді", "голоса разделились поровну"),
        "no_quorum": _both("кворум жоқ", "нет кворума"),
        "cancelled": _both("дауысқа қою тоқтатылды", "голосование отменено"),
    }
)
ROLES: Mapping[str, Both] = MappingProxyType(
    {
        "chair": _both("төраға", "председатель"),
        "secretary": _both("хатшы", "секретарь"),
        "member": _both("мүше", "член Совета"),
        "substitute": _both("орынбасушы мүше", "замещающий член"),
    }
)
INTERESTS: Mapping[str, Both] = MappingProxyType(
    {
        "author": _both("жоба авторы", "автор проекта"),
        "team": _both("команда мүшесі", "участник команды"),
        "relative": _both("туысы командада", "родственник в команде"),
        "employer": _both("жұмыс орны ортақ", "общий работодатель"),
        "declared_other": _both("мүддесін өзі айтты", "заявил о заинтересованности"),
    }
)


def said(label: str, language: str) -> str:
    """A label in ``kk`` or ``ru``."""
    return LABELS[label][language]
