"""A Redis server of a test's own, to be hurt."""

from __future__ import annotations

import os
import pathlib
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from distportal.embedded import redis


@dataclass(frozen=True)
class OwnRedis:
    """The server of that role below that folder."""

    state: pathlib.Path
    role: str

    @property
    def pid(self) -> int:
        return int((self.state / f"redis-{self.role}" / "pid").read_text())

    def start(self) -> str:
        """Its URL; it answers when this returns."""
        return redis.start(self.state, self.role)

    def hurt(self, number: signal.Signals) -> None:
        os.kill(self.pid, number)


@contextmanager
def own_redis(state: pathlib.Path, role: str) -> Iterator[OwnRedis]:
    """One that runs, and is stopped afterwards even where it hangs."""
    server = OwnRedis(state, role)
    server.start()
    yield server
    server.hurt(signal.SIGCONT)
    redis.stop(state, role)
