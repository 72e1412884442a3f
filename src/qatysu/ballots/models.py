"""Slate and ballots. Database triggers (``ballots/migrations``) refuse what the rules forbid; see docs/life-of-a-ballot.md."""

from __future__ import annotations

import secrets

from django.db import models
from django.db.models import Q

from qatysu.vault.fields import RandomKeyField


def random_key() -> int:
    """A primary key that says nothing of the order of arrival: rows and indexes lie in no order of time."""
    return secrets.randbits(63)


class Slate(models.Model):
    """The frozen list of projects of a round with the ballot limits of its constitution.

    The limits are copied here so that the trigger on ``Ballot`` needs one row; a frozen slate never changes.
    """

    round = models.OneToOneField("rounds.Round", on_delete=models.PROTECT, related_name="slate")
    #: The public log of this ballot. NULL only where the slate was frozen before there were logs.
    log = models.OneToOneField("bulletin.Log", null=True, on_delete=models.PROTECT, related_name="slate")
    origin = models.CharField(max_length=120, unique=True)
    min_choices = models.PositiveSmallIntegerField()
    max_choices = models.PositiveSmallIntegerField()
    max_attempts = models.PositiveSmallIntegerField()
    #: SHA-256 over the constitution and the entries.
    digest = models.CharField(max_length=64)
    #: ``kc`` of LEDGER 1.3: SHA-256 of the round key, so that handles cannot be keyed anew midway.
    key_digest = models.CharField(max_length=64)
    frozen_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(min_choices__gte=1, min_choices__lte=models.F("max_choices")), name="slate_choices"
            ),
        )


class SlateEntry(models.Model):
    """One project on the ballot, as it was when the slate was frozen."""

    slate = models.ForeignKey(Slate, on_delete=models.PROTECT, related_name="entries")
    code = models.CharField(max_length=12)
    proposal = models.OneToOneField("proposals.Proposal", on_delete=models.PROTECT, related_name="slate_entry")
    title = models.CharField(max_length=160)
    cost_tenge = models.PositiveBigIntegerField()
    #: SHA-256 (hex) of the passport that the Council admitted; '' in rounds without project sessions.
    passport = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ("slate", "pk")
        constraints = (
            models.UniqueConstraint(fields=("slate", "code"), name="slateentry_code_once"),
            models.CheckConstraint(condition=Q(cost_tenge__gt=0), name="slateentry_costs"),
        )


class VotingCode(models.Model):
    """A one-time code printed for a voter; only its keyed hash is kept. Using it opens a ballot, a second use the same one."""

    round = models.ForeignKey("rounds.Round", on_delete=models.PROTECT, related_name="voting_codes")
    code_hash = models.CharField(max_length=64, unique=True)
    batch = models.UUIDField()

    class Meta:
        indexes = (models.Index(fields=("round", "batch"), name="votingcode_batch"),)


class Participation(models.Model):
    """That a handle has voted, and how often. Carries no time, no person."""

    class Channel(models.TextChoices):
        """Where the ballot came from; turnout is shown by it."""

        WEB = "web", "web"
        CENTRE = "centre", "centre"
        PAPER = "paper", "paper"

    id = RandomKeyField(primary_key=True, default=random_key, editable=False)
    round = models.ForeignKey("rounds.Round", on_delete=models.PROTECT, related_name="participations")
    handle = models.CharField(max_length=32)
    attempt = models.PositiveSmallIntegerField()
    channel = models.CharField(max_length=10, choices=Channel.choices, default=Channel.WEB)
    #: Hash of the token of the form that cast the present attempt: the same form sent twice is one ballot.
    form_hash = models.CharField(max_length=32, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("round", "handle"), name="participation_one_per_voter"),
            models.CheckConstraint(condition=Q(attempt__gte=1, attempt__lte=5), name="participation_attempts"),
        )


class Ballot(models.Model):
    """The private half of a cast ballot: what was chosen. Its public half is the entry of the log with this leaf hash.

    Append-only: a later attempt of the same handle replaces it in the count, not in the table. Read by the opening and by the
    running counters of a live round, by nothing else.
    """

    id = RandomKeyField(primary_key=True, default=random_key, editable=False)
    round = models.ForeignKey("rounds.Round", on_delete=models.PROTECT, related_name="ballots")
    handle = models.CharField(max_length=32)
    attempt = models.PositiveSmallIntegerField()
    #: Canonical JSON of sorted project codes (``ledger.leaf.canonical_choices``).
    choices = models.TextField()
    #: SHA-256 of 0x00 and the bytes of the ``cast`` entry.
    leaf = models.BinaryField(max_length=32)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("round", "handle", "attempt"), name="ballot_once_per_attempt"),
            models.CheckConstraint(condition=Q(attempt__gte=1, attempt__lte=5), name="ballot_attempts"),
        )


class Judgement(models.Model):
    """An annulment or a reinstatement of a ballot, beside its entry in the log, which alone decides the count. Append-only."""

    class Kind(models.TextChoices):
        """What was decided."""

        ANNUL = "annul", "annul"
        REINSTATE = "reinstate", "reinstate"

    round = models.ForeignKey("rounds.Round", on_delete=models.PROTECT, related_name="judgements")
    handle = models.CharField(max_length=32)
    attempt = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    #: One of ``manifest.REASONS``.
    reason = models.CharField(max_length=40)
    leaf = models.BinaryField(max_length=32)

    class Meta:
        indexes = (models.Index(fields=("round", "handle"), name="judgement_of_handle"),)


class Opening(models.Model):
    """That the ballots of a round were handed to the log in clear, all in one transaction. At most one row, kept for ever."""

    round = models.OneToOneField("rounds.Round", on_delete=models.PROTECT, related_name="opening")
    ballots = models.PositiveIntegerField()
    opened_at = models.DateTimeField()


class FailedCast(models.Model):
    """How many submissions failed, by day and reason (PEERS T45). Counts only, nothing about a voter."""

    round = models.ForeignKey("rounds.Round", on_delete=models.PROTECT, related_name="failed_casts")
    day = models.DateField()
    reason = models.CharField(max_length=40)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("round", "day", "reason"), name="failedcast_day_reason"),)
