"""The short way of a ballot answers as the whole chain does, to the byte where bytes can be equal."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings as django_settings
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import OperationalError, close_old_connections
from django.middleware.csrf import _mask_cipher_secret
from django.utils import timezone

from qatysu.ballots import booth, commands, keys, queries, writer
from qatysu.ballots.models import Ballot
from qatysu.config import lean
from qatysu.core.errors import Conflict, NotFound
from qatysu.core.regulation import Stage
from qatysu.rounds.models import Round
from tests import factories

SECRET = "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0eF"
PATH = "/ru/khromtau/demo/ballot/confirm/"
#: Random or told by the clock.
_VARIES = re.compile(r'value="[A-Za-z0-9]{64}"|value="[-_A-Za-z0-9]{22}"|<(code|b|strong)[^>]*>[0-9A-F]{6}</\1>')


@dataclass
class Answer:
    """What a handler said, and how often the whole chain was asked for it."""

    status: str
    headers: list[tuple[str, str]]
    body: bytes
    asked_whole: int = 0

    def comparable(self) -> tuple[Any, ...]:
        """Everything but random values: headers in order of their names, cookies with what they hold and where they go."""
        plain = sorted(
            (name.lower(), value)
            for name, value in self.headers
            if name.lower() not in {"set-cookie", "expires", "content-length", "qatysu-promise"}
        )
        body = _VARIES.sub("#", self.body.decode(errors="replace"))
        return self.status, plain, self.promise(), self.cookies(), body

    def promise(self) -> list[str]:
        """Lines of the promise but for the hash of the ballot and the signature, which is checked by others."""
        lines = base64.b64decode(dict(self.headers).get("Qatysu-Promise", "")).decode().splitlines()
        return [line for at, line in enumerate(lines) if at not in {2, 5}]

    def cookies(self) -> dict[str, Any]:
        """Cookies by name: what they hold (sessions decoded, tokens only by length) and their attributes."""
        found = {}
        for name, value in self.headers:
            if name == "Set-Cookie":
                for key, morsel in SimpleCookie(value).items():
                    is_session = key == django_settings.SESSION_COOKIE_NAME
                    held: Any = sorted(SessionStore(morsel.value).load()) if is_session else len(morsel.value)
                    found[key] = (held, morsel["path"], morsel["httponly"], morsel["samesite"], morsel["secure"], morsel["max-age"])
        return found


@dataclass
class Ask:
    """One request as a browser with a pass would send it; tests change parts of it."""

    form: dict[str, Any] = field(default_factory=lambda: {"choice": ["1", "2"], "form_token": "t" * 22})
    method: str = "POST"
    path: str = PATH
    secret: str | None = SECRET
    token: str | None = SECRET
    kept: list[str] = field(default_factory=list)
    has_pass: bool = True
    body: bytes | None = None
    environ: dict[str, Any] = field(default_factory=dict)

    def made(self, round_: Round, voter: str) -> dict[str, Any]:
        """The WSGI environment."""
        session = SessionStore()
        if self.has_pass:
            session[f"pass:{round_.pk}"] = f"code:{voter}"
        if self.kept:
            session[f"choice:{round_.pk}"] = self.kept
        session["other"] = 1
        session.save()
        cookies = {django_settings.SESSION_COOKIE_NAME: session.session_key} | ({"csrftoken": self.secret} if self.secret else {})
        form = self.form | ({"csrfmiddlewaretoken": self.token} if self.token else {})
        body = urlencode(form, doseq=True).encode() if self.body is None else self.body
        return {
            "REQUEST_METHOD": self.method, "PATH_INFO": self.path, "SCRIPT_NAME": "", "QUERY_STRING": "", "SERVER_NAME": "testserver",
            "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_HOST": "testserver", "REMOTE_ADDR": "127.0.0.1",
            "HTTP_COOKIE": "; ".join(f"{name}={value}" for name, value in cookies.items()), "CONTENT_LENGTH": str(len(body)),
            "CONTENT_TYPE": "application/x-www-form-urlencoded", "wsgi.input": io.BytesIO(body), "wsgi.url_scheme": "http",
            "wsgi.errors": io.StringIO(), "wsgi.multithread": True,
        } | self.environ


def call(app: lean.Application, environ: dict[str, Any]) -> Answer:
    """Ask a WSGI application."""
    said: list[Any] = []
    chunks = app(environ, lambda status, headers, _exc=None: said.append((status, headers)))
    body = b"".join(chunks)
    if hasattr(chunks, "close"):
        chunks.close()
    return Answer(said[-1][0], said[-1][1], body)


@pytest.fixture
def whole() -> Iterator[WSGIHandler]:
    """The whole chain; it leaves the connection of the test open, as Django's test client does."""
    ends = (request_started, request_finished)
    for signal in ends:
        signal.disconnect(close_old_connections)
    yield WSGIHandler()
    for signal in ends:
        signal.connect(close_old_connections)


@pytest.fixture
def both(voting_round: Round, whole: WSGIHandler) -> Iterator[Callable[..., tuple[Answer, Answer]]]:
    """``both(Ask(...))``: answers of the whole chain and of the short way, each for a voter of its own."""
    lean._answer.cache_clear()
    asked: list[dict[str, Any]] = []

    def counting(environ: dict[str, Any], start: Any) -> Any:
        asked.append(environ)
        return whole(environ, start)

    short = lean.Lean(counting)

    def ask(what: Ask, *, is_warm: bool = True, voters: str = "ab") -> tuple[Answer, Answer]:
        plain = call(whole, what.made(voting_round, voters[0] * 64))
        if is_warm:
            booth.booth_of("khromtau", "demo")
        quick = call(short, what.made(voting_round, voters[1] * 64))
        quick.asked_whole = len(asked)
        return plain, quick

    yield ask
    lean._answer.cache_clear()


@pytest.mark.parametrize(
    "ask",
    [
        Ask(),
        Ask(token=_mask_cipher_secret(SECRET)),
        Ask(form={"form_token": "t" * 22}, kept=["1", "3"]),
        Ask(form={"choice": ["2"]}, kept=["1", "3"]),
        Ask(environ={"HTTP_ORIGIN": "http://testserver"}),
        Ask(path=PATH.replace("/ru/", "/kk/"), environ={"HTTP_ACCEPT_LANGUAGE": "en", "HTTP_ACCEPT_ENCODING": "gzip"}),
        Ask(path=PATH.replace("/ru/", "/en/"), environ={"HTTP_HX_REQUEST": "true"}),
    ],
    ids=["plain", "masked token", "choice kept in the session", "both", "origin", "kk", "en, htmx"],
)
def test_a_stored_ballot_is_answered_alike(both: Any, ask: Ask) -> None:
    plain, quick = both(ask)
    assert plain.status == "303 See Other"
    assert quick.comparable() == plain.comparable()
    assert quick.asked_whole == 0
    assert len(quick.promise()) == 4
    assert Ballot.objects.count() == 2
    assert "Expires" in dict(quick.headers)
    assert dict(quick.headers)["Content-Length"] == "0"


def test_the_choice_leaves_the_browser(both: Any) -> None:
    _, quick = both(Ask(form={}, kept=["1", "3"]))
    held = quick.cookies()[django_settings.SESSION_COOKIE_NAME][0]
    assert "other" in held
    assert not [key for key in held if key.startswith("choice:")]


@pytest.mark.parametrize(
    ("ask", "status"),
    [
        (Ask(token=None), 403),
        (Ask(secret=None), 403),
        (Ask(token="x" * 32), 403),
        (Ask(token="%00"), 403),
        (Ask(secret="?" * 32), 403),
        (Ask(environ={"HTTP_ORIGIN": "https://elsewhere.example"}), 403),
        (Ask(environ={"HTTP_ORIGIN": "null"}), 403),
        (Ask(environ={"wsgi.url_scheme": "https"}), 403),
        (Ask(environ={"HTTP_HOST": "elsewhere.example"}), 400),
        (Ask(environ={"HTTP_HOST": "not a host"}), 400),
        (Ask(environ={"HTTP_COOKIE": f"csrftoken={SECRET}"}), 303),
        (Ask(environ={"HTTP_COOKIE": f"csrftoken={SECRET}; sessionid=eyJ9:forged:signature"}), 303),
        (Ask(has_pass=False), 303),
        (Ask(form={}), 422),
        (Ask(form={"choice": ["1", "1"]}), 422),
        (Ask(form={"choice": ["99"]}), 422),
        (Ask(form={"choice": ["1", "2", "3"]}), 422),
        (Ask(method="GET"), 302),
        (Ask(method="HEAD"), 302),
        (Ask(method="PUT"), 403),
        (Ask(method="DELETE"), 403),
        (Ask(method="OPTIONS"), 405),
        (Ask(path="/ru/khromtau/none/ballot/confirm/"), 404),
        (Ask(path="/ru/khromtau/demo/ballot/confirm"), 301),
        (Ask(path="/de/khromtau/demo/ballot/confirm/"), 404),
        (Ask(path="/ru/khromtau/demo\xff/ballot/confirm/"), 404),
        (Ask(path="/khromtau/demo/ballot/confirm/"), 302),
        (Ask(body=b"csrfmiddlewaretoken=" + SECRET.encode() + b"&choice=1&x=" + b"y" * 3_000_000), 400),
        (Ask(body=b"csrfmiddlewaretoken=" + SECRET.encode() + b"&choice=1&choice=2&x=" + b"y" * 9_000), 303),
        (Ask(body=b"csrfmiddlewaretoken=" + SECRET.encode() + b"&choice=1" * 5_001), 400),
        (Ask(body=b"csrfmiddlewaretoken=" + SECRET.encode() + b"&choice=%ff%fe&choice=\xff"), 422),
        (Ask(body=b""), 403),
        (Ask(environ={"CONTENT_LENGTH": ""}), 403),
        (Ask(environ={"CONTENT_LENGTH": "-1"}), 403),
        (Ask(environ={"CONTENT_LENGTH": "٣"}), 403),
        (Ask(environ={"CONTENT_LENGTH": "10"}), 403),
        (Ask(environ={"CONTENT_TYPE": "text/plain"}), 403),
        (Ask(environ={"CONTENT_TYPE": "multipart/form-data; boundary=x"}), 403),
        (Ask(environ={"CONTENT_TYPE": "application/x-www-form-urlencoded; charset=koi8-r"}), 400),
        (Ask(environ={"QUERY_STRING": "choice=3"}), 303),
        (Ask(environ={"SCRIPT_NAME": "/below"}), 303),
    ],
)
def test_all_else_is_answered_by_the_whole_chain(both: Any, ask: Ask, status: int) -> None:
    plain, quick = both(ask, voters="aa")
    assert int(plain.status.split()[0]) == status
    assert quick.comparable() == plain.comparable()
    assert quick.asked_whole == 1


def test_a_second_ballot_is_refused_alike_and_cast_once(both: Any, voting_round: Round, monkeypatch: pytest.MonkeyPatch) -> None:
    ask = Ask(form={"choice": ["1"]})
    both(ask)
    for _ in range(queries.box(voting_round).max_attempts - 1):
        both(ask)
    tried: list[str] = []
    plain_cast = commands.cast_into

    def noting(box: Any, voter: str, *rest: Any, **named: Any) -> Any:
        tried.append(voter)
        return plain_cast(box, voter, *rest, **named)

    monkeypatch.setattr(commands, "cast_into", noting)
    plain, quick = both(ask)
    assert plain.status.startswith("409")
    assert quick.comparable() == plain.comparable()
    assert tried == ["code:" + "a" * 64, "code:" + "b" * 64]


def test_a_closed_box_is_answered_alike(both: Any, voting_round: Round) -> None:
    booth.booth_of("khromtau", "demo")
    factories.move_to(voting_round, Stage.RESULTS, timezone.now())
    plain, quick = both(Ask())
    assert plain.status.startswith("4")
    assert quick.comparable() == plain.comparable()
    assert Ballot.objects.count() == 0


@pytest.mark.parametrize("fault", [OperationalError("the server closed the connection"), TimeoutError()])
def test_a_fault_of_the_database_is_answered_alike_and_not_tried_again(
    both: Any, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    tried = []

    def fail(cast: Any) -> Any:
        tried.append(cast)
        raise fault

    monkeypatch.setattr(writer, "commit", fail)
    plain, quick = both(Ask())
    assert plain.status.startswith("503")
    assert quick.comparable() == plain.comparable()
    assert ("Retry-After", "5") in quick.headers
    assert len(tried) == 2


def test_another_failure_is_answered_alike(both: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_cast: Any) -> Any:
        raise RuntimeError("not foreseen")

    monkeypatch.setattr(writer, "commit", fail)
    plain, quick = both(Ask())
    assert plain.status.startswith("500")
    assert quick.status == plain.status


def test_a_round_that_is_not_at_hand_is_read_by_the_whole_chain(both: Any) -> None:
    booth.forget()
    plain, quick = both(Ask(), is_warm=False)
    assert quick.comparable() == plain.comparable()
    booth.forget()
    assert both(Ask(), is_warm=False)[1].asked_whole == 0  # the whole chain has just read it


def test_no_header_of_a_client_can_claim_a_cast(both: Any) -> None:
    _, quick = both(Ask(environ={"HTTP_QATYSU.CAST_FAILED": "x", "HTTP_QATYSU_CAST_FAILED": "x"}))
    assert quick.status == "303 See Other"
    assert Ballot.objects.count() == 2


def test_the_short_way_is_open_only_for_the_chain_it_stands_in_for(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from qatysu.config import wsgi  # reason: importing it makes a handler, which wants the folder of the fixture

    assert lean.is_open()
    monkeypatch.setattr("qatysu.config.demonstration.refuse_production", lambda: None)
    monkeypatch.setattr(writer, "start", lambda: None)
    monkeypatch.setattr("qatysu.ballots.keys.trust_files", lambda _seconds: None)
    assert isinstance(wsgi.serving(), lean.Lean)
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "django.middleware.http.ConditionalGetMiddleware"]
    assert not lean.is_open()
    assert isinstance(wsgi.serving(), WSGIHandler)


def test_a_key_that_was_looked_at_is_trusted_for_a_moment_only(voting_round: Round, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [100.0]
    monkeypatch.setattr(keys.time, "monotonic", lambda: clock[0])
    monkeypatch.setattr(keys, "_trusted_s", 1.0)
    name = str(voting_round)
    keys.round_keys(name)
    keys.path_of(name, "round").chmod(0o644)
    clock[0] += 0.9
    keys.round_keys(name)
    clock[0] += 0.2
    with pytest.raises(Conflict, match="readable_by_others"):
        keys.round_keys(name)
    keys.forget_loaded()


def test_one_request_reads_a_round_anew_while_the_others_go_on(voting_round: Round, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [100.0]
    monkeypatch.setattr(booth.time, "monotonic", lambda: clock[0])
    booth.booth_of("khromtau", "demo")
    clock[0] += booth.KEEP_S
    assert booth.kept_booth("khromtau", "demo") is None
    assert booth.kept_booth("khromtau", "demo") is not None
    clock[0] += booth.READ_S
    assert booth.kept_booth("khromtau", "demo") is None  # the first one did not come back
    clock[0] += booth.READ_S
    Round.objects.update(is_public=False)
    with pytest.raises(NotFound):
        booth.booth_of("khromtau", "demo")
    assert booth.kept_booth("khromtau", "demo") is None
