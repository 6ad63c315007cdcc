"""A real SFTP server of the test's own: asyncssh on loopback, in a thread, over a folder."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import asyncssh

USER, PASSWORD = "crestline", "correct horse"


class Server:
    """Start, stop, and count what was asked; `fault` is called with each operation's name and may raise or sleep.

    Without a key or port of before it has new ones. `signing_in` is called before a password is judged, in its thread.
    """

    def __init__(self, root: Path, *, client_key: str = "", key: Any = None, port: int = 0) -> None:
        self.root = root
        for name in ("inbox", "outbox", "archive"):
            (root / name).mkdir(parents=True, exist_ok=True)
        self.key = key or asyncssh.generate_private_key("ssh-ed25519")
        self.fault: Callable[[str], None] = lambda _: None
        self.signing_in: Callable[[], None] = lambda: None
        self.operations: list[str] = []
        self.offsets: list[int] = []
        self.port = port
        self.client_key = client_key
        self._loop = asyncio.new_event_loop()
        self._acceptor: Any = None
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.start()

    @property
    def host_key(self) -> str:
        return self.key.export_public_key().decode().strip()

    def start(self) -> None:
        self._wait(asyncio.run_coroutine_threadsafe(self._listen(), self._loop))

    def stop(self) -> None:
        """No longer reachable; connections are cut."""
        if self._acceptor is not None:
            acceptor, self._acceptor = self._acceptor, None

            async def close() -> None:
                acceptor.close()
                for connection in list(_connections.get(id(self), ())):
                    connection.abort()

            self._wait(asyncio.run_coroutine_threadsafe(close(), self._loop))

    def end(self) -> None:
        self.stop()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)

    def cut(self) -> None:
        """Every connection is reset now; called from the server's own thread."""
        for connection in list(_connections.get(id(self), ())):
            connection.abort()

    def drop(self, name: str, content: bytes) -> None:
        (self.root / "inbox" / name).write_bytes(content)

    def names(self, folder: str) -> list[str]:
        return sorted(path.name for path in (self.root / folder).iterdir())

    async def _listen(self) -> None:
        self._acceptor = await asyncssh.listen(
            "127.0.0.1",
            self.port,
            server_factory=lambda: _Handler(self),
            server_host_keys=[self.key],
            sftp_factory=lambda channel: _Files(self, channel),
        )
        self.port = self._acceptor.get_port()

    async def asked(self, operation: str) -> None:
        self.operations.append(operation)
        await self._loop.run_in_executor(None, self.fault, operation)

    @staticmethod
    def _wait(future: Future[Any]) -> Any:
        return future.result(10)


_connections: dict[int, list[Any]] = {}


class _Handler(asyncssh.SSHServer):
    def __init__(self, outer: Server) -> None:
        self._outer = outer

    def connection_made(self, connection: Any) -> None:
        _connections.setdefault(id(self._outer), []).append(connection)

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        self._outer.signing_in()
        return (username, password) == (USER, PASSWORD)

    def public_key_auth_supported(self) -> bool:
        return bool(self._outer.client_key)

    def validate_public_key(self, username: str, key: Any) -> bool:
        return bool(key == asyncssh.import_public_key(self._outer.client_key))


class _Files(asyncssh.SFTPServer):
    def __init__(self, outer: Server, channel: Any) -> None:
        super().__init__(channel, chroot=str(outer.root))
        self._outer = outer

    async def open(self, path: bytes, pflags: int, attrs: Any) -> Any:
        await self._outer.asked("open")
        return super().open(path, pflags, attrs)

    async def read(self, file: Any, offset: int, size: int) -> Any:
        self._outer.offsets.append(offset)
        await self._outer.asked("read")
        return super().read(file, offset, size)

    async def write(self, file: Any, offset: int, data: bytes) -> Any:
        await self._outer.asked("write")
        return super().write(file, offset, data)

    async def posix_rename(self, old: bytes, new: bytes) -> Any:
        await self._outer.asked("rename")
        return super().posix_rename(old, new)

    async def scandir(self, path: bytes) -> Any:
        await self._outer.asked("list")
        async for entry in super().scandir(path):
            yield entry


def after(count: int, operation: str, do: Callable[[], None]) -> Callable[[str], None]:
    """A fault that happens once, at the given occurrence of an operation."""
    seen = {"n": 0}

    def fault(asked: str) -> None:
        if asked == operation:
            seen["n"] += 1
            if seen["n"] == count:
                do()

    return fault


def slow(operation: str, seconds: float) -> Callable[[str], None]:
    """A fault that keeps an operation waiting."""
    return lambda asked: time.sleep(seconds) if asked == operation else None
