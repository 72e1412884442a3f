"""What the database refuses of a log, whatever program asks: docs/decisions/0008."""

from django.db import migrations

from qatysu.vault.triggers import guarded, install

_LOG = "SELECT {what} FROM bulletin_log l WHERE l.id = NEW.log_id"
_ONLY_PLACE = (
    "NOT (OLD.idx IS NULL AND NEW.idx IS NOT NULL AND NEW.id = OLD.id AND NEW.log_id = OLD.log_id AND NEW.leaf = OLD.leaf "
    "AND NEW.raw = OLD.raw AND NEW.is_voters = OLD.is_voters AND NEW.is_closing = OLD.is_closing "
    "AND COALESCE(NEW.turn, 0) = COALESCE(OLD.turn, 0))"
)
_BELOW_HEAD = f"NEW.idx IS NOT NULL AND NEW.idx < ({_LOG.format(what='l.size')})"
_ROLLED_BACK = (
    "NEW.id <> OLD.id OR NEW.origin <> OLD.origin OR NEW.vkey <> OLD.vkey OR NEW.size < OLD.size "
    "OR NEW.published_size < OLD.published_size OR (NEW.size = OLD.size AND NEW.root <> OLD.root) "
    "OR (OLD.frozen_at IS NOT NULL AND (NEW.frozen_at IS NULL OR NEW.size <> OLD.size))"
)
_CLOSED = (
    "NEW.is_voters AND NEW.idx IS NULL AND EXISTS (SELECT 1 FROM bulletin_entry e WHERE e.log_id = NEW.log_id AND e.is_closing)"
)


class Migration(migrations.Migration):
    dependencies = [("bulletin", "0001_initial")]

    operations = [
        install(
            guarded("bulletin_entry", "UPDATE", _ONLY_PLACE, "qatysu:append_only:bulletin_entry"),
            guarded("bulletin_entry", "DELETE", "", "qatysu:append_only:bulletin_entry"),
            guarded("bulletin_entry", "UPDATE", f"OLD.idx IS NULL AND {_BELOW_HEAD}", "qatysu:sealed:bulletin_entry"),
            guarded("bulletin_entry", "INSERT", _BELOW_HEAD, "qatysu:sealed:bulletin_entry"),
            guarded(
                "bulletin_entry", "INSERT", f"({_LOG.format(what='l.frozen_at')}) IS NOT NULL", "qatysu:frozen:bulletin_log"
            ),
            guarded("bulletin_entry", "INSERT", _CLOSED, "qatysu:closed:bulletin_log"),
            guarded("bulletin_log", "UPDATE", _ROLLED_BACK, "qatysu:grows_only:bulletin_log"),
            guarded("bulletin_log", "DELETE", "", "qatysu:grows_only:bulletin_log"),
        )
    ]
