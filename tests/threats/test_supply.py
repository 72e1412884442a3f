"""Threat 28: the checking programs themselves are changed on their way to the people."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

import qatysu.verify
from qatysu.bulletin.models import Entry
from qatysu.ledger.entries import decode
from qatysu.rounds.models import Round
from qatysu.web.views import log_files
from tests.threats.conftest import publish

VERIFY = Path(qatysu.verify.__file__).parent


@pytest.fixture
def manifest(voting_round: Round, now: datetime) -> dict[str, object]:
    """The first entry of the published log."""
    publish(voting_round, now)
    return decode(bytes(Entry.objects.get(idx=0).raw))


def test_threat_28_the_program_that_is_handed_out_is_the_one_of_the_manifest(manifest: dict[str, object]) -> None:
    served = Client().get("/log/khromtau-demo/verify.py").content
    assert hashlib.sha256(served).hexdigest() == manifest["verifier_hash"]


def test_threat_28_a_changed_program_does_not_fit_the_manifest(manifest: dict[str, object], monkeypatch: pytest.MonkeyPatch) -> None:
    plain = log_files._bytes("verify.py")
    monkeypatch.setattr(log_files, "_bytes", lambda _file: plain.replace(b"BROKEN PROMISE", b"all is well"))
    served = Client().get("/log/khromtau-demo/verify.py").content
    assert hashlib.sha256(served).hexdigest() != manifest["verifier_hash"]


def test_threat_28_pages_load_programs_from_here_only_and_none_that_stands_in_a_page(voting_round: Round) -> None:
    answer = Client().get("/en/khromtau/demo/verify/")
    policy, text = answer["Content-Security-Policy"], answer.content.decode()
    scripts = re.search(r"script-src ([^;]*)", policy)
    assert scripts is not None
    assert set(scripts[1].split()) <= {"'self'"}
    assert [tag for tag in re.findall(r"<script\b[^>]*>", text) if "src=" not in tag and 'type="application/json"' not in tag] == []
    assert [src for src in re.findall(r'<script\b[^>]*src="([^"]+)"', text) if not src.startswith("/static/")] == []


@pytest.mark.parametrize("name", ["receipt.mjs", "box.mjs", "promise.mjs"])
def test_threat_28_browsers_get_the_modules_of_the_package_unchanged(name: str) -> None:
    found = finders.find(f"verify/{name}")
    assert isinstance(found, str)
    assert Path(found).read_bytes() == (VERIFY / "static" / "verify" / name).read_bytes()


def test_threat_28_the_saved_page_asks_nobody_for_programs() -> None:
    text = (VERIFY / "static" / "verify" / "saved.html").read_text()
    assert re.findall(r'(?:src|href)="(?!data:|#)([^"]+)"', text) == []
    assert not re.search(r"""\bfrom\s+["']|import\(""", text)
