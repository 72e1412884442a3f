"""Pictures of the demonstration's places: our own drawings before and after, as if somebody had taken them in."""

from __future__ import annotations

import hashlib
import io
from datetime import datetime
from functools import cache
from pathlib import Path
from uuid import UUID

from qatysu.files.commands import location, thumb_path
from qatysu.files.images import Picture, redraw
from qatysu.files.models import StoredFile
from qatysu.identity.models import Account
from qatysu.papers.drawings import png_of

_PLANS = Path(__file__).parents[2] / "ui" / "templates" / "ui" / "plans"
#: Light colours of the tokens --p-… in ui/tokens.css, by the classes of the drawings.
_INKS = {
    "pg": "fill:#cfdfc9", "pt": "fill:#8fb392", "pr": "fill:#fbf8f0", "pn": "fill:#0a5c4a", "pna": "fill:#f2b52e",
    "ph": "fill:#d8cdb6;stroke:#a79f8b;stroke-width:1.5", "phl": "fill:none;stroke:#a79f8b;opacity:.7",
    "pd": "fill:none;stroke:#a79f8b;stroke-width:1.5;stroke-dasharray:9 8",
    "po": "fill:none;stroke:#b3aa96;stroke-width:2;stroke-dasharray:5 4",
    "pnl": "fill:none;stroke:#0a5c4a;stroke-width:3", "pnw": "fill:none;stroke:#fbf8f0;stroke-width:2",
    "pnt": "fill:#0a5c4a;opacity:.16",
}  # fmt: skip


@cache
def drawn(plan: str, moment: str) -> Picture:
    """The drawing of ``plan`` (``before`` or ``after``), taken in as every upload is."""
    file = _PLANS / f"{plan}-{moment}.svg"
    lines = (file if file.is_file() else _PLANS / f"park-{moment}.svg").read_text("utf-8")
    style = "".join(f".{name}{{{ink}}}" for name, ink in _INKS.items())
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 360 240" width="360" height="240">'
        f'<style>{style}</style><rect width="360" height="240" fill="#efe9da"/>{lines}</svg>'
    )
    return redraw(io.BytesIO(png_of(svg, 360, 240)), "image/png")


def stored(plan: str, moment: str, owner: Account, public_id: UUID, now: datetime) -> StoredFile:
    """A file of ``owner`` with that drawing."""
    picture = drawn(plan, moment)
    path = f"{public_id.hex[:2]}/{public_id.hex}.webp"
    for name, body in ((path, picture.webp), (thumb_path(path), picture.thumb)):
        target = location(name)
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
        target.write_bytes(body)
    return StoredFile.objects.create(
        public_id=public_id,
        kind=StoredFile.Kind.IMAGE,
        name=f"{plan}-{moment}.webp",
        media_type="image/webp",
        path=path,
        size_bytes=len(picture.webp),
        sha256=hashlib.sha256(picture.webp).hexdigest(),
        owner=owner,
        created_at=now,
        width=picture.width,
        height=picture.height,
    )
