"""The course of a round: what a team learns and what it is asked. The methodologist edits it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

LONGEST_TITLE, LONGEST_BODY = 160, 40_000


class Module(models.Model):
    """One of the parts of a course: lessons, a form, a checklist, a quiz, a deadline."""

    round = models.ForeignKey("rounds.Round", on_delete=models.PROTECT, related_name="modules")
    slug = models.SlugField(max_length=40)
    position = models.PositiveSmallIntegerField()
    title_kk = models.CharField(max_length=LONGEST_TITLE)
    title_ru = models.CharField(max_length=LONGEST_TITLE)
    title_en = models.CharField(max_length=LONGEST_TITLE, blank=True)
    lead_kk = models.CharField(max_length=400, blank=True)
    lead_ru = models.CharField(max_length=400, blank=True)
    lead_en = models.CharField(max_length=400, blank=True)
    #: ``workbook.schema.form_from`` reads it.
    form = models.JSONField(default=dict)
    #: ``[{"id", "label": {kk, ru, en}}]``.
    checklist = models.JSONField(default=list, blank=True)
    #: ``workbook.quiz.quiz_from`` reads it.
    quiz = models.JSONField(default=list, blank=True)
    opens_on = models.DateField(null=True, blank=True)
    #: The last day, in the zone of the city.
    due_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("round", "position", "pk")
        constraints = (
            models.UniqueConstraint(fields=("round", "slug"), name="module_slug_in_round"),
            models.CheckConstraint(
                condition=Q(opens_on=None) | Q(due_on=None) | Q(opens_on__lte=F("due_on")), name="module_opens_before_due"
            ),
        )

    def __str__(self) -> str:
        return f"{self.round_id}/{self.slug}"


class ProjectType(models.Model):
    """A kind of project that towns build often: advice, a typical estimate (illustrative), the papers it needs."""

    round = models.ForeignKey("rounds.Round", on_delete=models.PROTECT, related_name="project_types")
    slug = models.SlugField(max_length=40)
    position = models.PositiveSmallIntegerField()
    name_kk = models.CharField(max_length=120)
    name_ru = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True)
    guide_kk = models.TextField(max_length=LONGEST_BODY, blank=True)
    guide_ru = models.TextField(max_length=LONGEST_BODY, blank=True)
    guide_en = models.TextField(max_length=LONGEST_BODY, blank=True)
    example_kk = models.TextField(max_length=LONGEST_BODY, blank=True)
    example_ru = models.TextField(max_length=LONGEST_BODY, blank=True)
    example_en = models.TextField(max_length=LONGEST_BODY, blank=True)
    #: Rows of an estimate; ``item`` and ``unit`` are in three languages.
    estimate = models.JSONField(default=list, blank=True)
    is_illustrative = models.BooleanField(default=True)

    class Meta:
        ordering = ("round", "position", "pk")
        constraints = (models.UniqueConstraint(fields=("round", "slug"), name="projecttype_slug_in_round"),)


class Lesson(models.Model):
    """A text to read on a phone in a few minutes, perhaps with a video. Bodies are Markdown without HTML."""

    module = models.ForeignKey(Module, on_delete=models.CASCADE, related_name="lessons")
    position = models.PositiveSmallIntegerField()
    slug = models.SlugField(max_length=60)
    title_kk = models.CharField(max_length=LONGEST_TITLE)
    title_ru = models.CharField(max_length=LONGEST_TITLE)
    title_en = models.CharField(max_length=LONGEST_TITLE, blank=True)
    body_kk = models.TextField(max_length=LONGEST_BODY, blank=True)
    body_ru = models.TextField(max_length=LONGEST_BODY, blank=True)
    body_en = models.TextField(max_length=LONGEST_BODY, blank=True)
    video_url = models.URLField(max_length=300, blank=True)
    minutes = models.PositiveSmallIntegerField(default=5)

    class Meta:
        ordering = ("module", "position", "pk")
        constraints = (models.UniqueConstraint(fields=("module", "slug"), name="lesson_slug_in_module"),)


class LessonFile(models.Model):
    """A sample or material beside a lesson."""

    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, related_name="files")
    file = models.OneToOneField("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    title_kk = models.CharField(max_length=LONGEST_TITLE)
    title_ru = models.CharField(max_length=LONGEST_TITLE)
    title_en = models.CharField(max_length=LONGEST_TITLE, blank=True)

    class Meta:
        ordering = ("lesson", "pk")


class PaperTemplate(models.Model):
    """A document filled with the data of a project. Bodies are Markdown with ``{{placeholders}}``."""

    round = models.ForeignKey("rounds.Round", on_delete=models.PROTECT, related_name="paper_templates")
    slug = models.SlugField(max_length=40)
    position = models.PositiveSmallIntegerField()
    title_kk = models.CharField(max_length=LONGEST_TITLE)
    title_ru = models.CharField(max_length=LONGEST_TITLE)
    title_en = models.CharField(max_length=LONGEST_TITLE, blank=True)
    body_kk = models.TextField(max_length=LONGEST_BODY, blank=True)
    body_ru = models.TextField(max_length=LONGEST_BODY, blank=True)
    #: Slugs of project types that need it; empty: all.
    project_types = models.JSONField(default=list, blank=True)
    is_required = models.BooleanField(default=False)

    class Meta:
        ordering = ("round", "position", "pk")
        constraints = (models.UniqueConstraint(fields=("round", "slug"), name="papertemplate_slug_in_round"),)


class CannedRemark(models.Model):
    """A remark that coaches write often, ready in the languages of the teams."""

    round = models.ForeignKey("rounds.Round", on_delete=models.PROTECT, related_name="canned_remarks")
    module = models.ForeignKey(Module, null=True, blank=True, on_delete=models.CASCADE, related_name="canned_remarks")
    position = models.PositiveSmallIntegerField(default=0)
    text_kk = models.CharField(max_length=1000)
    text_ru = models.CharField(max_length=1000)
    text_en = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering = ("round", "module", "position", "pk")
