"""Ballots stand in a public log: the slate names it, a ballot names its entry, and no key of a row tells when it came.

The tables of ballots and participations are made anew with random keys; their rows are carried over. A ballot from before has
the leaf hash that its entry will have when its round is given a log (``qatysu log adopt``).
"""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

import django.db.models.deletion
from django.db import migrations, models

import qatysu.ballots.models
from qatysu.vault.triggers import rebuilding

_KEPT: dict[str, list[tuple[Any, ...]]] = {}
_COLUMNS = {
    "Participation": ("round_id", "handle", "attempt", "channel", "form_hash"),
    "Ballot": ("round_id", "handle", "attempt", "choices", "commitment"),
}


def _leaf(handle: str, attempt: int, commitment: str) -> bytes:
    raw = f'{{"b":"{handle}","h":"{commitment}","n":{attempt},"t":"cast","v":1}}'
    return hashlib.sha256(b"\0" + raw.encode()).digest()


def _read(apps: Any, _schema_editor: Any) -> None:
    for name, columns in _COLUMNS.items():
        _KEPT[name] = list(apps.get_model("ballots", name).objects.values_list(*columns))


def _write(apps: Any, _schema_editor: Any) -> None:
    for name, columns in _COLUMNS.items():
        model, made = apps.get_model("ballots", name), []
        for row in _KEPT.pop(name):
            fields = dict(zip(columns, row, strict=True))
            if "commitment" in fields:
                fields["leaf"] = _leaf(fields["handle"], fields["attempt"], fields.pop("commitment"))
            made.append(model(id=secrets.randbits(63), **fields))
        model.objects.bulk_create(made, batch_size=1_000)



class Migration(migrations.Migration):
    """Carries the rows over; ``0005_log_guards`` guards the new tables."""

    dependencies = [("ballots", "0003_frozen_category"), ("bulletin", "0002_guards")]

    operations = [
        *rebuilding(
            migrations.RunPython(_read, migrations.RunPython.noop),
            migrations.AddField(
                "slate",
                "log",
                models.OneToOneField(
                    null=True, on_delete=django.db.models.deletion.PROTECT, related_name="slate", to="bulletin.log"
                ),
            ),
            migrations.DeleteModel("Ballot"),
            migrations.DeleteModel("Participation"),
            migrations.CreateModel(
                name="Participation",
                fields=[
                    (
                        "id",
                        models.BigIntegerField(
                            default=qatysu.ballots.models.random_key, editable=False, primary_key=True, serialize=False
                        ),
                    ),
                    ("handle", models.CharField(max_length=32)),
                    ("attempt", models.PositiveSmallIntegerField()),
                    (
                        "channel",
                        models.CharField(
                            choices=[("web", "web"), ("centre", "centre"), ("paper", "paper")], default="web", max_length=10
                        ),
                    ),
                    ("form_hash", models.CharField(blank=True, max_length=32)),
                    (
                        "round",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="participations", to="rounds.round"
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(fields=("round", "handle"), name="participation_one_per_voter"),
                        models.CheckConstraint(
                            condition=models.Q(("attempt__gte", 1), ("attempt__lte", 5)), name="participation_attempts"
                        ),
                    ],
                },
            ),
            migrations.CreateModel(
                name="Ballot",
                fields=[
                    (
                        "id",
                        models.BigIntegerField(
                            default=qatysu.ballots.models.random_key, editable=False, primary_key=True, serialize=False
                        ),
                    ),
                    ("handle", models.CharField(max_length=32)),
                    ("attempt", models.PositiveSmallIntegerField()),
                    ("choices", models.TextField()),
                    ("leaf", models.BinaryField(max_length=32)),
                    (
                        "round",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="ballots", to="rounds.round"
                        ),
                    ),
                ],
                options={
                    "constraints": [
                        models.UniqueConstraint(fields=("round", "handle", "attempt"), name="ballot_once_per_attempt"),
                        models.CheckConstraint(
                            condition=models.Q(("attempt__gte", 1), ("attempt__lte", 5)), name="ballot_attempts"
                        ),
                    ],
                },
            ),
            migrations.RunPython(_write, migrations.RunPython.noop),
            migrations.CreateModel(
                name="Judgement",
                fields=[
                    ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                    ("handle", models.CharField(max_length=32)),
                    ("attempt", models.PositiveSmallIntegerField()),
                    (
                        "kind",
                        models.CharField(choices=[("annul", "annul"), ("reinstate", "reinstate")], max_length=10),
                    ),
                    ("reason", models.CharField(max_length=40)),
                    ("leaf", models.BinaryField(max_length=32)),
                    (
                        "round",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="judgements", to="rounds.round"
                        ),
                    ),
                ],
                options={"indexes": [models.Index(fields=["round", "handle"], name="judgement_of_handle")]},
            ),
            migrations.CreateModel(
                name="Opening",
                fields=[
                    ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                    ("ballots", models.PositiveIntegerField()),
                    ("opened_at", models.DateTimeField()),
                    (
                        "round",
                        models.OneToOneField(
                            on_delete=django.db.models.deletion.PROTECT, related_name="opening", to="rounds.round"
                        ),
                    ),
                ],
            ),
        ),
    ]
