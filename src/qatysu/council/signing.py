"""Electronic signatures (CMS, RFC 5652) under protocols: their shape, and the service that checks them.

Keys of Kazakhstan sign by GOST algorithms that common libraries do not know, and who may sign says only the national certification
authority. The check is therefore asked of a service beside us that speaks the interface of NCANode 3 (``POST /cms/verify``).
"""

from __future__ import annotations

import base64
import binascii
import json
import ssl
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any, Protocol
from urllib.parse import urlsplit

from django.conf import settings

from qatysu.core.errors import Invalid
from qatysu.council.models import Signature

TIMEOUT_S = 10.0
#: A container holds certificates, a time stamp and perhaps the text itself.
MOST_BYTES = 1_000_000
#: Of an answer: it repeats certificates, not the text.
MOST_ANSWER_BYTES = 2_000_000
#: DER of the object identifier 1.2.840.113549.1.7.2, signedData (RFC 5652, 5.1).
_SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a verifier says; ``signer`` holds name, organisation, serial number and term of the certificate, never the IIN."""

    checked: Signature.Checked
    signer: dict[str, str] = field(default_factory=dict)


class Verifier(Protocol):
    """Somebody who can tell whether a container signs a text."""

    def check(self, container: bytes, text: bytes) -> Verdict:
        """``container`` is DER; ``text`` what it must sign, whether it lies inside or not."""


class NoVerifier:
    """Nobody is set up: containers are kept and marked as not checked."""

    def check(self, container: bytes, text: bytes) -> Verdict:  # noqa: ARG002  # reason: the interface
        """Always ``not_asked``."""
        return Verdict(Signature.Checked.NOT_ASKED)


@dataclass(frozen=True, slots=True)
class NcaNode:
    """A service with the interface of NCANode 3 below ``url``."""

    url: str
    timeout_s: float = TIMEOUT_S

    def check(self, container: bytes, text: bytes) -> Verdict:
        """Valid only when the service says so of the container, of the signer's certificate, and of this very text."""
        ask = {"revocationCheck": ["OCSP"], "cms": _base64(container), "data": _base64(text)}
        try:
            status, answer = self._post(json.dumps(ask).encode())
            said = json.loads(answer)
        except (OSError, HTTPException, ValueError):
            return Verdict(Signature.Checked.UNREACHABLE)
        if status >= 500 or not isinstance(said, dict):
            return Verdict(Signature.Checked.UNREACHABLE)
        if status != 200 or said.get("valid") is not True:
            return Verdict(Signature.Checked.INVALID)
        return _of_certificates(said.get("signers"))

    def _post(self, body: bytes) -> tuple[int, bytes]:
        """(status, body); redirects are not followed."""
        parts = urlsplit(self.url)
        made: HTTPConnection
        if parts.scheme == "https":
            made = HTTPSConnection(parts.hostname or "", parts.port, timeout=self.timeout_s, context=ssl.create_default_context())
        else:
            made = HTTPConnection(parts.hostname or "", parts.port, timeout=self.timeout_s)
        try:
            headers = {"Content-Type": "application/json", "Accept": "application/json", "Connection": "close"}
            made.request("POST", f"{parts.path.rstrip('/')}/cms/verify", body, headers)
            answer = made.getresponse()
            found = answer.read(MOST_ANSWER_BYTES + 1)
            if len(found) > MOST_ANSWER_BYTES:
                raise ValueError("answer too long")
            return answer.status, found
        finally:
            made.close()


def _of_certificates(signers: Any) -> Verdict:
    """One signer, whose certificate is valid and made for signing (not for signing in)."""
    if not isinstance(signers, list) or len(signers) != 1 or not isinstance(signers[0], dict):
        return Verdict(Signature.Checked.INVALID)
    chain = signers[0].get("certificates", [signers[0]])
    own = chain[0] if isinstance(chain, list) and chain and isinstance(chain[0], dict) else {}
    subject = own.get("subject")
    if own.get("valid") is not True or own.get("keyUsage", "SIGN") != "SIGN" or not isinstance(subject, dict):
        return Verdict(Signature.Checked.INVALID)
    signer = {
        "name": " ".join(str(subject.get(part) or "") for part in ("commonName", "lastName")).strip(),
        "organisation": str(subject.get("organization") or ""), "serial": str(own.get("serialNumber") or ""),
        "from": str(own.get("notBefore") or "")[:10], "until": str(own.get("notAfter") or "")[:10],
    }  # fmt: skip
    return Verdict(Signature.Checked.VALID, {name: value[:200] for name, value in signer.items()})


def verifier() -> Verifier:
    """The verifier that this installation is set up with."""
    return NcaNode(settings.CMS_VERIFIER) if settings.CMS_VERIFIER else NoVerifier()


def container_of(text: str | bytes) -> bytes:
    """A container as DER from what a browser sends (Base64) or a file holds (DER, Base64, PEM).

    Raises Invalid ``signature_cms`` for anything else than CMS signedData.
    """
    raw = text.encode("ascii", "replace") if isinstance(text, str) else text
    if len(raw) > 2 * MOST_BYTES:
        raise Invalid("signature_cms", field="container")
    if not raw.startswith(b"\x30"):
        lines = [line for line in raw.split() if not line.startswith(b"-----") and not line.endswith(b"-----")]
        try:
            raw = base64.b64decode(b"".join(lines), validate=True)
        except binascii.Error:
            raise Invalid("signature_cms", field="container") from None
    if not raw.startswith(b"\x30") or _SIGNED_DATA not in raw[:24] or len(raw) > MOST_BYTES:
        raise Invalid("signature_cms", field="container")
    return raw


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
