"""What monitoring reads of calls to other systems."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.conf import settings
from django.db import connection

from distportal.observability.figures import Figure, figure_source, one
from distportal.systems.cache.savings import savings
from distportal.systems.models import ErpConnection
from distportal.systems.registry import system_name
from distportal.systems.status import shared_state

_CALLS = """
SELECT system, call, outcome, count(*) FROM systems_systemcall
 WHERE system = ANY(%s) AND ended_at > clock_timestamp() - interval '5 minutes' GROUP BY system, call, outcome
"""
_LATENCY = """
SELECT system, percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY duration_ms) FROM systems_systemcall
 WHERE system = ANY(%s) AND ended_at > clock_timestamp() - interval '5 minutes' GROUP BY system
"""
_HOW = ("fresh", "stale", "void", "missing", "unknown", "snapshot", "confirmed")
Samples = tuple[tuple[Mapping[str, str], float], ...]


@figure_source("systems")
def system_figures() -> Iterable[Figure]:
    """Three queries, over five minutes of calls; what Redis holds is left out while it is away."""
    stored = ErpConnection.objects.values_list("name", flat=True)
    names = [system_name(name) for name in sorted({*settings.ERP_ADAPTERS, *stored})]
    with connection.cursor() as cursor:
        cursor.execute(_CALLS, [names])
        calls: Samples = tuple(
            ({"system": system, "call": call, "outcome": outcome}, count)
            for system, call, outcome, count in cursor.fetchall()
        )
        cursor.execute(_LATENCY, [names])
        latency: Samples = tuple(
            ({"system": system, "quantile": quantile}, ms / 1000)
            for system, both in cursor.fetchall()
            for quantile, ms in zip(("0.5", "0.95"), both, strict=True)
        )
    yield Figure(name="portal_erp_calls_5m", text="Calls of five minutes by how they ended", samples=calls)
    yield Figure(name="portal_erp_latency_seconds", text="How long calls of five minutes took", samples=latency)
    yield from _limits(names)


@figure_source("cache")
def cache_figures() -> Iterable[Figure]:
    """No query; while Redis is away only that it is. Counters begin anew with it."""
    found = savings()
    yield Figure(name="portal_cache_answers", text="1 while the cache's Redis answers", samples=one(found is not None))
    told = found or []
    keys: Samples = tuple(({"read": row.read, "how": how}, getattr(row, how)) for row in told for how in _HOW)
    yield Figure(name="portal_cache_keys", text="Keys looked up, by how they were found", samples=keys, kind="counter")
    for name, text in (
        ("looks", "Look-ups: calls that there would be without a cache"),
        ("calls", "Calls that were made for them"),
        ("failed", "Calls that got no answer"),
    ):
        samples: Samples = tuple(({"read": row.read}, getattr(row, name)) for row in told)
        yield Figure(name=f"portal_cache_{name}", text=text, samples=samples, kind="counter")
    saved: Samples = tuple(({"read": row.read}, row.saved) for row in told)
    yield Figure(name="portal_cache_calls_saved", text="Calls spared to other systems", samples=saved)


def _limits(names: list[str]) -> Iterable[Figure]:
    found = {name: shared_state(name) for name in names}
    taken: Samples = tuple(({"system": name}, s.under_way) for name, s in found.items() if s.under_way is not None)
    bears: Samples = tuple(({"system": name}, s.at_once) for name, s in found.items() if s.at_once is not None)
    opened: Samples = tuple(
        ({"system": name, "call": call}, 1.0) for name, s in found.items() for call in s.resting or ()
    )
    yield Figure(name="portal_erp_slots_taken", text="Calls under way", samples=taken)
    yield Figure(name="portal_erp_slots_adaptive", text="Calls at once the system bears now", samples=bears)
    yield Figure(name="portal_erp_breaker_open", text="1 for each call whose breaker is open", samples=opened)
