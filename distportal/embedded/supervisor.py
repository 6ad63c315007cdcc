"""Runs several processes as one: prefixed logs, restart with back-off, a clean stop, no orphans."""

from __future__ import annotations

import contextlib
import os
import pathlib
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

GRACE_SECONDS = 8.0
MAX_FAILURES = 5
WINDOW_SECONDS = 60.0
READY_SECONDS = 30.0
_CHILD = str(pathlib.Path(__file__).with_name("child.py"))


@dataclass(frozen=True)
class Program:
    """One child: its argv, its extra environment, the Celery lane it serves if any.

    `ready_url` is asked over HTTP until it answers below 500: then `on_ready` is called once and later programs start.
    """

    name: str
    argv: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict)
    lane: str = ""
    ready_url: str = ""
    on_ready: Callable[[], None] | None = None


@dataclass
class _Child:
    program: Program
    colour: int
    process: subprocess.Popen[bytes] | None = None
    start_at: float = 0.0
    failures: list[float] = field(default_factory=list)
    ready: threading.Event = field(default_factory=threading.Event)


def _print(text: str) -> None:
    with contextlib.suppress(BrokenPipeError, ValueError):  # the reader went away; the processes stay
        sys.stdout.write(text)
        sys.stdout.flush()


class Supervisor:
    """Keeps its programs running until SIGINT or SIGTERM, or until one of them fails too often."""

    def __init__(self, programs: Sequence[Program], *, write: Callable[[str], object] = _print) -> None:
        self.stopping = threading.Event()
        self._write = write
        self._gave_up = False
        self._width = max((len(p.name) for p in programs), default=0)
        self._children = [_Child(p, 31 + i % 6) for i, p in enumerate(programs)]

    def run(self) -> int:
        """The exit code: 0 after a wanted stop, 1 when a program kept failing. Call it in the main thread."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: self.stopping.set())
        self._begun = time.monotonic()
        try:
            while not self.stopping.is_set():
                for child in self._children:
                    self._tend(child)
                self.stopping.wait(0.1)
        finally:
            self._stop_all()
        return 1 if self._gave_up else 0

    def pids(self) -> dict[str, int]:
        """The live children's process ids by name."""
        return {c.program.name: c.process.pid for c in self._children if c.process and c.process.poll() is None}

    def _tend(self, child: _Child) -> None:
        now = time.monotonic()
        if child.process is None:
            if now >= child.start_at and self._may_start(child, now):
                self._spawn(child)
            return
        code = child.process.poll()
        if code is None:
            return
        _kill_group(child.process.pid)
        child.failures = [t for t in child.failures if now - t < WINDOW_SECONDS] + [now]
        if len(child.failures) > MAX_FAILURES:
            self._say(child, f"ended with {code} {len(child.failures)} times within a minute; stopping everything")
            self._gave_up = True
            self.stopping.set()
            return
        wait = min(2 ** len(child.failures) / 4, 10)
        self._say(child, f"ended with {code}; starts again in {wait:.1f} s")
        child.process, child.start_at = None, now + wait

    def _may_start(self, child: _Child, now: float) -> bool:
        """Earlier programs with a page go first, so that the first page does not share the processors with the rest."""
        earlier = self._children[: self._children.index(child)]
        waiting = any(c.program.ready_url and not c.ready.is_set() for c in earlier)
        return not waiting or now - self._begun > READY_SECONDS

    def _spawn(self, child: _Child) -> None:
        process = subprocess.Popen(
            [sys.executable, "-I", "-S", _CHILD, str(os.getpid()), *child.program.argv],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            env={**os.environ, **child.program.env},
            start_new_session=True,
        )
        child.process = process
        threading.Thread(target=self._pump, args=(child, process), daemon=True).start()
        if child.program.ready_url and not child.ready.is_set():
            threading.Thread(target=self._await_ready, args=(child, process), daemon=True).start()

    def _await_ready(self, child: _Child, process: subprocess.Popen[bytes]) -> None:
        while process.poll() is None and not self.stopping.is_set():
            if _answers(child.program.ready_url):
                child.ready.set()
                if child.program.on_ready:
                    child.program.on_ready()
                return
            time.sleep(0.1)

    def _pump(self, child: _Child, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout is not None  # noqa: S101 - asked for above
        for line in process.stdout:
            self._say(child, line.decode(errors="replace").rstrip("\n"))

    def _say(self, child: _Child, text: str) -> None:
        name = child.program.name.ljust(self._width)
        if sys.stdout.isatty():
            name = f"\x1b[{child.colour}m{name}\x1b[0m"
        self._write(f"{name} | {text}\n")

    def _stop_all(self) -> None:
        live = [c.process for c in self._children if c.process and c.process.poll() is None]
        for process in live:
            process.terminate()
        end = time.monotonic() + GRACE_SECONDS
        for process in live:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(max(0.05, end - time.monotonic()))
        for child in self._children:
            if child.process:
                _kill_group(child.process.pid)
                child.process.wait()


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as reply:  # noqa: S310 - the supervisor's own address
            return bool(reply.status < 500)
    except urllib.error.HTTPError as refusal:
        return refusal.code < 500
    except OSError:
        return False


def _kill_group(pid: int) -> None:
    """Whatever a child left behind in its session ends too."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
