"""Restored backups and changed rows: refused, then brought back; never rolled back (LEDGER threats 13, 14, 16)."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from qatysu.bulletin import commands, queries
from qatysu.bulletin.errors import Behind, Closed, Differs, FilesOld, Marked
from qatysu.bulletin.models import Entry, Log
from qatysu.bulletin.recovering import Kind
from qatysu.ledger.merkle import EMPTY_ROOT, leaf_hash
from qatysu.ledger.notes import Checkpoint, Signer, sign
from tests.bulletin.conftest import NOW, SIGNER, seal, submit

KEY = SIGNER.verifier


def lift():
    """Whoever owns the tables can do this; the guards come back with the rollback at the end of the test."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE bulletin_entry DISABLE TRIGGER USER")
            cursor.execute("ALTER TABLE bulletin_log DISABLE TRIGGER USER")
            return
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'bulletin_%'")
        for (name,) in cursor.fetchall():
            cursor.execute(f'DROP TRIGGER "{name}"')


def sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def backup(log):
    """What a backup of the database holds of this log."""
    log.refresh_from_db()
    fields = ("size", "root", "edge", "published_size", "waiting_since")
    return {name: getattr(log, name) for name in fields}, list(Entry.objects.filter(log=log))


def restore(log, kept):
    """The database of the backup, as an operator who restores would have it."""
    lift()
    sql("DELETE FROM bulletin_entry")
    Entry.objects.bulk_create(kept[1])
    Log.objects.filter(pk=log.pk).update(**kept[0], refused_code="", refused_text="")
    log.refresh_from_db()


def kind_of(raw):
    return Kind.CLOSING if raw.startswith(b"closed") else Kind.ACT if int(raw.split()[1]) >= 900 else Kind.VOTERS


def texts(log):
    rows = Entry.objects.filter(log=log).exclude(idx=None).order_by("idx")
    return [bytes(raw).decode() for raw in rows.values_list("raw", flat=True)]


def test_a_restored_old_database_is_refused_and_then_brought_back_with_its_participation(log, storage):
    submit(log, *range(300))
    seal(log, storage)
    submit(log, *range(300, 310))
    kept = backup(log)
    submit(log, *range(310, 600))
    submit(log, 900, 901, is_voters=False)
    seal(log, storage)
    before, checkpoint = texts(log), storage.files["checkpoint"]
    restore(log, kept)
    with pytest.raises(Behind):
        commands.check_start(log, storage)
    with pytest.raises(Marked):
        seal(log, storage)
    with pytest.raises(Behind):
        submit(log, 5000)
    log.refresh_from_db()
    assert queries.standing(log, now=NOW).state == "behind"
    came = []
    done = commands.recover(log, storage, KEY, kind_of=kind_of, on_recovered=came.extend)
    assert (done.old_size, done.size, done.inserted, done.still_waiting) == (300, 602, 292, ())
    assert came == [(at, text.encode()) for at, text in enumerate(before)][300:]
    assert (texts(log), storage.files["checkpoint"]) == (before, checkpoint)
    assert commands.self_check(log, storage) == ()
    submit(log, 902, is_voters=False)
    assert seal(log, storage) == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        submit(log, 320)


def test_what_was_accepted_after_the_restore_stays_waiting_and_is_named(log, storage):
    submit(log, 1)
    kept = backup(log)
    seal(log, storage)
    restore(log, kept)
    late = submit(log, 77)  # before anybody noticed
    with pytest.raises(Behind):
        seal(log, storage)
    done = commands.recover(log, storage, KEY, kind_of=kind_of, on_recovered=list)
    assert (done.inserted, done.still_waiting) == (0, tuple(late))
    assert seal(log, storage) == 1
    assert texts(log) == ["entry 1", "entry 77"]


def test_a_recovered_closing_entry_keeps_voters_out(log, storage):
    submit(log, 1)
    seal(log, storage)
    kept = backup(log)
    commands.submit_closing(log, lambda _size: b"closed")
    seal(log, storage)
    restore(log, kept)
    commands.recover(log, storage, KEY, kind_of=kind_of, on_recovered=list)
    with pytest.raises(Closed):
        submit(log, 2)


def test_recovery_reads_nothing_that_the_checkpoint_does_not_cover(log, storage):
    submit(log, *range(10))
    seal(log, storage)
    kept = backup(log)
    submit(log, *range(10, 20))
    seal(log, storage)
    restore(log, kept)
    honest = dict(storage.files)
    path = "tile/entries/000.p/20"
    storage.files[path] = honest[path].replace(b"entry 15", b"entry 99")
    with pytest.raises(Differs, match="root hash of the checkpoint"):
        commands.recover(log, storage, KEY, kind_of=kind_of, on_recovered=list)
    storage.files[path] = honest[path][:-1]
    with pytest.raises(Differs, match="cut off"):
        commands.recover(log, storage, KEY, kind_of=kind_of, on_recovered=list)
    with pytest.raises(Differs, match="not the key"):
        commands.recover(log, storage, Signer(log.origin, b"o" * 32).verifier, kind_of=kind_of, on_recovered=list)
    assert (Log.objects.get().size, Entry.objects.count()) == (10, 10)


def test_another_log_under_the_same_key_is_not_taken_for_the_future(log, storage):
    """LEDGER threat 14: a rebuilt log, signed with the right key."""
    submit(log, *range(10))
    seal(log, storage)
    mine = backup(log)
    restore(log, ({"size": 0, "root": EMPTY_ROOT.hex(), "edge": [], "published_size": 0, "waiting_since": None}, []))
    storage.files.clear()
    submit(log, *range(100, 130))
    seal(log, storage)
    restore(log, mine)
    with pytest.raises(Behind):
        seal(log, storage)
    with pytest.raises(Differs, match="not those that the database sealed"):
        commands.recover(log, storage, KEY, kind_of=kind_of, on_recovered=list)


def test_restored_old_files_are_refused_and_then_written_anew(log, storage):
    submit(log, *range(100))
    seal(log, storage)
    old = dict(storage.files)
    submit(log, *range(100, 400))
    seal(log, storage)
    new = dict(storage.files)
    storage.files.clear()
    storage.files.update(old)
    submit(log, 400)
    with pytest.raises(FilesOld):
        seal(log, storage)
    assert commands.republish(log, storage, SIGNER) == 400
    assert {path: storage.files[path] for path in new} == new
    assert seal(log, storage) == 1


def test_a_checkpoint_of_another_tree_or_key_is_refused(log, storage):
    submit(log, *range(10))
    seal(log, storage)
    storage.files["checkpoint"] = sign(Checkpoint(log.origin, 10, b"r" * 32).text, SIGNER).encode()
    with pytest.raises(Differs):
        commands.check_start(log, storage)
    storage.files["checkpoint"] = sign(Checkpoint(log.origin, 10, b"r" * 32).text, Signer(log.origin, b"o" * 32)).encode()
    assert commands.self_check(log, storage) == ("the published checkpoint: the checkpoint is not signed by " + log.origin,)


CHANGES = {
    "bytes of a sealed entry": ("UPDATE bulletin_entry SET raw = leaf WHERE idx = 3", "entry 3 of the database has other bytes"),
    "a sealed entry with a fitting leaf": (None, "root hash"),
    "a deleted entry": ("DELETE FROM bulletin_entry WHERE idx = 3", "entry 3 is missing"),
    "the last entry": ("DELETE FROM bulletin_entry WHERE idx = 299", "is missing"),
    "an entry moved": ("UPDATE bulletin_entry SET idx = 1000 WHERE idx = 4", "entry 4 is missing"),
    "a waiting entry": ("UPDATE bulletin_entry SET raw = leaf WHERE idx IS NULL", "a waiting entry has other bytes"),
    "the head": ("UPDATE bulletin_log SET root = 'aa'", "root"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_rows_changed_past_the_guards_are_found_and_nothing_is_signed_any_more(log, storage, change):
    """LEDGER threat 13."""
    submit(log, *range(300))
    seal(log, storage)
    submit(log, 300)
    checkpoint = storage.files["checkpoint"]
    lift()
    statement, reason = CHANGES[change]
    if statement is None:
        row = Entry.objects.get(log=log, idx=3)
        row.raw = b"entry 1000000"
        row.leaf = leaf_hash(row.raw)
        row.save()
    else:
        sql(statement)
    found = commands.self_check(log, storage)
    assert reason in " ".join(found)
    with pytest.raises(Marked):
        seal(log, storage)
    assert storage.files["checkpoint"] == checkpoint
    log.refresh_from_db()
    assert queries.standing(log, now=NOW).state == "refused"
    assert commands.lift_refusal(log, storage=storage) != ()


def test_a_changed_row_in_the_last_bundle_stops_the_next_batch_itself(log, storage):
    submit(log, *range(10))
    seal(log, storage)
    submit(log, 10)
    lift()
    row = Entry.objects.get(log=log, idx=3)
    row.raw = b"entry 1000000"
    row.leaf = leaf_hash(row.raw)
    row.save()
    with pytest.raises(Differs, match="does not fit the sealed head"):
        seal(log, storage)
    assert Log.objects.get().refused_code == "log_differs"


def test_changed_and_missing_files_are_named(log, storage):
    submit(log, *range(300))
    seal(log, storage)
    honest = dict(storage.files)
    storage.files["tile/0/000"] = b"\0" + honest["tile/0/000"][1:]
    del storage.files["tile/entries/001.p/44"]
    assert commands.self_check(log, storage) == ("tile/0/000 holds other bytes than the rows give", "tile/entries/001.p/44 is missing")
    storage.files.update(honest)
    assert commands.lift_refusal(log, storage=storage) == ()
    submit(log, 300)
    assert seal(log, storage) == 1
