"""Which bytes and headers answer a path of a log. A view of a later package puts them into a response; nginx can do the same."""

from __future__ import annotations

from dataclasses import dataclass

from qatysu.bulletin.models import Log
from qatysu.bulletin.storage import CHECKPOINT, Storage
from qatysu.ledger.tiles import parse_path

FOREVER, NEVER = "public, max-age=31536000, immutable", "no-cache"
TEXT, BYTES = "text/plain; charset=utf-8", "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Served:
    """An answer: 200 with its bytes. ``headers`` include that browsers of other sites may read it: a log is for everybody."""

    data: bytes
    content_type: str
    cache_control: str

    @property
    def headers(self) -> dict[str, str]:
        """As HTTP wants them."""
        return {
            "Content-Type": self.content_type,
            "Cache-Control": self.cache_control,
            "Access-Control-Allow-Origin": "*",
            "X-Content-Type-Options": "nosniff",
        }


def serve(log: Log, storage: Storage, path: str) -> Served | None:
    """What stands at ``path`` below the origin: ``checkpoint``, ``vkey``, a tile or a bundle. None (404) for anything else.

    Tiles never change, partial ones neither: their width is in their name.
    """
    if path == "vkey":
        return Served(f"{log.vkey}\n".encode(), TEXT, NEVER)
    if path == CHECKPOINT:
        data = storage.get(CHECKPOINT)
        return Served(data, TEXT, NEVER) if data is not None else None
    if parse_path(path) is None:
        return None
    data = storage.get(path)
    return Served(data, BYTES, FOREVER) if data is not None else None
