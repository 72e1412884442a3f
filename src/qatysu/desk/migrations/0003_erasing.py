"""A person's words can be erased at their wish, and in no other way changed."""

from django.db import migrations, models

from qatysu.vault.triggers import guarded, install

#: Everything stays but the words, of a message that no member of staff wrote.
_NOT_ERASING = (
    "NOT (OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL AND NOT OLD.is_staff AND NOT NEW.is_staff "
    "AND NEW.text = '—' AND NEW.quoted = '' AND NEW.thread_id = OLD.thread_id AND NEW.at = OLD.at "
    "AND NEW.is_note = OLD.is_note AND NEW.channel = OLD.channel "
    "AND COALESCE(NEW.author_id, 0) = COALESCE(OLD.author_id, 0) "
    "AND COALESCE(NEW.entered_by_id, 0) = COALESCE(OLD.entered_by_id, 0))"
)


class Migration(migrations.Migration):
    dependencies = [("desk", "0002_guards")]

    operations = [
        migrations.AddField("post", "erased_at", models.DateTimeField(blank=True, null=True)),
        install(guarded("desk_post", "UPDATE", _NOT_ERASING, "qatysu:append_only:desk_post")),
    ]
