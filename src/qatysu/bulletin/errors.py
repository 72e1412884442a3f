"""Refusals of the log. Each says what is wrong and what to do; ``code`` is stable."""

from __future__ import annotations

from typing import ClassVar

from qatysu.core.errors import Conflict


class LogRefusal(Conflict):
    """Base. ``str()`` is a sentence for the operator."""

    code = "log_refused"
    #: Whether the log is marked as refused when this is raised while sealing.
    marks: ClassVar[bool] = False


class Busy(LogRefusal):
    """Another sequencer is at work. Nothing is wrong."""

    code = "log_busy"


class OtherWriter(LogRefusal):
    """Somebody else has moved the head or the checkpoint meanwhile. Nothing was overwritten; try again."""

    code = "log_other_writer"


class Marked(LogRefusal):
    """The log was marked as refused earlier; nothing is signed until the cause is mended and the mark lifted."""

    code = "log_marked"


class Behind(LogRefusal):
    """The published checkpoint is beyond the database: an old backup was restored. ``recover`` brings the rows back."""

    code = "log_behind"
    marks = True


class FilesOld(LogRefusal):
    """The stored files are older than the database knows them to be. ``republish`` writes them anew."""

    code = "log_files_old"
    marks = True


class Differs(LogRefusal):
    """Rows, files and checkpoint do not agree: somebody has changed something. Nothing is signed any more."""

    code = "log_differs"
    marks = True


class Frozen(LogRefusal):
    """The log takes no entries any more."""

    code = "log_frozen"


class Closed(LogRefusal):
    """The log takes no entries of voters after its closing entry."""

    code = "log_closed"


class StillWaiting(LogRefusal):
    """Entries wait to be sealed; what was asked for comes after them."""

    code = "log_still_waiting"


class NoQuorum(LogRefusal):
    """Too few witnesses have signed the checkpoint."""

    code = "log_no_quorum"
