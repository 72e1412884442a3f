"""Reads of the desk."""

from qatysu.desk.queries.figures import statistics
from qatysu.desk.queries.projects import threads_of, unanswered_for, waiting_on_team
from qatysu.desk.queries.public import faq, my_threads, opening, thread_by_token
from qatysu.desk.queries.rows import inbox, thread_page

__all__ = [
    "faq",
    "inbox",
    "my_threads",
    "opening",
    "statistics",
    "thread_by_token",
    "thread_page",
    "threads_of",
    "unanswered_for",
    "waiting_on_team",
]
