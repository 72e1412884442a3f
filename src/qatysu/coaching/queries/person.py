"""What the sessions hold about one person, for the file that the person may download."""

from __future__ import annotations

from typing import Any

from qatysu.coaching.models import Attendance, Certificate, Note, Opinion, QuizAttempt, Task, WorkVersion
from qatysu.identity.models import Account


def sessions_of(account: Account) -> dict[str, list[dict[str, Any]]]:
    """Own notes, tasks, saves, opinions, quizzes, attendance and certificates, ready for JSON."""
    room, round_ = "workspace__proposal__number", "workspace__proposal__round__slug"
    work = "work__workspace__proposal__number"
    return {
        "notes": list(Note.objects.filter(author=account).values("text", "language", "at", room, round_)),
        "tasks": list(Task.objects.filter(assignee=account).values("text", "due_on", "done_at", room, round_)),
        "saves": list(WorkVersion.objects.filter(author=account).values("changes", "at", "work__module__slug", work)),
        "opinions": list(Opinion.objects.filter(account=account).values("verdict", "text", "language", "at", room, round_)),
        "quizzes": list(QuizAttempt.objects.filter(account=account).values("module__slug", "right", "total", "answers", "at")),
        "attendance": list(Attendance.objects.filter(account=account).values("event__title_ru", "event__starts_at", "at")),
        "certificates": list(
            Certificate.objects.filter(account=account).values("round__slug", "number", "name", "facts", "issued_at")
        ),
    }
