"""Typical projects to start from. The estimates are models for illustration, not offers of contractors."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Typical:
    """A project that towns build often, with a drawing and a model estimate in whole tenge."""

    code: str
    plan: str
    title: Promise
    includes: Promise
    cost_tenge: int


TYPICAL: tuple[Typical, ...] = (
    Typical(
        "playground",
        "playground",
        _("Playground in a yard"),
        _("Soft ground of 200 square metres, six pieces of equipment, two benches, a low fence."),
        5_600_000,
    ),
    Typical(
        "lighting",
        "lighting",
        _("Light in a yard"),
        _("Nine lamp posts, twelve LED lamps, 210 metres of cable, a cabinet with a light sensor."),
        3_260_000,
    ),
    Typical(
        "workout",
        "sports",
        _("Workout ground"),
        _("Rubber ground of 120 square metres, eight pieces of equipment, a board with exercises."),
        4_120_000,
    ),
    Typical(
        "alley",
        "alley",
        _("Alley with trees"),
        _("300 metres of paving, forty trees with a year of watering, ten benches."),
        4_870_000,
    ),
    Typical(
        "busstop",
        "busstop",
        _("Bus stop with a shelter"),
        _("A closed shelter with a bench, light, a ramp and a timetable."),
        2_140_000,
    ),
    Typical(
        "ramp",
        "ramp",
        _("Ramp and handrails"),
        _("A ramp of 8 metres, handrails on both sides, tactile tiles."),
        1_120_000,
    ),
)


def typical(code: str) -> Typical | None:
    """The typical project with this code, or None."""
    return next((item for item in TYPICAL if item.code == code), None)
