"""A tiny server for the modules of the verify page, and receipts for them: honest ones, broken ones, what Python says of each."""

from __future__ import annotations

import base64
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

import qatysu.verify
from qatysu.ledger import entries, notes, receipts, tiles
from qatysu.ledger.leaf import canonical_choices, commitment, nonce
from qatysu.ledger.merkle import inclusion_proof
from qatysu.ledger.notes import BadNote, Checkpoint, Signer, VerifierKey
from qatysu.ledger.receipts import Proof, Receipt
from tests.verify import logs
from tests.verify.logs import LOG, Files

MODULES = Path(qatysu.verify.__file__).parent / "static" / "verify"
CSP = "default-src 'none'; script-src 'self'; connect-src 'self'; base-uri 'none'"
Case = dict[str, Any]
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9./_-]{0,39}")


class Site:
    """What the server shows: logs by name, and the paths that fail."""

    def __init__(self) -> None:
        self.logs: dict[str, dict[str, bytes]] = {}
        self.failing: set[str] = set()
        self.asked: list[str] = []
        self.address = ""

    def answer(self, path: str) -> tuple[int, str, bytes]:
        """Status, type and body."""
        self.asked.append(path)
        if path == "/":
            return 200, "text/html", b"<!doctype html><title>Receipts</title>"
        if path.startswith("/verify/"):
            return 200, "text/javascript", (MODULES / path.removeprefix("/verify/")).read_bytes()
        name, _, rest = path.removeprefix("/log/").partition("/")
        found = self.logs.get(name, {}).get(rest)
        status = 500 if path in self.failing else 404 if found is None else 200
        return status, "application/octet-stream", found or b""


@contextmanager
def serving() -> Iterator[Site]:
    """The site at a free port of 127.0.0.1, which browsers take for a secure context."""
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, kind, body = site.answer(self.path)
            self.send_response(status)
            for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), "Content-Security-Policy": CSP}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site.address = f"http://127.0.0.1:{server.server_port}"
    worker = threading.Thread(target=server.serve_forever, daemon=True)
    worker.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        worker.join()


def proof_of(files: Files, log: list[bytes], index: int, *choices: str, secret: str = "") -> Proof:
    """The proof of entry ``index`` in these files, with nonce and choices when they are given."""
    checkpoint, _ = notes.open_checkpoint(files["checkpoint"], LOG.verifier)

    def read(level: int, number: int, width: int) -> bytes:
        return files[tiles.tile_path(level, number, width)]

    path = inclusion_proof(index, checkpoint.size, tiles.node_reader(read, checkpoint.size))
    return Proof(index, path, files["checkpoint"], Receipt(log[index], secret, choices).encode())


def secret_of(entry: bytes) -> str:
    """The nonce of a ballot of the test's round, in hex."""
    fields = entries.decode(entry)
    return nonce(logs.OPEN, fields["b"], fields["n"]).hex()


def case(proof: Proof | bytes, **more: Any) -> Case:
    """What the page is asked: base64 of the file, the key, a pinned checkpoint, the name of the log that it may read."""
    data = proof.encode() if isinstance(proof, Proof) else proof
    return {"proof": base64.b64encode(data).decode(), "vkey": str(LOG.verifier), "pinned": None, "log": None, **more}


def state(note: bytes) -> dict[str, Any]:
    """A checkpoint as the module keeps it."""
    checkpoint = Checkpoint.parse(notes.parse(note).text)
    root = base64.b64encode(checkpoint.root).decode()
    return {"origin": checkpoint.origin, "size": checkpoint.size, "root": root, "note": note.decode()}


def python_says(data: bytes, key: VerifierKey) -> str:
    """The code that a receipt deserves, by the functions of ``qatysu.ledger`` alone."""
    try:
        proof = Proof.decode(data)
    except BadNote:
        return "proof"
    try:
        receipt = Receipt.decode(proof.extra)
    except BadNote:
        return "receipt"
    if not re.fullmatch(r"([0-9a-f]{64})?", receipt.nonce) or not all(map(CODE.fullmatch, receipt.choices)):
        return "receipt"
    try:
        receipts.check(proof, receipt.entry, key)
    except BadNote as problem:
        return "inclusion" if "not in the log at this place" in str(problem) else "checkpoint"
    return ballot_says(receipt, key.name)


def ballot_says(receipt: Receipt, origin: str) -> str:
    """The code of a ballot that is in the log."""
    try:
        entry = entries.decode(receipt.entry)
    except entries.BadEntry:
        return "entry"
    if entry["t"] != "cast":
        return "entry"
    if receipt.nonce and receipt.choices:
        made = commitment(origin, entry["b"], entry["n"], bytes.fromhex(receipt.nonce), canonical_choices(receipt.choices))
        return "good" if made == entry["h"] else "commitment"
    return "good"


def signed(text: str, signer: Signer = LOG) -> bytes:
    """A note."""
    return notes.sign(text, signer).encode()


def flip(data: bytes, at: int = 0) -> bytes:
    """One bit changed."""
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


ENTRIES = [logs.raw(entry) for entry in logs.whole_round()]
FILES = logs.publish(ENTRIES, stops=(1, 4, 256, 257, 300, 400, 512))
OTHER = logs.publish([logs.raw(entry) for entry in logs.whole_round(299)])
SIZE, AT = len(ENTRIES), 3
CHOICES, SECRET = ("2",), secret_of(ENTRIES[AT])
PROOF = proof_of(FILES, ENTRIES, AT, *CHOICES, secret=SECRET)
ROOT = Checkpoint.parse(notes.parse(PROOF.checkpoint).text).root
BODY = Checkpoint(LOG.name, SIZE, ROOT).text
NOTE = PROOF.checkpoint
STRANGER = Signer(LOG.name, b"s" * 32)
CHECK = """async (cases) => { const box = await import("/verify/box.mjs"), found = [];
  const bytes = (text) => Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  for (const { proof, vkey, pinned, log } of cases)
    found.push(await box.checkReceipt({ proof: bytes(proof), vkey, pinned, read: log ? box.webReader(`/log/${log}/`) : null }));
  return found; }"""


def codes(page: Page, cases: list[Case]) -> list[str]:
    """What the module says of receipts."""
    return [answer["code"] for answer in page.evaluate(CHECK, cases)]
