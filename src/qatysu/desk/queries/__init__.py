"""Reads of the desk."""

from qatysu.desk.queries.projects import threads_of, unanswered_for, waiting_on_team

__all__ = ["threads_of", "unanswered_for", "waiting_on_team"]
