"""Changing rules that are frozen: two people, a protocol, and only what does not touch a vote that may have been cast already."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from qatysu.audit.commands import record
from qatysu.core.errors import Conflict, Invalid
from qatysu.core.regulation import Action
from qatysu.rounds.authorize import authorize
from qatysu.rounds.constitution_check import check_constitution
from qatysu.rounds.freezing import constitution_digest, constitution_text
from qatysu.rounds.models import Amendment, Constitution, Round
from qatysu.rounds.touching import locked, touch

#: What an amendment may change: how the Council decides, the term of appeals and the words on exclusions. Who votes, on what, how
#: often and by which rule it is counted is fixed for good once the ballot is: a change would judge votes by rules their voters
#: did not know (docs/decisions/0013).
AMENDABLE: tuple[str, ...] = (
    "council_quorum_percent", "council_quorum_least", "council_majority", "council_majority_percent", "council_chair_breaks_ties",
    "council_recusal", "council_remote_counts", "council_correspondence", "appeal_days", "exclusions_kk", "exclusions_ru",
    "exclusions_en",
)


def amended(round_: Round, values: Mapping[str, Any]) -> Constitution:
    """The frozen constitution with ``values``, not saved.

    Raises Conflict ``rules_not_frozen``; Invalid ``not_amendable``, ``nothing_changes`` or what contradicts itself.
    """
    c = Constitution.objects.get(round=round_)
    if c.frozen_at is None:
        raise Conflict("rules_not_frozen")
    foreign = sorted(set(values) - set(AMENDABLE))
    if foreign:
        raise Invalid("not_amendable", fields=foreign)
    before = {name: getattr(c, name) for name in AMENDABLE}
    for name, value in values.items():
        setattr(c, name, value)
    check_constitution(c)
    if before == {name: getattr(c, name) for name in AMENDABLE}:
        raise Invalid("nothing_changes")
    return c


@transaction.atomic
def amend_constitution(
    *, actor: Any, second: Any, round_: Round, values: Mapping[str, Any], reason: str, protocol: str, document: str, now: datetime
) -> Amendment:
    """Change frozen rules: ``actor`` asked, ``second`` agreed. The row comes before the change: the database refuses any other order.

    Raises as ``amended``, NotAllowed, and Conflict ``rules_differ`` when the stored rules are not those that were frozen.
    """
    authorize(actor, Action.PROPOSE_AMENDMENT, round_, now=now)
    authorize(second, Action.CONFIRM_AMENDMENT, round_, now=now)
    row = locked(round_)
    old = Constitution.objects.select_for_update().get(round=row)
    row.constitution = old
    text = constitution_text(row)
    if old.frozen_at is not None and constitution_digest(row) != old.digest:
        raise Conflict("rules_differ")
    new = amended(row, values)
    row.constitution = new
    changes = {n: [getattr(old, n), getattr(new, n)] for n in AMENDABLE if getattr(old, n) != getattr(new, n)}
    number = int(row.amendments.aggregate(n=Max("number"))["n"] or 0) + 1
    made = Amendment.objects.create(
        round=row, number=number, changes=changes, old_text=text, old_digest=old.digest, new_digest=constitution_digest(row),
        reason=reason, protocol=protocol, document=document, proposed_by=actor, confirmed_by=second, at=now,
    )
    new.digest = made.new_digest
    new.save(update_fields=[*changes, "digest"])
    touch(row)
    record(
        actor=second, action="amend_constitution", now=now, place=str(row), target=f"rounds.round:{row.pk}", reason=reason,
        changed=changes, protocol=protocol, asked_by=actor.pk,
    )
    return made


def amendments(round_: Round) -> tuple[Amendment, ...]:
    """All amendments of the round in their order, with the people."""
    return tuple(round_.amendments.select_related("proposed_by", "confirmed_by"))
