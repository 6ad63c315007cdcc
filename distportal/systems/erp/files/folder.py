"""The folder that is shared with the ERP. A file is out when it was renamed, and only then."""

from __future__ import annotations

import contextlib
import os
import pathlib
import time
from collections.abc import Iterator

from distportal.common.network_words import network_words
from distportal.systems.errors import Transient

UNFINISHED = (".tmp", ".part", ".filepart", ".partial", ".lock")


class Folder:
    """`out` and `in` are the ERP's to read and fill; `kept`, `quarantine` and `state` are ours. All on one disk."""

    def __init__(self, root: str, *, quiet_seconds: float) -> None:
        self.root = pathlib.Path(root)
        self._quiet = quiet_seconds
        self.out, self.inbox = self.root / "out", self.root / "in"
        self.kept, self.quarantine, self.state = self.root / "kept", self.root / "quarantine", self.root / "state"

    def prepare(self) -> None:
        """The places are there. Raises Transient where the folder cannot be reached or written to."""
        try:
            if not self.root.is_dir():
                raise Transient("erp.unreachable", f"the folder {self.root} is not there; nothing was written")
            for place in (self.out, self.inbox, self.kept, self.quarantine, self.state):
                place.mkdir(exist_ok=True)
        except OSError as error:
            raise Transient(
                "erp.unreachable", f"the folder {self.root} cannot be used: {network_words(error)}"
            ) from error

    def stage(self, name: str, content: bytes) -> None:
        """The bytes are on the disk, where the ERP does not look."""
        with _told("staged", name):
            path = self.state / f"{name}.tmp"
            with path.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            synced(self.state)

    def is_staged(self, name: str) -> bool:
        """Whether the staged file is still there: while it is, it was not released."""
        return (self.state / f"{name}.tmp").exists()

    def look(self) -> str:
        """A sentence for people on what was found."""
        return f"{len(self.arrivals())} files to read"

    def release(self, name: str) -> None:
        """The staged file is out, by one rename. A staged file that is gone was renamed before: nothing is done."""
        path, target = self.state / f"{name}.tmp", self.out / name
        if not path.exists():
            return
        if target.exists():
            raise Transient("erp.name_taken", f"{target} is there and not of this order: move it away")
        with _told("released", name):
            os.rename(path, target)
            synced(self.out)

    def arrivals(self) -> list[pathlib.Path]:
        """Files that nobody writes to any more, the oldest first."""
        found, now = [], time.time()
        with _told("listed", "in"), os.scandir(self.inbox) as entries:
            for entry in entries:
                if entry.name.startswith(".") or entry.name.lower().endswith(UNFINISHED):
                    continue
                # Another worker may take it meanwhile. Links are not followed: they lead out of the folder.
                with contextlib.suppress(FileNotFoundError):
                    changed = entry.stat(follow_symlinks=False).st_mtime
                    if entry.is_file(follow_symlinks=False) and now - changed >= self._quiet:
                        found.append((changed, entry.name))
        return [self.inbox / name for _, name in sorted(found)]

    def keep(self, path: pathlib.Path, number: int) -> None:
        """The file, moved to where its bytes are kept under the number of its arrival."""
        # another worker may have moved it: its bytes are there then
        with _told("kept", path.name), contextlib.suppress(FileNotFoundError):
            os.replace(path, self.kept / f"{number:09d}-{plain_name(path.name)}")

    def set_aside(self, name: str, content: bytes, why: str) -> None:
        """Bytes that could not be read, with the reason beside them."""
        with _told("set aside", name):
            (self.quarantine / name).write_bytes(content)
            (self.quarantine / f"{name}.why.txt").write_text(why, encoding="utf-8")

    def take_back(self, name: str) -> bool:
        """Whether bytes that were set aside are among the arrivals again, under their first name."""
        held = self.quarantine / plain_name(name)
        with _told("read again", name):
            if not held.exists():
                return False
            arrived = self.inbox / plain_name(name.partition("-")[2])
            if arrived.exists():
                raise Transient("erp.name_taken", f"{arrived.name} is waiting to be read; try again when it was")
            os.utime(held)  # else it would be the same file once more, which is no news
            os.replace(held, arrived)
            (self.quarantine / f"{name}.why.txt").unlink(missing_ok=True)
        return True


def plain_name(name: str) -> str:
    """A name that any place can hold and show: printable, with room for what we put around it."""
    shown = "".join(c if c.isprintable() and c not in "/\\" and not "\ud800" <= c <= "\udfff" else "_" for c in name)
    return shown.encode()[-180:].decode(errors="ignore")


@contextlib.contextmanager
def _told(what: str, name: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Transient("erp.folder_unwritable", f"{name} could not be {what}: {network_words(error)}") from error


def synced(place: pathlib.Path) -> None:
    """The names in a folder are on the disk."""
    handle = os.open(place, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
