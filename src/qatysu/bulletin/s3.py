"""Files of a log in an S3-compatible store: AWS Signature Version 4 with the standard library.

Immutable files are put with ``If-None-Match: *``, the checkpoint with ``If-Match`` of the one before: the store itself keeps two
writers apart. Needed rights: GetObject, PutObject; ListBucket and DeleteObject only for tidying.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import ssl
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import quote, urlsplit

from qatysu.bulletin.errors import OtherWriter
from qatysu.bulletin.serving import BYTES, FOREVER, NEVER, TEXT
from qatysu.bulletin.storage import CHECKPOINT, checked_path, file_differs

TIMEOUT_S = 30.0
#: No file of a log is larger: 256 entries of at most 65,535 bytes and their lengths.
LARGEST = 256 * 65_537
_KEY = re.compile(rb"<Key>([^<]{1,1024})</Key>")


class Unreachable(OSError):
    """The store cannot be reached, or answers what it should not. Sealing stops here and goes on at the next pass."""


@dataclass(frozen=True, slots=True)
class Account:
    """Who signs requests. Never printed."""

    access_key: str
    secret_key: str = field(repr=False)
    region: str = "us-east-1"

    def authorization(self, method: str, path: str, query: str, headers: Mapping[str, str], digest: str) -> str:
        """The header ``Authorization`` for a request whose ``headers`` (lower case, with host and x-amz-date) are all signed.

        ``path`` and ``query`` are encoded as they are sent, ``query`` sorted; ``digest`` is SHA-256 of the body in hex.
        """
        names = ";".join(sorted(headers))
        lines = "".join(f"{name}:{headers[name].strip()}\n" for name in sorted(headers))
        canonical = f"{method}\n{path}\n{query}\n{lines}\n{names}\n{digest}"
        at = headers["x-amz-date"]
        scope = f"{at[:8]}/{self.region}/s3/aws4_request"
        text = f"AWS4-HMAC-SHA256\n{at}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
        key = f"AWS4{self.secret_key}".encode()
        for part in (at[:8], self.region, "s3", "aws4_request"):
            key = hmac.digest(key, part.encode(), "sha256")
        signature = hmac.digest(key, text.encode(), "sha256").hex()
        return f"AWS4-HMAC-SHA256 Credential={self.access_key}/{scope}, SignedHeaders={names}, Signature={signature}"


def _utc_now() -> datetime:
    return datetime.now(UTC)


class S3Storage:
    """One log below ``prefix`` of a bucket, addressed by path (``https://store/bucket/prefix/tile/0/000``)."""

    def __init__(
        self, endpoint: str, bucket: str, prefix: str, account: Account, *, clock: Callable[[], datetime] = _utc_now
    ) -> None:
        """``prefix`` may be empty. Raises ValueError for an endpoint that is no address."""
        parts = urlsplit(endpoint)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/"):
            raise ValueError(f"{endpoint!r} is no endpoint of a store")
        self._parts, self._account, self._clock = parts, account, clock
        self._bucket, self._prefix = bucket, f"{prefix.strip('/')}/" if prefix.strip("/") else ""
        self._line: HTTPConnection | None = None

    def __del__(self) -> None:
        """A forgotten storage leaves no socket behind."""
        if hasattr(self, "_line"):
            self.close()

    def get(self, path: str) -> bytes | None:
        """See Storage."""
        return self._get(path)[0]

    def put_immutable(self, files: Iterable[tuple[str, bytes]]) -> None:
        """See Storage. The store refuses to write over an object; what is there is compared then."""
        for path, data in files:
            status, _, _ = self._send("PUT", checked_path(path), data, self._kind(path) | {"if-none-match": "*"})
            if status == 412:
                if self.get(path) != data:
                    raise file_differs(path)
            elif status not in (200, 201, 204):
                raise Unreachable(f"the store answers {status} to {path}")

    def replace_checkpoint(self, data: bytes, old: bytes | None) -> None:
        """See Storage."""
        there, tag = self._get(CHECKPOINT)
        if there != old:
            raise OtherWriter("another checkpoint was published meanwhile")
        condition = {"if-none-match": "*"} if there is None else {"if-match": tag}
        status, _, _ = self._send("PUT", CHECKPOINT, data, self._kind(CHECKPOINT) | condition)
        if status in (404, 409, 412):
            raise OtherWriter("another checkpoint was published meanwhile")
        if status not in (200, 201, 204):
            raise Unreachable(f"the store answers {status} to the checkpoint")

    def discard_partials(self, path: str) -> None:
        """See Storage. Without the right to list or delete, partial tiles stay: they do no harm."""
        start = quote(f"{self._prefix}{checked_path(path)}.p/", safe="")
        status, _, listed = self._send("GET", "", b"", {}, query=f"list-type=2&prefix={start}")
        for key in _KEY.findall(listed) if status == 200 else ():
            name = key.decode().removeprefix(self._prefix)
            if name.startswith(f"{path}.p/"):
                self._send("DELETE", name, b"", {})

    def writer(self) -> AbstractContextManager[None]:
        """See Storage: the store has no lock; its conditions keep writers apart."""
        return nullcontext()

    @staticmethod
    def _kind(path: str) -> dict[str, str]:
        is_checkpoint = path == CHECKPOINT
        return {"content-type": TEXT if is_checkpoint else BYTES, "cache-control": NEVER if is_checkpoint else FOREVER}

    def _get(self, path: str) -> tuple[bytes | None, str]:
        status, tag, data = self._send("GET", path if path == CHECKPOINT else checked_path(path), b"", {})
        if status == 404:
            return None, ""
        if status != 200:
            raise Unreachable(f"the store answers {status} to {path}")
        return data, tag

    def _send(self, method: str, path: str, body: bytes, headers: dict[str, str], *, query: str = "") -> tuple[int, str, bytes]:
        """(status, ETag, answer). One more try when a kept connection has gone stale. Raises Unreachable."""
        target = quote(f"/{self._bucket}/{self._prefix}{path}" if path else f"/{self._bucket}", safe="/-_.~")
        digest = hashlib.sha256(body).hexdigest()
        at = self._clock().astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
        signed = headers | {"host": self._parts.netloc, "x-amz-content-sha256": digest, "x-amz-date": at}
        signed["authorization"] = self._account.authorization(method, target, query, signed, digest)
        for is_last in (self._line is None, True):
            try:
                return self._once(method, f"{target}?{query}" if query else target, body, signed)
            except (OSError, HTTPException) as problem:
                self.close()
                if is_last:
                    raise Unreachable(f"the store cannot be reached: {type(problem).__name__}") from None
        raise AssertionError  # not reached: the last try returns or raises

    def _once(self, method: str, target: str, body: bytes, headers: dict[str, str]) -> tuple[int, str, bytes]:
        if self._line is None:
            address = (self._parts.hostname or "", self._parts.port)
            self._line = (
                HTTPSConnection(*address, timeout=TIMEOUT_S, context=ssl.create_default_context())
                if self._parts.scheme == "https"
                else HTTPConnection(*address, timeout=TIMEOUT_S)
            )
        self._line.request(method, target, body or None, headers)
        answer = self._line.getresponse()
        data = answer.read(LARGEST + 1)
        if len(data) > LARGEST:
            raise HTTPException("an object is larger than any file of a log")
        return answer.status, answer.headers.get("ETag", ""), data

    def close(self) -> None:
        """Let go of the connection that is kept between requests."""
        if self._line is not None:
            self._line.close()
            self._line = None
