"""The published files of a log as one archive, written as it is read: a log of a million entries needs no memory of its size."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from qatysu.bulletin.errors import Differs
from qatysu.bulletin.models import Log
from qatysu.bulletin.queries import tile_reader
from qatysu.bulletin.sealing import published
from qatysu.bulletin.storage import CHECKPOINT, Storage
from qatysu.ledger import tiles

#: Bytes that are gathered before they go out.
CHUNK = 65_536
_EPOCH = (1980, 1, 1, 0, 0, 0)


def published_files(log: Log, storage: Storage) -> Iterator[tuple[str, bytes]]:
    """Path and bytes of every file of the log: ``vkey``, ``checkpoint``, then the tiles and bundles that it covers.

    All belong to one checkpoint, however many are published meanwhile. Raises Differs when files are missing or wrong.
    """
    yield "vkey", f"{log.vkey}\n".encode()
    found = published(log, storage)
    if found is None:
        return
    yield CHECKPOINT, found.data
    read = tile_reader(storage)
    for level, number, width in tiles.widths(found.checkpoint.size):
        yield tiles.tile_path(level, number, width), read(level, number, width)
        if level == 0:
            yield tiles.bundle_path(number, width), _bundle(storage, number, width)


def _bundle(storage: Storage, number: int, width: int) -> bytes:
    """A bundle; of a partial one that was tidied away, the beginning of the full one."""
    path = tiles.bundle_path(number, width)
    data = storage.get(path)
    if data is None and width < tiles.WIDTH:
        whole = storage.get(tiles.bundle_path(number))
        data = tiles.pack_entries(tiles.first_entries(whole, width)) if whole is not None else None
    if data is None:
        raise Differs(f"{path} is missing", path=path)
    return data


class _Sink:
    """What ``ZipFile`` writes into; without ``tell`` it writes sizes behind each file, so that nothing has to be gone back to."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self.size = 0

    def write(self, data: bytes) -> int:
        """Keep it until it is taken."""
        self._parts.append(bytes(data))
        self.size += len(data)
        return len(data)

    def flush(self) -> None:
        """Nothing to do."""

    def take(self) -> bytes:
        """All that was written since the last time."""
        data = b"".join(self._parts)
        self._parts.clear()
        self.size = 0
        return data


def zipped(files: Iterable[tuple[str, bytes]]) -> Iterator[bytes]:
    """The bytes of a ZIP archive of ``files``, piece by piece. The same files give the same bytes: times are left out."""
    sink = _Sink()
    with ZipFile(sink, "w") as archive:  # type: ignore[call-overload]  # reason: it needs no more than write and flush
        for path, data in files:
            info = ZipInfo(path, _EPOCH)
            info.external_attr = 0o644 << 16
            parsed = tiles.parse_path(path.partition("/")[2]) or tiles.parse_path(path)
            is_hashes = parsed is not None and parsed[0] is not None
            # Hashes cannot be made smaller; entries shrink to half.
            archive.writestr(info, data, ZIP_STORED if is_hashes else ZIP_DEFLATED, compresslevel=None if is_hashes else 1)
            if sink.size >= CHUNK:
                yield sink.take()
    yield sink.take()
