"""The public files of a log as strangers fetch them."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

import qatysu.verify
from qatysu.ballots import logs
from qatysu.ledger.notes import VerifierKey, open_checkpoint
from qatysu.ledger.witnesses import parse_policy
from qatysu.rounds.models import Round
from tests import counting, factories

pytestmark = pytest.mark.django_db
LOG = "/log/khromtau-demo/"
VERIFY = Path(qatysu.verify.__file__).parent


@pytest.fixture
def sealed(voting_round: Round) -> Round:
    """A log of a manifest and three ballots."""
    for voter in ("a", "b", "c"):
        factories.cast(voting_round, voter, ["1"])
    counting.seal(voting_round)
    return voting_round


def body(response: Any) -> bytes:
    """The bytes of an answer, streamed or not."""
    return b"".join(response.streaming_content) if response.streaming else response.content


def test_checkpoint_and_key_are_for_everybody(sealed: Round) -> None:
    key = VerifierKey.parse(Client().get(LOG + "vkey").text)
    answer = Client().get(LOG + "checkpoint")
    found, _ = open_checkpoint(answer.content, key)
    assert (found.origin, found.size) == (logs.origin_of("khromtau-demo"), 4)
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert (answer["Cache-Control"], answer["Access-Control-Allow-Origin"]) == ("no-cache", "*")
    assert not answer.cookies


def test_tiles_never_change_and_say_so(sealed: Round) -> None:
    for path in ("tile/0/000.p/4", "tile/entries/000.p/4"):
        answer = Client().get(LOG + path)
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/octet-stream")
        assert "immutable" in answer["Cache-Control"]
        assert answer["Access-Control-Allow-Origin"] == "*"
    assert len(Client().get(LOG + "tile/0/000.p/4").content) == 4 * 32


@pytest.mark.parametrize(
    "path",
    [
        "tile/0/001", "tile/0/000.p/5", "tile/0/000.p/256", "tile/8/0/000", "tile/64/000", "tile/entries/0", "other", "checkpoint/",
        "tile/../checkpoint", "../khromtau-demo/checkpoint", "tile/0/..%2f..%2fcheckpoint", ".writer", "%00", "tile/0/000.p/004",
    ],
)  # fmt: skip
def test_nothing_else_is_served(sealed: Round, path: str) -> None:
    answer = Client().get(LOG + path)
    assert answer.status_code == 404
    assert answer["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("file", ["checkpoint", "vkey", "policy", "log.zip", "verify.py", "saved.html"])
def test_a_log_that_does_not_exist_has_no_files(voting_round: Round, file: str) -> None:
    assert Client().get(f"/log/khromtau-other/{file}").status_code == 404


def test_what_a_reader_has_is_not_sent_again(sealed: Round) -> None:
    first = Client().get(LOG + "checkpoint")
    again = Client().get(LOG + "checkpoint", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert again["Access-Control-Allow-Origin"] == "*"
    factories.cast(sealed, "d", ["2"])
    counting.seal(sealed)
    assert Client().get(LOG + "checkpoint", headers={"If-None-Match": first["ETag"]}).status_code == 200


@pytest.mark.parametrize("file", ["checkpoint", "vkey", "policy", "tile/0/000.p/4", "log.zip", "verify.py", "saved.html"])
def test_heads_are_answered_without_a_body_and_nothing_is_taken(sealed: Round, file: str) -> None:
    answer = Client().head(LOG + file)
    assert (answer.status_code, body(answer)) == (200, b"")
    assert Client().post(LOG + file).status_code == 405


def test_a_gzip_reader_gets_the_same_bytes_and_keeps_its_etag(sealed: Round) -> None:
    client = Client(headers={"Accept-Encoding": "gzip"})
    first = client.get(LOG + "saved.html")
    assert first["Content-Encoding"] == "gzip"
    assert client.get(LOG + "saved.html", headers={"If-None-Match": first["ETag"]}).status_code == 304


def test_the_policy_is_read_by_the_programs(sealed: Round, settings: Any, tmp_path: Path) -> None:
    assert parse_policy(Client().get(LOG + "policy").text).quorum == 0
    witness = "witness.example+" + _witness_key()
    settings.WITNESSES = str(tmp_path / "witnesses")
    Path(settings.WITNESSES).write_text(f"quorum 1\n{witness} https://witness.example\n")
    found = parse_policy(Client().get(LOG + "policy").text)
    assert (found.log.name, [str(key) for key in found.witnesses], found.quorum) == (logs.origin_of("khromtau-demo"), [witness], 1)


def _witness_key() -> str:
    from qatysu.ledger.notes import Signer  # reason: used here alone
    from qatysu.ledger.witnesses import WitnessKey

    return str(WitnessKey("witness.example", Signer("witness.example", b"w" * 32).verifier.public)).partition("+")[2]


@pytest.mark.parametrize(("file", "source"), [("verify.py", "standalone/verify.py"), ("saved.html", "static/verify/saved.html")])
def test_programs_beside_the_log_are_downloads_of_their_own_bytes(sealed: Round, file: str, source: str) -> None:
    answer = Client().get(LOG + file)
    assert answer.content == (VERIFY / source).read_bytes()
    assert answer["Content-Disposition"] == f'attachment; filename="{file}"'


def test_the_archive_recounts_itself_on_a_machine_without_us(sealed: Round, tmp_path: Path) -> None:
    answer = Client(headers={"Accept-Encoding": "gzip"}).get(LOG + "log.zip")
    assert answer.streaming
    assert answer["Content-Encoding"] == "identity"
    with zipfile.ZipFile(io.BytesIO(body(answer))) as archive:
        assert archive.testzip() is None
        archive.extractall(tmp_path)
    folder = tmp_path / "khromtau-demo"
    text = (folder / "README.txt").read_text()
    key = (folder / "vkey").read_text().strip()
    assert all(word in text for word in ("ҚАЗАҚША", "РУССКИЙ", "ENGLISH", key))
    command = [sys.executable, "-I", "verify.py", ".", "--policy", "policy", "--json"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    assert (found["good"], found["size"], found["voters"]) == (True, 4, 3)


def test_the_log_of_heads_is_served_like_any_other(sealed: Round) -> None:
    from django.utils import timezone  # reason: the clock of the worker

    from qatysu.ballots import sequencing

    sequencing.tick(timezone.now())
    assert Client().get("/log/heads/vkey").text.startswith(logs.origin_of("heads") + "+")
