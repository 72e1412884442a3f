"""The guard of choices in one look at the slate: on PostgreSQL it cost half of storing a ballot, because it parsed them four times."""

from __future__ import annotations

from django.db import migrations

from qatysu.vault.triggers import guarded, install


def _valid(length: str, codes: str) -> str:
    """SQL: so many choices are allowed, and each of them is a project of the slate.

    A project stands once on a slate, so as many projects as choices means that no choice is repeated.
    """
    return (
        f"COALESCE((SELECT {length} BETWEEN s.min_choices AND s.max_choices AND {length} = "
        f"(SELECT COUNT(*) FROM ballots_slateentry e WHERE e.slate_id = s.id AND e.code {codes}) "
        "FROM ballots_slate s WHERE s.round_id = NEW.round_id), FALSE)"
    )


_SQLITE = "json_valid(NEW.choices) AND json_type(NEW.choices) = 'array' AND " + _valid(
    "json_array_length(NEW.choices)", "IN (SELECT value FROM json_each(NEW.choices))"
)
_JSON = "NEW.choices::jsonb"
# In parentheses: PL/pgSQL takes the first bare THEN for the one of its IF.
_POSTGRESQL = (
    f"(CASE WHEN jsonb_typeof({_JSON}) <> 'array' THEN TRUE ELSE NOT "
    f"{_valid(f'jsonb_array_length({_JSON})', f'= ANY (ARRAY(SELECT jsonb_array_elements_text({_JSON})))')} END)"
)


class Migration(migrations.Migration):
    """Replaces the guard of the same name."""

    dependencies = [("ballots", "0006_rows_by_chance")]
    operations = [
        install(
            guarded("ballots_ballot", "INSERT", f"NOT ({_SQLITE})", "qatysu:ballot:choices", pg_when=_POSTGRESQL), again=True
        )
    ]
