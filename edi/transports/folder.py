"""Partners' mailboxes as folders: `inbox` they drop into, `outbox` they fetch from, `archive` of what was taken."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

QUIET_SECONDS = 1.0
"""A file that changed more recently may still be written by a partner who does not rename."""
MOST_BYTES = 256 * 1024 * 1024
"""The biggest file that is taken: its envelopes can be judged within the lease of one job."""


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
            if entry.name.startswith(".") or entry.name.lower().endswith(".tmp") or not _plain_file(entry):
                continue
            with suppress(FileNotFoundError):  # another poller took it
                found.append((entry.stat().st_mtime, entry.name))
        now = time.time()
        return iter([name for changed, name in sorted(found) if not 0 <= now - changed < QUIET_SECONDS])

    @contextmanager
    def opened(self, name: str) -> Iterator[IO[bytes] | None]:
        """A waiting file, open; None when another poller took it. Raises OSError, also for one too big."""
        try:
            handle = os.open(self._folder("inbox") / name, os.O_RDONLY | os.O_NOFOLLOW)
        except FileNotFoundError:
            yield None
            return
        with os.fdopen(handle, "rb") as file:
            if os.fstat(handle).st_size > MOST_BYTES:
                raise OSError(f"{name} has more than {MOST_BYTES} bytes and stays in the inbox; ask for it in parts")
            yield file

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
        handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o664)
        with os.fdopen(handle, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        os.replace(unfinished, target)
        _flush(folder)

    def _folder(self, name: str) -> Path:
        path = self.root / name
        path.mkdir(parents=True, exist_ok=True)
        return path


def _plain_file(entry: os.DirEntry[str]) -> bool:
    """No links: a partner may place them, and they could lead to files that are not the partner's."""
    return entry.is_file(follow_symlinks=False)


def _flush(folder: Path) -> None:
    """The names in the folder are on disk, not only the bytes of the files."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
