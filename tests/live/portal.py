"""The portal as real processes: web, workers, sweeper, beat, own Redis, on a database of its own."""

from __future__ import annotations

import os
import pathlib
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import psutil
from django.conf import settings
from django.db import connection

from distportal.common.ports import KeptPort
from distportal.embedded import redis
from distportal.systems.registry import forget_connections
from tests.own_redis import OwnRedis
from tests.sandbox import ROOT, SandboxProcess

# The portal's own app, with work in it that can end its process.
CELERY = (sys.executable, "-m", "celery", "--quiet", "-A", "tests.live.poison:app")


class LivePortal:
    """Processes by name. Timings are short so that recovery can be watched."""

    def __init__(self, folder: pathlib.Path, erp: SandboxProcess) -> None:
        self.folder, self.erp, self.erp_url = folder, erp, erp.url
        self.edi_root = folder / "edi"
        self._kept = KeptPort()
        self.port = self._kept.number
        self.url = f"http://127.0.0.1:{self.port}"
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._redis_state = folder / "redis"
        self._redis_state.mkdir()
        self.redis_url = redis.start(self._redis_state, "broker")

    # -- processes ------------------------------------------------------------------------------

    def start_worker(self, name: str = "worker", lanes: tuple[str, ...] = (), processes: int = 2) -> None:
        """One Celery worker for the lanes (all without)."""
        self._start(
            name, *CELERY, "worker", "-Q", ",".join(lanes or settings.LANES), "-n", f"{name}@%h", "-c", str(processes),
            "--without-gossip", "--without-mingle", "--without-heartbeat",
        )  # fmt: skip

    def start_sweeper(self, name: str = "sweeper") -> None:
        """What re-hints, and works by itself while Redis is away."""
        self._start(name, sys.executable, "manage.py", "sweep")

    def start_beat(self, name: str = "beat") -> None:
        """What ticks the schedules; one that runs already is enough."""
        self._start(name, *CELERY, "beat", "-s", str(self.folder / f"{name}-schedule"), "--pidfile=")

    def start_web(self) -> None:
        """Answering when this returns."""
        self._start(
            "web", sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port",
            str(self.port), "--workers", "1", "--blocking-threads", "4", "--no-ws", "--log-level", "warning",
            "distportal.wsgi:application",
        )  # fmt: skip
        self.wait(lambda: _answers(f"{self.url}/health/live"), what="the web process answers")

    def kill(self, name: str) -> None:
        """The process and its children are gone without a goodbye."""
        process = self._processes.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)

    def pool(self, name: str) -> list[psutil.Process]:
        """The processes that a worker has forked."""
        return self.leader(name).children()

    def leader(self, name: str) -> psutil.Process:
        """The process that was started by that name."""
        return psutil.Process(self._processes[name].pid)

    def freeze(self, name: str) -> None:
        """The process and its children stand still, as on a machine that was put to sleep."""
        os.killpg(self._processes[name].pid, signal.SIGSTOP)

    def thaw(self, name: str) -> None:
        """They go on where they were."""
        os.killpg(self._processes[name].pid, signal.SIGCONT)

    def stop_one(self, name: str) -> int:
        """The exit code of the process, which was asked to end."""
        process = self._processes.pop(name)
        process.send_signal(signal.SIGTERM)
        try:
            return process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            return process.wait(10)

    def stop(self) -> None:
        """Nothing that was started here runs any more."""
        for name in list(self._processes):
            self.kill(name)  # how they end when they are asked to is the business of `stop_one`
        redis.stop(self._redis_state, "broker")

    # -- Redis ----------------------------------------------------------------------------------

    def kill_redis(self) -> None:
        """Redis is gone without a goodbye."""
        OwnRedis(self._redis_state, "broker").hurt(signal.SIGKILL)
        self.wait(lambda: not redis.running(self._redis_state, "broker"), what="Redis is gone")

    def restart_redis(self) -> None:
        """Redis answers again at the same address."""
        assert redis.start(self._redis_state, "broker") == self.redis_url

    # -- this process ---------------------------------------------------------------------------

    @contextmanager
    def connected(self) -> Iterator[None]:
        """This process speaks to the same ERP."""
        before = settings.ERP_ADAPTERS
        mine = {"url": self.erp_url, "token": self.erp.token, "rate_per_minute": 100_000}
        settings.ERP_ADAPTERS = {"default": {**before["default"], **mine}}
        forget_connections()
        try:
            yield
        finally:
            settings.ERP_ADAPTERS = before
            forget_connections()

    # -- watching -------------------------------------------------------------------------------

    def wait(self, true: Callable[[], Any], *, what: str, seconds: float = 40.0) -> Any:
        """What `true` gave once it was truthy; fails with the processes' last words when time is up."""
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            connection.close()
            if found := true():
                return found
            time.sleep(0.1)
        raise AssertionError(f"not within {seconds:.0f} s: {what}\n{self.last_words()}")

    def last_words(self) -> str:
        """The end of every process's log."""
        logs = sorted(self.folder.glob("*.log"))
        return "\n".join(f"--- {log.stem}\n{log.read_text(errors='replace')[-3000:]}" for log in logs)

    def _start(self, name: str, *command: str) -> None:
        if name in self._processes:
            return
        with open(self.folder / f"{name}.log", "ab") as log:
            self._processes[name] = subprocess.Popen(
                command, cwd=ROOT, env=self._environment(), stdout=log, stderr=log, start_new_session=True
            )

    def _environment(self) -> dict[str, str]:
        base = os.environ["DATABASE_URL"].partition("?")
        server = base[0].rpartition("/")[0]
        return {
            **os.environ,
            "DATABASE_URL": f"{server}/{connection.settings_dict['NAME']}{base[1]}{base[2]}",
            "REDIS_URL": self.redis_url,
            "CACHE_URL": self.redis_url,
            "ERP_URL": self.erp_url,
            "ERP_TOKEN": self.erp.token,
            "ERP_SETTLE_SECONDS": "1",
            "ERP_RATE_PER_MINUTE": "100000",
            "ERP_WRITE_TIMEOUT": "4",
            "SEND_WITHIN_SECONDS": "6",
            "JOB_LEASE_SECONDS": "12",
            "JOB_RETRY_MIN_SECONDS": "0.5",
            "REDIS_DOWN_SECONDS": "2",
            "SYNC_SECONDS": os.environ.get("SYNC_SECONDS", "1"),
            "EDI_ROOT": str(self.edi_root),
            "OPS_STATE": str(self.folder),
            "LOG_LEVEL": "WARNING",
            "STATICFILES_BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage",
        }


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2).status_code == 200
    except httpx.TransportError:
        return False
