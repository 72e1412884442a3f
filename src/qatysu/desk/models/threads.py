"""Questions and what is written about them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

LANGUAGES = [("kk", "kk"), ("ru", "ru"), ("en", "en")]


class Channel(models.TextChoices):
    """How a message came in, or went out."""

    WEB = "web", "web"
    EMAIL = "email", "e-mail"
    PHONE = "phone", "phone"
    WALK_IN = "walk_in", "walk-in"
    WORKSPACE = "workspace", "workspace"


class ThreadState(models.TextChoices):
    """Whose turn it is."""

    OPEN = "open", "the desk has to answer"
    WAITING = "waiting", "the person was answered, or asked back"
    CLOSED = "closed", "done"


class Thread(models.Model):
    """One question from its first message to its end. Whoever asked has an account, or an address, or came in person."""

    city = models.ForeignKey("places.City", on_delete=models.PROTECT, related_name="desk_threads")
    round = models.ForeignKey("rounds.Round", null=True, blank=True, on_delete=models.PROTECT, related_name="desk_threads")
    proposal = models.ForeignKey(
        "proposals.Proposal", null=True, blank=True, on_delete=models.PROTECT, related_name="desk_threads"
    )
    #: Stands in subjects of letters as [#K7M2QX9D]; it alone opens nothing.
    ref = models.CharField(max_length=8, unique=True)
    subject = models.CharField(max_length=160)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    language = models.CharField(max_length=2, choices=LANGUAGES, default="kk")
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="desk_threads"
    )
    contact_name = models.CharField(max_length=80, blank=True)
    contact_channel = models.CharField(max_length=10, choices=[("sms", "sms"), ("email", "email")], blank=True)
    contact_sealed = models.BinaryField(null=True, blank=True)
    contact_hash = models.CharField(max_length=64, blank=True)
    #: The private link of people without an account: sealed for letters, hashed for finding it.
    token_sealed = models.BinaryField()
    token_hash = models.CharField(max_length=64, unique=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="owned_threads"
    )
    state = models.CharField(max_length=8, choices=ThreadState.choices, default=ThreadState.OPEN)
    opened_at = models.DateTimeField()
    #: Since when, and until when, an answer is owed; both empty when none is.
    asked_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    first_answered_at = models.DateTimeField(null=True, blank=True)
    #: Open minutes from the question to its first answer, and whether that was within the promise.
    answer_minutes = models.PositiveIntegerField(null=True, blank=True)
    was_late = models.BooleanField(default=False)
    first_answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    changed_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("due_at", "pk")
        indexes = (
            models.Index(fields=("city", "state", "due_at"), name="thread_inbox"),
            models.Index(fields=("proposal", "state"), name="thread_proposal"),
            models.Index(fields=("contact_hash",), name="thread_contact"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(state="open", asked_at__isnull=False, due_at__isnull=False)
                | Q(~Q(state="open"), asked_at__isnull=True, due_at__isnull=True),
                name="thread_open_is_due",
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False) | Q(~Q(state="closed"), closed_at__isnull=True),
                name="thread_closed_has_time",
            ),
            models.CheckConstraint(
                condition=Q(first_answered_at__isnull=True, answer_minutes__isnull=True)
                | Q(first_answered_at__isnull=False, answer_minutes__isnull=False),
                name="thread_answer_measured",
            ),
            models.CheckConstraint(
                condition=Q(contact_channel="", contact_sealed__isnull=True, contact_hash="")
                | Q(~Q(contact_channel=""), contact_sealed__isnull=False),
                name="thread_contact_whole",
            ),
            models.CheckConstraint(
                condition=Q(proposal__isnull=True) | Q(round__isnull=False), name="thread_proposal_has_round"
            ),
            models.CheckConstraint(condition=~Q(subject=""), name="thread_has_subject"),
        )

    def __str__(self) -> str:
        return self.ref


class Post(models.Model):
    """One message of a thread. Rows are only added; a database trigger refuses every change but erasing a person's words."""

    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, related_name="posts")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    is_staff = models.BooleanField(default=False)
    #: Read by the desk alone.
    is_note = models.BooleanField(default=False)
    #: The member of staff who typed in what the person said on the phone or at the desk.
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    language = models.CharField(max_length=2, choices=LANGUAGES, default="kk")
    text = models.TextField(max_length=8000)
    #: What a letter repeated of earlier ones; shown folded.
    quoted = models.TextField(max_length=20_000, blank=True)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    message_id = models.CharField(max_length=250, null=True, blank=True, unique=True)
    at = models.DateTimeField()
    #: The person had the own words erased; the only change that the database lets through.
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("at", "pk")
        indexes = (models.Index(fields=("thread", "at"), name="post_thread_at"),)
        constraints = (
            models.CheckConstraint(condition=~Q(text=""), name="post_has_text"),
            models.CheckConstraint(condition=Q(is_note=False) | Q(is_staff=True), name="post_note_is_staff"),
            models.CheckConstraint(condition=Q(is_staff=False) | Q(entered_by__isnull=True), name="post_entered_for_people"),
        )


class PostFile(models.Model):
    """A file that came with a message."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="files")
    file = models.OneToOneField("files.StoredFile", on_delete=models.PROTECT, related_name="desk_file")

    class Meta:
        ordering = ("pk",)
