"""Write one line of the trail, in the transaction of the deed itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from qatysu.audit.models import Deed


def record(
    *, actor: Any, action: str, now: datetime, place: str = "", target: str = "", reason: str = "", **detail: Any
) -> Deed:
    """Append a deed. ``detail`` must hold no personal data: ids, states, sums."""
    return Deed.objects.create(
        at=now,
        actor=actor if getattr(actor, "pk", None) else None,
        action=str(action),
        place=place,
        target=target,
        reason=reason[:500],
        detail=detail,
    )
