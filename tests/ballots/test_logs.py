"""Where logs are kept, and who witnesses them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from qatysu.ballots import sequencing
from qatysu.ballots.logs import find_log, log_of, policy_of, storage_of, witnesses
from qatysu.bulletin.s3 import S3Storage
from qatysu.core.errors import NotFound
from qatysu.core.regulation import Stage
from qatysu.ledger.notes import BadNote, Signer
from qatysu.ledger.witnesses import WitnessKey
from tests import factories
from tests.bulletin import stores

pytestmark = pytest.mark.django_db


def test_a_log_is_found_by_the_name_of_its_round(voting_round: Any) -> None:
    assert find_log("khromtau-demo") == log_of(voting_round)
    assert find_log("khromtau") is None
    assert find_log("") is None
    assert find_log("%") is None


def test_a_round_without_a_slate_has_no_log(city: Any) -> None:
    with pytest.raises(NotFound):
        log_of(factories.make_round(city, stage=Stage.IDEAS))


def test_files_are_kept_in_a_store_when_one_is_named(voting_round: Any, settings: Any) -> None:
    with stores.store() as (address, _handler):
        host = address.removeprefix("http://")
        secret = stores.SECRET.replace("/", "%2F").replace("+", "%2B")
        settings.LOG_STORAGE = f"http://{stores.ACCESS}:{secret}@{host}/{stores.BUCKET}/town?region={stores.REGION}"
        log = log_of(voting_round)
        factories.cast(voting_round, "a", ["1"])
        assert sequencing.seal_now(log, timezone.now()) == 2
        storage = storage_of(log)
        assert isinstance(storage, S3Storage)
        assert storage.get("checkpoint").startswith(log.origin.encode())
        storage.close()
    assert not Path(settings.LOG_ROOT).exists()


def test_witnesses_come_from_a_file(voting_round: Any, settings: Any, tmp_path: Path) -> None:
    assert (witnesses(), policy_of(log_of(voting_round)).quorum) == ((), 0)
    key = WitnessKey("witness.example.kz", Signer("witness.example.kz", b"w" * 32).verifier.public)
    file = tmp_path / "witnesses"
    file.write_text(f"# ours\nquorum 1\n{key} http://127.0.0.1:9/\n")
    settings.WITNESSES = str(file)
    assert [found.key for found in witnesses()] == [key]
    policy = policy_of(log_of(voting_round))
    assert (policy.witnesses, policy.quorum, str(policy.log)) == ((key,), 1, log_of(voting_round).vkey)


@pytest.mark.parametrize("line", ["quorum 2", "quorum x", "quorum", "quorum ١"])
def test_a_quorum_that_cannot_be_is_refused(voting_round: Any, settings: Any, tmp_path: Path, line: str) -> None:
    file = tmp_path / "witnesses"
    file.write_text(f"{line}\n")
    settings.WITNESSES = str(file)
    with pytest.raises(BadNote):
        policy_of(log_of(voting_round))
