"""Passports for everybody."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.core.cache import cache

from qatysu.coaching.loading import ROOM
from qatysu.coaching.models import Passport, WorkFile
from qatysu.core.errors import NotFound
from qatysu.files.models import StoredFile
from qatysu.proposals.models import State
from qatysu.rounds.models import Round

#: States in which the last passport stands for the project. One sent back for rework has none until it is ready again.
VALID = (State.READY, State.ADMITTED, State.NOT_ADMITTED)
KEPT_S = 3600


def newest(round_: Round, code: str) -> Passport:
    """The passport that stands for the project with this number. Raises NotFound when there is none yet."""
    if not (code.isascii() and code.isdigit() and len(code) <= 6):
        raise NotFound("passport")
    rows = Passport.objects.select_related(*(f"workspace__{name}" for name in ROOM), "workspace__project_type")
    mine = rows.filter(workspace__proposal__round=round_, workspace__proposal__number=int(code))
    found = mine.filter(workspace__proposal__state__in=VALID).order_by("-number").first()
    if found is None:
        raise NotFound("passport")
    return found


def has_passport(round_: Round, code: str) -> bool:
    """True when the project with this number (digits) has a valid passport. One query."""
    found = Passport.objects.filter(workspace__proposal__round=round_, workspace__proposal__number=int(code))
    return found.filter(workspace__proposal__state__in=VALID).exists()


def printed(passport: Passport, kind: str, make: Callable[[], bytes]) -> bytes:
    """A PDF made of a passport, of a ``kind`` (``passport:kk``).

    Made once and remembered for an hour, since a passport never changes.
    """
    key = f"passport:{passport.digest}:{passport.number}:{kind}"
    body: bytes | None = cache.get(key)
    if body is None:
        body = make()
        cache.set(key, body, KEPT_S)
    return body


def picture(passport: Passport, public_id: uuid.UUID) -> StoredFile:
    """A picture that was published with the passport's project. Raises NotFound for every other file."""
    rows = WorkFile.objects.filter(workspace=passport.workspace, published_at__isnull=False, file__kind=StoredFile.Kind.IMAGE)
    found = rows.select_related("file").filter(file__public_id=public_id).first()
    if found is None:
        raise NotFound("file")
    return found.file
