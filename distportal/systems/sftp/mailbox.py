"""A mailbox on an SFTP server: its inbox is polled, files are put into its outbox."""

from __future__ import annotations

import posixpath
import stat
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import IO

import paramiko

from distportal.systems.sftp.base import (
    CHUNK,
    MOST_BYTES,
    FileTrouble,
    Parcel,
    Receipt,
    TransportError,
    Waiting,
    is_unfinished,
)
from distportal.systems.sftp.session import open_session, told

PREFETCH = 32
"""Read requests on their way at once; some servers hang when it is unbounded."""
SPAN = PREFETCH * paramiko.SFTPFile.MAX_REQUEST_SIZE
"""Bytes that are asked for at once: as much as may be on its way, so nothing is left to ask for when a line is cut."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SftpOptions:
    """`host_key` is the server's public key as in known_hosts (`ssh-ed25519 AAAA…`), two lines while it is changed.

    `after_taking`: `move` into `archive_folder`, `delete`, or `keep`. Times are seconds.
    """

    host: str
    username: str
    host_key: str
    port: int = 22
    inbox_folder: str = "inbox"
    outbox_folder: str = "outbox"
    archive_folder: str = "archive"
    after_taking: str = "move"
    timeout: int = 15
    session_seconds: int = 45
    poll_seconds: int = 30

    def __post_init__(self) -> None:
        if self.after_taking not in ("move", "delete", "keep"):
            raise ValueError(f"after_taking must be one of 'move', 'delete', 'keep', not {self.after_taking!r}")
        if not self.host_key.strip():
            raise ValueError("host_key is empty: ask the partner for its server's public key")
        if not 1 <= self.timeout <= 30 or not 5 <= self.session_seconds <= 50:
            raise ValueError("timeout must be 1 to 30 and session_seconds 5 to 50")


class SftpMailbox:
    """An open session; `put` and `waiting` share it."""

    def __init__(self, options: SftpOptions, secrets: dict[str, str]) -> None:
        self._options = options
        self._ends = time.monotonic() + options.session_seconds
        self._session, self._sftp = open_session(options, secrets)

    def waiting(self) -> Sequence[Waiting]:
        """Plain files only; the server's clock decides nothing."""
        with told(f"the folder {self._options.inbox_folder} cannot be listed", nothing_there=True):
            rows = self._sftp.listdir_attr(self._options.inbox_folder)
        found = [
            Waiting(name=row.filename, size=row.st_size or 0, changed=f"{row.st_mtime or 0:012d}")
            for row in rows
            if stat.S_ISREG(row.st_mode or 0) and not is_unfinished(row.filename)
        ]
        return sorted(found, key=lambda one: (one.changed, one.name))

    def fetch(self, name: str, into: IO[bytes]) -> bool:
        """Goes on at the position of `into`, from the beginning where what came before is not what the server has now.
        Stops at the biggest size and at the end of the session's time.
        """
        try:
            with told(f"{name} cannot be read"):
                file = self._sftp.open(self._inside("inbox_folder", name), "rb")
                with file:
                    facts = file.stat()
                    size = facts.st_size or 0
                    if size > MOST_BYTES:
                        raise FileTrouble(f"{name} has more than {MOST_BYTES} bytes and stays there", permanent=True)
                    file.seek(_go_on(file, into))
                    self._copy(file, into, name, size)
                    if file.stat().st_mtime != facts.st_mtime:
                        raise TransportError(f"{name} changed while it was fetched; it is fetched again")
        except FileNotFoundError:
            return False
        return True

    def archive(self, name: str, *, label: str) -> None:
        """Moved, deleted or left, as agreed."""
        source = self._inside("inbox_folder", name)
        with told(f"{name} was taken but cannot be put away"), suppress(FileNotFoundError):
            if self._options.after_taking == "delete":
                self._sftp.remove(source)
            elif self._options.after_taking == "move":
                self._make_folder(self._options.archive_folder)
                self._rename(source, self._inside("archive_folder", f"{label}-{name}"))

    def put(self, parcel: Parcel) -> Receipt:
        """Written as `.name.tmp`, its size compared, then renamed."""
        self.stage(parcel.name, parcel.content)
        with told(f"the folder {self._options.outbox_folder} cannot be written", nothing_there=True):
            self._rename(self._unfinished(parcel.name), self._inside("outbox_folder", parcel.name))
        return Receipt()

    def stage(self, name: str, content: bytes) -> None:
        """The bytes lie in the outbox as `.name.tmp`, whole."""
        unfinished = self._unfinished(name)
        with told(f"the folder {self._options.outbox_folder} cannot be written", nothing_there=True):
            with self._sftp.open(unfinished, "wb") as file:
                file.set_pipelined(True)
                for start in range(0, len(content), CHUNK):
                    self._in_time(name)
                    file.write(content[start : start + CHUNK])
            if self._sftp.stat(unfinished).st_size != len(content):
                raise TransportError(f"{name} arrived incomplete and was not renamed; it is sent again")

    def is_staged(self, name: str) -> bool:
        """Whether `.name.tmp` is there: while it is, the file was not released."""
        return self._there(self._unfinished(name))

    def release(self, name: str) -> bool:
        """Whether the staged file bears its name now; False where another file has it. One that is not staged any more
        was released before.
        """
        unfinished, target = self._unfinished(name), self._inside("outbox_folder", name)
        if not self._there(unfinished):
            return True
        if self._there(target):
            return False
        with told(f"{name} cannot be renamed", nothing_there=True):
            self._rename(unfinished, target)
        return True

    def check(self) -> str:
        """Signs in, lists the inbox and looks for the outbox."""
        count = len(self.waiting())
        with told(f"the folder {self._options.outbox_folder} is missing", nothing_there=True):
            self._sftp.stat(self._options.outbox_folder)
        return f"Signed in as {self._options.username}; {count} files wait in {self._options.inbox_folder}."

    def close(self) -> None:
        """The session ends."""
        with suppress(OSError, EOFError, paramiko.SSHException):
            self._sftp.close()
        self._session.close()

    def _copy(self, file: paramiko.SFTPFile, into: IO[bytes], name: str, size: int) -> None:
        """Asked for in spans that are sent at once: a thread asks ahead, and it must not outlive the session."""
        total = asked = into.tell()
        while True:
            if asked <= total < size:
                asked = min(size, total + SPAN)
                file.prefetch(asked, max_concurrent_requests=PREFETCH)
            if not (chunk := file.read(CHUNK)):
                return
            self._in_time(name)
            total += len(chunk)
            if total > MOST_BYTES:
                raise FileTrouble(f"{name} grew beyond {MOST_BYTES} bytes and stays there", permanent=True)
            into.write(chunk)

    def _in_time(self, name: str) -> None:
        if time.monotonic() > self._ends:
            raise TransportError(f"{name} was not through after {self._options.session_seconds} s; it is tried again")

    def _rename(self, source: str, target: str) -> None:
        try:
            self._sftp.posix_rename(source, target)
        except FileNotFoundError:
            raise
        except OSError:  # a server without the extension; its plain rename fails where the target is
            with suppress(FileNotFoundError):
                self._sftp.remove(target)
            self._sftp.rename(source, target)

    def _make_folder(self, folder: str) -> None:
        try:
            self._sftp.stat(folder)
        except FileNotFoundError:
            self._sftp.mkdir(folder)

    def _there(self, path: str) -> bool:
        try:
            with told(f"{path} cannot be looked for"):
                self._sftp.stat(path)
        except FileNotFoundError:
            return False
        return True

    def _unfinished(self, name: str) -> str:
        return self._inside("outbox_folder", f".{name}.tmp")

    def _inside(self, folder: str, name: str) -> str:
        return posixpath.join(getattr(self._options, folder), name)


def _go_on(file: paramiko.SFTPFile, into: IO[bytes]) -> int:
    """Where the download goes on: after what is here, if its last piece is what stands there on the server."""
    came = into.tell()
    piece = min(came, CHUNK)
    into.seek(came - piece)
    file.seek(came - piece)
    if piece and file.read(piece) != into.read(piece):
        came = 0
    into.seek(came)
    into.truncate()
    return came
