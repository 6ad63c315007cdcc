"""Partners' mailboxes as folders: `inbox` they drop into, `outbox` they fetch from, `archive` of what was taken."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

QUIET_SECONDS = 1.0
"""A file that changed more recently may still be written by a partner who does not rename."""
MOST_BYTES = 64 * 1024 * 1024
"""Bigger than any order file; it would be read into memory whole."""


@dataclass(frozen=True, slots=True)
class FolderMailbox:
    """One partner's three folders, made when they are first needed."""

    root: Path

    def waiting(self) -> Iterator[str]:
        """The names of complete files in the inbox, oldest first; unfinished and hidden ones are left alone.

        Raises OSError when the folder cannot be read.
        """
        found = []
        for entry in os.scandir(self._folder("inbox")):
            if entry.name.startswith(".") or entry.name.lower().endswith(".tmp") or not entry.is_file():
                continue
            with suppress(FileNotFoundError):  # another poller took it
                found.append((entry.stat().st_mtime, entry.name))
        now = time.time()
        return iter([name for changed, name in sorted(found) if not 0 <= now - changed < QUIET_SECONDS])

    def read(self, name: str) -> bytes | None:
        """The bytes of a waiting file; None when another poller took it. Raises OSError, also for one too big."""
        path = self._folder("inbox") / name
        try:
            if path.stat().st_size > MOST_BYTES:
                raise OSError(f"{name} has more than {MOST_BYTES} bytes and stays in the inbox")
            return path.read_bytes()
        except FileNotFoundError:
            return None

    def archive(self, name: str, *, label: str) -> None:
        """The file is out of the inbox and kept; taken away twice is harmless. `label` tells equal names apart."""
        with suppress(FileNotFoundError):
            os.replace(self._folder("inbox") / name, self._folder("archive") / f"{label}-{name}")

    def put(self, name: str, content: bytes) -> None:
        """The file is complete in the outbox when it is seen there; the same bytes again change nothing.

        Raises OSError.
        """
        folder = self._folder("outbox")
        target, unfinished = folder / name, folder / f".{name}.tmp"
        with suppress(FileNotFoundError):
            if target.read_bytes() == content:
                return
        with unfinished.open("wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        os.replace(unfinished, target)
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)  # the name is on disk too, not only the bytes
        finally:
            os.close(handle)

    def _folder(self, name: str) -> Path:
        path = self.root / name
        path.mkdir(parents=True, exist_ok=True)
        return path
