"""Where the files of a log come from: a folder, or an address. What comes from there is not trusted, only bounded."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

#: No file of a log is larger: 256 entries of at most 65,535 bytes and their lengths.
LARGEST = 256 * 65_537
TIMEOUT_S = 30


class Unreadable(Exception):
    """The files cannot be reached at all. The text says why."""


class Source(Protocol):
    """Reads one file by its path within the log."""

    def get(self, path: str) -> bytes | None:
        """Bytes; None when there is no such file. Raises Unreadable."""


class Folder:
    """A folder on this machine."""

    def __init__(self, root: Path) -> None:
        """Raises Unreadable when it is none."""
        if not root.is_dir():
            raise Unreadable(f"{root} is not a folder")
        self._root = root

    def get(self, path: str) -> bytes | None:
        """Bytes of the file."""
        try:
            with (self._root / path).open("rb") as file:
                return _bounded(file.read(LARGEST + 1), path)
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None
        except OSError as problem:
            raise Unreadable(f"{path}: {problem.strerror}") from None


class Web:
    """A prefix of addresses, as C2SP tlog-tiles lays them."""

    def __init__(self, prefix: str) -> None:
        """Raises Unreadable for anything but http and https."""
        if urlsplit(prefix).scheme not in ("http", "https"):
            raise Unreadable(f"{prefix} is neither a folder nor an address")
        self._prefix = prefix.rstrip("/")

    def get(self, path: str) -> bytes | None:
        """Bytes of the answer."""
        request = Request(f"{self._prefix}/{path}", headers={"User-Agent": "qatysu-verify"})  # noqa: S310  # reason: http(s) only, seen above
        try:
            with urlopen(request, timeout=TIMEOUT_S) as answer:  # noqa: S310  # reason: http(s) only, seen above
                return _bounded(answer.read(LARGEST + 1), path)
        except HTTPError as problem:
            if problem.code in (404, 410):
                return None
            raise Unreadable(f"{path}: the server answers {problem.code}") from None
        except (URLError, OSError, ValueError) as problem:
            raise Unreadable(f"{path}: {problem}") from None


def _bounded(data: bytes, path: str) -> bytes:
    if len(data) > LARGEST:
        raise Unreadable(f"{path} is larger than any file of a log")
    return data


def source_of(place: str) -> Source:
    """A folder when there is one of this name, otherwise an address. Raises Unreadable."""
    return Folder(Path(place)) if "://" not in place else Web(place)
