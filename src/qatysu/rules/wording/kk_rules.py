"""To be written."""

from qatysu.rules.wording.en_rules import EXAMPLE, EXAMPLE_PROJECT, HEADINGS, NAMES, PARAMS, RULES

__all__ = ["EXAMPLE", "EXAMPLE_PROJECT", "HEADINGS", "NAMES", "PARAMS", "RULES"]
