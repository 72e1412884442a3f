"""Letters there and back through a real IMAP server (Dovecot) and a real SMTP server (aiosmtpd)."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import datetime, timedelta
from email import message_from_bytes
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as MessageHandler

from qatysu.desk import commands
from qatysu.desk.models import Thread
from qatysu.identity.models import Account
from qatysu.outbox import commands as outbox
from qatysu.places.models import City
from tests.desk import mail_server
from tests.desk.test_mail import letter

OWN = mail_server.USER


@pytest.fixture(scope="module")
def server() -> Iterator[mail_server.MailServer]:
    """Dovecot. Where it is missing the test fails and says what to install: letters are not tested otherwise."""
    assert mail_server.program(), "install Debian's dovecot-imapd (./test does)"
    with mail_server.running() as running:
        yield running


class Caught(MessageHandler):
    """Keeps what was sent."""

    def __init__(self) -> None:
        super().__init__()
        self.mails: list[Any] = []

    def handle_message(self, message: Any) -> None:
        self.mails.append(message)


@pytest.fixture
def smtp(settings: Any) -> Iterator[Caught]:
    """An SMTP server to which the outbox delivers."""
    caught = Caught()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(caught, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_URL = f"smtp://127.0.0.1:{port}?from={OWN}"
    yield caught
    controller.stop()


@pytest.mark.django_db(transaction=True)
def test_there_and_back_through_real_servers(
    server: mail_server.MailServer, smtp: Caught, city: City, coach: Account, now: datetime, settings: Any
) -> None:
    user = OWN.replace("@", "%40")
    settings.DESK_IMAP = f"imap://{user}:{mail_server.PASSWORD}@127.0.0.1:{server.port}/INBOX?city={city.slug}"
    server.put(letter().as_bytes())
    assert commands.fetch_mail(now) == 1
    assert server.unread() == 0
    thread = Thread.objects.get()
    assert (thread.channel, thread.subject, thread.language, thread.contact_name) == ("email", "Смета туралы", "kk", "Айгүл")
    commands.reply(actor=coach, thread=thread, text="Иә, керек.", now=now)
    outbox.deliver_waiting(now=now)
    got, answer = smtp.mails
    assert got["Auto-Submitted"] == "auto-replied"
    assert (answer["Reply-To"], answer["In-Reply-To"]) == (OWN, str(letter()["Message-ID"]))
    assert f"[#{thread.ref}]" in str(message_from_bytes(answer.as_bytes())["Subject"]) or "=?utf-8" in answer["Subject"].lower()
    # The person answers from the mail program, which changes the subject and repeats everything.
    back = letter("Рақмет!\n\nМадина жазды:\n> Иә, керек.", Subject="Re: basqa", In_Reply_To=answer["Message-ID"])
    server.put(back.as_bytes())
    assert commands.fetch_mail(now + timedelta(seconds=59)) == 0
    assert commands.fetch_mail(now + timedelta(seconds=61)) == 1
    thread.refresh_from_db()
    last = thread.posts.order_by("pk").last()
    assert last is not None
    assert (thread.state, last.text, last.quoted) == ("open", "Рақмет!", "Мадина жазды:\n> Иә, керек.")
    # The same letter again, as servers deliver it now and then.
    server.put(back.as_bytes())
    assert commands.fetch_mail(now + timedelta(seconds=200)) == 0
    assert Thread.objects.count() == 1
