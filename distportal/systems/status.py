"""How a connection to another system is doing, read from what was noted of its calls and from the shared limits."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Avg, Count, Q
from redis.exceptions import RedisError

from distportal.common.redis_client import cache_absence, cache_redis
from distportal.events.clock import database_now
from distportal.systems.answering import ANSWERED, UNWELL
from distportal.systems.limits.adaptive import key_of
from distportal.systems.logistics import limits_of
from distportal.systems.models import ErpConnection, LogisticsConnection, SystemCall
from distportal.systems.registry import system_name

WINDOW = dt.timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedState:
    """What the limits that all processes share say now: calls under way, how many at once the system bears, endpoints
    whose breaker is open. None: not known, Redis is away.
    """

    under_way: int | None = None
    at_once: int | None = None
    resting: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionStatus:
    """One connection; `title` is what people call it. Times in milliseconds. `refused` calls got an answer, a no."""

    name: str
    title: str
    adapter: str
    rate_per_minute: int
    calls_last_minute: int
    concurrency: int
    shared: SharedState
    calls: int
    failed: int
    refused: int
    average_ms: float | None
    last_ok_at: dt.datetime | None
    last_failed_at: dt.datetime | None
    last_error: str

    @property
    def word(self) -> str:
        """`active`, `failed` or `new`: the state as a word with a tone."""
        if self.shared.resting or (
            self.last_failed_at and (not self.last_ok_at or self.last_failed_at > self.last_ok_at)
        ):
            return "failed"
        return "active" if self.last_ok_at else "new"


def connections() -> list[ConnectionStatus]:
    """Every ERP connection, stored or of the settings; makes no call to any of them."""
    stored = {
        row.name: {
            "adapter": row.kind if row.active else f"{row.kind}, off",
            "rate_per_minute": row.rate_per_minute,
            "concurrency": row.concurrency,
        }
        for row in ErpConnection.objects.all()
    }
    return [
        _status(name, f"ERP {name}", system_name(name), options)
        for name, options in {**settings.ERP_ADAPTERS, **stored}.items()
    ]


def logistics_status() -> list[ConnectionStatus]:
    """Every warehouse system and carrier; makes no call to any of them."""
    return [
        _status(
            row.name,
            f"{row.get_role_display()} {row.title}",
            limits_of(row).system,
            {
                "adapter": row.kind if row.active else f"{row.kind}, off",
                "rate_per_minute": row.rate_per_minute,
                "concurrency": row.concurrency,
            },
        )
        for row in LogisticsConnection.objects.all()
    ]


def _status(name: str, title: str, system: str, options: dict[str, object]) -> ConnectionStatus:
    now = database_now()
    rows = SystemCall.objects.filter(system=system)
    recent = rows.filter(ended_at__gte=now - WINDOW).aggregate(
        calls=Count("pk"),
        failed=Count("pk", filter=UNWELL),
        refused=Count("pk", filter=ANSWERED & ~Q(outcome="ok")),
        average=Avg("duration_ms"),
        minute=Count("pk", filter=Q(ended_at__gte=now - dt.timedelta(minutes=1))),
    )
    good = rows.filter(ANSWERED).order_by("-ended_at").first()
    bad = rows.filter(UNWELL).order_by("-ended_at").first()
    return ConnectionStatus(
        name=name,
        title=title,
        adapter=str(options["adapter"]),
        rate_per_minute=int(str(options.get("rate_per_minute", 600))),
        calls_last_minute=recent["minute"],
        concurrency=int(str(options.get("concurrency", 4))),
        shared=shared_state(system, most=int(str(options.get("concurrency", 4)))),
        calls=recent["calls"],
        failed=recent["failed"],
        refused=recent["refused"],
        average_ms=recent["average"],
        last_ok_at=good.ended_at if good else None,
        last_failed_at=bad.ended_at if bad else None,
        last_error=f"{bad.call}: {bad.error_code or bad.outcome}" if bad else "",
    )


def shared_state(system: str, *, most: int | None = None) -> SharedState:
    """The shared limits of a system; `most` is what it bears as long as nothing is known of it."""
    if cache_absence.lasts:
        return SharedState()
    try:
        redis = cache_redis()
        opened = redis.scan_iter(match=f"limits:breaker:{system}:*:tripped", count=500)
        limit = redis.hget(key_of(system), "limit")
        return SharedState(
            under_way=int(redis.zcard(f"limits:slots:{system}")),
            at_once=int(str(limit)) if limit is not None else most,
            resting=tuple(sorted(str(key).split(":")[3] for key in opened)),
        )
    except RedisError:
        cache_absence.note()
        return SharedState()
