"""How a connection to another system is doing, read from what was noted of its calls and from the shared limits."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Avg, Count, Q
from redis.exceptions import RedisError

from distportal.common.redis_client import cache_redis
from distportal.events.clock import database_now
from distportal.systems.models import ErpConnection, SystemCall

WINDOW = dt.timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionStatus:
    """One connection. Times in milliseconds; `resting` are the endpoints whose breaker is open; None: not known."""

    name: str
    adapter: str
    rate_per_minute: int
    calls_last_minute: int
    concurrency: int
    under_way: int | None
    resting: tuple[str, ...] | None
    calls: int
    failed: int
    average_ms: float | None
    last_ok_at: dt.datetime | None
    last_failed_at: dt.datetime | None
    last_error: str

    @property
    def word(self) -> str:
        """`active`, `failed` or `new`: the state as a word with a tone."""
        if self.resting or (self.last_failed_at and (not self.last_ok_at or self.last_failed_at > self.last_ok_at)):
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
    return [_status(name, options) for name, options in {**settings.ERP_ADAPTERS, **stored}.items()]


def _status(name: str, options: dict[str, object]) -> ConnectionStatus:
    system, now = f"erp-{name}"[:20], database_now()
    rows = SystemCall.objects.filter(system=system)
    recent = rows.filter(ended_at__gte=now - WINDOW).aggregate(
        calls=Count("pk"),
        failed=Count("pk", filter=~Q(outcome="ok")),
        average=Avg("duration_ms"),
        minute=Count("pk", filter=Q(ended_at__gte=now - dt.timedelta(minutes=1))),
    )
    good = rows.filter(outcome="ok").order_by("-ended_at").first()
    bad = rows.exclude(outcome="ok").order_by("-ended_at").first()
    under_way, resting = _shared(system)
    return ConnectionStatus(
        name=name,
        adapter=str(options["adapter"]),
        rate_per_minute=int(str(options.get("rate_per_minute", 600))),
        calls_last_minute=recent["minute"],
        concurrency=int(str(options.get("concurrency", 4))),
        under_way=under_way,
        resting=resting,
        calls=recent["calls"],
        failed=recent["failed"],
        average_ms=recent["average"],
        last_ok_at=good.ended_at if good else None,
        last_failed_at=bad.ended_at if bad else None,
        last_error=f"{bad.call}: {bad.error_code or bad.outcome}" if bad else "",
    )


def _shared(system: str) -> tuple[int | None, tuple[str, ...] | None]:
    """Slots taken and open breakers, by the limits that all processes share; nothing is known while Redis is away."""
    try:
        redis = cache_redis()
        opened = redis.scan_iter(match=f"limits:breaker:{system}:*:tripped", count=500)
        names = sorted(key.decode().split(":")[3] for key in opened)
        return int(redis.zcard(f"limits:slots:{system}")), tuple(names)
    except RedisError:
        return None, None
