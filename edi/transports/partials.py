"""Downloads that go on where they were cut off: what has come stays on disk under the file's size and time."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from distportal.systems.sftp.base import TransportError

KEPT_SECONDS = 2 * 24 * 3600.0
"""A part that nobody went on with for so long is removed."""


@contextmanager
def partial(folder: Path, *, key: str, stamp: str) -> Iterator[IO[bytes]]:
    """A file that stands at the end of what came before of this key with this stamp; a part of another stamp is gone.

    It is removed in the end, except when a TransportError passes: then it waits for the next try. Raises OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    name = _short(key)
    path = folder / f"{name}.{_short(stamp)}"
    for other in folder.glob(f"{name}.*"):
        if other != path:
            other.unlink(missing_ok=True)
    _forget_old(folder)
    path.touch()
    try:
        with path.open("r+b") as body:
            body.seek(0, 2)
            yield body
    except TransportError:
        raise
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    else:
        path.unlink(missing_ok=True)


def _short(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:32]


def _forget_old(folder: Path) -> None:
    oldest = time.time() - KEPT_SECONDS
    for path in folder.iterdir():
        if path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)
