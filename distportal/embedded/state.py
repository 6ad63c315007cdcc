"""Where the embedded services keep their files, and the locks that let several starters and users agree."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import pathlib
from collections.abc import Iterator
from typing import IO

NOBODY = 65534
_SOCKET_PATH_MAX = 80  # sun_path holds 104 to 108 bytes, and the server adds a file name


def state_dir() -> pathlib.Path:
    """OPS_STATE, or `.local` beside manage.py."""
    default = pathlib.Path(__file__).resolve().parents[2] / ".local"
    return pathlib.Path(os.environ.get("OPS_STATE") or default).resolve()


def digest(state: pathlib.Path) -> str:
    """A short name for a state folder, for files that must live outside of it."""
    return hashlib.sha256(str(state).encode()).hexdigest()[:12]


def short_dir(state: pathlib.Path, name: str) -> pathlib.Path:
    """A folder for sockets: inside the state folder, or in /tmp where that path would be too long for a socket."""
    inside = state / name
    if len(str(inside)) <= _SOCKET_PATH_MAX:
        return inside
    return pathlib.Path("/tmp") / f"ops-{os.getuid()}-{digest(state)}-{name}"


def private_dir(path: pathlib.Path, owner: int, *, mode: int = 0o700) -> pathlib.Path:
    """The folder, made if missing and given to that user id. Raises SystemExit when it belongs to somebody else."""
    path.mkdir(mode=mode, parents=True, exist_ok=True)
    found = path.lstat()
    if os.geteuid() == 0 and found.st_uid == 0 != owner:
        os.chown(path, owner, owner)
    elif found.st_uid != owner:
        raise SystemExit(f"{path} belongs to user id {found.st_uid}; nothing was started. Remove it or set OPS_STATE.")
    return path


@contextlib.contextmanager
def locked(state: pathlib.Path) -> Iterator[None]:
    """One starter or stopper at a time per state folder."""
    state.mkdir(parents=True, exist_ok=True)
    with open(state / "lock", "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def enter(state: pathlib.Path) -> IO[str]:
    """A mark that this process uses the services; it ends when the file is closed, also by kill -9."""
    file = open(state / "users", "w")  # noqa: SIM115 - stays open as long as the process uses the services
    fcntl.flock(file, fcntl.LOCK_SH)
    return file


def others_use(mark: IO[str]) -> bool:
    """Whether any other process holds such a mark."""
    try:
        fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    return False
