"""A log and its entries. No column says who made an entry or when; docs/decisions/0008 says what order of rows still tells."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from qatysu.vault.fields import RandomKeyField


class Log(models.Model):
    """One append-only log: its name and key for ever, its cadence, and the head up to which it is sealed."""

    #: ``vote.example.kz/log/town-y2027``: also the name of the key, never used again for another log.
    origin = models.CharField(max_length=200, unique=True)
    vkey = models.CharField(max_length=300)
    #: Publish when so many entries wait, or the oldest waits so long.
    min_batch = models.PositiveIntegerField()
    max_delay_s = models.PositiveIntegerField()
    #: The head: entries below ``size`` are sealed; ``edge`` holds the hashes (hex) of the perfect subtrees, largest first.
    size = models.PositiveBigIntegerField(default=0)
    root = models.CharField(max_length=64)
    edge = models.JSONField(default=list)
    #: Size of the checkpoint that stands in the storage.
    published_size = models.PositiveBigIntegerField(default=0)
    #: When the sequencer first saw entries waiting that are not sealed yet, and when it looked last. No clock of a voter.
    waiting_since = models.DateTimeField(null=True, blank=True)
    looked_at = models.DateTimeField(null=True, blank=True)
    #: Nothing is taken in any more.
    frozen_at = models.DateTimeField(null=True, blank=True)
    #: Why nothing is signed any more: a stable code and a sentence. '' while the log is healthy.
    refused_code = models.CharField(max_length=40, blank=True)
    refused_text = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(published_size__lte=F("size")), name="log_published_within_head"),
            models.CheckConstraint(condition=Q(min_batch__gte=1), name="log_batch_at_least_one"),
        )


class Entry(models.Model):
    """The bytes of one entry. ``idx`` is NULL until the entry has its place; that is the only change a row ever sees."""

    #: Chosen at random: the tables and their indexes are in no order of arrival.
    id = RandomKeyField(primary_key=True)
    log = models.ForeignKey(Log, on_delete=models.PROTECT, related_name="entries")
    idx = models.PositiveBigIntegerField(null=True, blank=True)
    #: SHA-256 of 0x00 and ``raw``.
    leaf = models.BinaryField(max_length=32)
    raw = models.BinaryField()
    #: Shuffled with the others of its batch. Other entries (acts) follow them in the order of ``turn``.
    is_voters = models.BooleanField()
    turn = models.PositiveBigIntegerField(null=True, blank=True)
    #: After it the log takes no entry of voters.
    is_closing = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("log", "leaf"), name="entry_leaf_once"),
            models.UniqueConstraint(fields=("log", "idx"), name="entry_place_once"),
            models.UniqueConstraint(fields=("log", "turn"), name="entry_turn_once"),
            models.CheckConstraint(
                condition=Q(is_voters=True, turn=None) | Q(is_voters=False, turn__gte=1), name="entry_turn_of_acts"
            ),
            models.CheckConstraint(condition=Q(is_closing=False) | Q(is_voters=False), name="entry_closing_is_act"),
        )
        indexes = (
            models.Index(fields=("log",), condition=Q(idx=None), name="entry_waiting"),
            models.Index(fields=("log",), condition=Q(is_closing=True), name="entry_closing"),
        )
