"""Three places for the same files: memory, folder, S3-like store."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from qatysu.bulletin import commands, serving
from qatysu.bulletin.errors import Busy, Differs, OtherWriter
from qatysu.bulletin.s3 import Account, S3Storage, Unreachable
from qatysu.bulletin.storage import FolderStorage, MemoryStorage
from qatysu.ledger.notes import open_checkpoint
from tests.bulletin import stores
from tests.bulletin.conftest import SIGNER, seal, submit

ACCOUNT = Account(stores.ACCESS, stores.SECRET, stores.REGION)


def s3(address, prefix="town/y2027", account=ACCOUNT):
    return S3Storage(address, stores.BUCKET, prefix, account)


@pytest.fixture
def store():
    with stores.store() as found:
        yield found


@pytest.fixture(params=["memory", "folder", "s3"])
def any_storage(request, tmp_path, store):
    return {"memory": MemoryStorage, "folder": lambda: FolderStorage(tmp_path / "log"), "s3": lambda: s3(store[0])}[request.param]()


def test_signature_version_4_of_the_example_that_amazon_publishes():
    account = Account("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    headers = {
        "host": "examplebucket.s3.amazonaws.com", "range": "bytes=0-9",
        "x-amz-content-sha256": empty, "x-amz-date": "20130524T000000Z",
    }
    assert account.authorization("GET", "/test.txt", "", headers, empty) == (
        "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, "
        "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, "
        "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"
    )


def test_immutable_files_are_never_written_over(any_storage):
    any_storage.put_immutable([("tile/0/000", b"one"), ("tile/0/001.p/3", b"two")])
    any_storage.put_immutable([("tile/0/000", b"one")])
    with pytest.raises(Differs, match="tile/0/000"):
        any_storage.put_immutable([("tile/0/000", b"other")])
    assert (any_storage.get("tile/0/000"), any_storage.get("tile/0/002")) == (b"one", None)


def test_the_checkpoint_is_replaced_only_from_the_one_that_was_seen(any_storage):
    any_storage.replace_checkpoint(b"first", None)
    with pytest.raises(OtherWriter):
        any_storage.replace_checkpoint(b"second", None)
    any_storage.replace_checkpoint(b"second", b"first")
    with pytest.raises(OtherWriter):
        any_storage.replace_checkpoint(b"third", b"first")
    assert any_storage.get("checkpoint") == b"second"


def test_partial_tiles_of_one_tile_are_discarded_alone(any_storage):
    any_storage.put_immutable([(path, b"x") for path in ("tile/0/000.p/3", "tile/0/000.p/17", "tile/0/000", "tile/0/001.p/3")])
    any_storage.discard_partials("tile/0/000")
    kept = [p for p in ("tile/0/000.p/3", "tile/0/000.p/17", "tile/0/000", "tile/0/001.p/3") if any_storage.get(p) is not None]
    assert kept == ["tile/0/000", "tile/0/001.p/3"]


@pytest.mark.parametrize("path", ["../secret", "tile/0/../../x", "/etc/passwd", "tile/entries/00", "tile/0/000.p/256", ".writer", ""])
def test_only_paths_of_a_log_reach_the_storage(any_storage, log, path):
    with pytest.raises(ValueError):
        any_storage.get(path)
    with pytest.raises(ValueError):
        any_storage.put_immutable([(path, b"x")])
    assert serving.serve(log, any_storage, path) is None


def test_a_store_and_a_folder_hold_the_same_files(log, store, tmp_path):
    address, handler = store
    remote, folder = s3(address), FolderStorage(tmp_path / "log")
    for start, end in ((0, 250), (250, 255), (255, 600)):
        submit(log, *range(start, end))
        seal(log, remote)
    commands.republish(log, folder, SIGNER)
    there = {str(p.relative_to(tmp_path / "log")): p.read_bytes() for p in (tmp_path / "log").rglob("*") if p.is_file()}
    del there[".writer"]
    assert {key.removeprefix("town/y2027/"): data for key, data in handler.objects.items()} == there
    assert commands.self_check(log, remote) == ()
    assert handler.kinds["town/y2027/checkpoint"] == (serving.TEXT, "no-cache")
    assert handler.kinds["town/y2027/tile/0/000"] == (serving.BYTES, serving.FOREVER)


def test_a_store_refuses_a_wrong_key_and_sealing_goes_on_later(log, store):
    address, handler = store
    submit(log, *range(10))
    with pytest.raises(Unreachable):
        seal(log, s3(address, account=Account(stores.ACCESS, "wrong", stores.REGION)))
    handler.broken.append(503)
    with pytest.raises(Unreachable):
        seal(log, s3(address))
    log.refresh_from_db()
    assert (log.size, log.refused_code, handler.objects) == (0, "", {})
    assert seal(log, s3(address)) == 10


def test_a_store_that_is_away_is_no_damage(log):
    with stores.store() as (address, _handler):
        pass
    submit(log, 1)
    with pytest.raises(Unreachable):
        seal(log, s3(address))
    log.refresh_from_db()
    assert log.refused_code == ""


def test_a_second_writer_to_a_store_cannot_put_an_old_checkpoint_back(log, store):
    slow, quick = s3(store[0]), s3(store[0])
    submit(log, 1)
    seal(log, quick)
    old = slow.get("checkpoint")
    submit(log, 2)
    seal(log, quick)
    with pytest.raises(OtherWriter):
        slow.replace_checkpoint(old, old)
    assert open_checkpoint(quick.get("checkpoint"), SIGNER.verifier)[0].size == 2


def test_two_sequencers_in_one_folder_are_kept_apart(log, tmp_path):
    first, second = FolderStorage(tmp_path), FolderStorage(tmp_path)
    submit(log, 1)
    with first.writer(), pytest.raises(Busy):
        seal(log, second)
    assert seal(log, second) == 1


def test_serving_says_what_may_be_kept_for_ever(log, storage):
    submit(log, *range(300))
    seal(log, storage)
    full, part = serving.serve(log, storage, "tile/entries/000"), serving.serve(log, storage, "tile/0/001.p/44")
    assert (full.data, full.headers["Content-Type"]) == (storage.files["tile/entries/000"], "application/octet-stream")
    assert full.headers["Cache-Control"] == part.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    head = serving.serve(log, storage, "checkpoint")
    assert (head.headers["Content-Type"], head.headers["Cache-Control"]) == ("text/plain; charset=utf-8", "no-cache")
    assert serving.serve(log, storage, "vkey").data == f"{SIGNER.verifier}\n".encode()
    assert serving.serve(log, storage, "tile/0/001") is None


def test_the_clock_of_signatures_is_an_argument(store):
    moments = [datetime(2026, 11, 1, 5, 0, tzinfo=UTC)]
    found = S3Storage(store[0], stores.BUCKET, "", ACCOUNT, clock=moments.pop)
    assert found.get("checkpoint") is None
    assert moments == []
