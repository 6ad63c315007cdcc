"""A cached read of its own for every test, of a system that counts how often it is asked."""

from __future__ import annotations

import datetime as dt
import socket
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pytest
from django.conf import settings

from distportal.common.redis_client import cache_absence, cache_redis
from distportal.events.clock import database_now
from distportal.events.models import Job
from distportal.events.sweeper import work_lane
from distportal.systems.cache import answers
from distportal.systems.cache.answers import Ages, Answer, CachedRead, Seen, cached_read
from distportal.systems.cache.looking import REFRESH_JOB, look_up
from distportal.systems.errors import SystemCallError

START = dt.datetime(2026, 11, 25, 12, tzinfo=dt.UTC)


def moment(seconds: float) -> dt.datetime:
    """By the other system's clock."""
    return START + dt.timedelta(seconds=seconds)


@dataclass
class System:
    """What it holds, since when, what it was asked, and how it fails."""

    values: dict[str, object] = field(default_factory=dict)
    as_of: float = 1.0
    calls: list[list[str]] = field(default_factory=list)
    failure: SystemCallError | None = None
    behind: dict[str, Answer] = field(default_factory=dict)
    looks_behind: int = 0

    def fetch(self, connection: str, keys: Sequence[str]) -> Mapping[str, Answer]:
        """One call."""
        self.calls.append(list(keys))
        if self.failure is not None:
            raise self.failure
        now = database_now()
        known = [key for key in keys if key in self.values]
        return {key: Answer(value=self.values[key], as_of=moment(self.as_of), checked_at=now) for key in known}

    def snapshot(self, connection: str, keys: Sequence[str]) -> Mapping[str, Answer]:
        """PostgreSQL's."""
        self.looks_behind += 1
        return {key: self.behind[key] for key in keys if key in self.behind}


@dataclass
class World:
    """The read, and what to do with it."""

    read: CachedRead
    system: System

    def look(self, *keys: str, connection: str = "default") -> dict[str, Seen]:
        """What a page sees."""
        return look_up(self.read, keys, connection=connection)

    def asked(self) -> list[list[str]]:
        """The calls that were made once all due work was done."""
        work_lane("erp_read")
        return self.system.calls

    def waiting(self) -> int:
        """Jobs that ask, not done yet."""
        return Job.objects.filter(kind=REFRESH_JOB, state="ready").count()

    def behind(self, key: str, value: object, *, as_of: float, checked: float = 1e6) -> None:
        """PostgreSQL was told so `checked` seconds ago."""
        at = database_now() - dt.timedelta(seconds=checked)
        self.system.behind[key] = Answer(value=value, as_of=moment(as_of), checked_at=at)

    def age(self, seconds: float, *keys: str) -> None:
        """So much time passes for the entries of the keys, as Redis sees it."""
        for key in keys:
            name = f"cache:{self.read.name}:default:entry:{key}"
            soft = float(str(cache_redis().hget(name, "soft"))) - seconds * 1000
            cache_redis().hset(name, "soft", f"{soft:.0f}")
            cache_redis().pexpire(name, max(0, int(cache_redis().pttl(name) - seconds * 1000)))


@pytest.fixture(params=["refuses", "hangs"])
def gone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The cache's Redis refuses connections, or takes them and never says a word."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        if request.param == "hangs":
            server.listen(50)
        url = f"redis://127.0.0.1:{server.getsockname()[1]}/0"
        monkeypatch.setattr(settings, "CACHE_URL", url)
        cache_redis.cache_clear()
        cache_absence.forget()
        yield str(request.param)
    monkeypatch.undo()
    cache_redis.cache_clear()
    cache_absence.forget()


@pytest.fixture
def world(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """Soft after ten seconds, hard after a hundred, unknown for five."""
    monkeypatch.setattr(answers, "_known", dict(answers._known))
    cache_absence.forget()
    system = System()
    read = CachedRead(
        name=f"t{uuid.uuid4().hex[:8]}",
        ages=Ages(soft=10, hard=100, unknown=5),
        fetch=system.fetch,
        snapshot=system.snapshot,
    )
    yield World(cached_read(read), system)
    cache_absence.forget()
