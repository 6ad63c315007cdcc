"""Bytes that are too many for a row, kept as files that are named by their own hash."""

from __future__ import annotations

import hashlib
import os
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

INLINE = 256 * 1024
"""Up to so many bytes stand in the row itself; more are spooled."""
CHUNK = 1024 * 1024


class Readable(Protocol):
    """Something that is read piece by piece, b"" at its end."""

    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What became of a body: its hash and size, and its bytes where they are few; None says that they are spooled."""

    sha256: str
    size: int
    content: bytes | None


def keep(body: Readable, *, spool: Path) -> Kept:
    """The body, read to its end in flat memory; on disk, name and all, when this returns. Raises OSError.

    The same bytes are the same file, however often they come.
    """
    head = body.read(INLINE + 1)
    digest, size = hashlib.sha256(head), len(head)
    if size <= INLINE:
        return Kept(sha256=digest.hexdigest(), size=size, content=head)
    unfinished = spool / "unfinished" / uuid.uuid4().hex
    unfinished.parent.mkdir(parents=True, exist_ok=True)
    try:
        with unfinished.open("xb") as out:
            while head:
                out.write(head)
                head = body.read(CHUNK)
                digest.update(head)
                size += len(head)
            out.flush()
            os.fsync(out.fileno())
        target = path_of(digest.hexdigest(), spool=spool)
        target.parent.mkdir(parents=True, exist_ok=True)
        os.replace(unfinished, target)
    finally:
        unfinished.unlink(missing_ok=True)
    for folder in (target.parent, spool):
        _flush(folder)
    return Kept(sha256=digest.hexdigest(), size=size, content=None)


def path_of(sha256: str, *, spool: Path) -> Path:
    """Where the bytes of this hash are spooled."""
    return spool / sha256[:2] / sha256


def _flush(folder: Path) -> None:
    """The names in the folder are on disk, not only the bytes of the files."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
