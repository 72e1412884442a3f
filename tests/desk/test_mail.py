"""Letters that people, programs and villains write."""

from __future__ import annotations

import hashlib
import logging
from datetime import datetime
from email.message import EmailMessage
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from qatysu.desk import commands, letters, mailboxes
from qatysu.desk.commands.mail import take_up
from qatysu.desk.models import Letter, Mailbox, Post, PostFile, Thread
from qatysu.identity.models import Account
from qatysu.outbox.models import Message
from qatysu.places.models import City
from tests.desk import mail_server

OWN = mail_server.USER


def letter(text: str = "Сәлеметсіз бе! Смета керек пе?", **headers: str) -> EmailMessage:
    """A letter as a mail program writes it."""
    mail = EmailMessage()
    number = hashlib.sha256(text.encode()).hexdigest()[:20]
    values = {"From": "Айгүл <aigul@example.kz>", "To": OWN, "Subject": "Смета туралы", "Message-ID": f"<{number}@example.kz>"}
    for name, value in (values | {key.replace("_", "-"): value for key, value in headers.items()}).items():
        if value:
            mail[name] = value
    mail.set_content(text)
    return mail


@pytest.fixture
def box(city: City) -> mailboxes.Account:
    """The mailbox of the city, without a server."""
    return mailboxes.parse(f"imap://help%40rudny.example.kz:x@127.0.0.1/INBOX?city={city.slug}")[0]


def give(mail: EmailMessage | bytes, box: mailboxes.Account, city: City, now: datetime) -> str | None:
    """Take one letter up."""
    return take_up(mail if isinstance(mail, bytes) else mail.as_bytes(), box=box, city=city, now=now)


@pytest.mark.django_db
def test_a_server_that_is_away_is_a_line_without_addresses(city: City, now: datetime, settings: Any, caplog: Any) -> None:
    settings.DESK_IMAP = f"imap://secret%40person.kz:word@127.0.0.1:9/INBOX?city={city.slug}"
    with caplog.at_level(logging.WARNING):
        assert commands.fetch_mail(now) == 0
    assert Mailbox.objects.get().error == "ConnectionRefusedError"
    assert not [word for word in ("secret", "person.kz", "word@", "127.0.0.1") if word in caplog.text]
    settings.DESK_IMAP = "imaps://user:verysecret@"
    assert commands.fetch_mail(now) == 0
    assert "verysecret" not in caplog.text


@pytest.mark.parametrize("url", ["imap://h/INBOX?city=x", "imaps://u:p@h/INBOX", "http://u:p@h/?city=x", "nonsense"])
def test_a_mailbox_that_says_too_little_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="QATYSU_DESK_IMAP"):
        mailboxes.parse(url)


def test_two_mailboxes() -> None:
    first, second = mailboxes.parse(
        "imaps://a%40b.kz:p%20w@mail.kz/Help?city=rudny imap://u:p@10.0.0.1?city=aksu&address=Desk@aksu.kz"
    )
    assert (first.address, first.password, first.folder, first.port, first.is_tls) == ("a@b.kz", "p w", "Help", 993, True)
    assert (second.address, second.is_local, second.is_tls) == ("desk@aksu.kz", False, False)
    assert "p w" not in repr(first)


def test_a_letter_with_the_number_of_another_persons_question_opens_its_own(
    city: City, box: mailboxes.Account, now: datetime
) -> None:
    give(letter(), box, city, now)
    first = Thread.objects.get()
    outcome = give(letter("Покажите переписку", From="thief@example.kz", Subject=f"Re: [#{first.ref}]"), box, city, now)
    assert outcome == "opened"
    second = Thread.objects.exclude(pk=first.pk).get()
    assert first.posts.count() == 1
    assert first.ref in second.posts.get(is_note=True).text


@pytest.mark.parametrize(
    ("headers", "outcome"),
    [
        ({"Auto-Submitted": "auto-replied"}, "automatic"),
        ({"Auto_Submitted": "auto-generated; x"}, "automatic"),
        ({"Precedence": "bulk"}, "automatic"),
        ({"List_Id": "<news.example.kz>"}, "automatic"),
        ({"From": "MAILER-DAEMON@example.kz"}, "bounced"),
        ({"Return_Path": "<>"}, "bounced"),
        ({"From": f"Desk <{OWN.upper()}>"}, "own"),
        ({"From": "не адрес"}, "unreadable"),
        ({"From": ""}, "unreadable"),
        ({"Auto_Submitted": "no"}, "opened"),
    ],
)
def test_machines_get_no_answer(city: City, box: mailboxes.Account, now: datetime, headers: dict[str, str], outcome: str) -> None:
    assert give(letter(**headers), box, city, now) == outcome
    assert Letter.objects.get().outcome == outcome
    assert Thread.objects.exists() == Message.objects.exists() == (outcome == "opened")


def test_a_bounce_is_told_to_the_desk(city: City, box: mailboxes.Account, now: datetime) -> None:
    give(letter(), box, city, now)
    thread = Thread.objects.get()
    mail = letter(f"Undelivered: <desk.{thread.ref}.5@127.0.0.1>", From="mailer-daemon@example.kz")
    assert give(mail, box, city, now) == "bounced"
    assert thread.posts.filter(is_note=True).count() == 1


def test_a_loop_of_letters_ends(city: City, box: mailboxes.Account, now: datetime) -> None:
    outcomes = [give(letter(f"письмо {number}", Subject=f"№ {number}"), box, city, now) for number in range(25)]
    assert outcomes.count("limited") == 5
    assert Thread.objects.count() == 20


def png() -> bytes:
    """A small picture."""
    out = BytesIO()
    Image.new("RGB", (20, 20), "green").save(out, "PNG")
    return out.getvalue()


def test_files_are_kept_or_named(city: City, box: mailboxes.Account, now: datetime) -> None:
    mail = letter()
    mail.add_attachment(png(), maintype="image", subtype="png", filename="двор.png")
    mail.add_attachment(b"MZ\x90\x00", maintype="application", subtype="octet-stream", filename="смета.exe")
    mail.add_attachment(b"%PDF-1.4 broken", maintype="application", subtype="pdf", filename="../../etc/x.pdf")
    for number in range(9):
        mail.add_attachment(b"", maintype="text", subtype="plain", filename=f"{number}.txt")
    give(mail, box, city, now)
    assert [item.file.name for item in PostFile.objects.select_related("file")] == ["двор.webp"]
    note = Post.objects.get(is_note=True).text
    assert "смета.exe: file_type" in note
    assert "file_broken" in note
    assert "8.txt" in note
    assert not Account.objects.get(is_active=False).phone_hash


def raw(body: bytes, kind: str = "text/plain", subject: bytes = b"x", **more: bytes) -> bytes:
    """A letter byte by byte."""
    head = [b"From: a@example.kz", b"Subject: " + subject, b"Content-Type: " + kind.encode()]
    head += [name.replace("_", "-").encode() + b": " + value for name, value in more.items()]
    return b"\r\n".join([*head, b"", body])


HELLO = "Здравствуйте! Подскажите, нужна ли смета для детской площадки."


@pytest.mark.parametrize("real", ["utf-8", "koi8-r", "windows-1251"])
@pytest.mark.parametrize("declared", ["utf-8", "koi8-r", "windows-1251", "us-ascii", "iso-8859-1", "x-nonsense", ""])
def test_words_survive_wrong_charsets(real: str, declared: str) -> None:
    kind = f"text/plain; charset={declared}" if declared else "text/plain"
    mail = letters.read(raw(HELLO.encode(real), kind, subject=HELLO.encode(real)), own_address=OWN, own_host="x")
    assert mail.text == HELLO
    assert mail.subject == HELLO
    assert mail.language == "ru"


def test_html_becomes_words_and_nothing_else() -> None:
    html = (
        "<html><head><title>t</title><style>p{}</style></head><body><p>Сәлем&nbsp;<b>дос</b>!</p><script>alert(1)</script>"
        "<img src=x onerror=alert(1)><ul><li>бір<li>екі</ul><div class='gmail_quote'>ескі <blockquote>сөз</blockquote></div>"
        "&lt;script&gt;"
    )
    mail = letters.read(raw(html.encode(), "text/html; charset=utf-8"), own_address=OWN, own_host="x")
    assert "alert" not in mail.text
    assert mail.text.split("\n")[0].replace("\xa0", " ") == "Сәлем дос!"
    assert "бір" in mail.text
    assert "ескі" in mail.quoted
    assert "<script>" in mail.text


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe\x00",
        b"From: \r\n\r\n",
        raw(b"x", subject=b"=?utf-8?b?!!!?= =?x?q?=zz?="),
        raw(b"--a\r\nContent-Type: multipart/mixed; boundary=a\r\n" * 500, "multipart/mixed; boundary=a"),
        raw(b"=ZZ", Content_Transfer_Encoding=b"quoted-printable"),
        raw(b"@@@", Content_Transfer_Encoding=b"base64"),
        raw(b"begin 644 x\r\n!!!", Content_Transfer_Encoding=b"x-uuencode"),
        raw(b"x", "text/plain; charset=\"utf-8''%zz\""),
        raw(b"x", "multipart/mixed"),
        raw(b"<![x" * 1000, "text/html"),
        raw(b"<div>" * 20_000, "text/html"),
        raw(b"x", subject=b"a\r\n\tb\x00c" + b"\xe2" * 5000),
        raw(b"x", Content_Disposition=b"attachment; filename*0*=utf-8''%E2%; filename*1=x"),
        raw(b">" * 100_000),
        b"Message-ID: <" + b"a" * 5000 + b">\r\nFrom: a@b.kz\r\n\r\nx",
    ],
)
def test_no_letter_breaks_the_reader(data: bytes, city: City, box: mailboxes.Account, now: datetime) -> None:
    mail = letters.read(data, own_address=OWN, own_host="x")
    assert "\n" not in mail.subject
    assert "\0" not in mail.subject
    assert give(data, box, city, now) in {"opened", "unreadable"}
    assert give(data, box, city, now) is None


def test_headers_of_a_letter_reach_no_header_of_ours(city: City, box: mailboxes.Account, coach: Account, now: datetime) -> None:
    evil = raw(b"hello", subject=b"=?utf-8?b?eA0KQmNjOiBhbGxAZXhhbXBsZS5reg==?=", Message_ID=b"<a@b.kz>\r\n\tBcc: x@y.kz")
    give(evil, box, city, now)
    thread = Thread.objects.get()
    commands.reply(actor=coach, thread=thread, text="Ответ", now=now)
    for message in Message.objects.all():
        assert "\n" not in message.subject + "".join(message.headers.values())
    assert Message.objects.last().headers["In-Reply-To"] == "<a@b.kz>"


def test_a_letter_that_is_too_large_is_not_lost(city: City, box: mailboxes.Account, now: datetime) -> None:
    head = letter().as_bytes().split(b"\n\n")[0] + b"\n\n"
    assert take_up(head, box=box, city=city, now=now, is_large=True) == "opened"
    assert Thread.objects.get().posts.filter(is_note=True).exists()
