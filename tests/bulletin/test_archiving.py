"""The whole published log as one archive."""

from __future__ import annotations

import io
import tracemalloc
import zipfile

import pytest

from qatysu.bulletin.archiving import published_files, zipped
from qatysu.bulletin.errors import Differs
from qatysu.ledger.tiles import bundle_path, tile_path
from tests.bulletin.conftest import seal, submit

pytestmark = pytest.mark.django_db


def opened(log, storage) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(b"".join(zipped((f"town/{path}", data) for path, data in published_files(log, storage)))))


def test_the_archive_holds_every_published_file_as_it_is(log, storage):
    submit(log, *range(300))
    seal(log, storage)
    with opened(log, storage) as archive:
        assert archive.testzip() is None
        found = {name.removeprefix("town/"): archive.read(name) for name in archive.namelist()}
    assert found.pop("vkey") == f"{log.vkey}\n".encode()
    assert found == storage.files


def test_a_log_without_a_checkpoint_has_its_key_alone(log, storage):
    assert dict(published_files(log, storage)) == {"vkey": f"{log.vkey}\n".encode()}


def test_what_is_published_meanwhile_does_not_disturb(log, storage):
    """A batch fills the last tile and tidies the partial ones away while somebody is reading."""
    submit(log, *range(100))
    seal(log, storage)
    before = dict(storage.files)
    reading = published_files(log, storage)
    assert [next(reading)[0], next(reading)[0]] == ["vkey", "checkpoint"]
    submit(log, *range(100, 400))
    seal(log, storage)
    assert bundle_path(0, 100) not in storage.files
    assert dict(reading) == {path: before[path] for path in (tile_path(0, 0, 100), bundle_path(0, 100))}


def test_a_missing_file_is_said_so(log, storage):
    submit(log, 1)
    seal(log, storage)
    del storage.files[bundle_path(0, 1)]
    with pytest.raises(Differs):
        list(published_files(log, storage))


def test_a_large_archive_needs_little_memory():
    files = ((f"tile/entries/{number:03d}", bytes([number % 256]) * 1_000_000) for number in range(60))
    tracemalloc.start()
    written = sum(len(part) for part in zipped(files))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert written > 60_000
    assert peak < 8_000_000
