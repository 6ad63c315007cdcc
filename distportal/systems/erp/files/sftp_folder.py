"""The folders of an ERP on its SFTP server. What came and our state are on our disk; what goes out is there alone.

A file is out when it was renamed there, and only then: it is staged in the ERP's outbox under a hidden name, and only
the rename takes that away. So after any crash or lost answer the server itself tells whether it was out.
"""

from __future__ import annotations

import contextlib
import os
import pathlib
import time
from collections.abc import Iterator

from distportal.common.network_words import network_words
from distportal.systems.erp.files.folder import Folder, plain_name, synced
from distportal.systems.erp.files.store import Store
from distportal.systems.errors import Misconfigured, Transient
from distportal.systems.sftp.base import TransportError, Waiting
from distportal.systems.sftp.mailbox import SftpMailbox, SftpOptions

_SEEN = "SELECT stamp, since FROM sighting WHERE name = ?"
_SEE = "INSERT INTO sighting (name, stamp, since) VALUES (?,?,?) ON CONFLICT (name) DO UPDATE SET stamp = ?, since = ?"


class SftpFolder(Folder):
    """A folder whose `in` is filled from the server and whose `out` is on it. Raises Transient, or Misconfigured
    `erp.sftp_refused` for what stays wrong until a person changes something.
    """

    def __init__(
        self, root: str, options: SftpOptions, secrets: dict[str, str], *, quiet_seconds: float, poll_seconds: float
    ) -> None:
        super().__init__(root, quiet_seconds=0.0)
        self._options = options
        self._secrets = secrets
        self._settled = quiet_seconds
        self._poll = poll_seconds
        self._next = 0.0
        self._store = Store(self.state / "state.sqlite3")

    def look(self) -> str:
        """Signs in and looks at both folders."""
        with self._mailbox("looked at", "the mailbox") as mailbox:
            return mailbox.check()

    def stage(self, name: str, content: bytes) -> None:
        """The bytes lie on the server, under a name that the ERP does not take."""
        with self._mailbox("staged", name) as mailbox:
            mailbox.stage(name, content)

    def is_staged(self, name: str) -> bool:
        """Whether the server still has the staged file."""
        with self._mailbox("looked for", name) as mailbox:
            return mailbox.is_staged(name)

    def release(self, name: str) -> None:
        """The staged file is out, by one rename there."""
        with self._mailbox("released", name) as mailbox:
            if not mailbox.release(name):
                raise Transient("erp.name_taken", f"{name} is there and not of this order: move it away")

    def arrivals(self) -> list[pathlib.Path]:
        """Files that came from the server, the oldest first; it is looked at when it is time."""
        if time.monotonic() >= self._next:
            self._bring()
            self._next = time.monotonic() + self._poll
        return super().arrivals()

    def _bring(self) -> None:
        with self._mailbox("listed", self._options.inbox_folder) as mailbox:
            for file in mailbox.waiting():
                if self._is_settled(file) and not (self.inbox / plain_name(file.name)).exists():
                    self._take(mailbox, file)

    def _is_settled(self, file: Waiting) -> bool:
        """Whether size and time stayed the same for long enough, by our clock: the server's decides nothing."""
        now = time.time()
        with self._store.write() as tx:
            seen = tx.row(_SEEN, file.name)
            if seen is None or seen["stamp"] != file.stamp:
                tx.run(_SEE, file.name, file.stamp, now, file.stamp, now)
                return self._settled <= 0
            return now - float(seen["since"]) >= self._settled

    def _take(self, mailbox: SftpMailbox, file: Waiting) -> None:
        """Here whole before it is put away there; taken twice after a crash it bears the same time and is no news."""
        name = plain_name(file.name)
        unfinished = self.inbox / f".{name}.part"
        with unfinished.open("w+b") as into:
            if not mailbox.fetch(file.name, into):
                unfinished.unlink()
                return
            into.flush()
            os.fsync(into.fileno())
        changed = int(file.changed)
        os.utime(unfinished, (changed, changed))
        os.replace(unfinished, self.inbox / name)
        synced(self.inbox)
        mailbox.archive(file.name, label=f"{changed}")
        with self._store.write() as tx:
            tx.run("DELETE FROM sighting WHERE name = ?", file.name)

    @contextlib.contextmanager
    def _mailbox(self, what: str, name: str) -> Iterator[SftpMailbox]:
        try:
            with contextlib.closing(SftpMailbox(self._options, self._secrets)) as mailbox:
                yield mailbox
        except TransportError as error:
            message = f"{name} could not be {what}: {network_words(error)}"
            if error.permanent:
                raise Misconfigured("erp.sftp_refused", message) from error
            raise Transient("erp.unreachable", message) from error
        except OSError as error:
            raise Transient("erp.folder_unwritable", f"{name} could not be {what}: {network_words(error)}") from error
