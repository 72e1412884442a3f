"""The page that says what is promised and what is not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client

import qatysu.web
from qatysu.core.errors import Invalid
from qatysu.rounds.cities import check_slug
from qatysu.rounds.models import Round

pytestmark = pytest.mark.django_db
LANGUAGES = ("kk", "ru", "en")
TEXTS = Path(qatysu.web.__file__).parent / "templates" / "web" / "trust"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_speaks_in_two_voices(language: str) -> None:
    answer = Client().get(f"/{language}/trust/")
    assert answer.status_code == 200
    assert 'id="short"' in answer.text
    assert 'id="exact"' in answer.text
    assert "style=" not in answer.text
    assert "<script" not in answer.text


def shape(name: str) -> list[str]:
    """Tags, codes and addresses of a text: what has to be the same in every language."""
    text = re.sub(r"&lt;[^&]*&gt;", "<>", (TEXTS / name).read_text())
    tags = r"<(?:section|li|tr|td|th|h\d|a|pre|ol|ul|table)\b"
    return re.findall(tags + r"|https://[^\"]+|--[a-z_-]+|verify\.py|SHA-256|checkpoint", text)


@pytest.mark.parametrize("voice", ["short", "exact"])
@pytest.mark.parametrize("language", ["kk", "ru"])
def test_all_languages_promise_the_same(voice: str, language: str) -> None:
    ours, english = shape(f"{voice}_{language}.html"), shape(f"{voice}_en.html")
    assert sorted(ours) == sorted(english)


def test_kazakh_and_russian_are_no_copies_of_each_other() -> None:
    kazakh, russian = ((TEXTS / f"short_{language}.html").read_text() for language in ("kk", "ru"))
    assert len(re.findall("[әғқңөұүһі]", kazakh)) > 200
    assert not re.findall("[әғқңөұүһі]", russian)


def test_witnesses_are_promised_only_where_they_are_asked(settings: object, tmp_path: Path) -> None:
    from qatysu.ledger.notes import Signer  # reason: used here alone
    from qatysu.ledger.witnesses import WitnessKey

    assert "No witness is asked" in Client().get("/en/trust/").text
    key = WitnessKey("w.example", Signer("w.example", b"w" * 32).verifier.public)
    file = tmp_path / "witnesses"
    file.write_text(f"{key} https://w.example\n")
    settings.WITNESSES = str(file)  # type: ignore[attr-defined]  # reason: pytest-django's settings
    from django.core.cache import cache

    cache.clear()
    assert "No witness is asked" not in Client().get("/en/trust/").text


def test_no_city_can_take_the_address() -> None:
    with pytest.raises(Invalid):
        check_slug("trust")


def test_receipt_verify_results_and_every_footer_lead_there(voting_round: Round) -> None:
    for page in ("", "verify/", "results/", "projects/"):
        assert "/ru/trust/" in Client().get(f"/ru/khromtau/demo/{page}").text
