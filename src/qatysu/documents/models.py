"""Documents, their editions and what people said of a draft. Triggers (``migrations``) keep what was approved as it is."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from qatysu.core.collegial_states import DocumentState
from qatysu.documents.kinds import Kind

_PERSON = settings.AUTH_USER_MODEL
#: States in which an edition is still in the making.
OPEN = (DocumentState.DRAFT, DocumentState.DISCUSSION, DocumentState.SUBMITTED)
#: States of an edition that everybody reads for good.
IN_FORCE = (DocumentState.ADOPTED, DocumentState.SUPERSEDED, DocumentState.WITHDRAWN)


class Document(models.Model):
    """A normative document of a round; its texts are in editions."""

    round = models.ForeignKey("rounds.Round", on_delete=models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    #: The kind, or ``other-<n>``: part of the address.
    slug = models.SlugField(max_length=20)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ("round", "pk")
        constraints = (models.UniqueConstraint(fields=("round", "slug"), name="document_slug_once"),)

    def __str__(self) -> str:
        return self.slug


class Edition(models.Model):
    """One version of a document. Text is Markdown with inserts; ``content`` is what it says, fixed when it is handed in."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="editions")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=12, choices=[(s.value, s.value) for s in DocumentState], default=DocumentState.DRAFT)
    title_kk = models.CharField(max_length=200)
    title_ru = models.CharField(max_length=200)
    body_kk = models.TextField(blank=True)
    body_ru = models.TextField(blank=True)
    #: Raised by every saving: two people who write at once do not overwrite each other.
    version = models.PositiveIntegerField(default=0)
    made_by = models.ForeignKey(_PERSON, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    #: Last day on which people may comment, included.
    discussed_until = models.DateField(null=True, blank=True)
    #: ``documents.content``: titles and blocks in both languages.
    content = models.JSONField(default=dict, blank=True)
    #: SHA-256 (hex) of ``content`` as canonical JSON.
    digest = models.CharField(max_length=64, blank=True)
    submitted_by = models.ForeignKey(_PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(null=True, blank=True)
    #: Why it was sent back, repealed or dropped; of the last such step.
    reason = models.CharField(max_length=500, blank=True)
    approved_by = models.ForeignKey(_PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    #: The act that approved it: number, day, and who signed it, as text.
    act_number = models.CharField(max_length=60, blank=True)
    act_on = models.DateField(null=True, blank=True)
    signatory_kk = models.CharField(max_length=160, blank=True)
    signatory_ru = models.CharField(max_length=160, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("document", "number")
        constraints = (
            models.UniqueConstraint(fields=("document", "number"), name="edition_number_once"),
            models.UniqueConstraint(
                fields=("document",), condition=Q(state__in=[s.value for s in OPEN]), name="edition_one_in_the_making"
            ),
            models.UniqueConstraint(fields=("document",), condition=Q(state="adopted"), name="edition_one_in_force"),
            models.CheckConstraint(
                condition=~Q(state__in=["submitted", *(s.value for s in IN_FORCE)])
                | (~Q(digest="") & Q(submitted_by__isnull=False)),
                name="edition_submitted_is_fixed",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[s.value for s in IN_FORCE])
                | (Q(approved_by__isnull=False, act_on__isnull=False) & ~Q(act_number="") & ~Q(signatory_kk="") & ~Q(signatory_ru="")),
                name="edition_adopted_by_an_act",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("submitted_by")), name="edition_two_people"
            ),
        )


class EditionComment(models.Model):
    """What somebody said of a draft, and the organisers' answer. The words of people never change; they may be hidden."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="comments")
    author = models.ForeignKey(_PERSON, on_delete=models.PROTECT, related_name="+")
    text = models.CharField(max_length=2000)
    language = models.CharField(max_length=2)
    at = models.DateTimeField()
    answer = models.CharField(max_length=2000, blank=True)
    answered_by = models.ForeignKey(_PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    hidden_at = models.DateTimeField(null=True, blank=True)
    hidden_why = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("edition", "at", "pk")
        constraints = (
            models.CheckConstraint(condition=~Q(text=""), name="editioncomment_has_text"),
            models.CheckConstraint(
                condition=Q(answer="", answered_by=None) | (~Q(answer="") & Q(answered_by__isnull=False)), name="editioncomment_answer"
            ),
            models.CheckConstraint(condition=Q(hidden_at=None) | ~Q(hidden_why=""), name="editioncomment_hidden_why"),
        )
