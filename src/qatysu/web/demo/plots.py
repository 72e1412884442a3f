"""What distinguishes the four rounds: title, rules and money."""

from __future__ import annotations

from qatysu.web.demo.shapes import Purse, Text

TITLE_2020: Text = ("2020 жылғы раунд", "Раунд 2020 года", "Round of 2020")
TITLE_DEMO: Text = ("Көрсетілім", "Демонстрация", "Demonstration")
TITLE_2026: Text = ("2026 жылғы раунд", "Раунд 2026 года", "Round of 2026")

#: Sealed counts, up to three projects, a voter may change the choice. One-time codes beside accounts suit a demonstration
#: only: somebody could hold both.
RULES_DEMO: dict[str, object] = {
    "methods": ["code", "phone", "email"],
    "ballot_type": "up_to_k",
    "max_choices": 3,
    "counts_mode": "sealed",
    "max_attempts": 5,
}
RULES_NEXT: dict[str, object] = {"ballot_type": "up_to_k", "max_choices": 3, "counts_mode": "sealed", "max_attempts": 3}

_ERG: Text = ("Еуразиялық топ (ERG)", "Евразийская группа (ERG)", "Eurasian Resources Group (ERG)")
AKSU_PURSES: tuple[Purse, ...] = (
    Purse(_ERG, 40_000_000, is_approximate=True),
    Purse(("Ақсу қаласының әкімдігі", "Акимат города Аксу", "Akimat of Aksu"), 20_000_000, is_approximate=True),
)
RUDNY_PURSES: tuple[Purse, ...] = (
    Purse(_ERG, 60_000_000, is_approximate=True),
    Purse(("Рудный қаласының әкімдігі", "Акимат города Рудного", "Akimat of Rudny"), 30_000_000, is_approximate=True),
)
