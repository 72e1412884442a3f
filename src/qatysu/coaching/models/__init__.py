"""Rows of the project sessions, in the order in which a team meets them."""

from __future__ import annotations

from qatysu.coaching.models.advice import Opinion, SpecialistInvite
from qatysu.coaching.models.course import CannedRemark, Lesson, LessonFile, Module, PaperTemplate, ProjectType
from qatysu.coaching.models.learning import Certificate, QuizAttempt
from qatysu.coaching.models.talk import Attendance, Event, Mention, Note, Task
from qatysu.coaching.models.work import (
    WORK,
    Clash,
    Passport,
    Remark,
    Work,
    WorkFile,
    Workspace,
    WorkState,
    WorkTranslation,
    WorkVersion,
)

__all__ = [
    "WORK",
    "Attendance",
    "CannedRemark",
    "Certificate",
    "Clash",
    "Event",
    "Lesson",
    "LessonFile",
    "Mention",
    "Module",
    "Note",
    "Opinion",
    "PaperTemplate",
    "Passport",
    "ProjectType",
    "QuizAttempt",
    "Remark",
    "SpecialistInvite",
    "Task",
    "Work",
    "WorkFile",
    "WorkState",
    "WorkTranslation",
    "WorkVersion",
    "Workspace",
]
