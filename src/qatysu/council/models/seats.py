"""Who sits in the Council, what interests they have told, and what the Council has to decide."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from qatysu.core.collegial import SeatRole
from qatysu.core.collegial_interests import InterestKind
from qatysu.core.collegial_states import MatterState, SeatState

_PERSON = settings.AUTH_USER_MODEL


class Seat(models.Model):
    """One person's seat in the Council of a round, from a day to a day (both included)."""

    round = models.ForeignKey("rounds.Round", on_delete=models.PROTECT, related_name="council_seats")
    account = models.ForeignKey(_PERSON, on_delete=models.PROTECT, related_name="council_seats")
    role = models.CharField(max_length=12, choices=[(role.value, role.value) for role in SeatRole])
    state = models.CharField(max_length=10, choices=[(s.value, s.value) for s in SeatState], default=SeatState.NAMED)
    since_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)
    stands_in_for = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="substitutes")
    votes = models.BooleanField(default=True)
    #: Order in which members preside without the chair, 1 first.
    deputy = models.PositiveSmallIntegerField(null=True, blank=True)
    #: Employer and post as the order of appointment names them; compared with authors' employers.
    organisation = models.CharField(max_length=160, blank=True)
    post_kk = models.CharField(max_length=160, blank=True)
    post_ru = models.CharField(max_length=160, blank=True)
    #: The order of the akimat that names the person.
    basis = models.CharField(max_length=200, blank=True)
    end_reason = models.CharField(max_length=300, blank=True)
    named_by = models.ForeignKey(_PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    named_at = models.DateTimeField()

    class Meta:
        ordering = ("round", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("round", "account"), condition=~Q(state__in=("declined", "ended")), name="seat_one_of_person"
            ),
            models.UniqueConstraint(
                fields=("round",), condition=Q(role="chair") & ~Q(state__in=("declined", "ended")), name="seat_one_chair"
            ),
            models.CheckConstraint(condition=Q(until_on__isnull=True) | Q(until_on__gte=F("since_on")), name="seat_term"),
            models.CheckConstraint(
                condition=(Q(role="substitute") & Q(stands_in_for__isnull=False))
                | (~Q(role="substitute") & Q(stands_in_for__isnull=True)),
                name="seat_stands_in",
            ),
            models.CheckConstraint(condition=~Q(state="ended") | ~Q(end_reason=""), name="seat_end_has_reason"),
        )

    def __str__(self) -> str:
        return f"{self.round_id}/{self.pk}"


class SeatInterest(models.Model):
    """An interest that a member has told: a relative's name, an employer, or a project. Taken back, never removed."""

    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="interests")
    kind = models.CharField(max_length=16, choices=[(kind.value, kind.value) for kind in InterestKind])
    proposal = models.ForeignKey("proposals.Proposal", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    #: Full name of a relative, name of an employer, or what the interest is. Seen by the Council's secretary and chair only.
    detail = models.CharField(max_length=300)
    told_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("seat", "told_at", "pk")
        constraints = (models.CheckConstraint(condition=~Q(detail=""), name="seatinterest_says_what"),)


class MatterKind(models.TextChoices):
    """What the Council is asked."""

    ADMISSION = "admission", "admission of a project"
    DISPUTE = "dispute", "dispute"
    TIE = "tie", "tie of the vote"
    ANNULMENT = "annulment", "annulment of ballots"
    DISQUALIFICATION = "disqualification", "disqualification of a project"
    RESULTS = "results", "approval of results"
    RULES = "rules", "amendment of the rules"
    MONEY = "money", "who pays for which winner"
    OTHER = "other", "another question"


class Verdict(models.TextChoices):
    """What a decision says."""

    ADMIT = "admit", "admit"
    REWORK = "rework", "return for rework"
    NOT_ADMIT = "not_admit", "not admit"
    MERGE = "merge", "merge"
    APPROVE = "approve", "approve"
    DECLINE = "decline", "decline"
    CHOOSE = "choose", "choose an option"


class Matter(models.Model):
    """A question to the Council; its number is given once and stands in the protocol."""

    round = models.ForeignKey("rounds.Round", on_delete=models.PROTECT, related_name="matters")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=16, choices=MatterKind.choices)
    state = models.CharField(max_length=10, choices=[(s.value, s.value) for s in MatterState], default=MatterState.PENDING)
    proposal = models.ForeignKey("proposals.Proposal", null=True, blank=True, on_delete=models.PROTECT, related_name="matters")
    #: What another package asks: ``{"codes": [tied projects], "digest": outcome}``, ``{"motion": id}``; nothing of a voter.
    payload = models.JSONField(default=dict, blank=True)
    title_kk = models.CharField(max_length=200)
    title_ru = models.CharField(max_length=200)
    text = models.TextField(max_length=4000, blank=True)
    rapporteur = models.ForeignKey(Seat, null=True, blank=True, on_delete=models.PROTECT, related_name="reports")
    filed_by = models.ForeignKey(_PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    filed_at = models.DateTimeField()

    class Meta:
        ordering = ("round", "number")
        constraints = (
            models.UniqueConstraint(fields=("round", "number"), name="matter_number_once"),
            models.UniqueConstraint(
                fields=("proposal", "kind"),
                condition=Q(kind="admission") & ~Q(state="withdrawn"),
                name="matter_one_admission",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=("admission", "disqualification")) | Q(proposal__isnull=False),
                name="matter_about_project",
            ),
        )
        indexes = (models.Index(fields=("round", "state"), name="matter_round_state"),)

    def __str__(self) -> str:
        return f"{self.round_id}/{self.number}"
