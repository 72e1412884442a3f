"""Entries come in, get their places, are sealed and published; strangers' eyes see one growing log."""

from __future__ import annotations

from datetime import timedelta
from random import SystemRandom

import pytest
from django.db import IntegrityError, connection, transaction

from qatysu.bulletin import commands, queries
from qatysu.bulletin.errors import Closed, Differs, Frozen, StillWaiting
from qatysu.bulletin.models import Entry
from qatysu.bulletin.storage import FolderStorage
from qatysu.ledger import receipts
from qatysu.ledger.notes import open_checkpoint
from qatysu.vault.triggers import refused_by
from qatysu.verify.checking import Kept, verify
from qatysu.verify.source import Folder
from tests.bulletin.conftest import NOW, SIGNER, seal, submit
from tests.verify import logs

KEY = SIGNER.verifier


def texts(log):
    rows = Entry.objects.filter(log=log).exclude(idx=None).order_by("idx")
    return [bytes(raw).decode() for raw in rows.values_list("raw", flat=True)]


def test_every_entry_stands_once_and_the_checkpoint_covers_all(log, storage):
    submit(log, *range(600))
    assert seal(log, storage) == 600
    assert sorted(texts(log)) == sorted(f"entry {n}" for n in range(600))
    checkpoint, _ = open_checkpoint(storage.files["checkpoint"], KEY)
    assert (checkpoint.size, checkpoint.root.hex()) == (600, log.root)
    assert commands.self_check(log, storage) == ()


def test_entries_of_voters_are_shuffled_by_the_given_chance_and_acts_follow_in_their_order(log, storage):
    submit(log, *range(900, 904), is_voters=False)
    submit(log, *range(50))
    seal(log, storage)
    ids = list(range(50))
    placed = [int(text.split()[1]) for text in texts(log)]
    assert (placed[0], placed[51:]) == (900, [901, 902, 903])  # the first act of a log is its manifest
    assert sorted(placed[1:51]) == ids
    assert placed[1:51] != ids


def test_order_of_arrival_is_not_in_the_order_of_the_log(log, storage):
    """LEDGER threat 24: rank correlation between arrival and place, over many batches of 50."""
    total = 0
    for batch in range(40):
        numbers = range(batch * 50, batch * 50 + 50)
        submit(log, *numbers)
        seal(log, storage, rng=SystemRandom())
        placed = [int(text.split()[1]) - batch * 50 for text in texts(log)[batch * 50 :]]
        total += sum((place - 24.5) * (number - 24.5) for place, number in enumerate(placed))
    correlation = total / 40 / sum((n - 24.5) ** 2 for n in range(50))
    assert -0.12 < correlation < 0.12  # five standard deviations of the mean


def test_the_same_entries_and_chance_give_the_same_bytes_in_memory_and_in_a_folder(log, storage, tmp_path):
    folder = FolderStorage(tmp_path / "log")
    submit(log, *range(300))
    seal(log, storage)
    assert commands.republish(log, folder, SIGNER) == 300
    there = {str(p.relative_to(tmp_path / "log")): p.read_bytes() for p in (tmp_path / "log").rglob("*") if p.is_file()}
    assert there.pop(".writer") == b""
    assert there == storage.files


def test_growing_in_many_batches_gives_the_same_files_as_in_one(log, storage):
    at = 0
    for count in (1, 1, 254, 1, 255, 300, 3, 257):
        submit(log, *range(at, at + count), is_voters=False)
        assert seal(log, storage) == count
        at += count
    honest = logs.publish([f"entry {n}".encode() for n in range(at)], SIGNER)
    del honest["vkey"]
    partials = {path for path in storage.files if ".p/" in path and path not in honest}
    assert {path: data for path, data in storage.files.items() if path not in partials} == honest


def test_partial_tiles_go_once_the_full_one_is_published(log, storage):
    for n in range(255):
        submit(log, n)
        seal(log, storage)
    assert len([p for p in storage.files if ".p/" in p]) == 2 * 255
    submit(log, 255)
    seal(log, storage)
    assert sorted(storage.files) == ["checkpoint", "tile/0/000", "tile/1/000.p/1", "tile/entries/000"]


def test_a_log_of_more_than_65536_entries_has_a_third_row_of_tiles(log, storage):
    commands.submit_all(log, [n.to_bytes(4, "big") for n in range(66_000)], is_voters=True)
    assert seal(log, storage, largest=40_000) == 40_000
    assert seal(log, storage, largest=40_000) == 26_000
    assert {p for p in storage.files if p.startswith("tile/2/")} == {"tile/2/000.p/1"}
    assert commands.self_check(log, storage) == ()


def test_nothing_waiting_changes_nothing(log, storage):
    assert seal(log, storage) == 0
    assert storage.files == {}


def test_an_existing_file_of_other_bytes_stops_the_sealing_and_marks_the_log(log, storage):
    storage.files["tile/0/000.p/2"] = b"x" * 64
    submit(log, 1, 2)
    with pytest.raises(Differs):
        seal(log, storage)
    log.refresh_from_db()
    assert (log.refused_code, log.size, log.published_size, "checkpoint" in storage.files) == ("log_differs", 0, 0, False)


def test_a_batch_is_due_by_number_or_by_age(log, storage):
    assert commands.look(log, now=NOW) is False
    submit(log, *range(19))
    assert commands.look(log, now=NOW) is False
    assert commands.look(log, now=NOW + timedelta(seconds=599)) is False
    assert commands.look(log, now=NOW + timedelta(seconds=600)) is True
    submit(log, 19)
    assert commands.look(log, now=NOW) is True
    seal(log, storage)
    assert commands.look(log, now=NOW + timedelta(days=1)) is False


def test_standing_tells_what_waits_and_for_how_long(log, storage):
    assert queries.standing(log, now=NOW).state == "healthy"
    submit(log, 1)
    commands.look(log, now=NOW)
    later = NOW + timedelta(seconds=4201)
    found = queries.standing(log, now=NOW + timedelta(seconds=30))
    assert (found.state, found.waiting, found.waiting_s) == ("waiting", 1, 30)
    assert queries.standing(log, now=later).state == "late"
    seal(log, storage)
    assert (queries.standing(log, now=later).state, log.published_size) == ("healthy", 1)


def test_the_closing_entry_stands_alone_after_all_others(log, storage):
    submit(log, *range(5))
    with pytest.raises(StillWaiting):
        commands.submit_closing(log, lambda size: f"closed at {size}".encode())
    seal(log, storage)
    commands.submit_closing(log, lambda size: f"closed at {size}".encode())
    submit(log, 90, is_voters=False)
    with pytest.raises(Closed):
        submit(log, 6)
    assert (seal(log, storage), seal(log, storage)) == (1, 1)
    assert texts(log)[5:] == ["closed at 5", "entry 90"]


def test_a_frozen_log_takes_nothing_and_freezes_only_when_all_is_published(log, storage):
    submit(log, 1)
    with pytest.raises(StillWaiting):
        commands.freeze_log(log, storage=storage, now=NOW)
    seal(log, storage)
    submit(log, 2, is_voters=False)
    with pytest.raises(StillWaiting):
        commands.freeze_log(log, storage=storage, now=NOW)
    seal(log, storage)
    commands.freeze_log(log, storage=storage, now=NOW)
    with pytest.raises(Frozen):
        submit(log, 3, is_voters=False)
    assert queries.standing(log, now=NOW).state == "frozen"


def test_one_entry_is_taken_in_once(log, storage):
    submit(log, 1)
    seal(log, storage)
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        submit(log, 1)
    assert "leaf" in str(refusal.value)


def test_an_entry_has_a_proof_once_it_is_published(log, storage):
    leaves = submit(log, *range(300))
    assert queries.proof_of(log, storage, leaves[7]) is None
    assert (queries.place_of(log, leaves[7]).idx, queries.place_of(log, b"?" * 32)) == (None, None)
    seal(log, storage)
    for at in (0, 7, 255, 299):
        proof = queries.proof_of(log, storage, leaves[at])
        assert receipts.check(proof, f"entry {at}".encode(), KEY) == 300
        assert queries.place_of(log, leaves[at]).is_published


def test_an_old_checkpoint_proves_entries_although_its_partial_tiles_are_gone(log, storage):
    leaves = submit(log, *range(100))
    seal(log, storage)
    old = storage.files["checkpoint"]
    submit(log, *range(100, 600))
    seal(log, storage)
    assert not any(p.startswith(("tile/0/000.p", "tile/entries/000.p")) for p in storage.files)
    storage.files["checkpoint"] = old
    assert receipts.check(queries.proof_of(log, storage, leaves[3]), b"entry 3", KEY) == 100


def test_the_verifier_accepts_a_whole_round_published_in_batches(db, tmp_path):
    """Manifest, ballots, closing, annulment, openings and result, taken in as their kinds are."""
    folder = FolderStorage(tmp_path)
    log = commands.create_log(vkey=str(logs.LOG.verifier), min_batch=1, max_delay_s=5)
    saved = []
    for entry in logs.whole_round():
        if entry["t"] == "close":
            seal(log, folder, signer=logs.LOG, rng=SystemRandom())
            commands.submit_closing(log, lambda size, entry=entry: logs.raw(entry | {"entries": size}))
        else:
            commands.submit(log, logs.raw(entry), is_voters=entry["t"] == "cast")
        if entry["t"] in ("manifest", "close", "annul", "result"):
            seal(log, folder, signer=logs.LOG, rng=SystemRandom())
            saved.append(folder.get("checkpoint"))
    report = verify(Folder(tmp_path), logs.LOG.verifier, kept=Kept(checkpoints=tuple(saved)))
    assert report.faults == []
    assert report.outcome.winners == tuple(logs.whole_round()[-1]["winners"])


def _refused(statement):
    with pytest.raises(IntegrityError) as problem, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    return refused_by(problem.value)


def test_the_database_refuses_to_change_or_delete_entries_and_to_roll_a_log_back(log, storage):
    """LEDGER threat 13."""
    submit(log, 1, 2)
    seal(log, storage)
    submit(log, 3)
    appended, grown = "qatysu:append_only:bulletin_entry", "qatysu:grows_only:bulletin_log"
    assert _refused("DELETE FROM bulletin_entry WHERE idx = 1") == appended
    assert _refused("DELETE FROM bulletin_entry WHERE idx IS NULL") == appended
    assert _refused("UPDATE bulletin_entry SET raw = leaf WHERE idx = 1") == appended
    assert _refused("UPDATE bulletin_entry SET raw = leaf, idx = 2 WHERE idx IS NULL") == appended
    assert _refused("UPDATE bulletin_entry SET is_closing = (1 = 1) WHERE idx = 1") == appended
    assert _refused("UPDATE bulletin_entry SET idx = 9 WHERE idx = 1") == appended
    assert _refused("UPDATE bulletin_entry SET idx = NULL WHERE idx = 1") == appended
    assert _refused("UPDATE bulletin_entry SET idx = 1 WHERE idx IS NULL") == "qatysu:sealed:bulletin_entry"
    assert _refused("UPDATE bulletin_log SET size = 1, published_size = 1") == grown
    assert _refused("UPDATE bulletin_log SET published_size = 1") == grown
    assert _refused("UPDATE bulletin_log SET root = 'aa'") == grown
    assert _refused("UPDATE bulletin_log SET vkey = origin") == grown
    assert _refused("DELETE FROM bulletin_log") == grown

