"""A decided motion is never changed, and no motion is ever removed."""

from django.db import migrations

from qatysu.vault.triggers import guarded, install

_KEPT = (
    "round_id", "kind", "target", "payload", "reason", "text", "protocol", "document", "proposed_by_id", "proposed_as", "proposed_at",
)
_CHANGED = " OR ".join(f"NEW.{name} <> OLD.{name}" for name in _KEPT)


class Migration(migrations.Migration):
    dependencies = [("motions", "0001_initial")]
    operations = [
        install(
            guarded("motions_motion", "UPDATE", "OLD.state <> 'proposed'", "qatysu:motion:decided"),
            guarded("motions_motion", "UPDATE", _CHANGED, "qatysu:motion:kept"),
            guarded("motions_motion", "INSERT", "NEW.state <> 'proposed'", "qatysu:motion:decided"),
            guarded("motions_motion", "DELETE", "", "qatysu:motion:kept"),
        )
    ]
