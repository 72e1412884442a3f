"""The trail is written once: the database refuses to change or remove a deed."""

from django.db import migrations

from qatysu.vault.triggers import append_only, install


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [install(*append_only("audit_deed"))]
