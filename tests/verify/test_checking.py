"""An honest log passes the verifier; each kind of broken files is refused with its own reason."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qatysu.ledger import merkle, notes, tiles
from qatysu.ledger.notes import Signer
from qatysu.ledger.receipts import Promise
from qatysu.ledger.witnesses import Policy, WitnessKey, cosign
from qatysu.verify.checking import Kept, Report, verify
from qatysu.verify.source import Folder, Unreadable, Web, source_of
from tests.verify import logs
from tests.verify.broken import BROKEN, FILES, HONEST, SIZE, Broken
from tests.verify.logs import LOG, Files

KEY = LOG.verifier
WITNESS = Signer("witness.example", b"w" * 32)


def checked(files: Files, **more: object) -> Report:
    return verify(files, KEY, **more)  # type: ignore[arg-type]  # reason: a dictionary reads like a source


def codes(files: Files, **more: object) -> list[str]:
    return [fault.code for fault in checked(files, **more).faults]


def test_an_honest_log_is_good() -> None:
    seen: list[tuple[int, int]] = []
    report = checked(FILES, progress=lambda done, size: seen.append((done, size)))
    assert (report.faults, report.is_good) == ([], True)
    assert report.outcome is not None
    assert (report.outcome.winners, report.outcome.spent) == (("4", "1"), 80)
    assert seen[-1] == (len(HONEST), len(HONEST))


def test_kept_checkpoints_promises_and_receipts_of_the_log_agree() -> None:
    kept = Kept(
        tuple(data for name, data in FILES.items() if name.startswith("saved/")),
        (Promise(LOG.name, merkle.leaf_hash(HONEST[7]), 1),),
        (merkle.leaf_hash(HONEST[9]),),
    )
    assert codes(FILES, kept=kept, now=2) == []


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.name)
def test_every_kind_of_broken_log_is_refused_with_its_reason(broken: Broken) -> None:
    assert broken.code in codes(broken.files, kept=Kept(broken.kept))


def test_there_are_many_kinds_of_broken_logs_and_many_reasons() -> None:
    assert len({broken.name for broken in BROKEN}) == len(BROKEN) >= 90
    assert len({broken.code for broken in BROKEN}) >= 40
    assert [broken.name for broken in BROKEN if bool(broken.sees) == bool(broken.blind)] == []


def test_a_log_rebuilt_without_a_voter_shows_in_kept_checkpoints() -> None:
    """Everything agrees with itself, and still it is another log."""
    files = logs.publish([logs.raw(entry) for entry in logs.whole_round(299)])
    assert codes(files) == []
    assert codes(files, kept=Kept((FILES["saved/400"],))) == ["split_view"]
    assert codes(files, kept=Kept((FILES["checkpoint"],))) == ["rollback"]
    assert codes(files, kept=Kept((FILES["saved/1"],))) == []
    assert codes(files, kept=Kept((b"no note",))) == ["saved"]


def test_broken_promises_and_lost_ballots_are_named() -> None:
    promise = Promise(LOG.name, merkle.leaf_hash(b"never sealed"), 1000)
    assert codes(FILES, kept=Kept(promises=(promise,)), now=1001) == ["broken_promise"]
    assert codes(FILES, kept=Kept(promises=(promise,)), now=999) == []
    assert codes(FILES, kept=Kept(leaves=(bytes(32),))) == ["receipt_missing"]


def test_the_final_checkpoint_needs_its_witnesses() -> None:
    policy = Policy(KEY, (WitnessKey(WITNESS.name, WITNESS.verifier.public),), 1)
    assert codes(FILES, policy=policy) == ["quorum"]
    text = notes.parse(FILES["checkpoint"]).text
    witnessed = Files({**FILES, "checkpoint": FILES["checkpoint"] + cosign(WITNESS, text, 5).encode()})
    report = checked(witnessed, policy=policy)
    assert (report.faults, report.witnesses) == ([], (WITNESS.name,))
    forged = Files({**FILES, "checkpoint": FILES["checkpoint"] + cosign(WITNESS, text.replace("4", "5"), 5).encode()})
    assert codes(forged, policy=policy) == ["checkpoint"]


def test_a_log_without_a_result_yet_is_good_and_says_nothing_of_winners() -> None:
    report = checked(logs.publish(HONEST[:202]))
    assert (report.faults, report.outcome) == ([], None)


def test_a_full_bundle_serves_for_a_partial_one() -> None:
    short = logs.publish(HONEST[:100])
    longer = logs.publish(HONEST[:256])
    files = Files({**longer, "checkpoint": short["checkpoint"]})
    assert codes(files) == []


def test_folders_and_addresses_are_read(tmp_path: Path) -> None:
    folder = FILES.write(tmp_path)
    assert verify(source_of(str(folder)), KEY).faults == []
    assert Folder(folder).get("tile/0/999") is None
    assert Folder(folder).get("tile") is None
    for place in ("/nowhere/at/all", "ftp://example.org/log"):
        with pytest.raises(Unreadable):
            source_of(place)
    assert isinstance(source_of("https://example.org/log"), Web)


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_any_changed_byte_is_seen(data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(sorted(name for name in FILES if name != "vkey" and not name.startswith("saved"))))
    at, bit = data.draw(st.integers(0, len(FILES[path]) - 1)), data.draw(st.integers(0, 7))
    body = bytearray(FILES[path])
    body[at] ^= 1 << bit
    assert codes(Files({**FILES, path: bytes(body)})) != []


def test_tiles_of_the_log_are_all_there() -> None:
    assert {tiles.tile_path(*tile) for tile in tiles.widths(SIZE)} <= set(FILES)
