"""Which places do not work now: systems that give no good answer, work of ours that dies, and what apps register."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator

from django.conf import settings
from django.db import connection

from distportal.events.clock import database_now
from distportal.systems.answering import SILENCE
from distportal.systems.logistics import limits_of
from distportal.systems.models import ErpConnection, LogisticsConnection
from distportal.systems.registry import system_name
from exceptions.choices import Layer
from exceptions.models import Case, Incident
from exceptions.queries import open_cases
from exceptions.registry import Trouble, case_kind, case_kinds, trouble_sources

LEAST = 3
"""So many failures of one place are an outage; fewer may be bad luck."""
WINDOW = dt.timedelta(minutes=15)
# Each call by its name: a system whose reads answer and whose writes do not is in trouble, too.
_FAILING = """
WITH good AS (SELECT system, call, max(ended_at) AS at FROM systems_systemcall
               WHERE system = ANY(%(systems)s) AND outcome = 'ok'
                 AND ended_at > clock_timestamp() - make_interval(secs => %(seconds)s)
               GROUP BY system, call)
SELECT c.system, count(*), min(c.ended_at), (array_agg(c.call || ' ' || c.error_code ORDER BY c.ended_at DESC))[1]
  FROM systems_systemcall c LEFT JOIN good g USING (system, call)
 WHERE c.system = ANY(%(systems)s) AND c.outcome = ANY(%(unwell)s) AND c.error_code NOT LIKE '%%.busy'
   AND c.ended_at > clock_timestamp() - make_interval(secs => %(seconds)s) AND (g.at IS NULL OR c.ended_at > g.at)
 GROUP BY c.system HAVING count(*) >= %(least)s
"""


def troubles() -> dict[str, Trouble]:
    """By key; where two sources tell of one place, the first is believed."""
    found: dict[str, Trouble] = {}
    for one in _all():
        found.setdefault(one.key, one)
    return found


def _all() -> Iterator[Trouble]:
    yield from silent_systems()
    for source in trouble_sources():
        yield from source()
    yield from dying_work()


def silent_systems() -> Iterator[Trouble]:
    """Systems of which a call failed three times in the last 15 minutes and has not gone well since."""
    places = _places()
    with connection.cursor() as cursor:
        cursor.execute(
            _FAILING,
            {"systems": list(places), "unwell": list(SILENCE), "seconds": WINDOW.total_seconds(), "least": LEAST},
        )
        rows = cursor.fetchall()
    for system, failures, since, last in sorted(rows):
        layer, name, title = places[system]
        yield Trouble(
            layer=layer, place=name, title=f"{title} does not answer", since=since, failures=failures,
            reason=f"{failures} calls failed since then and none of them has gone well again; the last was {last}",
        )  # fmt: skip


def dying_work() -> Iterator[Trouble]:
    """Places where three cases of the last 15 minutes are open that broke there; one that was in trouble is so as long
    as there is one.
    """
    known = set(Incident.objects.filter(ended_at=None).values_list("key", flat=True))
    broken: dict[tuple[str, str], list[Case]] = defaultdict(list)
    fresh = open_cases().filter(kind__in=kinds_with_place(), created_at__gt=database_now() - WINDOW)
    for case in fresh.order_by("created_at", "number"):
        if place := place_of(case):
            broken[place].append(case)
    for (layer, name), cases in sorted(broken.items()):
        trouble = Trouble(
            layer=layer, place=name, title=f"{Layer(layer).label}: {name} fails", since=cases[0].created_at,
            failures=sum(case.occurrences for case in cases),
            reason=f"{len(cases)} open cases broke there, the last: {cases[-1].sentence}"[:500],
        )  # fmt: skip
        if len(cases) >= LEAST or trouble.key in known:
            yield trouble


def kinds_with_place() -> list[str]:
    """The kinds whose cases say where they broke."""
    return [kind.kind for kind in case_kinds() if kind.place]


def place_of(case: Case) -> tuple[str, str] | None:
    """Layer and name of where the case broke; None where that is not known."""
    where = case_kind(case.kind).place
    found = where(case) if where else None
    return (str(found[0]), found[1][:100]) if found and found[1] else None


def _places() -> dict[str, tuple[str, str, str]]:
    erps: Iterable[str] = {*settings.ERP_ADAPTERS, *ErpConnection.objects.values_list("name", flat=True)}
    found = {system_name(name): (str(Layer.ERP), name, f"The ERP {name}") for name in sorted(erps)}
    for row in LogisticsConnection.objects.all():
        found[limits_of(row).system] = (row.role, row.name, f"{row.get_role_display()} {row.title}")
    return found
