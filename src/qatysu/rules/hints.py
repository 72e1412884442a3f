"""Short sentences about a file and about a difference to its official list, in Kazakh, Russian and English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

LANGUAGES = ("kk", "ru", "en")


@dataclass(frozen=True, slots=True)
class Hint:
    """One finding: ``code`` chooses the sentence (``WORDS``), ``facts`` fill its gaps."""

    code: str
    facts: tuple[tuple[str, str], ...] = ()

    def fact(self, name: str) -> str:
        """The fact called ``name``, or ''."""
        return dict(self.facts).get(name, "")


def hint(code: str, **facts: str) -> Hint:
    """A hint from keywords."""
    return Hint(code, tuple(facts.items()))


def noted(code: str, **facts: int) -> str:
    """A hint as plain text, for the notes of an outcome, which are stored as texts: ``code name=number ...``."""
    return " ".join([code, *(f"{name}={number}" for name, number in facts.items())])


def note_sentence(note: str, language: str) -> str:
    """The sentence of a note of an outcome; a text that is none (an outcome stored long ago) stays as it is."""
    code, *facts = note.split(" ")
    if code not in WORDS:
        return note
    return sentence(hint(code, **dict(fact.split("=") for fact in facts)), language)


def sentence(found: Hint, language: str) -> str:
    """The sentence of ``found``; English for a language that is none of ``LANGUAGES``."""
    place = LANGUAGES.index(language) if language in LANGUAGES else LANGUAGES.index("en")
    return WORDS[found.code][place].format(**dict(found.facts))


#: What META states (rules/declared.py).
_META = {
    "rule_missing": (
        "Файлда ереже көрсетілмеген (META rule: {value}); дауыс саны бойынша есептелді, қаражат жетпеген жоба аттап өтіледі.",
        "Файл не называет правило (META rule: {value}); посчитано по числу голосов, не поместившийся проект пропускается.",
        "The file declares no rule (META rule: {value}); computed by votes, passing over what does not fit.",
    ),
    "rule_unread": (
        "Файлдағы {value} ережесі белгісіз; дауыс саны бойынша есептелді, қаражат жетпеген жоба аттап өтіледі.",
        "Правило файла {value} неизвестно; посчитано по числу голосов, не поместившийся проект пропускается.",
        "The declared rule {value} is not known here; computed by votes, passing over what does not fit.",
    ),
    "exclusive": (
        "Кейбір жобалар бірге жеңе алмайды; олар файлдың түсіндірмесінде ғана аталады: --param conflicts=A/B.",
        "Некоторые проекты не могут победить вместе; они названы только в комментарии файла: --param conflicts=A/B.",
        "Some projects cannot win together; only the file's comment names them: --param conflicts=A/B.",
    ),
    "custom": (
        "{value} ережесі файлдың түсіндірмесінде ғана сипатталған; fit=stop partial=0.8 арқылы есептелді.",
        "Правило {value} описано только в комментарии файла; посчитано с fit=stop partial=0.8.",
        "The rule {value} is described only in the file's comment; computed with fit=stop partial=0.8.",
    ),
    "threshold_unused": (
        "META дауыс шегін көрсетеді: {value}; ол қолданылмады: --param min_score={value}.",
        "META указывает порог {value}; он не применён: --param min_score={value}.",
        "META states the threshold {value}; it was not applied: --param min_score={value}.",
    ),
    "parts_used": (
        "META бөліктердің бюджетін көрсетеді; қолданылды: parts={value}.",
        "META указывает бюджеты частей; применено: parts={value}.",
        "META states budgets of parts; applied: parts={value}.",
    ),
    "parts_unused": (
        "META бөліктердің бюджетін көрсетеді; ол қолданылмады: --param parts={value}.",
        "META указывает бюджеты частей; они не применены: --param parts={value}.",
        "META states budgets of parts; they were not applied: --param parts={value}.",
    ),
    "leftover_used": (
        "META қалған қаражат қалай жұмсалатынын көрсетеді; қолданылды: leftover=pool.",
        "META указывает, как тратится остаток; применено: leftover=pool.",
        "META says how left-over money is spent; applied: leftover=pool.",
    ),
    "leftover_unused": (
        "META қалған қаражат қалай жұмсалатынын көрсетеді; ол қолданылмады: --param leftover=pool.",
        "META указывает, как тратится остаток; это не применено: --param leftover=pool.",
        "META says how left-over money is spent; it was not applied: --param leftover=pool.",
    ),
    "leftover_unread": (
        "META leftover_budget мәтіні түсініксіз, ол қолданылмады.",
        "Текст META leftover_budget не понят и не применён.",
        "The text of META leftover_budget is not understood and was not applied.",
    ),
}
#: Why an outcome is not the official list (rules/auditing.py).
_WHY = {
    "no_official": (
        "Файлда ресми тізім жоқ (selected бағаны жоқ).",
        "В файле нет официального списка (нет столбца selected).",
        "The file holds no official list (no column selected).",
    ),
    "tie_explains": (
        "Дауыс теңдігі шешеді; tie=decision tie_decision={value} ресми тізімді береді.",
        "Решает равенство голосов; tie=decision tie_decision={value} даёт официальный список.",
        "A tie decides; tie=decision tie_decision={value} gives the official list.",
    ),
    "tie_open": (
        "Дауыс теңдігі шешеді; ресми тізімді беретін рет табылмады.",
        "Решает равенство голосов; порядок, дающий официальный список, не найден.",
        "A tie decides; no order was found that gives the official list.",
    ),
    "removal": (
        "{value} жобасын есептен шығару жеткілікті: withdrawn={value} ресми тізімді береді.",
        "Достаточно исключить проект {value}: withdrawn={value} даёт официальный список.",
        "Leaving out project {value} is enough: withdrawn={value} gives the official list.",
    ),
    "conflict": (
        "conflicts={value} ресми тізімді береді.",
        "conflicts={value} даёт официальный список.",
        "conflicts={value} gives the official list.",
    ),
    "conflict_commented": (
        "conflicts={value} ресми тізімді береді; бұл жобалар файлдың түсіндірмесінде аталған.",
        "conflicts={value} даёт официальный список; эти проекты названы в комментарии файла.",
        "conflicts={value} gives the official list; the file's comment names these projects.",
    ),
    "setting": (
        "{value} ресми тізімді береді.",
        "{value} даёт официальный список.",
        "{value} gives the official list.",
    ),
    "rule_unknown": (
        "Файл ресми тізім қай ережемен анықталғанын айтпайды.",
        "Файл не говорит, по какому правилу определён официальный список.",
        "The file does not say by which rule the official list was found.",
    ),
    "too_dear": (
        "Ресми тізім бюджеттен қымбат: {cost}, бюджет {budget}.",
        "Официальный список дороже бюджета: {cost}, бюджет {budget}.",
        "The official list costs more than the budget: {cost}, budget {budget}.",
    ),
    "official_cannot": (
        "Ресми тізімдегі {value} жобасы есепке қатыспайды (қайтарып алынған немесе алдын ала шығарылған).",
        "Проект {value} официального списка в подсчёте не участвует (отозван или исключён заранее).",
        "Project {value} of the official list takes no part (withdrawn or excluded beforehand).",
    ),
    "official_below": (
        "Ресми тізімдегі {value} жобасы дауыс шегіне жетпейді.",
        "Проект {value} официального списка не набирает порог.",
        "Project {value} of the official list does not meet the threshold.",
    ),
    "extra_other": (
        "{value} жобасы ереже бойынша емес таңдалған (selected={mark}); түсіндірмені қараңыз: {place}.",
        "Проект {value} выбран не по правилу (selected={mark}); см. комментарий {place}.",
        "Project {value} was chosen apart from the rule (selected={mark}); see comment {place}.",
    ),
    "extra_silent": (
        "{value} жобасы ереже бойынша емес таңдалған (selected={mark}); файл себебін айтпайды.",
        "Проект {value} выбран не по правилу (selected={mark}); файл не говорит почему.",
        "Project {value} was chosen apart from the rule (selected={mark}); the file does not say why.",
    ),
    "unexplained": (
        "Айырманың себебі табылмады: қаралған өзгерістердің ешқайсысы ресми тізімді бермейді.",
        "Причина различия не найдена: ни одно из проверенных изменений не даёт официальный список.",
        "No cause was found: none of the changes tried gives the official list.",
    ),
    "comment": (
        "Файлдың түсіндірмесін қараңыз: {value}",
        "См. комментарий файла: {value}",
        "See the file's comment: {value}",
    ),
}
#: What equal shares says about its comparison with the list by votes (rules/shares/comparison.py).
_COMPARED = {
    "votes_preferred": (
        "Таңдаған жобаларына көбірек қаражат тиетін сайлаушылар: дауыс саны бойынша тізімде – {there}, тең үлестер әдісінде – {here}. "
        "Сондықтан дауыс саны бойынша тізім қабылданды.",
        "Избирателей, чьи проекты получают больше денег: по списку голосов – {there}, по методу равных долей – {here}. "
        "Поэтому действует список по голосам.",
        "Voters whose projects get more money: {there} with the list by votes, {here} with Equal Shares. So the list by votes stands.",
    ),
    "shares_preferred": (
        "Таңдаған жобаларына көбірек қаражат тиетін сайлаушылар: тең үлестер әдісінде – {here}, дауыс саны бойынша тізімде – {there}. "
        "Сондықтан тең үлестер әдісінің нәтижесі сақталды.",
        "Избирателей, чьи проекты получают больше денег: по методу равных долей – {here}, по списку голосов – {there}. "
        "Поэтому действует итог метода равных долей.",
        "Voters whose projects get more money: {here} with Equal Shares, {there} with the list by votes. So Equal Shares stands.",
    ),
    "votes_tied": (
        "Салыстырылатын дауыс саны бойынша тізімді шешілмеген теңдік анықтайды.",
        "Список по голосам, с которым идёт сравнение, зависит от нерешённого равенства.",
        "The list by votes, with which Equal Shares is compared, hangs on an undecided tie.",
    ),
}
WORDS: Mapping[str, tuple[str, str, str]] = MappingProxyType(_META | _WHY | _COMPARED)
