"""What the database refuses, whatever program asks: see docs/life-of-a-ballot.md."""

from django.db import migrations

from qatysu.vault.triggers import append_only, guarded, install

_SLATE = "SELECT {what} FROM ballots_slate s WHERE s.round_id = NEW.round_id"
_MIN = _SLATE.format(what="s.min_choices")
_MAX = _SLATE.format(what="s.max_choices")
_ON_SLATE = (
    "SELECT COUNT(DISTINCT e.code) FROM ballots_slateentry e JOIN ballots_slate s ON s.id = e.slate_id "
    "WHERE s.round_id = NEW.round_id AND e.code IN ({choices})"
)
_SQLITE_CHOICES = "SELECT value FROM json_each(NEW.choices)"
_PG_CHOICES = "SELECT jsonb_array_elements_text(NEW.choices::jsonb)"


def _valid(length: str, choices: str) -> str:
    """SQL: the choices are a JSON array within the limits whose members are distinct projects of the slate."""
    return (
        f"COALESCE({length} BETWEEN ({_MIN}) AND ({_MAX}) AND ({_ON_SLATE.format(choices=choices)}) = {length}, FALSE)"
    )


def _open(now: str) -> str:
    """SQL: the voting stage is open by the database's clock and not paused."""
    return (
        "EXISTS (SELECT 1 FROM rounds_roundstage t WHERE t.round_id = NEW.round_id AND t.stage = 'voting' "
        f"AND t.opens_at <= {now} AND t.closes_at > {now} AND NOT EXISTS (SELECT 1 FROM rounds_stagepause p "
        f"WHERE p.stage_id = t.id AND p.from_at <= {now} AND (p.until_at IS NULL OR p.until_at > {now})))"
    )


_SQLITE_VALID = "json_valid(NEW.choices) AND json_type(NEW.choices) = 'array' AND " + _valid(
    "json_array_length(NEW.choices)", _SQLITE_CHOICES
)
# In parentheses: PL/pgSQL takes the first bare THEN for the one of its IF.
_PG_INVALID = (
    "(CASE WHEN jsonb_typeof(NEW.choices::jsonb) <> 'array' THEN TRUE ELSE NOT "
    f"({_valid('jsonb_array_length(NEW.choices::jsonb)', _PG_CHOICES)}) END)"
)
_SQLITE_NOW = "strftime('%Y-%m-%d %H:%M:%f', 'now')"
_ATTEMPT = (
    "NOT EXISTS (SELECT 1 FROM ballots_participation p WHERE p.round_id = NEW.round_id AND p.handle = NEW.handle "
    "AND p.attempt = NEW.attempt)"
)

GUARDS = (
    *append_only("ballots_ballot"),
    *append_only("ballots_slate"),
    *append_only("ballots_slateentry"),
    *append_only("ballots_votingcode"),
    guarded("ballots_ballot", "INSERT", f"NOT ({_SQLITE_VALID})", "qatysu:ballot:choices", pg_when=_PG_INVALID),
    guarded(
        "ballots_ballot",
        "INSERT",
        f"NOT {_open(_SQLITE_NOW)}",
        "qatysu:ballot:closed",
        pg_when=f"NOT {_open('clock_timestamp()')}",
    ),
    guarded("ballots_ballot", "INSERT", _ATTEMPT, "qatysu:ballot:attempt"),
    guarded("ballots_participation", "DELETE", "", "qatysu:participation:kept"),
    guarded(
        "ballots_participation",
        "UPDATE",
        "NEW.attempt <> OLD.attempt + 1 OR NEW.handle <> OLD.handle OR NEW.round_id <> OLD.round_id "
        "OR NEW.attempt > (SELECT s.max_attempts FROM ballots_slate s WHERE s.round_id = NEW.round_id)",
        "qatysu:participation:attempt",
    ),
    guarded(
        "ballots_slateentry",
        "INSERT",
        "EXISTS (SELECT 1 FROM ballots_ballot b JOIN ballots_slate s ON s.round_id = b.round_id WHERE s.id = NEW.slate_id)",
        "qatysu:slate:frozen",
    ),
)


class Migration(migrations.Migration):
    """Installs the guards on both databases."""

    dependencies = [("ballots", "0001_initial"), ("rounds", "0001_initial")]
    operations = [install(*GUARDS)]
