"""Lays a round of twenty ready projects into a running demonstration: ``python -m tests.journeys.council_round``.

Costs and votes are such that two projects meet in a decisive tie: 15 million, the first takes ten, then four of either are left.
"""

from __future__ import annotations

import os

import django

SLUG = "council"
COSTS = (10_000_000, 4_000_000, 4_000_000, *[500_000] * 17)
WHAT = (
    ("Ойын алаңы", "Игровая площадка"), ("Көше шамдары", "Уличные фонари"), ("Гүлзар", "Сквер"), ("Жүгіру жолы", "Беговая дорожка"),
    ("Аялдама", "Остановка"),
)
WHERE = (("Абай көшесі", "улица Абая"), ("Достық даңғылы", "проспект Достык"), ("№ 2 мектеп", "школа № 2"), ("вокзал", "вокзал"))


def lay() -> None:
    """The round stands before its Council; the demonstration's expert works in the team of the first project."""
    from django.utils import timezone  # reason: Django must be set up first

    from qatysu.core.regulation import Stage
    from qatysu.identity.contact import parse_contact
    from qatysu.identity.models import Account
    from qatysu.places.models import City
    from qatysu.proposals.models import State, TeamMember, Translation
    from tests import factories

    now = timezone.now()
    people = {
        role: Account.objects.get(email_hash=parse_contact(f"{role}@demo.qatysu.example").hash) for role in ("resident", "expert")
    }
    round_ = factories.make_round(
        City.objects.get(slug="khromtau"), stage=Stage.COUNCIL, now=now, slug=SLUG, threshold_votes=1, max_choices=3, methods=["code"]
    )
    for number, cost in enumerate(COSTS):
        (kk, ru), (at_kk, at_ru) = WHAT[number % 5], WHERE[number // 5]
        author = people["resident"] if number == len(COSTS) - 1 else None
        made = factories.make_proposal(
            round_, state=State.READY, cost_tenge=cost, title=f"{kk}, {at_kk}", language="kk", **({"author": author} if author else {})
        )
        Translation.objects.create(proposal=made, language="ru", title=f"{ru}, {at_ru}", problem="—", solution="—")
        if number == 0:
            TeamMember.objects.create(proposal=made, account=people["expert"], role="member", joined_at=now)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qatysu.config.settings")
    django.setup()
    lay()
