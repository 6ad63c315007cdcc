"""Bodies that are too big for memory: they arrive in files without a name, and are looked at as if they were bytes."""

from __future__ import annotations

import hashlib
import mmap
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO

from distportal.systems.sftp.base import CHUNK

IN_MEMORY = 1024 * 1024
"""Up to so many bytes stay in memory."""
Bytes = bytes | memoryview


class TooMuch(Exception):
    """More bytes came than are taken; none of them is kept."""


class CutOff(Exception):
    """Fewer bytes came than were announced; none of them is kept."""


class Scratch:
    """Temporary files of one piece of work: on disk in `folder`, without names, gone when it ends."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder, self._files = folder, ExitStack()

    def __enter__(self) -> Scratch:
        if self._folder:
            self._folder.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._files.close()

    def put(self, pieces: Iterable[Bytes]) -> Bytes:
        """The pieces as one: bytes where they are few, else a view of a file. Raises OSError."""
        made = tempfile.SpooledTemporaryFile(IN_MEMORY, dir=str(self._folder) if self._folder else None)  # noqa: SIM115
        file = self._files.enter_context(made)
        for piece in pieces:
            file.write(piece)
        return _view(file)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """A whole body with its size and digest."""

    content: Bytes
    size: int
    sha256: str


@contextmanager
def arriving(read: Callable[[int], bytes], *, length: int | None, most: int, folder: Path) -> Iterator[Arrived]:
    """The body, read to its end in flat memory; `length` is what was announced. Raises TooMuch, as early as it can be
    known, CutOff and OSError.
    """
    digest, total = hashlib.sha256(), 0

    def pieces() -> Iterator[bytes]:
        nonlocal total
        while chunk := read(CHUNK if length is None else min(CHUNK, length - total)):
            total += len(chunk)
            if total > most:
                raise TooMuch
            digest.update(chunk)
            yield chunk
            if total == length:
                break

    if length is not None and length > most:
        raise TooMuch
    with Scratch(folder) as scratch:
        content = scratch.put(pieces())
        if length is not None and total != length:
            raise CutOff
        yield Arrived(content=content, size=total, sha256=digest.hexdigest())


class Reading:
    """A view as a file to read from, piece by piece."""

    def __init__(self, content: Bytes) -> None:
        self._content, self._at = memoryview(content), 0

    def read(self, size: int = -1) -> bytes:
        """The next bytes, none at the end."""
        stop = len(self._content) if size < 0 else self._at + size
        found = bytes(self._content[self._at : stop])
        self._at += len(found)
        return found


def _view(file: IO[bytes]) -> Bytes:
    size = file.seek(0, 2)
    if size <= IN_MEMORY:
        file.seek(0)
        return file.read()
    file.flush()
    return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
