"""What was said at the desk is neither changed nor deleted."""

from django.db import migrations

from qatysu.vault.triggers import append_only, install


class Migration(migrations.Migration):
    dependencies = [("desk", "0001_initial")]

    operations = [
        install(
            *append_only("desk_post"),
            *append_only("desk_postfile"),
            *append_only("desk_assist"),
            *append_only("desk_letter"),
        )
    ]
