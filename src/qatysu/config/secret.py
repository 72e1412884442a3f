"""The installation's signing key: from the environment, or a private file made once."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def read_or_make(path: Path) -> str:
    """The key in ``path``; made with mode 0600 when absent. Raises SystemExit for an empty or world-readable file."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return read_or_make(path)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(64))
    if path.stat().st_mode & 0o077:
        raise SystemExit(f"{path} can be read by others; run: chmod 600 {path}")
    key = path.read_text().strip()
    if len(key) < 50:
        raise SystemExit(f"{path} holds no usable key; remove it to have a new one made")
    return key
