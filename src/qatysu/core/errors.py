"""One tree of refusals, mapped to HTTP once in ``qatysu.web.middleware``.

QatysuError
|-- NotFound            404  absent, or not yours: the two are never told apart
|-- NotAllowed          403  the regulation does not grant it
|   |-- StageClosed     409  the stage is not open (before, after, or paused)
|   `-- SecondFactorNeeded
|-- Invalid             422  input refused; ``field`` names where
|-- Conflict            409  somebody was faster, or a limit is reached
|   |-- AlreadyVoted
|   |-- IllegalMove
|   `-- Frozen
`-- TooMany             429  a rate limit; ``retry_after_s`` says when
"""

from __future__ import annotations

from typing import Any, ClassVar


class QatysuError(Exception):
    """Base of every refusal. ``code`` is stable; ``params`` fill the translated sentence."""

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 400

    def __init__(self, reason: str = "", **params: Any) -> None:
        super().__init__(reason or self.code)
        self.reason = reason or self.code
        self.params = params


class NotFound(QatysuError):
    """The object does not exist, or this person may not know that it does."""

    code = "not_found"
    status = 404


class NotAllowed(QatysuError):
    """The regulation does not grant this act to this person."""

    code = "not_allowed"
    status = 403


class StageClosed(NotAllowed):
    """The stage that opens this act is not open now."""

    code = "stage_closed"
    status = 409


class SecondFactorNeeded(NotAllowed):
    """Staff acts need a second factor in this session."""

    code = "second_factor_needed"


class Invalid(QatysuError):
    """Input refused. ``field`` is the form field concerned, or '' for the whole form."""

    code = "invalid"
    status = 422

    def __init__(self, reason: str = "", *, field: str = "", **params: Any) -> None:
        super().__init__(reason, **params)
        self.field = field


class Conflict(QatysuError):
    """The world changed meanwhile, or a limit is reached."""

    code = "conflict"
    status = 409


class AlreadyVoted(Conflict):
    """The constitution allows no further attempt; the stored ballot stands."""

    code = "already_voted"


class IllegalMove(Conflict):
    """No edge of the lifecycle leads from the present state to the wanted one."""

    code = "illegal_move"


class Frozen(Conflict):
    """The constitution or the slate is frozen."""

    code = "frozen"


class TooMany(QatysuError):
    """A rate limit. ``retry_after_s`` is in whole seconds."""

    code = "too_many"
    status = 429

    def __init__(self, reason: str = "", *, retry_after_s: int, **params: Any) -> None:
        super().__init__(reason, **params)
        self.retry_after_s = retry_after_s
