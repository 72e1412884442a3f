"""A proposal from the first draft to admission."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from qatysu.core.lifecycle import Lifecycle


class State(models.TextChoices):
    """States of SPEC 3 up to admission; what follows is said by results and works."""

    DRAFT = "draft", "draft"
    SUBMITTED = "submitted", "submitted"
    RETURNED = "returned", "returned"
    ACCEPTED = "accepted", "accepted"
    MERGED = "merged", "merged"
    WITHDRAWN = "withdrawn", "withdrawn"
    REJECTED = "rejected", "rejected"
    IN_SESSIONS = "in_sessions", "in_sessions"
    READY = "ready", "ready"
    ADMITTED = "admitted", "admitted"
    NOT_ADMITTED = "not_admitted", "not_admitted"


S = State
PROPOSAL: Lifecycle[State] = Lifecycle(
    initial=S.DRAFT,
    moves={
        S.DRAFT: frozenset({S.SUBMITTED, S.WITHDRAWN}),
        S.SUBMITTED: frozenset({S.RETURNED, S.ACCEPTED, S.REJECTED, S.MERGED, S.WITHDRAWN}),
        S.RETURNED: frozenset({S.SUBMITTED, S.WITHDRAWN, S.REJECTED}),
        S.ACCEPTED: frozenset({S.IN_SESSIONS, S.MERGED, S.WITHDRAWN}),
        S.IN_SESSIONS: frozenset({S.READY, S.MERGED, S.WITHDRAWN}),
        S.READY: frozenset({S.IN_SESSIONS, S.ADMITTED, S.NOT_ADMITTED, S.WITHDRAWN}),
        S.NOT_ADMITTED: frozenset({S.READY}),
        S.ADMITTED: frozenset({S.WITHDRAWN}),
    },
)
#: States that everybody may see.
PUBLIC_STATES: tuple[State, ...] = tuple(s for s in State if s != State.DRAFT)
#: States that need a coded reason and a text.
REASONED_STATES: frozenset[State] = frozenset({S.RETURNED, S.REJECTED, S.NOT_ADMITTED, S.WITHDRAWN, S.MERGED})


class Proposal(models.Model):
    """An idea of a resident, and later a project. ``number`` is given at submission and never changes."""

    round = models.ForeignKey("rounds.Round", on_delete=models.PROTECT, related_name="proposals")
    number = models.PositiveIntegerField(null=True, blank=True)
    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    language = models.CharField(max_length=2, choices=[("kk", "kk"), ("ru", "ru"), ("en", "en")], default="kk")
    title = models.CharField(max_length=160, blank=True)
    problem = models.TextField(max_length=4000, blank=True)
    solution = models.TextField(max_length=4000, blank=True)
    present_state = models.TextField(max_length=2000, blank=True)
    category = models.ForeignKey(
        "rounds.Category", null=True, blank=True, on_delete=models.PROTECT, related_name="proposals"
    )
    address = models.CharField(max_length=200, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    cost_tenge = models.PositiveBigIntegerField(null=True, blank=True)
    #: Name of the drawing before/after (``ui/plans``).
    plan = models.CharField(max_length=20, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="proposals")
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged")
    is_illustrative = models.BooleanField(default=False)
    #: Stems of all words, space-separated with a space at both ends (``core.wordforms``).
    stems = models.TextField(blank=True)
    #: Raised by every saved edit; a form that was opened on an older one is told so.
    revision = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ("round", "number", "pk")
        indexes = (models.Index(fields=("round", "state"), name="proposal_round_state"),)
        constraints = (
            models.UniqueConstraint(fields=("round", "number"), name="proposal_number_in_round"),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(number__isnull=False) | Q(state="withdrawn"), name="proposal_numbered"
            ),
            models.CheckConstraint(
                condition=(Q(state="merged") & Q(merged_into__isnull=False))
                | (~Q(state="merged") & Q(merged_into__isnull=True)),
                name="proposal_merged_somewhere",
            ),
        )

    def __str__(self) -> str:
        return f"{self.round_id}/{self.number}"

    @property
    def code(self) -> str:
        """The public code: the number as text."""
        return str(self.number) if self.number is not None else ""


class Translation(models.Model):
    """The Centre's translation of a person's text."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="translations")
    language = models.CharField(max_length=2, choices=[("kk", "kk"), ("ru", "ru"), ("en", "en")])
    title = models.CharField(max_length=160)
    problem = models.TextField(max_length=4000, blank=True)
    solution = models.TextField(max_length=4000, blank=True)
    address = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("proposal", "language"), name="translation_once"),)


class TeamMember(models.Model):
    """A person working on a proposal."""

    class Role(models.TextChoices):
        """What the person is in the team."""

        CAPTAIN = "captain", "captain"
        MEMBER = "member", "member"

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="team")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="teams")
    role = models.CharField(max_length=10, choices=Role.choices)
    joined_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("proposal", "account"), name="teammember_once"),
            models.UniqueConstraint(fields=("proposal",), condition=Q(role="captain"), name="team_one_captain"),
        )


class TeamInvite(models.Model):
    """A link by which people join a team; the token itself is never stored."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="invites")
    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)


class ProposalFile(models.Model):
    """A photo or document of a proposal."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="files")
    file = models.OneToOneField("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    caption = models.CharField(max_length=160, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("proposal", "position", "pk")


class Version(models.Model):
    """The text of a proposal after an edit, kept for ever."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="versions")
    revision = models.PositiveIntegerField()
    content = models.JSONField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("proposal", "-revision")
        constraints = (models.UniqueConstraint(fields=("proposal", "revision"), name="version_once"),)


class Move(models.Model):
    """A change of state with actor, time and reason."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="moves")
    old = models.CharField(max_length=12)
    new = models.CharField(max_length=12)
    reason_code = models.CharField(max_length=30, blank=True)
    reason_text = models.CharField(max_length=2000, blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("proposal", "at", "pk")
        constraints = (
            models.CheckConstraint(
                condition=~Q(new__in=["returned", "rejected", "not_admitted"])
                | (~Q(reason_code="") & ~Q(reason_text="")),
                name="move_refusal_has_reason",
            ),
        )


class MergeOffer(models.Model):
    """An offer to merge one proposal into another; it happens when both captains agree."""

    source = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="merge_offers")
    target = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="+")
    offered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    source_agreed_at = models.DateTimeField(null=True, blank=True)
    target_agreed_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~Q(source=models.F("target")), name="merge_not_into_itself"),
            models.UniqueConstraint(fields=("source",), condition=Q(closed_at__isnull=True), name="merge_one_open"),
        )


class Comment(models.Model):
    """A remark in the public discussion; moderation hides, never deletes."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="comments")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replies")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    is_staff = models.BooleanField(default=False)
    language = models.CharField(max_length=2)
    text = models.TextField(max_length=2000)
    at = models.DateTimeField()
    hidden_at = models.DateTimeField(null=True, blank=True)
    hidden_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    hidden_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("proposal", "at", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(hidden_at__isnull=True) | ~Q(hidden_reason=""), name="comment_hidden_with_reason"
            ),
        )


class CommentReport(models.Model):
    """Somebody asks for moderation of a comment."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="reports")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("comment", "account"), name="commentreport_once"),)


class Follow(models.Model):
    """A person wants to hear of a proposal."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="follows")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="follows")
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("proposal", "account"), name="follow_once"),)
