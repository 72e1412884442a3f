"""Motions and the last look at every box."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('bulletin', '0002_guards'),
        ('rounds', '0003_every_rule'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='BoxCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('checked_at', models.DateTimeField()),
                ('findings', models.JSONField(default=list)),
                ('log', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='box_check', to='bulletin.log')),
            ],
        ),
        migrations.CreateModel(
            name='Motion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('annul', 'annul'), ('reinstate', 'reinstate'), ('voting_extend', 'voting_extend'), ('voting_close', 'voting_close'), ('voting_pause', 'voting_pause'), ('voting_resume', 'voting_resume'), ('voting_open', 'voting_open'), ('keys_destroyed', 'keys_destroyed')], max_length=20)),
                ('target', models.CharField(max_length=40)),
                ('payload', models.JSONField(default=dict)),
                ('reason', models.CharField(blank=True, max_length=40)),
                ('text', models.CharField(max_length=500)),
                ('protocol', models.CharField(max_length=60)),
                ('document', models.CharField(blank=True, max_length=64)),
                ('state', models.CharField(choices=[('proposed', 'waits for a second person'), ('confirmed', 'confirmed'), ('declined', 'declined'), ('withdrawn', 'withdrawn by the proposer')], default='proposed', max_length=10)),
                ('proposed_as', models.CharField(max_length=40)),
                ('proposed_at', models.DateTimeField()),
                ('decided_as', models.CharField(blank=True, max_length=40)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('answer', models.CharField(blank=True, max_length=500)),
                ('leaf', models.CharField(blank=True, max_length=64)),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='motions', to='rounds.round')),
            ],
            options={
                'ordering': ('-proposed_at', '-pk'),
                'indexes': [models.Index(fields=['round', 'state'], name='motion_round_state')],
                'constraints': [models.CheckConstraint(condition=models.Q(('decided_by', None), models.Q(('decided_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='motion_two_people'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decided_by', None), ('state', 'proposed')), models.Q(('decided_at__isnull', False), ('decided_by', None), ('state', 'withdrawn')), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('state__in', ('confirmed', 'declined'))), _connector='OR'), name='motion_decision'), models.CheckConstraint(condition=models.Q(('leaf', ''), ('state', 'confirmed'), _connector='OR'), name='motion_entry_confirmed'), models.CheckConstraint(condition=models.Q(models.Q(('text', ''), _negated=True), models.Q(('protocol', ''), _negated=True)), name='motion_has_protocol'), models.UniqueConstraint(condition=models.Q(('state', 'proposed')), fields=('round', 'target'), name='motion_one_waiting')],
            },
        ),
    ]
