"""A small S3-like store on the loopback that checks signatures by its own reading of AWS's text, not by our code."""

from __future__ import annotations

import hashlib
import hmac
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit

ACCESS, SECRET, REGION, BUCKET = "ACCESSKEYOFTESTS", "secret/of+tests", "kz-west-1", "ballots"


class Store(BaseHTTPRequestHandler):
    """GET, PUT with conditions, DELETE, ListObjectsV2."""

    protocol_version = "HTTP/1.1"
    objects: ClassVar[dict[str, bytes]] = {}
    kinds: ClassVar[dict[str, tuple[str, str]]] = {}
    asked: ClassVar[list[str]] = []
    #: Answers of the next PUTs instead of doing them.
    broken: ClassVar[list[int]] = []

    def log_message(self, *_args: object) -> None:
        """Nothing."""

    def _is_signed(self, body: bytes) -> bool:
        found = re.fullmatch(
            r"AWS4-HMAC-SHA256 Credential=([^/]+)/(\d{8})/([^/]+)/s3/aws4_request, "
            r"SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})",
            self.headers.get("Authorization", ""),
        )
        if found is None or found[1] != ACCESS or found[3] != REGION:
            return False
        names = found[4].split(";")
        if not {"host", "x-amz-content-sha256", "x-amz-date"} <= set(names) or names != sorted(names):
            return False
        if hashlib.sha256(body).hexdigest() != self.headers["x-amz-content-sha256"]:
            return False
        path, _, query = self.path.partition("?")
        request = [self.command, path, query]
        request += [f"{name}:{' '.join(self.headers[name].split())}" for name in names]
        request += ["", found[4], self.headers["x-amz-content-sha256"]]
        time = self.headers["x-amz-date"]
        inner = hashlib.sha256("\n".join(request).encode()).hexdigest()
        wanted = "\n".join(["AWS4-HMAC-SHA256", time, f"{found[2]}/{REGION}/s3/aws4_request", inner])
        step = hmac.new(b"AWS4" + SECRET.encode(), time[:8].encode(), hashlib.sha256).digest()
        step = hmac.new(step, REGION.encode(), hashlib.sha256).digest()
        step = hmac.new(step, b"s3", hashlib.sha256).digest()
        step = hmac.new(step, b"aws4_request", hashlib.sha256).digest()
        return hmac.new(step, wanted.encode(), hashlib.sha256).hexdigest() == found[5]

    def _answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _do(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        parts = urlsplit(self.path)
        self.asked.append(f"{self.command} {parts.path}")
        if not self._is_signed(body):
            self._answer(403, b"SignatureDoesNotMatch")
            return
        if parts.path.rstrip("/") == f"/{BUCKET}" and self.command == "GET":
            prefix = parse_qs(parts.query)["prefix"][0]
            keys = "".join(f"<Contents><Key>{key}</Key></Contents>" for key in sorted(self.objects) if key.startswith(prefix))
            self._answer(200, f"<ListBucketResult>{keys}</ListBucketResult>".encode())
            return
        key = parts.path.removeprefix(f"/{BUCKET}/")
        getattr(self, f"_{self.command.lower()}")(key, body)

    do_GET = do_PUT = do_DELETE = _do  # noqa: N815  # reason: names of the standard library

    @staticmethod
    def _tag(data: bytes) -> str:
        return f'"{hashlib.sha256(data).hexdigest()[:32]}"'

    def _get(self, key: str, _body: bytes) -> None:
        data = self.objects.get(key)
        if data is None:
            self._answer(404)
        else:
            self._answer(200, data, ETag=self._tag(data))

    def _put(self, key: str, body: bytes) -> None:
        if self.broken:
            self._answer(self.broken.pop())
            return
        there = self.objects.get(key)
        match = self.headers.get("If-Match")
        if (self.headers.get("If-None-Match") == "*" and there is not None) or (
            match is not None and (there is None or match != self._tag(there))
        ):
            self._answer(412)
            return
        self.objects[key] = body
        self.kinds[key] = (self.headers.get("Content-Type", ""), self.headers.get("Cache-Control", ""))
        self._answer(200, ETag=self._tag(body))

    def _delete(self, key: str, _body: bytes) -> None:
        self.objects.pop(key, None)
        self._answer(204)


@contextmanager
def serving(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    """The address at which ``handler`` answers."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def store() -> Iterator[tuple[str, type[Store]]]:
    """A store of its own, empty."""
    fresh = type("Fresh", (Store,), {"objects": {}, "kinds": {}, "asked": [], "broken": []})
    with serving(fresh) as address:
        yield address, fresh
