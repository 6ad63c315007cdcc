"""Partners' mailboxes as folders: `inbox` they drop into, `outbox` they fetch from, `archive` of what was taken."""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from distportal.common.network_words import network_words
from distportal.systems.sftp.base import CHUNK, FileTrouble, Parcel, Receipt, TransportError, Waiting, is_unfinished

_PASSING = (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EAGAIN)
"""A full or busy disk may recover; everything else needs a person."""
MOST_BYTES = 256 * 1024 * 1024
"""The biggest file that is taken."""


@dataclass(frozen=True, slots=True)
class FolderOptions:
    """A folder needs no settings: its place is the mailbox's path."""


@dataclass(frozen=True, slots=True)
class FolderMailbox:
    """One partner's three folders, made when they are first needed."""

    root: Path

    def waiting(self) -> Sequence[Waiting]:
        """Plain files only: a link could lead to files that are not the partner's."""
        found, now = [], time.time()
        with _told(f"the inbox {self.root}/inbox cannot be read"):
            for entry in os.scandir(self._folder("inbox")):
                if is_unfinished(entry.name) or not entry.is_file(follow_symlinks=False):
                    continue
                with suppress(FileNotFoundError):  # another poller took it
                    stat = entry.stat()
                    idle = now - stat.st_mtime
                    found.append(
                        Waiting(
                            name=entry.name,
                            size=stat.st_size,
                            changed=f"{stat.st_mtime_ns:020d}",
                            idle=idle if idle >= 0 else None,
                        )
                    )
        return sorted(found, key=lambda one: (one.changed, one.name))

    def fetch(self, name: str, into: IO[bytes]) -> bool:
        """False when another poller took it. Always from its beginning; one that is too big stays where it is."""
        try:
            handle = os.open(self._folder("inbox") / name, os.O_RDONLY | os.O_NOFOLLOW)
        except FileNotFoundError:
            return False
        except OSError as error:
            raise FileTrouble(f"{name} cannot be read: {network_words(error)}", permanent=True) from error
        with os.fdopen(handle, "rb") as file:
            if os.fstat(handle).st_size > MOST_BYTES:
                raise FileTrouble(
                    f"{name} has more than {MOST_BYTES} bytes and stays in the inbox; ask for it in parts",
                    permanent=True,
                )
            into.seek(0)
            into.truncate()
            while chunk := file.read(CHUNK):
                into.write(chunk)
        return True

    def archive(self, name: str, *, label: str) -> None:
        """The file is out of the inbox and kept."""
        with _told(f"{name} was taken but cannot be moved to {self.root}/archive"), suppress(FileNotFoundError):
            os.replace(self._folder("inbox") / name, self._folder("archive") / f"{label}-{name}")

    def put(self, parcel: Parcel) -> Receipt:
        """The file is complete in the outbox when it is seen there."""
        with _told(f"the outbox {self.root}/outbox cannot be written"):
            self._write(parcel.name, parcel.content)
        return Receipt()

    def check(self) -> str:
        """Whether the inbox can be read and the outbox written."""
        count = len(self.waiting())
        with _told(f"the outbox {self.root}/outbox cannot be written"):
            probe = self._folder("outbox") / ".portal-check.tmp"
            handle = os.open(probe, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o664)
            os.close(handle)
            probe.unlink(missing_ok=True)
        return f"The folder can be read and written; {count} files wait in its inbox."

    def close(self) -> None:
        """Nothing is held open."""

    def _write(self, name: str, content: bytes) -> None:
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


@contextmanager
def _told(what: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise TransportError(f"{what}: {network_words(error)}", permanent=error.errno not in _PASSING) from error


def _flush(folder: Path) -> None:
    """The names in the folder are on disk, not only the bytes of the files."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
