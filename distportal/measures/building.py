"""Build the table of days: any day, as often as one likes, with the same result from the same facts."""

from __future__ import annotations

import datetime as dt
import zlib
from collections.abc import Iterable

import structlog
from django.db import connection, transaction

from distportal.events.clock import database_now
from distportal.measures.counting import Slice, count_rows
from distportal.measures.days import today
from distportal.measures.definitions import KPIS
from distportal.measures.kinds import Kpi
from distportal.measures.models import KpiDay
from distportal.measures.registry import sources_of
from distportal.measures.tally import Tally

log = structlog.get_logger(__name__)

FIELDS = ["counted", "good", "waiting", "total", "longest"]


def build_days(*, first: dt.date, last: dt.date, kpis: Iterable[Kpi] = KPIS) -> int:
    """How many rows of the table changed: those that late facts make another, none where all stands as it was.

    Each figure is a transaction of its own. Days whose rows are gone by now stay as they were counted.
    """
    changed = sum(_build(kpi, max(first, oldest_day(kpi)), last) for kpi in kpis)
    log.info("measures.built", first=str(first), last=str(last), changed=changed)
    return changed


def oldest_day(kpi: Kpi) -> dt.date:
    """The oldest day all of whose rows are still there."""
    kept = [source.kept_days() for source in sources_of(kpi.code) if source.kept_days]
    # The day on which rows are being removed is not whole any more.
    return today() - dt.timedelta(days=int(min(kept)) - 1) if kept else dt.date.min


@transaction.atomic
def _build(kpi: Kpi, first: dt.date, last: dt.date) -> int:
    if first > last:
        return 0
    with connection.cursor() as cursor:  # of two builders one waits, and finds nothing to do
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [zlib.crc32(f"measures:{kpi.code}".encode())])
    found = count_rows(kpi, first=first, last=last)
    there = {
        Slice(row.day, row.partner, row.part): row
        for row in KpiDay.objects.filter(kpi=kpi.code, day__gte=first, day__lte=last)
    }
    gone = [row.pk for slot, row in there.items() if slot not in found]
    fresh = [_row(kpi, slot, tally) for slot, tally in found.items() if slot not in there]
    moved = [_moved(there[slot], tally) for slot, tally in found.items() if slot in there]
    others = [row for row in moved if row is not None]
    KpiDay.objects.filter(pk__in=gone).delete()
    KpiDay.objects.bulk_create(fresh, batch_size=1000)
    KpiDay.objects.bulk_update(others, [*FIELDS, "built_at"], batch_size=1000)
    return len(gone) + len(fresh) + len(others)


def _row(kpi: Kpi, slot: Slice, tally: Tally) -> KpiDay:
    row = KpiDay(kpi=kpi.code, day=slot.day, partner=slot.partner, part=slot.part)
    _fill(row, tally)
    return row


def _moved(row: KpiDay, tally: Tally) -> KpiDay | None:
    if row.tally == tally:
        return None
    row.built_at = database_now()
    _fill(row, tally)
    return row


def _fill(row: KpiDay, tally: Tally) -> None:
    for name in FIELDS:
        setattr(row, name, getattr(tally, name))
