"""Messages leave once, are tried again, and are wiped in time; codes never reach a log."""

from __future__ import annotations

import logging
import socketserver
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from qatysu.core.errors import NotFound
from qatysu.outbox import commands, queries
from qatysu.outbox.models import Message
from qatysu.vault import unseal
from tests.factories import make_account

NOW = datetime(2026, 10, 1, 9, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def put(key: str = "a", channel: str = "email", address: str = "a.b@example.kz", **more: Any) -> Message:
    commands.enqueue(
        channel=channel, address=address, subject="Код", body="Код: 123456", dedupe_key=key, now=NOW, **more
    )
    return Message.objects.get(dedupe_key=key)


class _Smtp(socketserver.StreamRequestHandler):
    """Speaks enough SMTP for one letter; refuses recipients that begin with 'no'."""

    def handle(self) -> None:
        self.wfile.write(b"220 test\r\n")
        in_data = False
        for line in self.rfile:
            if in_data:
                self.server.lines.append(line)  # type: ignore[attr-defined]  # reason: set by the fixture
                in_data = line != b".\r\n"
                answer = b"" if in_data else b"250 ok\r\n"
            elif line.upper().startswith(b"DATA"):
                in_data, answer = True, b"354 go\r\n"
            else:
                answer = b"550 no\r\n" if b"rcpt to:<no" in line.lower() else b"250 ok\r\n"
            self.wfile.write(answer)


@pytest.fixture
def smtp(settings: Any) -> Iterator[list[bytes]]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Smtp) as server:
        server.lines = []  # type: ignore[attr-defined]  # reason: collects what arrives
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.EMAIL_URL = f"smtp://127.0.0.1:{server.server_address[1]}?from=portal@example.kz"
        yield server.lines  # type: ignore[attr-defined]  # reason: as above
        server.shutdown()


def test_the_same_event_is_told_once() -> None:
    put()
    assert not commands.enqueue(
        channel="sms", address="+77010000000", subject="", body="again", dedupe_key="a", now=NOW
    )
    assert Message.objects.count() == 1


def test_address_and_text_are_sealed_in_the_database() -> None:
    message = put()
    assert b"example" not in bytes(message.address_sealed)
    assert b"123456" not in bytes(message.body_sealed)


def test_console_shows_neither_address_nor_code(caplog: pytest.LogCaptureFixture) -> None:
    put()
    put("b", "sms", "+77011234542")
    with caplog.at_level(logging.INFO, "qatysu.outbox"):
        assert commands.deliver_waiting(now=NOW) == 2
    assert "123456" not in caplog.text
    assert "a.b@" not in caplog.text
    assert "1234542" not in caplog.text
    assert Message.objects.filter(state="sent", sent_at=NOW).count() == 2


def test_a_sent_message_is_not_sent_again(smtp: list[bytes]) -> None:
    put()
    assert commands.deliver_waiting(now=NOW) == 1
    assert commands.deliver_waiting(now=NOW + timedelta(days=1)) == 0
    assert b"".join(smtp).count(b"To: a.b@example.kz") == 1


def test_a_claimed_message_is_left_to_its_worker() -> None:
    message = put()
    assert commands._claim(message, NOW)
    assert not commands._claim(message, NOW)
    assert commands.deliver_waiting(now=NOW) == 0


def test_a_dead_server_means_later_tries_and_then_failure(settings: Any) -> None:
    settings.EMAIL_URL = "smtp://127.0.0.1:9"
    put()
    now = NOW
    for _ in range(commands.MOST_TRIES):
        assert commands.deliver_waiting(now=now) == 0
        message = Message.objects.get()
        now = max(now, message.send_after)
    assert (message.state, message.tries) == ("failed", commands.MOST_TRIES)


def test_a_refused_recipient_fails_at_once(smtp: list[bytes]) -> None:
    put(address="nobody@example.kz")
    assert commands.deliver_waiting(now=NOW) == 0
    assert Message.objects.get().state == "failed"
    assert smtp == []


def test_a_subject_cannot_add_headers(smtp: list[bytes]) -> None:
    commands.enqueue(
        channel="email", address="a@example.kz", subject="Hi\r\nBcc: x@evil.example", body="x", dedupe_key="h", now=NOW
    )
    commands.deliver_waiting(now=NOW)
    assert not any(line.startswith(b"Bcc") for line in smtp)


def test_an_address_that_is_none_fails_for_good(smtp: list[bytes]) -> None:
    put(address="a@b\r\nBcc: x@evil.example")
    commands.deliver_waiting(now=NOW)
    assert Message.objects.get().state == "failed"


def test_an_expired_code_is_not_sent() -> None:
    put(expires_at=NOW + timedelta(minutes=5))
    assert commands.deliver_waiting(now=NOW + timedelta(minutes=5)) == 0
    assert Message.objects.get().state == "failed"


def test_codes_are_wiped_after_a_day_and_the_rest_later() -> None:
    put("code", expires_at=NOW + timedelta(minutes=5))
    put("news")
    assert commands.purge(now=NOW + timedelta(hours=25)) == 1
    assert unseal(Message.objects.get(dedupe_key="code").body_sealed) == ""
    assert unseal(Message.objects.get(dedupe_key="news").body_sealed) == "Код: 123456"
    assert commands.purge(now=NOW + timedelta(days=91)) == 1


def test_forgetting_a_person_stops_what_waits() -> None:
    put(account=make_account())
    put("other", account=make_account())
    assert commands.forget(account=Message.objects.get(dedupe_key="a").account, now=NOW) == 1
    assert commands.deliver_waiting(now=NOW) == 1


def test_letters_in_clear_exist_in_a_demonstration_only(settings: Any) -> None:
    put()
    with pytest.raises(NotFound):
        queries.newest_letters()
    settings.DEMO = True
    assert queries.newest_letters()[0].body == "Код: 123456"


@pytest.mark.parametrize(("url", "state"), [("", "sent"), ("smtp://127.0.0.1:9", "waiting")])
def test_only_what_needs_no_network_is_delivered_at_once(
    settings: Any, django_capture_on_commit_callbacks: Any, url: str, state: str
) -> None:
    settings.EMAIL_URL = url
    message = put()
    with django_capture_on_commit_callbacks(execute=True):
        commands.deliver_soon(dedupe_key="a", now=NOW)
    message.refresh_from_db()
    assert message.state == state
    assert message.tries == (1 if state == "sent" else 0)
