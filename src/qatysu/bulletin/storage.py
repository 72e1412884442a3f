"""Where the public files of a log live: three calls, and one for tidying. S3 is in ``s3``.

Paths are those of C2SP tlog-tiles within one log: ``checkpoint``, ``tile/0/000``, ``tile/entries/000.p/17``.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import threading
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Protocol

from qatysu.bulletin.errors import Busy, Differs, OtherWriter
from qatysu.ledger.tiles import parse_path

CHECKPOINT = "checkpoint"


class Storage(Protocol):
    """Files of one log. Whatever is in ``put_immutable`` and ``replace_checkpoint`` is durable when they return."""

    def get(self, path: str) -> bytes | None:
        """Bytes; None when there is no such file."""

    def put_immutable(self, files: Iterable[tuple[str, bytes]]) -> None:
        """Store files that never change. One that is there already must be equal: else raises Differs and changes nothing of it."""

    def replace_checkpoint(self, data: bytes, old: bytes | None) -> None:
        """Put ``data`` in place of ``old`` (None: there was none) at once. Raises OtherWriter when another one is there."""

    def discard_partials(self, path: str) -> None:
        """Remove the partial tiles beside the full tile at ``path``. Only tidying: may do nothing."""

    def writer(self) -> AbstractContextManager[None]:
        """Held while sealing. Raises Busy when somebody else on this machine holds it."""


def file_differs(path: str) -> Differs:
    return Differs(f"{path} is stored with other bytes than the entries give", path=path)


def checked_path(path: str) -> str:
    """Only paths of tiles: never a way out of the folder. Raises ValueError."""
    if parse_path(path) is None:
        raise ValueError(f"{path!r} is no path of a tile")
    return path


class MemoryStorage:
    """Files in this process, for tests and rehearsals."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self._is_held = False

    def get(self, path: str) -> bytes | None:
        """Bytes."""
        return self.files.get(path if path == CHECKPOINT else checked_path(path))

    def put_immutable(self, files: Iterable[tuple[str, bytes]]) -> None:
        """See Storage."""
        for path, data in files:
            if self.files.setdefault(checked_path(path), data) != data:
                raise file_differs(path)

    def replace_checkpoint(self, data: bytes, old: bytes | None) -> None:
        """See Storage."""
        if self.files.get(CHECKPOINT) != old:
            raise OtherWriter("another checkpoint was published meanwhile")
        self.files[CHECKPOINT] = data

    def discard_partials(self, path: str) -> None:
        """See Storage."""
        for name in [name for name in self.files if name.startswith(f"{path}.p/")]:
            del self.files[name]

    @contextmanager
    def writer(self) -> Iterator[None]:
        """See Storage."""
        if self._is_held:
            raise Busy("another sequencer is at work")
        self._is_held = True
        try:
            yield
        finally:
            self._is_held = False


class FolderStorage:
    """A folder in exactly the layout of the addresses: a web server serves it, rsync mirrors it, zip archives it.

    Every file is written beside its place, flushed to the disk and renamed into it; folders are flushed too.
    """

    def __init__(self, root: Path) -> None:
        """``root`` is made when missing. It belongs on a local disk: file locks of network shares are not trusted.

        Whoever may only read, and comes before the first file, finds an empty log.
        """
        self._root = root
        with suppress(PermissionError):
            root.mkdir(parents=True, exist_ok=True)

    def get(self, path: str) -> bytes | None:
        """Bytes."""
        if path != CHECKPOINT:
            checked_path(path)
        try:
            return (self._root / path).read_bytes()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None

    def put_immutable(self, files: Iterable[tuple[str, bytes]]) -> None:
        """See Storage. Folders are flushed once at the end, not for every file."""
        touched: set[Path] = set()
        for path, data in files:
            there = self.get(checked_path(path))
            if there is None:
                self._write(self._root / path, data, touched)
            elif there != data:
                raise file_differs(path)
            else:
                touched.add((self._root / path).parent)
        for folder in sorted(touched):
            _flush_folder(folder)

    def replace_checkpoint(self, data: bytes, old: bytes | None) -> None:
        """See Storage. Two writers are kept apart by ``writer``; the comparison finds those who did not ask for it."""
        if self.get(CHECKPOINT) != old:
            raise OtherWriter("another checkpoint was published meanwhile")
        self._write(self._root / CHECKPOINT, data, set())
        _flush_folder(self._root)

    def discard_partials(self, path: str) -> None:
        """See Storage."""
        shutil.rmtree(self._root / f"{checked_path(path)}.p", ignore_errors=True)

    @contextmanager
    def writer(self) -> Iterator[None]:
        """See Storage. The kernel lets go of the lock when the process dies."""
        with (self._root / ".writer").open("wb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise Busy("another sequencer is at work in this folder") from None
            yield

    def _write(self, place: Path, data: bytes, touched: set[Path]) -> None:
        folder = place.parent
        while not folder.is_dir():
            touched.add(folder.parent)
            folder = folder.parent
        place.parent.mkdir(parents=True, exist_ok=True)
        touched.add(place.parent)
        # A name of this writer alone: two that hold no lock must not write into one file. A killed one leaves its file
        # behind; names with a dot in front are no paths of a log, and nothing serves or reads them.
        beside = place.with_name(f".{place.name}.{os.getpid()}-{threading.get_ident()}.tmp")
        with beside.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.rename(place)


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        with suppress(OSError):  # some file systems cannot flush folders, and need not
            os.fsync(handle)
    finally:
        os.close(handle)
