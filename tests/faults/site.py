"""A whole portal on servers of its own, each process of which can be killed, stopped and started by itself."""

from __future__ import annotations

import contextlib
import os
import pathlib
import signal
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from typing import Any

import psutil
from django.conf import settings
from django.db import connection

from distportal.embedded import postgres, redis
from distportal.events.canary_names import canary_kind
from distportal.events.models import Job
from tests.faults.proxy import TcpProxy, Weather
from tests.live.portal import LivePortal
from tests.own_redis import OwnRedis
from tests.sandbox import SandboxProcess

POOLS: dict[str, tuple[str, ...]] = {
    "erp_write": ("erp_write",),
    "intake": ("orders", "edi_in"),
    "edi_out": ("edi_out",),
    "edi_net": ("edi_net",),
    "relay": ("relay",),
    "rest": ("erp_read", "logistics", "webhooks", "mail", "bulk"),
}
"""Worker by name -> its lanes: every lane has a worker, and those that wait for others - the ERP, mailboxes, servers of
partners - share none with an order's way.
"""
PROCESSES = dict(item.split("=") for item in os.environ.get("CHAOS_PROCESSES", "erp_write=2").split(","))
"""Worker by name -> its processes, as in erp_write=4,relay=2; one for those not named."""


class Site(LivePortal):
    """Its own PostgreSQL, broker, cache and processes; the ERP is reached through a proxy."""

    def __init__(self, folder: pathlib.Path, erp: SandboxProcess, pg_state: pathlib.Path) -> None:
        self.proxy = TcpProxy(int(erp.url.rpartition(":")[2]))
        super().__init__(folder, erp)
        # For this process, too: another address would be another ERP.
        self.erp_url = erp.url if os.environ.get("ERP_WAY") == "direct" else self.proxy.url
        self._pg_state = pg_state
        self.cache_url = redis.start(self._redis_state, "cache")
        self._commands: dict[str, tuple[str, ...]] = {}
        self.restarts = 0

    # -- processes --------------------------------------------------------------------------------

    def start_all(self, *, sweepers: int = 2, beats: int = 2) -> None:
        """Web, a worker for each group of lanes, sweepers and beats."""
        self.start_web()
        for name, lanes in POOLS.items():
            self.start_worker(name, lanes, processes=int(PROCESSES.get(name, 1)))
        for number in range(sweepers):
            self.start_sweeper(f"sweeper{number or ''}")
        for number in range(beats):
            self.start_beat(f"beat{number or ''}")
        canaries = [canary_kind(lanes[0]) for lanes in POOLS.values()]
        moved = Job.objects.filter(kind__in=canaries, state="done")
        self.wait(lambda: moved.values("kind").distinct().count() == len(POOLS), what="each pool works", seconds=300)

    def tend(self) -> None:
        """What died is started again, as systemd would."""
        for name, process in list(self._processes.items()):
            if process.poll() is not None:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                del self._processes[name]
                self._start(name, *self._commands[name])
                self.restarts += 1

    def hurt(self, name: str, number: signal.Signals = signal.SIGKILL) -> None:
        """A signal to the process and its children; nobody waits for what comes of it."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._processes[name].pid, number)

    def children(self, name: str) -> list[int]:
        """The processes of a pool."""
        return [child.pid for child in self.pool(name)]

    def names(self, *kinds: str) -> list[str]:
        """The processes whose names begin so, in a fixed order."""
        return sorted(name for name in self._processes if name.startswith(kinds))

    def command(self, name: str) -> tuple[str, ...]:
        """How the process was started."""
        return self._commands[name]

    def start_as(self, name: str, *command: str) -> None:
        """A process of that name with a command of the test's own."""
        self._start(name, *command)

    def _start(self, name: str, *command: str) -> None:
        self._commands[name] = command
        super()._start(name, *command)

    # -- servers ----------------------------------------------------------------------------------

    def redis_pid(self, role: str) -> int:
        """Of the broker or the cache."""
        return OwnRedis(self._redis_state, role).pid

    def hurt_redis(self, role: str, number: signal.Signals = signal.SIGKILL) -> None:
        """A signal to the broker or the cache."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.redis_pid(role), number)

    def start_redis(self, role: str, *, empty: bool = False) -> None:
        """It answers again at the same address; `empty` with nothing of what it knew."""
        if empty:
            for file in (self._redis_state / f"redis-{role}").glob("appendonlydir/*"):
                file.unlink()
        self.wait(lambda: not redis.running(self._redis_state, role), what=f"{role} is gone")
        redis.start(self._redis_state, role)

    def kill_postgres(self) -> None:
        """The server and all its children are gone without a goodbye."""
        data = pathlib.Path((self._pg_state / "pg.data").read_text())
        pid = int((data / "postmaster.pid").read_text().split()[0])
        for process in [*psutil.Process(pid).children(), psutil.Process(pid)]:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()

    def stop_postgres(self) -> None:
        """As an administrator stops it: connections are ended."""
        postgres.stop(self._pg_state)

    def start_postgres(self) -> None:
        """It answers again at the same address."""
        postgres.start(self._pg_state)
        connection.close()

    def stop(self) -> None:
        for name in list(self._processes):
            self.hurt(name, signal.SIGCONT)
        for role in ("broker", "cache"):
            self.hurt_redis(role, signal.SIGCONT)
        super().stop()
        redis.stop(self._redis_state, "cache")
        self.proxy.stop()

    # -- watching ---------------------------------------------------------------------------------

    def heal(self) -> None:
        """Fair weather, an ERP in good order, and every server there."""
        self.proxy.change(Weather())
        self.erp.faults()
        for name in list(self._processes):
            self.hurt(name, signal.SIGCONT)
        for role in ("broker", "cache"):
            self.hurt_redis(role, signal.SIGCONT)
            redis.start(self._redis_state, role)
        self.start_postgres()
        self.tend()

    def wait(self, true: Callable[[], Any], *, what: str, seconds: float = 90.0) -> Any:
        return super().wait(true, what=what, seconds=seconds)

    def tracebacks(self, *kinds: str) -> list[str]:
        """Processes of these names whose log holds a traceback that Python or Celery wrote, not our own log line."""
        logs = [log for kind in kinds for log in sorted(self.folder.glob(f"{kind}*.log"))]
        return [log.stem for log in logs if "\nTraceback (most recent call last)" in log.read_text(errors="replace")]

    def _environment(self) -> dict[str, str]:
        return {
            **super()._environment(),
            "CACHE_URL": self.cache_url,
            "ERP_WRITE_TIMEOUT": "6",
            "ERP_READ_TIMEOUT": "5",
            "SEND_WITHIN_SECONDS": "8",
            "ERP_SETTLE_SECONDS": "18",
            "DATABASE_POOL_SIZE": "4",
            "JOB_LEASE_SECONDS": "25",
            "ERP_RATE_PER_MINUTE": "6000",
            "WEBHOOK_LOOPBACK": "1",
        }


def make_room(erp_folder: pathlib.Path) -> None:
    """The ERP has plenty of everything and lets everybody owe what they like: thousands of orders go through."""
    with closing(sqlite3.connect(erp_folder / "erp.db", timeout=15)) as books:
        books.execute("UPDATE stock SET on_hand = 10000000")
        books.execute("UPDATE customer SET credit_limit = '900000000.00', credit_balance = '0.00'")
        books.commit()


def point_here(server_url: str) -> None:
    """This process works on the own server from now on; the processes it starts, too."""
    host = server_url.partition("host=")[2]
    os.environ["DATABASE_URL"] = server_url
    settings.DATABASES["default"]["HOST"] = connection.settings_dict["HOST"] = host


def copy_database(source: str, target: str) -> None:
    """All of the one database, which is migrated already, in the other one: much quicker than every migration again.
    Both are URLs with a socket folder.
    """
    bindir = postgres.binaries()
    role = f'CREATE ROLE "{settings.DEALER_DATABASE_ROLE}" NOLOGIN'
    psql = [str(bindir / "psql"), "-XqAt", "-v", "ON_ERROR_STOP=1", "-d", target]
    subprocess.run([*psql, "-c", role], check=True)
    with subprocess.Popen([str(bindir / "pg_dump"), "--no-owner", source], stdout=subprocess.PIPE) as dump:
        subprocess.run(psql, stdin=dump.stdout, check=True, stdout=subprocess.DEVNULL)
    assert dump.returncode == 0
