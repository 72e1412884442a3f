"""A round, its constitution and its calendar."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from qatysu.core.collegial import Majority, RecusalRule
from qatysu.core.regulation import STAFF_ROLES, STAGE_ORDER


class Round(models.Model):
    """One year of a participatory budget in one city."""

    class Kind(models.TextChoices):
        """What the round is about."""

        TOWN = "town", "Town-wide"
        YOUTH = "youth", "Youth"
        OBJECT = "object", "Design of one large object"

    city = models.ForeignKey("places.City", on_delete=models.PROTECT, related_name="rounds")
    slug = models.SlugField(max_length=40)
    title_kk = models.CharField(max_length=160)
    title_ru = models.CharField(max_length=160)
    title_en = models.CharField(max_length=160)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.TOWN)
    reserve_tenge = models.PositiveBigIntegerField(default=0)
    is_public = models.BooleanField(default=False)
    is_illustrative = models.BooleanField(default=False)
    #: What readers must know about the data of this round; shown beside its results.
    note_kk = models.CharField(max_length=600, blank=True)
    note_ru = models.CharField(max_length=600, blank=True)
    note_en = models.CharField(max_length=600, blank=True)
    copied_from = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    #: Raised by every write that a public page shows; caches and ETags hang on it.
    version = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("city", "-created_at", "slug")
        constraints = (models.UniqueConstraint(fields=("city", "slug"), name="round_slug_in_city"),)

    def __str__(self) -> str:
        return f"{self.city.slug}-{self.slug}"


class Constitution(models.Model):
    """The rules of a round. Frozen when voting opens: a database trigger refuses every later change."""

    class Ballot(models.TextChoices):
        """Ballot types of this version."""

        ONE = "one", "One project"
        UP_TO_K = "up_to_k", "Up to k projects"

    class Counts(models.TextChoices):
        """Whether running counts are public while voting is open."""

        LIVE = "live", "Live"
        SEALED = "sealed", "Sealed"

    class Order(models.TextChoices):
        """Order of projects on the ballot."""

        RANDOM = "random", "Random for each voter"
        NUMBER = "number", "By number"

    class ThresholdOp(models.TextChoices):
        """How the threshold is compared."""

        GT = "gt", "more than"
        GE = "ge", "at least"

    class Fit(models.TextChoices):
        """What happens at the first project that no longer fits."""

        SKIP = "skip", "Pass over it and go on"
        STOP = "stop", "End the list"

    class Rule(models.TextChoices):
        """Outcome rules, by their names in ``qatysu.rules`` (docs/outcome-rules.md)."""

        VOTES = "votes", "Most votes first"
        DENSITY = "density", "Votes per cost"
        EQUAL_SHARES = "equal-shares", "Equal shares"
        PHRAGMEN = "phragmen", "Sequential Phragmén"
        WELFARE = "welfare", "Most votes together"

    class Tie(models.TextChoices):
        """What settles a tie that decides the outcome. A decision of people is not fixed beforehand."""

        REFUSE = "refuse", "The Council decides"
        ID = "id", "The smaller code"
        CHEAPER = "cheaper", "The cheaper project"
        DEARER = "dearer", "The dearer project"

    class Cadence(models.TextChoices):
        """How often ballots are mixed and published in the log: the longer, the less its growth tells of who came when."""

        EVENT = "event", "Every few seconds"
        CITY = "city", "Every ten minutes"
        TOWN = "town", "Once a day"

    #: Fewest ballots of a batch, and the longest wait in seconds (LEDGER 1.6).
    PACE: ClassVar[Mapping[str, tuple[int, int]]] = MappingProxyType({"event": (1, 5), "city": (50, 600), "town": (20, 86_400)})

    class Method(models.TextChoices):
        """Means of identification of a voter."""

        PHONE = "phone", "Code by SMS"
        EMAIL = "email", "Code by e-mail"
        CODE = "code", "One-time printed code"

    round = models.OneToOneField(Round, on_delete=models.PROTECT, related_name="constitution")
    preset = models.CharField(max_length=40)
    min_cost_tenge = models.PositiveBigIntegerField(default=0)
    #: The cap is a sum, or a multiple of the year's monthly calculation index (MRP, АЕК).
    cap_tenge = models.PositiveBigIntegerField(null=True, blank=True)
    cap_mrp = models.PositiveIntegerField(null=True, blank=True)
    mrp_tenge = models.PositiveIntegerField(null=True, blank=True)
    proposer_min_age = models.PositiveSmallIntegerField(default=18)
    proposals_per_author = models.PositiveSmallIntegerField(default=3)
    voter_min_age = models.PositiveSmallIntegerField(default=16)
    methods = models.JSONField(default=list)
    ballot_type = models.CharField(max_length=10, choices=Ballot.choices, default=Ballot.UP_TO_K)
    min_choices = models.PositiveSmallIntegerField(default=1)
    max_choices = models.PositiveSmallIntegerField(default=3)
    ballot_order = models.CharField(max_length=10, choices=Order.choices, default=Order.RANDOM)
    #: How often one voter may vote; the last ballot counts. 1 means no re-voting.
    max_attempts = models.PositiveSmallIntegerField(default=5)
    counts_mode = models.CharField(max_length=10, choices=Counts.choices, default=Counts.SEALED)
    cadence = models.CharField(max_length=10, choices=Cadence.choices, default=Cadence.CITY)
    rule = models.CharField(max_length=20, choices=Rule.choices, default=Rule.VOTES)
    #: Parameters of the rule that have no column of their own: texts by the names of ``rules.params``, none that the rule has not.
    rule_params = models.JSONField(default=dict)
    tie = models.CharField(max_length=10, choices=Tie.choices, default=Tie.REFUSE)
    threshold_votes = models.PositiveIntegerField(default=0)
    threshold_op = models.CharField(max_length=2, choices=ThresholdOp.choices, default=ThresholdOp.GE)
    fit = models.CharField(max_length=4, choices=Fit.choices, default=Fit.SKIP)
    council_quorum_percent = models.PositiveSmallIntegerField(default=50)
    council_majority_percent = models.PositiveSmallIntegerField(default=50)
    #: The rest of what ``core.collegial.BodyRules`` asks; ``council_majority_percent`` is the share of SHARE_OF_VOTES.
    council_quorum_least = models.PositiveSmallIntegerField(default=1)
    council_majority = models.CharField(
        max_length=24, choices=[(m.value, m.value) for m in Majority], default=Majority.SHARE_OF_VOTES
    )
    council_chair_breaks_ties = models.BooleanField(default=False)
    council_recusal = models.CharField(
        max_length=16, choices=[(r.value, r.value) for r in RecusalRule], default=RecusalRule.LEAVES_QUORUM
    )
    council_remote_counts = models.BooleanField(default=True)
    council_correspondence = models.BooleanField(default=False)
    appeal_days = models.PositiveSmallIntegerField(default=5)
    exclusions_kk = models.TextField(blank=True)
    exclusions_ru = models.TextField(blank=True)
    exclusions_en = models.TextField(blank=True)
    frozen_at = models.DateTimeField(null=True, blank=True)
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(cap_tenge__isnull=False) | Q(cap_mrp__isnull=False, mrp_tenge__isnull=False),
                name="constitution_has_cap",
            ),
            models.CheckConstraint(
                condition=Q(min_choices__gte=1, min_choices__lte=F("max_choices"), max_choices__lte=100),
                name="constitution_choices",
            ),
            models.CheckConstraint(condition=~Q(ballot_type="one") | Q(max_choices=1), name="constitution_one_means_one"),
            models.CheckConstraint(condition=Q(max_attempts__gte=1, max_attempts__lte=5), name="constitution_attempts"),
            models.CheckConstraint(
                condition=Q(rule__in=("votes", "density", "equal-shares", "phragmen", "welfare")),
                name="constitution_known_rule",
            ),
            models.CheckConstraint(condition=Q(cadence__in=("event", "city", "town")), name="constitution_known_cadence"),
            models.CheckConstraint(condition=Q(tie__in=("refuse", "id", "cheaper", "dearer")), name="constitution_known_tie"),
            models.CheckConstraint(
                condition=Q(council_quorum_percent__lte=100, council_majority_percent__lte=100),
                name="constitution_council_shares",
            ),
            models.CheckConstraint(
                condition=Q(council_majority__in=[m.value for m in Majority])
                & Q(council_recusal__in=[r.value for r in RecusalRule]),
                name="constitution_known_council",
            ),
        )

    @property
    def cap(self) -> int:
        """Highest cost of one project, whole tenge."""
        if self.cap_tenge is not None:
            return self.cap_tenge
        return (self.cap_mrp or 0) * (self.mrp_tenge or 0)


class Amendment(models.Model):
    """A change of frozen rules by two people with a protocol. Append-only; the rules change only to what the last one says."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="amendments")
    number = models.PositiveSmallIntegerField()
    #: ``{rule: [old, new]}``.
    changes = models.JSONField()
    #: Canonical text before the change: whoever holds it can make ``old_digest`` again.
    old_text = models.TextField()
    old_digest = models.CharField(max_length=64)
    new_digest = models.CharField(max_length=64)
    reason = models.CharField(max_length=500)
    protocol = models.CharField(max_length=60)
    #: SHA-256 (hex) of the signed protocol.
    document = models.CharField(max_length=64)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("round", "number")
        constraints = (
            models.UniqueConstraint(fields=("round", "number"), name="amendment_number_once"),
            models.CheckConstraint(condition=~Q(proposed_by=F("confirmed_by")), name="amendment_two_people"),
            models.CheckConstraint(condition=~Q(old_digest=F("new_digest")), name="amendment_changes_something"),
            models.CheckConstraint(condition=~Q(protocol="") & ~Q(document="") & ~Q(reason=""), name="amendment_has_protocol"),
        )


class RoundStage(models.Model):
    """One stage of a round with its window [opens_at, closes_at)."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="stages")
    stage = models.CharField(max_length=12, choices=[(s.value, s.value) for s in STAGE_ORDER])
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()

    class Meta:
        ordering = ("round", "opens_at", "pk")
        constraints = (
            models.UniqueConstraint(fields=("round", "stage"), name="stage_once_in_round"),
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="stage_ends_after_start"),
        )

    def __str__(self) -> str:
        return f"{self.round_id}:{self.stage}"


class StagePause(models.Model):
    """A pause of a stage; without ``until_at`` it lasts until it is resumed."""

    stage = models.ForeignKey(RoundStage, on_delete=models.PROTECT, related_name="pauses")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("stage",), condition=Q(until_at__isnull=True), name="pause_one_open"),
            models.CheckConstraint(condition=Q(until_at__isnull=True) | Q(until_at__gte=F("from_at")), name="pause_in_order"),
        )


class CalendarAct(models.Model):
    """A public act that changed the calendar, with its reason (SPEC 2). Append-only."""

    class Kind(models.TextChoices):
        """What was done."""

        EXTEND = "extend", "Extension"
        PAUSE = "pause", "Pause"
        RESUME = "resume", "Resumption"
        CLOSE = "close", "Closed early"
        OPEN = "open", "Opened"

    stage = models.ForeignKey(RoundStage, on_delete=models.PROTECT, related_name="acts")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    reason = models.CharField(max_length=500)
    old_closes_at = models.DateTimeField(null=True, blank=True)
    new_closes_at = models.DateTimeField(null=True, blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-at", "-pk")
        constraints = (models.CheckConstraint(condition=~Q(reason=""), name="calendaract_has_reason"),)


class Funder(models.Model):
    """Who pays, and how much."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="funders")
    position = models.PositiveSmallIntegerField()
    name_kk = models.CharField(max_length=160)
    name_ru = models.CharField(max_length=160)
    name_en = models.CharField(max_length=160)
    amount_tenge = models.PositiveBigIntegerField()
    is_approximate = models.BooleanField(default=False)
    #: Slugs of the only categories that this money may pay for, sorted; empty means all.
    categories = models.JSONField(default=list)

    class Meta:
        ordering = ("round", "position")
        constraints = (
            models.UniqueConstraint(fields=("round", "position"), name="funder_position_once"),
            models.CheckConstraint(condition=Q(amount_tenge__gt=0), name="funder_amount_positive"),
        )


class Category(models.Model):
    """A kind of project that the round accepts. ``plan`` names the drawing used before a team draws its own."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="categories")
    slug = models.SlugField(max_length=40)
    position = models.PositiveSmallIntegerField()
    name_kk = models.CharField(max_length=120)
    name_ru = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    plan = models.CharField(max_length=20, default="park")
    #: Most that winners of this category may cost together, whole tenge; without one only the whole budget limits them.
    budget_tenge = models.PositiveBigIntegerField(null=True, blank=True)

    class Meta:
        ordering = ("round", "position")
        constraints = (
            models.UniqueConstraint(fields=("round", "slug"), name="category_once_in_round"),
            models.CheckConstraint(condition=Q(budget_tenge__isnull=True) | Q(budget_tenge__gt=0), name="category_budget_positive"),
        )

    def __str__(self) -> str:
        return self.slug


class Membership(models.Model):
    """A role of a person in a city, or in one round of it, with dates."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=[(r.value, r.value) for r in sorted(STAFF_ROLES)])
    city = models.ForeignKey("places.City", on_delete=models.PROTECT, related_name="memberships")
    round = models.ForeignKey(Round, null=True, blank=True, on_delete=models.PROTECT, related_name="memberships")
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("account", "role", "city", "round"), condition=Q(until_on__isnull=True),
                name="membership_once",
            ),
            models.CheckConstraint(condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")), name="membership_dates"),
        )


class Invitation(models.Model):
    """An invitation to a staff role, sent as a link; the token itself is never stored."""

    token_hash = models.CharField(max_length=64, unique=True)
    role = models.CharField(max_length=20, choices=[(r.value, r.value) for r in sorted(STAFF_ROLES)])
    city = models.ForeignKey("places.City", on_delete=models.PROTECT, related_name="+")
    round = models.ForeignKey(Round, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    accepted_at = models.DateTimeField(null=True, blank=True)
