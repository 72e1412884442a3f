"""What explanations need: rule, parameters, ties and trace of an outcome; reason, phase, key and facts of a line."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("results", "0001_initial")]
    operations = [
        migrations.AddField("outcome", "rule", models.CharField(default="votes", max_length=20)),
        migrations.AddField("outcome", "params", models.JSONField(blank=True, default=dict)),
        migrations.AddField("outcome", "ties", models.JSONField(blank=True, default=list)),
        migrations.AddField("outcome", "earlier_steps", models.JSONField(blank=True, default=list)),
        migrations.AddField("outcome", "runs", models.PositiveIntegerField(default=1)),
        migrations.AddField("outcome", "notes", models.JSONField(blank=True, default=list)),
        migrations.AddField("outcome", "decisions", models.JSONField(blank=True, default=list)),
        migrations.AddField("outcome", "comparison", models.JSONField(blank=True, default=dict)),
        migrations.AddField("outcome", "is_imported", models.BooleanField(default=False)),
        migrations.AddField("outcomeline", "score", models.PositiveBigIntegerField(default=0)),
        migrations.AddField("outcomeline", "reason", models.CharField(default="", max_length=20)),
        migrations.AddField("outcomeline", "phase", models.CharField(default="rule", max_length=12)),
        migrations.AddField("outcomeline", "key_text", models.TextField(blank=True, default="")),
        migrations.AddField("outcomeline", "facts", models.JSONField(blank=True, default=dict)),
    ]
