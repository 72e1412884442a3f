"""One finding of the check of a round."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Where = Literal["city", "money", "rules", "categories", "calendar", "people", "slate"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding. ``stops`` forbids publishing; the others are warnings. ``where`` names the page that mends it.

    ``detail``: the stage, or what else the sentence names, ready to be shown.
    """

    code: str
    where: Where
    stops: bool = True
    detail: str = ""
