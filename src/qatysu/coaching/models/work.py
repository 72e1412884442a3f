"""The work of a team: a workspace for each project, a work for each module, every version of it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from qatysu.core.lifecycle import Lifecycle

_PERSON = settings.AUTH_USER_MODEL
_LANGUAGES = [("kk", "kk"), ("ru", "ru"), ("en", "en")]


class Workspace(models.Model):
    """The room of one team. It opens when the proposal enters the sessions."""

    proposal = models.OneToOneField("proposals.Proposal", on_delete=models.PROTECT, related_name="workspace")
    project_type = models.ForeignKey(
        "coaching.ProjectType", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    coach = models.ForeignKey(_PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="coached")
    opened_at = models.DateTimeField()
    #: The last deed of the team itself: silence is measured from here.
    touched_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"workspace of {self.proposal_id}"


class WorkState(models.TextChoices):
    """Where the work on a module is."""

    OPEN = "open", "open"
    SUBMITTED = "submitted", "submitted"
    RETURNED = "returned", "returned"
    ACCEPTED = "accepted", "accepted"


WORK: Lifecycle[WorkState] = Lifecycle(
    initial=WorkState.OPEN,
    moves={
        WorkState.OPEN: frozenset({WorkState.SUBMITTED}),
        # A team may take its work back while nobody has decided on it.
        WorkState.SUBMITTED: frozenset({WorkState.RETURNED, WorkState.ACCEPTED, WorkState.OPEN}),
        WorkState.RETURNED: frozenset({WorkState.SUBMITTED}),
        # The Council's rework, or a mistake seen late.
        WorkState.ACCEPTED: frozenset({WorkState.RETURNED}),
    },
)


class Work(models.Model):
    """What one team has written in one module. ``version`` is the number of the newest version, 0 before the first."""

    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="works")
    module = models.ForeignKey("coaching.Module", on_delete=models.PROTECT, related_name="works")
    state = models.CharField(max_length=10, choices=WorkState.choices, default=WorkState.OPEN)
    answers = models.JSONField(default=dict, blank=True)
    #: Answers that could not be read, as they were typed: ``{field: text}``. Nothing a person wrote is lost.
    unread = models.JSONField(default=dict, blank=True)
    version = models.PositiveIntegerField(default=0)
    #: Ids of the points of the checklist that are ticked.
    ticks = models.JSONField(default=list, blank=True)
    #: Required fields of the form, how many of them are answered, and the sum of the estimate with its reserve: kept
    #: with every save, so that a board of hundreds of teams need not read their answers.
    required = models.PositiveSmallIntegerField(default=0)
    answered = models.PositiveSmallIntegerField(default=0)
    total_tenge = models.PositiveBigIntegerField(null=True, blank=True)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(_PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(_PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("workspace", "module__position", "pk")
        indexes = (models.Index(fields=("state",), name="work_state"),)
        constraints = (
            models.UniqueConstraint(fields=("workspace", "module"), name="work_once"),
            models.CheckConstraint(condition=Q(answered__lte=F("required")), name="work_answered_of_required"),
            models.CheckConstraint(
                condition=~Q(state="submitted") | Q(submitted_at__isnull=False), name="work_submitted_at"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["returned", "accepted"])
                | (Q(decided_at__isnull=False) & Q(decided_by__isnull=False)),
                name="work_decided_by_somebody",
            ),
        )


class WorkVersion(models.Model):
    """One save: the fields that it changed, with their new answers. The sum of all is the work as it stands."""

    class Kind(models.TextChoices):
        """How it came about."""

        SAVE = "save", "save"
        MERGE = "merge", "merge"
        RESTORE = "restore", "restore"
        IMPORT = "import", "import"

    work = models.ForeignKey(Work, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.SAVE)
    #: ``{field id: new answer}``; ``null`` for an answer that was emptied.
    changes = models.JSONField()
    author = models.ForeignKey(_PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("work", "number")
        constraints = (models.UniqueConstraint(fields=("work", "number"), name="workversion_once"),)


class Clash(models.Model):
    """Two people wrote different things in one place: both texts, until somebody chooses."""

    work = models.ForeignKey(Work, on_delete=models.PROTECT, related_name="clashes")
    field = models.CharField(max_length=40)
    #: Row and column inside a table; '' for the whole field.
    row = models.CharField(max_length=20, blank=True)
    column = models.CharField(max_length=40, blank=True)
    kept = models.JSONField(null=True)
    other = models.JSONField(null=True)
    kept_author = models.ForeignKey(_PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    other_author = models.ForeignKey(_PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(_PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("work", "at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("work", "field", "row", "column", "other_author"),
                condition=Q(settled_at__isnull=True),
                name="clash_one_open_each",
            ),
        )


class Remark(models.Model):
    """What a coach asks to be mended, on a field or on the whole work."""

    work = models.ForeignKey(Work, on_delete=models.PROTECT, related_name="remarks")
    field = models.CharField(max_length=40, blank=True)
    text = models.CharField(max_length=2000)
    language = models.CharField(max_length=2, choices=_LANGUAGES)
    author = models.ForeignKey(_PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(_PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("work", "at", "pk")
        constraints = (
            models.CheckConstraint(condition=~Q(text=""), name="remark_says_something"),
            models.CheckConstraint(
                condition=(Q(resolved_at__isnull=True) & Q(resolved_by__isnull=True))
                | (Q(resolved_at__isnull=False) & Q(resolved_by__isnull=False)),
                name="remark_resolved_by_somebody",
            ),
        )


class WorkFile(models.Model):
    """A file of a team: private to it and to the round's staff until it is published with the passport."""

    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="files")
    file = models.OneToOneField("files.StoredFile", on_delete=models.PROTECT, related_name="work_file")
    work = models.ForeignKey(Work, null=True, blank=True, on_delete=models.PROTECT, related_name="files")
    field = models.CharField(max_length=40, blank=True)
    added_by = models.ForeignKey(_PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("workspace", "at", "pk")


class WorkTranslation(models.Model):
    """The Centre's translation of one text; ``source_digest`` tells when the text has changed since."""

    work = models.ForeignKey(Work, on_delete=models.PROTECT, related_name="translations")
    field = models.CharField(max_length=40)
    language = models.CharField(max_length=2, choices=_LANGUAGES)
    text = models.TextField(max_length=20_000)
    source_digest = models.CharField(max_length=64)
    translator = models.ForeignKey(_PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("work", "field", "language"), name="worktranslation_once"),)


class Passport(models.Model):
    """The project as the Council and the voters see it, fixed at one moment; never changed, only followed by the next."""

    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="passports")
    number = models.PositiveSmallIntegerField()
    content = models.JSONField()
    #: SHA-256 of the canonical JSON of ``content``.
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(_PERSON, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("workspace", "-number")
        constraints = (
            models.UniqueConstraint(fields=("workspace", "number"), name="passport_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1) & ~Q(digest=""), name="passport_numbered"),
        )
