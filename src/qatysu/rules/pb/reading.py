"""Read a ``.pb`` file."""

from __future__ import annotations

from os import PathLike

from qatysu.rules.pb.model import PbFile


def read(path: str | PathLike[str], *, lenient: bool = False) -> PbFile:
    """The election in the file at ``path``. Raises PbError, and nothing else, for whatever cannot be read."""
    raise NotImplementedError


def read_bytes(data: bytes, *, lenient: bool = False) -> PbFile:
    """The election in ``data``. Raises PbError, and nothing else."""
    raise NotImplementedError
