"""To be written."""

from qatysu.rules.wording.en import TEXTS

__all__ = ["TEXTS"]
