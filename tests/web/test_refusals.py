"""Refusals in words: every code, every language, dates where the calendar is the reason."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils import translation

from qatysu.bulletin import errors as _log_errors  # noqa: F401  # reason: its refusals join the tree when it is loaded
from qatysu.core import errors as core
from qatysu.core.regulation import Action, Stage
from qatysu.rounds.models import Round
from qatysu.web.refusals import closed_stage, words_for
from qatysu.web.views import errors
from tests import factories


def codes(base: type[core.QatysuError] = core.QatysuError) -> Iterator[str]:
    yield base.code
    for child in base.__subclasses__():
        yield from codes(child)


def page(error: core.QatysuError) -> HttpResponse:
    request: HttpRequest = RequestFactory().get("/en/khromtau/demo/")
    request.user = AnonymousUser()
    with translation.override("en"):
        response = errors.answer(request, error)
    assert response is not None
    return response


@pytest.mark.parametrize("code", [*codes(), "bad_request", "csrf"])
def test_every_code_has_words_of_its_own(code: str) -> None:
    words = words_for(code)
    assert (words == words_for("error")) == (code == "error")
    assert str(words.title)
    assert str(words.text)


@pytest.mark.parametrize(("stage", "words"), [(Stage.IDEAS, "has not begun"), (Stage.AUDIT, "is over")])
def test_a_closed_stage_names_its_dates(round_at: Callable[..., Round], stage: Stage, words: str) -> None:
    round_ = factories.fresh(round_at(stage))
    response = page(core.StageClosed(action=str(Action.CAST_BALLOT), round=round_))
    assert response.status_code == 409
    assert words in response.text
    assert "/en/khromtau/demo/projects/" in response.text


def test_a_closed_stage_without_a_round_still_speaks(now: datetime) -> None:
    assert closed_stage(core.StageClosed(), now) is None
    assert "This stage is not open now" in page(core.StageClosed()).text


def test_too_many_says_when_to_come_back() -> None:
    response = page(core.TooMany("sign_in", retry_after_s=90))
    assert response["Retry-After"] == "90"
    assert "Try again in 90 seconds." in response.text
    assert "Try again in 11 minutes." in page(core.TooMany("sign_in", retry_after_s=601)).text


def test_what_is_not_ours_is_left_to_django() -> None:
    assert errors.answer(RequestFactory().get("/"), ValueError()) is None


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_a_fault_is_told_without_the_database(language: str) -> None:
    request = RequestFactory().get(f"/{language}/khromtau/")
    with translation.override(language):
        response = errors.fault(request)
    assert response.status_code == 500
    assert f'<html lang="{language}">' in response.text
    assert "№" in response.text


def test_a_form_without_token_is_refused_in_words(db: None) -> None:
    response = Client(enforce_csrf_checks=True).post("/en/sign-in/", {"identifier": "x"})
    assert response.status_code == 403
    assert "The form has expired" in response.text


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "goes_to"),
    [
        ("/ru/khromtau/demo/ballot/confirm/", "/ru/khromtau/demo/ballot/"),
        ("/kk/khromtau/demo/sign-in/leave/", "/kk/khromtau/demo/sign-in/"),
        ("/kk/sign-out/", "/kk/"),
    ],
)
def test_the_address_of_a_form_leads_to_its_page(voting_round: Round, path: str, goes_to: str) -> None:
    response = Client().get(path)
    assert (response.status_code, response.url) == (302, goes_to)
