"""Breaks things by a seed: the same seed breaks the same things in the same order."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import threading
from collections import Counter
from collections.abc import Callable

import redis

from tests.faults.peers.faults import peer_faults
from tests.faults.peers.peers import Peers
from tests.faults.proxy import Weather
from tests.faults.site import POOLS, Site

LATE = {"kind": "hang_then_commit", "count": 4, "seconds": 8, "match": {"method": "POST", "path_regex": "/orders$"}}
FOR_EVER = -1


class Injector:
    """Each fault ends by itself after some seconds; `done` counts them by their number of the matrix and name."""

    def __init__(self, site: Site, seed: int, peers: Peers) -> None:
        self.site, self.done = site, Counter[str]()
        self._random = random.Random(seed)
        self._faults: list[tuple[str, Callable[[], None]]] = [
            ("1-4 worker killed", self._kill_worker),
            ("4 a process of a pool killed", self._kill_child),
            ("5 worker restarted", self._restart_worker),
            ("6 worker asleep past its lease", self._sleep_worker),
            ("6 sweeper asleep", self._sleep_sweeper),
            ("7 broker flushed", lambda: self._flush("broker")),
            ("8 broker killed", lambda: self._kill_redis("broker")),
            ("9 broker hung", lambda: self._hang_redis("broker")),
            ("10 cache flushed", lambda: self._flush("cache")),
            ("10 cache killed", lambda: self._kill_redis("cache")),
            ("10 cache hung", lambda: self._hang_redis("cache")),
            ("11 PostgreSQL killed", self._kill_postgres),
            ("12 PostgreSQL restarted", self._restart_postgres),
            ("15 ERP answers 500", lambda: self._erp({"kind": "error_500", "count": 30})),
            ("15 ERP commits and answers 500", lambda: self._erp(_writes("commit_then_500", 8))),
            ("16 ERP answers 429", lambda: self._erp({"kind": "rate_limited", "count": 20, "seconds": 1})),
            ("17 ERP commits late", lambda: self._erp(LATE)),
            ("18 answer lost", lambda: self._erp(_writes("commit_then_drop", 8))),
            ("18 answers cut on the way", lambda: self._weather(Weather(cut_answers=True))),
            ("18 way to the ERP a black hole", lambda: self._weather(Weather(black_hole=True))),
            ("21 ERP slow", lambda: self._erp({"kind": "latency", "count": FOR_EVER, "seconds": 1.5})),
            ("21 way to the ERP slow", lambda: self._weather(Weather(delay=0.7, bytes_a_second=20_000))),
            ("22 ERP refuses connections", lambda: self._weather(Weather(refuse=True))),
            ("22 ERP killed", self._kill_erp),
            ("32 sweeper killed", lambda: self.site.hurt(self._random.choice(self.site.names("sweeper")))),
            ("32 beat killed", lambda: self.site.hurt(self._random.choice(self.site.names("beat")))),
            ("39 relay killed", self._kill_relay),
            ("web killed", lambda: self.site.hurt("web")),
            *peer_faults(peers, self._last),
        ]  # fmt: skip
        self._ending = threading.Event()

    def one(self) -> str:
        """The next fault, done and over; its name."""
        name, act = self._random.choice(self._faults)
        act()
        self.site.erp.faults()
        self.site.tend()
        self.done[name] += 1
        return name

    def pause(self, most: float) -> None:
        """A while in which nothing breaks."""
        self._ending.wait(self._random.uniform(0.5, most))

    def _last(self, least: float, most: float) -> None:
        self._ending.wait(self._random.uniform(least, most))

    def _worker(self) -> str:
        return self._random.choice(self.site.names(*POOLS))

    def _kill_worker(self) -> None:
        self.site.hurt(self._worker())

    def _kill_child(self) -> None:
        for pid in self.site.children(self._worker()):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def _kill_relay(self) -> None:
        for _ in range(6):
            self.site.hurt("relay")
            self._last(0.3, 0.7)
            self.site.tend()

    def _restart_worker(self) -> None:
        self.site.hurt(self._worker(), signal.SIGTERM)
        self._last(1, 3)

    def _sleep_worker(self) -> None:
        self._sleep(self._worker())

    def _sleep_sweeper(self) -> None:
        self._sleep(self._random.choice(self.site.names("sweeper")))

    def _sleep(self, name: str) -> None:
        self.site.hurt(name, signal.SIGSTOP)
        self._last(20, 28)
        self.site.hurt(name, signal.SIGCONT)

    def _flush(self, role: str) -> None:
        url = self.site.redis_url if role == "broker" else self.site.cache_url
        redis.Redis.from_url(url).flushall()

    def _kill_redis(self, role: str) -> None:
        self.site.hurt_redis(role)
        self._last(1, 6)
        self.site.start_redis(role, empty=self._random.random() < 0.5)

    def _hang_redis(self, role: str) -> None:
        self.site.hurt_redis(role, signal.SIGSTOP)
        self._last(4, 12)
        self.site.hurt_redis(role, signal.SIGCONT)

    def _kill_postgres(self) -> None:
        self.site.kill_postgres()
        self._last(0.2, 3)
        self.site.start_postgres()

    def _restart_postgres(self) -> None:
        self.site.stop_postgres()
        self._last(0.2, 3)
        self.site.start_postgres()

    def _erp(self, rule: dict[str, object]) -> None:
        self.site.erp.faults(rule)
        self._last(3, 8)

    def _weather(self, weather: Weather) -> None:
        self.site.proxy.change(weather)
        self._last(2, 7)
        self.site.proxy.change(Weather())

    def _kill_erp(self) -> None:
        self.site.erp.kill()
        self._last(1, 5)
        self.site.erp.start()


def _writes(kind: str, count: int) -> dict[str, object]:
    return {"kind": kind, "count": count, "match": {"method": "POST"}}
