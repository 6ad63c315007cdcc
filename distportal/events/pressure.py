"""How hard the portal is pressed now: what each process asks before it does what can wait."""

from __future__ import annotations

import datetime as dt
import json
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import structlog
from django.db import InterfaceError, OperationalError, connection

from distportal.events.choices import Level
from distportal.events.errors import TakesNoOrders
from distportal.events.judging import LANES_THAT_REST
from distportal.events.registry import JobKind, kinds_that_never_wait

log = structlog.get_logger(__name__)

KEPT_SECONDS = 2.0
"""A process asks the database so often at most."""
STALE_SECONDS = 60.0
"""A level that nobody has measured for so long holds no longer: the sweeper is away, which readiness tells."""
POLLS_STRETCH = 4
RETRY_SECONDS = {Level.SLOW: 30, Level.SHED: 60, Level.PROTECT: 60}
"""When a caller that was put off shall ask again."""

_READ = """
SELECT level, reasons, since, lanes, gauges, measured_at > clock_timestamp() - make_interval(secs => %s),
       pg_is_in_recovery() OR current_setting('transaction_read_only') = 'on'
  FROM (VALUES (1)) AS always LEFT JOIN events_pressure ON name = 'site'
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The level with its reasons and its beginning; `lanes` and `gauges` as last measured."""

    level: Level = Level.NORMAL
    reasons: tuple[str, ...] = ()
    since: dt.datetime | None = None
    lanes: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    gauges: Mapping[str, Any] = field(default_factory=dict)


_lock = threading.Lock()
_kept: tuple[float, Reading] | None = None


def pressure() -> Reading:
    """The pressure, at most KEPT_SECONDS old in this process. A database that is away or takes no writes is
    Level.PROTECT, whatever was measured before.
    """
    global _kept
    kept, now = _kept, time.monotonic()
    if kept and now < kept[0]:
        return kept[1]
    with _lock:
        if _kept and now < _kept[0]:
            return _kept[1]
        found = read_pressure()
        _kept = (time.monotonic() + KEPT_SECONDS, found)
    return found


def read_pressure() -> Reading:
    """The pressure as it stands in the database; otherwise as `pressure`."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(_READ, [STALE_SECONDS])
            level, reasons, since, lanes, gauges, fresh, read_only = cursor.fetchone()
    except (OperationalError, InterfaceError) as error:
        log.warning("pressure.database_away", error=str(error))
        return Reading(level=Level.PROTECT, reasons=("the database does not answer",))
    if read_only:
        return Reading(level=Level.PROTECT, reasons=("the database takes no writes",), since=since)
    if not fresh:
        return Reading()
    return Reading(
        level=Level(level),
        reasons=tuple(json.loads(reasons)),
        since=since,
        lanes=json.loads(lanes),
        gauges=json.loads(gauges),
    )


def forget_pressure() -> None:
    """The next question goes to the database."""
    global _kept
    _kept = None


def lane_rests(lane: str) -> bool:
    """Whether the lane's work waits for calmer times."""
    at = LANES_THAT_REST.get(lane)
    return at is not None and pressure().level >= at


def resting_lanes() -> list[str]:
    """The lanes whose work waits."""
    return [lane for lane in LANES_THAT_REST if lane_rests(lane)]


def waits(kind: JobKind) -> bool:
    """Whether jobs of the kind wait now."""
    return lane_rests(kind.lane) and kind.kind not in kinds_that_never_wait()


def polls_stretch() -> int:
    """How many times longer than agreed pauses between looks into mailboxes are."""
    return POLLS_STRETCH if pressure().level >= Level.SLOW else 1


def takes_orders() -> bool:
    """Whether new orders can be stored safely."""
    return pressure().level < Level.PROTECT


def require_order_intake() -> None:
    """Returns while new orders can be stored safely. Raises TakesNoOrders with `retry_after` seconds."""
    if not takes_orders():
        raise TakesNoOrders(
            "New orders cannot be taken for the moment; nothing was stored, send it again a little later.",
            retry_after=RETRY_SECONDS[Level.PROTECT],
        )


def spread_seconds(lane: str) -> float:
    """Over how many seconds work of the lane that another system refused is spread, so that it does not come back all
    at once: as long as its depth takes to drain, a minute at most.
    """
    figures = pressure().lanes.get(lane, {})
    drain = max(figures.get("done_per_minute", 0) / 60, 1.0)
    return float(min(figures.get("pressing", 0) / drain, 60.0))
