"""Public files of logs in a backup, and what a restore does with them: a log never goes back (LEDGER 1.6, threat 16)."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from qatysu.ballots.logs import name_of, storage_of
from qatysu.bulletin.archiving import published_files
from qatysu.bulletin.commands import check_start
from qatysu.bulletin.errors import Behind, Busy, Differs, LogRefusal
from qatysu.bulletin.models import Log
from qatysu.bulletin.storage import CHECKPOINT, FolderStorage
from qatysu.config.log_commands import bring_back, explain, tell, vkey_of
from qatysu.core.errors import QatysuError
from qatysu.ledger import tiles
from qatysu.ledger.notes import BadNote, Checkpoint, parse


def copy_logs(folder: Path) -> int:
    """Copy what is published of every log into ``folder``, each as of one checkpoint; returns how many logs.

    Files in a store elsewhere are not copied: that store is mirrored by its own means.
    """
    if settings.LOG_STORAGE:
        return 0
    return sum(_copy(log, folder / name_of(log)) for log in Log.objects.order_by("pk"))


def _copy(log: Log, folder: Path) -> bool:
    checkpoint = b""

    def files() -> Iterator[tuple[str, bytes]]:
        nonlocal checkpoint
        for path, data in published_files(log, storage_of(log)):
            if path == CHECKPOINT:
                checkpoint = data
            elif tiles.parse_path(path) is not None:
                yield path, data

    copy = FolderStorage(folder)
    try:
        copy.put_immutable(files())
    except LogRefusal as problem:
        sys.stderr.write(f"The files of the log {name_of(log)} are not in this backup: {problem}.\n")
        return False
    if checkpoint:
        copy.replace_checkpoint(checkpoint, None)
    return bool(checkpoint)


def put_back_logs(folder: Path) -> int:
    """Bring logs forward to the copies in ``folder``; newer files stay as they are. Returns how many logs were brought forward.

    Raises SystemExit when a copy is of another log than the files here; nothing of those was overwritten.
    """
    if settings.LOG_STORAGE or not folder.is_dir():
        return 0
    return sum(_put_back(FolderStorage(kept), kept.name) for kept in sorted(folder.iterdir()) if (kept / CHECKPOINT).is_file())


def _put_back(copy: FolderStorage, name: str) -> bool:
    here = FolderStorage(Path(settings.LOG_ROOT) / name)
    data, present = copy.get(CHECKPOINT) or b"", here.get(CHECKPOINT)
    try:
        if present is not None and _size(present) >= _size(data):
            return False
        here.put_immutable(_files(copy, _size(data)))
    except (BadNote, Differs) as problem:
        raise SystemExit(f"The files of the log {name} in this backup are not of the log here: {problem}.") from None
    here.replace_checkpoint(data, present)
    return True


def _size(checkpoint: bytes) -> int:
    return Checkpoint.parse(parse(checkpoint).text).size


def _files(copy: FolderStorage, size: int) -> Iterator[tuple[str, bytes]]:
    for level, number, width in tiles.widths(size):
        paths = [tiles.tile_path(level, number, width), *([tiles.bundle_path(number, width)] if level == 0 else [])]
        for path in paths:
            data = copy.get(path)
            if data is None:
                raise Differs(f"{path} is missing in the backup", path=path)
            yield path, data


def recover_logs() -> list[str]:
    """Bring the database forward to the published files of every log; sentences about what could not be done."""
    left = []
    for log in Log.objects.filter(frozen_at=None).order_by("pk"):
        name = name_of(log)
        try:
            check_start(log, storage_of(log))
        except Behind:
            left += _recovered(log, name)
        except Busy:
            continue
        except (LogRefusal, OSError) as problem:
            left.append(explain(name, problem))
    return left


def _recovered(log: Log, name: str) -> list[str]:
    try:
        tell(name, bring_back(log, vkey_of(name, None)))
    except (QatysuError, OSError) as problem:
        command = f"The database is older than the published log. Before the first start run: qatysu log recover {name}"
        return [f"{command} --vkey KEY", explain(name, problem)]
    return []
