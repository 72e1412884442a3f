"""What distinguishes the five rounds: title, rules and money."""

from __future__ import annotations

from qatysu.web.demo.shapes import Purse, Text

TITLE_2020: Text = ("2020 жылғы раунд", "Раунд 2020 года", "Round of 2020")
NOTE_2020: Text = (
    "Жарияланғаны — әр жеңімпаздың дауысы, ұсыныстар, авторлар және жіберілген жобалар саны, ережесі мен қаражаты. "
    "Жеке сметалар, мекенжайлар, күндер және қалған төрт жобаның әрқайсысының дауысы — мысал. "
    "Зерттеу адамдарды емес, дауыстарды санайды: мұнда бюллетеньдер жарияланған қорытындылардан "
    "қайта құрылған, әр дауысқа бір бюллетень сәйкес келеді.",
    "Опубликованы голоса каждого победителя, число предложений, авторов и допущенных проектов, правило и деньги. "
    "Отдельные сметы, адреса, даты и голоса каждого из остальных четырёх проектов — пример. "
    "Исследование считает голоса, а не людей: здесь бюллетени восстановлены из опубликованных итогов, "
    "по одному на каждый голос.",
    "Published are the votes of each winner, the numbers of proposals, authors and admitted projects, the rule and the money. "
    "Single estimates, addresses, dates and the votes of each of the other four projects are examples. "
    "The study counts votes, not people: here the ballots are rebuilt from the published totals, one for each vote.",
)
TITLE_2025: Text = ("2025 жылғы раунд", "Раунд 2025 года", "Round of 2025")
NOTE_2025: Text = (
    "Бұл раунд ойдан құрастырылған: жобалары, бюллетеньдері мен қаражаты — мысал. "
    "Мұнда ақша барлығына жетпейді, сондықтан кім жеңетінін ереже шешеді.",
    "Этот раунд вымышлен: проекты, бюллетени и деньги — пример. Здесь денег на всех не хватает, и кто победит, решает правило.",
    "This round is invented: projects, ballots and money are examples. Here the money is not enough for all, so the rule "
    "decides who wins.",
)
TITLE_DEMO: Text = ("Көрсетілім", "Демонстрация", "Demonstration")
TITLE_2026: Text = ("2026 жылғы раунд", "Раунд 2026 года", "Round of 2026")

#: Sealed counts, up to three projects, a voter may change the choice and finds the ballot in the log within seconds. One-time
#: codes beside accounts suit a demonstration only: somebody could hold both.
RULES_DEMO: dict[str, object] = {
    "cadence": "event",
    "methods": ["code", "phone", "email"],
    "ballot_type": "up_to_k",
    "max_choices": 3,
    "counts_mode": "sealed",
    "max_attempts": 5,
}
RULES_NEXT: dict[str, object] = {"ballot_type": "up_to_k", "max_choices": 3, "counts_mode": "sealed", "max_attempts": 3}
#: In a small town ballots are mixed and published once a day.
RULES_2020: dict[str, object] = {"cadence": "town"}
#: The most votes win, among those with more than 60.
RULES_2025: dict[str, object] = {
    "cadence": "town",
    "ballot_type": "up_to_k",
    "max_choices": 3,
    "counts_mode": "sealed",
    "threshold_votes": 60,
}
#: Another town tries the Method of Equal Shares.
RULES_RUDNY: dict[str, object] = RULES_NEXT | {
    "max_choices": 5,
    "rule": "equal-shares",
    "rule_params": {"utility": "cost", "completion": "add1", "step": "100", "comparison": "none"},
    "threshold_votes": 0,
    "threshold_op": "ge",
}

_ERG: Text = ("Еуразиялық топ (ERG)", "Евразийская группа (ERG)", "Eurasian Resources Group (ERG)")
AKSU_PURSES: tuple[Purse, ...] = (
    Purse(_ERG, 40_000_000, is_approximate=True),
    Purse(("Ақсу қаласының әкімдігі", "Акимат города Аксу", "Akimat of Aksu"), 20_000_000, is_approximate=True),
)
RUDNY_PURSES_2025: tuple[Purse, ...] = (
    Purse(_ERG, 40_000_000),
    Purse(("Рудный қаласының әкімдігі", "Акимат города Рудного", "Akimat of Rudny"), 20_000_000),
)
RUDNY_PURSES: tuple[Purse, ...] = (
    Purse(_ERG, 60_000_000, is_approximate=True),
    Purse(("Рудный қаласының әкімдігі", "Акимат города Рудного", "Akimat of Rudny"), 30_000_000, is_approximate=True),
)
