"""The row of a round: its lock and its version."""

from __future__ import annotations

from django.db.models import F

from qatysu.rounds.models import Round


def locked(round_: Round) -> Round:
    """The round read again FOR UPDATE: whoever holds the row in share (a running cast) finishes first."""
    return Round.objects.select_for_update(of=("self",)).select_related("city").get(pk=round_.pk)


def touch(round_: Round) -> None:
    """Raise the version: pages, caches and ETags of the round are new from now on."""
    Round.objects.filter(pk=round_.pk).update(version=F("version") + 1)
