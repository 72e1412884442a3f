"""Columns whose contents must tell nothing of the time when a row was made."""

from __future__ import annotations

from typing import Any

from django.db import models


class RandomKeyField(models.BigIntegerField):  # type: ignore[type-arg]  # reason: Django's has none when it runs
    """A primary key drawn by chance, in whose order the rows themselves lie.

    SQLite numbers rows in the order of their arrival unless the key is declared INTEGER: then it is the number of the row. Nothing
    else forgets that order there, VACUUM neither. PostgreSQL keeps bigint; ``ballots.sequencing.forget_order`` sorts its rows.
    """

    def db_type(self, connection: Any) -> str | None:
        """INTEGER on SQLite, which holds 64 bits too."""
        return "integer" if connection.vendor == "sqlite" else super().db_type(connection)
