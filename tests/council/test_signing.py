"""Electronic signatures: what the verifier says decides, nothing of the signer's IIN stays, and silence is no consent."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from qatysu.core.collegial_states import ProtocolState
from qatysu.core.errors import Conflict, Invalid, NotAllowed
from qatysu.council import commands, signing
from qatysu.council.models import Meeting, Protocol, Signature
from qatysu.council.protocol_content import digest_of, signed_text
from qatysu.council.signing import NcaNode, NoVerifier, Verdict, container_of
from tests import factories
from tests.council.holding import Council
from tests.council.test_protocols import meeting as meeting  # the closed sitting of that module

pytestmark = pytest.mark.django_db
EXCHANGES = Path(__file__).parent / "ncanode"
#: The smallest thing that begins as signedData does; no signature at all.
CONTAINER = bytes.fromhex("3080") + bytes.fromhex("06092a864886f70d010702") + b"\xa0\x80" + bytes(40)
VALID = Verdict(Signature.Checked.VALID, {"name": "ТЕСТОВ ТЕСТ", "serial": "60ba"})
AWAY = Verdict(Signature.Checked.UNREACHABLE)


class _Service:
    """A verifier that answers with one exchange, and keeps what it was asked."""

    def __init__(self) -> None:
        self.answer: tuple[int, bytes] = (200, b"{}")
        self.asked: list[tuple[str, dict[str, Any]]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.asked.append((self.path, json.loads(body)))
                status, answer = outer.answer
                self.send_response(status)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_args: Any) -> None:
                """Silent."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def say(self, name: str) -> None:
        exchange = json.loads((EXCHANGES / f"{name}.json").read_text("utf-8"))
        self.answer = (exchange["status"], json.dumps(exchange["response"]).encode())


@pytest.fixture
def service() -> Iterator[_Service]:
    made = _Service()
    thread = threading.Thread(target=made.server.serve_forever, daemon=True)
    thread.start()
    yield made
    made.server.shutdown()
    made.server.server_close()
    thread.join()


@pytest.fixture
def signing_protocol(meeting: Meeting, council: Council, now: datetime) -> Protocol:
    made = commands.draft_protocol(actor=council.keeper, meeting=meeting, now=now)
    return commands.fix_text(actor=council.keeper, protocol=made, now=now)


EXPECTED = {
    "valid": "valid", "valid-flat": "valid", "invalid": "invalid", "revoked": "invalid", "key-for-signing-in": "invalid",
    "two-signers": "invalid", "no-signers": "invalid", "bad-request": "invalid", "fault": "unreachable",
}  # fmt: skip


def test_every_exchange_says_where_it_comes_from() -> None:
    assert {path.stem for path in EXCHANGES.glob("*.json")} == set(EXPECTED)
    for path in EXCHANGES.glob("*.json"):
        assert "no running service" in json.loads(path.read_text("utf-8"))["about"]


@pytest.mark.parametrize("name", EXPECTED)
def test_what_the_service_says_is_what_counts(service: _Service, name: str) -> None:
    service.say(name)
    verdict = NcaNode(service.url).check(CONTAINER, b"text")
    assert verdict.checked == EXPECTED[name]
    ((path, asked),) = service.asked
    assert path == "/cms/verify"
    assert base64.b64decode(asked["cms"]) == CONTAINER
    assert base64.b64decode(asked["data"]) == b"text"
    assert "OCSP" in asked["revocationCheck"]
    if verdict.checked == "valid":
        assert verdict.signer["name"] == "ТЕСТОВ ТЕСТ ТЕСТОВИЧ"
        assert "000000000000" not in json.dumps(verdict.signer)


@pytest.mark.parametrize(
    "answer", [(200, b"not json"), (200, b"[]"), (302, b""), (200, b'{"valid": "true"}'), (200, b'{"valid": true}')]
)
def test_answers_that_mean_nothing_make_nothing_valid(service: _Service, answer: tuple[int, bytes]) -> None:
    service.answer = answer
    assert NcaNode(service.url).check(CONTAINER, b"text").checked != "valid"


def test_a_service_that_is_away(service: _Service) -> None:
    url = service.url
    service.server.server_close()
    assert NcaNode(url, timeout_s=1).check(CONTAINER, b"text").checked == "unreachable"
    assert NoVerifier().check(CONTAINER, b"text").checked == "not_asked"


@pytest.mark.parametrize("wrong", [b"", b"%PDF-1.4", b"\x30\x03\x02\x01\x01", b"not base64!", CONTAINER + bytes(signing.MOST_BYTES)])
def test_what_is_no_container_is_told(wrong: bytes) -> None:
    with pytest.raises(Invalid, match="signature_cms"):
        container_of(wrong)


def test_der_base64_and_pem_are_the_same_container() -> None:
    text = base64.encodebytes(CONTAINER).decode()
    assert container_of(text) == container_of(CONTAINER) == CONTAINER
    assert container_of(f"-----BEGIN-CMS-----\n{text}-----END-CMS-----") == CONTAINER


def sign(council: Council, protocol: Protocol, seat: Any, verdict: Verdict, now: datetime, **more: Any) -> Signature:
    values = {"actor": seat.account, "container": CONTAINER, "digest": digest_of(protocol.content)} | more
    return commands.sign_by_container(protocol=protocol, seat=seat, verdict=verdict, now=now, **values)


def test_two_valid_signatures_sign_the_protocol(council: Council, signing_protocol: Protocol, now: datetime) -> None:
    sign(council, signing_protocol, council.chair, VALID, now)
    signing_protocol.refresh_from_db()
    assert signing_protocol.state == ProtocolState.SIGNING
    sign(council, signing_protocol, council.secretary, VALID, now)
    signing_protocol.refresh_from_db()
    assert signing_protocol.state == ProtocolState.SIGNED


def test_a_signature_that_could_not_be_checked_waits(council: Council, signing_protocol: Protocol, now: datetime) -> None:
    sign(council, signing_protocol, council.chair, VALID, now)
    row = sign(council, signing_protocol, council.secretary, AWAY, now)
    signing_protocol.refresh_from_db()
    assert signing_protocol.state == ProtocolState.SIGNING
    with pytest.raises(Conflict, match="verifier_away"):
        commands.check_again(actor=council.keeper, signature=row, verdict=AWAY, now=now)
    commands.check_again(actor=council.keeper, signature=row, verdict=VALID, now=now)
    signing_protocol.refresh_from_db()
    assert signing_protocol.state == ProtocolState.SIGNED
    with pytest.raises(Conflict, match="checked_already"):
        commands.check_again(actor=council.keeper, signature=row, verdict=VALID, now=now)


def test_one_found_invalid_later_falls_away_and_another_may_come(council: Council, signing_protocol: Protocol, now: datetime) -> None:
    row = sign(council, signing_protocol, council.chair, AWAY, now)
    commands.check_again(actor=council.keeper, signature=row, verdict=Verdict(Signature.Checked.INVALID), now=now)
    row.refresh_from_db()
    assert row.void_at is not None
    sign(council, signing_protocol, council.chair, VALID, now)


def test_who_may_not_sign_and_what_is_not_taken(council: Council, signing_protocol: Protocol, now: datetime) -> None:
    with pytest.raises(Invalid, match="signature_invalid"):
        sign(council, signing_protocol, council.chair, Verdict(Signature.Checked.INVALID), now)
    with pytest.raises(Conflict, match="text_changed"):
        sign(council, signing_protocol, council.chair, VALID, now, digest="0" * 64)
    with pytest.raises(NotAllowed):
        sign(council, signing_protocol, council.chair, VALID, now, actor=council.keeper)
    with pytest.raises(NotAllowed):
        sign(council, signing_protocol, council.members[0], VALID, now)
    sign(council, signing_protocol, council.chair, VALID, now)
    with pytest.raises(Conflict, match="signed_already"):
        sign(council, signing_protocol, council.chair, VALID, now)
    with pytest.raises(IntegrityError, match="signature_kept"), transaction.atomic():
        Signature.objects.update(container=b"x")


def test_the_page_signs_with_the_service(
    council: Council, signing_protocol: Protocol, service: _Service, settings: Any, now: datetime,
    client_for: Callable[..., Any],
) -> None:
    settings.CMS_VERIFIER = service.url
    service.say("valid")
    path = f"/en/council/khromtau/demo/meetings/{signing_protocol.meeting.number}/protocol/"
    chair = client_for(council.chair.account)
    page = chair.get(path)
    assert "connect-src 'self' wss://127.0.0.1:13579;" in page["Content-Security-Policy"]
    assert "Sign with NCALayer" in page.content.decode()
    assert "wss:" not in chair.get("/en/council/khromtau/demo/")["Content-Security-Policy"]
    text = chair.get(f"{path}text.json").content
    assert text == signed_text(signing_protocol.content)

    bad = chair.post(path, {"do": "cms", "seat": council.chair.pk, "container": "AAAA"})
    assert (bad.status_code, service.asked) == (422, [])
    fields = {"do": "cms", "seat": council.chair.pk}
    assert chair.post(path, fields | {"container": base64.b64encode(CONTAINER).decode()}).status_code == 302
    assert base64.b64decode(service.asked[0][1]["data"]) == text
    shown = chair.get(path).content.decode()
    assert "signed electronically, valid" in shown
    assert "000000000000" not in shown
    service.say("fault")
    keeper = client_for(council.keeper)
    upload = SimpleUploadedFile("s.p7s", CONTAINER)
    assert keeper.post(path, {"do": "cms", "seat": council.secretary.pk, "cms": upload}).status_code == 302
    assert "not checked yet" in keeper.get(path).content.decode()
    row = Signature.objects.get(seat=council.secretary)
    assert keeper.post(path, {"do": "check", "signature": row.pk}).status_code == 409
    service.say("valid")
    assert keeper.post(path, {"do": "check", "signature": row.pk}).status_code == 302
    signing_protocol.refresh_from_db()
    assert signing_protocol.state == ProtocolState.SIGNED
    file = keeper.get(f"{path}signatures/{council.secretary.pk}/")
    assert (file.content, file["Content-Type"]) == (CONTAINER, "application/pkcs7-signature")

    # The container of the chair holds an IIN: another member, or whoever only reads, does not get it.
    theirs = f"{path}signatures/{council.chair.pk}/"
    assert [client_for(seat.account).get(theirs).status_code for seat in (council.chair, council.members[0])] == [200, 404]
    assert client_for(council.coordinator).get(theirs).status_code == 404

    for deed in ("freeze", "publish"):
        assert keeper.post(path, {"do": deed}).status_code == 302
    public = factories.Client().get(f"/en/khromtau/demo/council/protocols/{signing_protocol.pk}/").content.decode()
    assert "signed electronically, valid" in public
    assert factories.Client().get(f"/en/khromtau/demo/council/protocols/{signing_protocol.pk}/text.json").content == text
