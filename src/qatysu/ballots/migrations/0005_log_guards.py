"""What the database refuses of ballots and participations, now that ballots stand in a log; see docs/life-of-a-ballot.md."""

from __future__ import annotations

from importlib import import_module

from django.db import migrations

from qatysu.vault.triggers import append_only, guarded, install

_BEFORE = import_module("qatysu.ballots.migrations.0002_guards").GUARDS
_KEPT = tuple(
    guard
    for guard in _BEFORE
    if guard.table in ("ballots_ballot", "ballots_participation") and guard.message != "qatysu:ballot:closed"
)

_NOT_ITS_LOG = (
    "OLD.log_id IS NOT NULL OR NEW.log_id IS NULL OR NEW.id <> OLD.id OR NEW.round_id <> OLD.round_id OR NEW.origin <> OLD.origin "
    "OR NEW.min_choices <> OLD.min_choices OR NEW.max_choices <> OLD.max_choices OR NEW.max_attempts <> OLD.max_attempts "
    "OR NEW.digest <> OLD.digest OR NEW.key_digest <> OLD.key_digest"
)
_MINE = "SELECT s.log_id FROM ballots_slate s WHERE s.round_id = NEW.round_id"
_IN_LOG = f"EXISTS (SELECT 1 FROM bulletin_entry e WHERE e.log_id = ({_MINE}) AND e.leaf = NEW.leaf{{more}})"
_SQLITE_NOW = "strftime('%Y-%m-%d %H:%M:%f', 'now')"
_SEALED = _IN_LOG.format(more=" AND e.idx IS NOT NULL")



def _open(now: str) -> str:
    """SQL: the voting stage is open by the database's clock and not paused."""
    return (
        "EXISTS (SELECT 1 FROM rounds_roundstage t WHERE t.round_id = NEW.round_id AND t.stage = 'voting' "
        f"AND t.opens_at <= {now} AND t.closes_at > {now} AND NOT EXISTS (SELECT 1 FROM rounds_stagepause p "
        f"WHERE p.stage_id = t.id AND p.from_at <= {now} AND (p.until_at IS NULL OR p.until_at > {now})))"
    )



class Migration(migrations.Migration):
    """Installs the guards on both databases."""

    dependencies = [("ballots", "0004_log"), ("bulletin", "0002_guards")]

    operations = [
        install(
            *_KEPT,
            # A ballot whose entry is sealed already comes back after a restore, whatever the hour.
            guarded(
                "ballots_ballot",
                "INSERT",
                f"NOT {_open(_SQLITE_NOW)} AND NOT {_SEALED}",
                "qatysu:ballot:closed",
                pg_when=f"NOT {_open('clock_timestamp()')} AND NOT {_SEALED}",
            ),
            # A slate from before gets its log once; nothing else of it changes.
            guarded("ballots_slate", "UPDATE", _NOT_ITS_LOG, "qatysu:append_only:ballots_slate"),
            *append_only("ballots_judgement"),
            *append_only("ballots_opening"),
            guarded("ballots_ballot", "INSERT", f"NOT {_IN_LOG.format(more='')}", "qatysu:ballot:not_in_log"),
        ),
    ]
