"""A peer as a process of its own on a free port of this machine."""

from __future__ import annotations

import pathlib
import subprocess
import time
from collections.abc import Callable, Mapping

import httpx


class Server:
    """Started, stopped and killed by its own process id."""

    def __init__(self, command: list[str], url: str, log: pathlib.Path, env: Mapping[str, str] | None = None) -> None:
        self._command = command
        self._log = log
        self._env = env
        self._process: subprocess.Popen[bytes] | None = None
        self.url = url

    def start(self, answers: Callable[[httpx.Client], httpx.Response]) -> None:
        """Answering when this returns."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(self._command, stdout=log, stderr=log, env=self._env)
        with httpx.Client(base_url=self.url, timeout=5) as client:
            for _ in range(600):
                try:
                    answers(client).raise_for_status()
                    return
                except httpx.HTTPError:
                    if self._process.poll() is not None:
                        break
                    time.sleep(0.1)
        raise RuntimeError(f"a peer did not start: {self._log.read_text()[-2000:]}")

    def stop(self) -> None:
        """Not answering when this returns."""
        self._end(kill=False)

    def kill(self) -> None:
        """Gone without a goodbye, as after a power cut."""
        self._end(kill=True)

    def _end(self, *, kill: bool) -> None:
        if self._process is not None:
            self._process.kill() if kill else self._process.terminate()
            self._process.wait(20)
            self._process = None
