"""An outcome keeps what the published log said when it was counted."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds the column; outcomes of before have nothing to say."""

    dependencies = [("results", "0004_known_verdicts")]
    operations = [
        migrations.AddField(model_name="outcome", name="box", field=models.JSONField(blank=True, default=dict)),
    ]
