"""Histories are sealed: a chain of digests that tells of any row that was changed, added or taken out afterwards.

Triggers and the roles of `deploy/database` keep those who work with the portal from writing histories anew; the owner
of the tables can. A head of the chain that is kept elsewhere shows what the owner did.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

import structlog
from django.apps import apps
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet

from distportal.events.clock import database_now
from distportal.events.models import HistorySeal

BATCH = 5_000
RIPE = dt.timedelta(hours=1)
"""Younger rows wait: a transaction that is open still may bring rows with lower numbers than those that are seen."""
ERASED = "personal data erased"
START = "0" * 64

_PLAIN = """
SELECT set_config('TimeZone', 'UTC', true), set_config('DateStyle', 'ISO, YMD', true),
       set_config('IntervalStyle', 'postgres', true), set_config('bytea_output', 'hex', true),
       set_config('extra_float_digits', '1', true)
"""
_END = """
SELECT max(pgh_id) FROM (
    SELECT pgh_id FROM {table}
     WHERE pgh_id > %(done)s
       AND pgh_id <= (SELECT pgh_id FROM {table} WHERE pgh_created_at < %(ripe)s ORDER BY pgh_id DESC LIMIT 1)
     ORDER BY pgh_id LIMIT %(most)s) AS next
"""
_DIGEST = """
SELECT count(*), encode(sha256(coalesce(string_agg(
           sha256(convert_to(ROW({columns}, c.metadata)::text, 'UTF8')), ''::bytea ORDER BY e.pgh_id), '')), 'hex')
  FROM {table} e LEFT JOIN pghistory_context c ON c.id = e.pgh_context_id
 WHERE e.pgh_id BETWEEN %s AND %s
"""
_ABOUT = "SELECT pgh_id FROM {table} WHERE pgh_context_id = ANY(%s)"
log = structlog.get_logger(__name__)


def sealed_tables() -> list[str]:
    """The histories, by name."""
    tracked = (model for model in apps.get_models() if getattr(model, "pgh_tracked_model", None) is not None)
    return sorted({model._meta.db_table for model in tracked})


def seal_histories() -> HistorySeal | None:
    """Seal all rows that are older than an hour, each stretch in a transaction of its own. Gives the newest seal, whose
    head is told to the log: keep it where the database's owner does not get. None where no history has such a row.
    """
    made = 0
    for table in sealed_tables():
        while seal_next(table) is not None:
            made += 1
    newest = HistorySeal.objects.order_by("-number").first()
    if newest is not None:
        log.info("histories.sealed", stretches=made, number=newest.number, head=newest.head)
    return newest


@transaction.atomic
def seal_next(table: str) -> HistorySeal | None:
    """The next 5,000 rows of a history under one seal; None where none is old enough."""
    _wait_for_others()
    newest = HistorySeal.objects.filter(table=table).order_by("-first_id").first()
    done = newest.last_id if newest else 0
    with connection.cursor() as cursor:
        ripe = database_now() - RIPE
        cursor.execute(_END.format(table=table), {"done": done, "ripe": ripe, "most": BATCH})
        last: int | None = cursor.fetchone()[0]
    if last is None:
        return None
    return _add(table, done + 1, last, _columns(table))


def current_seals() -> QuerySet[HistorySeal]:
    """The last seal of each stretch, the first one first."""
    later = HistorySeal.objects.filter(
        table=OuterRef("table"), first_id=OuterRef("first_id"), number__gt=OuterRef("number")
    )
    return HistorySeal.objects.filter(~Exists(later)).order_by("number")


def digest_of(seal: HistorySeal) -> tuple[int, str]:
    """How many rows stand in a seal's stretch now, and what they come to. The columns are those of its day."""
    return _digest(seal.table, seal.first_id, seal.last_id, seal.columns)


def holds(seal: HistorySeal) -> bool:
    """Whether the stretch is as it was sealed."""
    return not columns_gone(seal) and digest_of(seal) == (seal.rows, seal.digest)


def columns_gone(seal: HistorySeal) -> list[str]:
    """Columns of its day that the history has no more; without them nobody can say whether it holds."""
    return sorted(set(seal.columns) - set(_columns(seal.table)))


def head_after(before: str, seal: HistorySeal) -> str:
    """The head of a seal that stands behind another one's head."""
    told = [before, seal.number, seal.table, seal.first_id, seal.last_id, seal.rows, seal.columns, seal.digest]
    return hashlib.sha256(json.dumps([*told, seal.reason]).encode()).hexdigest()


@contextmanager
def rewriting(table: str, ids: Sequence[int], *, reason: str = ERASED) -> Iterator[None]:
    """What is written to rows of a history inside is known to be right: stretches that held before are sealed again,
    with the reason. A stretch that did not hold stays as it is, and is told of as ever. Inside a transaction.
    """
    yield from _rewriting(_over(table, ids), reason)


@contextmanager
def rewriting_contexts(ids: Sequence[object], *, reason: str = ERASED) -> Iterator[None]:
    """The same for who and why of changes, which stand in the digests of all histories that name them."""
    found: dict[int, HistorySeal] = {}
    for table in sealed_tables():
        with connection.cursor() as cursor:
            cursor.execute(_ABOUT.format(table=table), [list(ids)])
            found |= {seal.number: seal for seal in _over(table, [pk for (pk,) in cursor.fetchall()])}
    yield from _rewriting(found.values(), reason)


def seal_again(seals: Iterable[HistorySeal], *, reason: str) -> int:
    """How many of the stretches have another seal now, as they stand, with the reason. Inside a transaction."""
    _wait_for_others()
    count = 0
    for seal in seals:
        _add(seal.table, seal.first_id, seal.last_id, _columns(seal.table), reason)
        count += 1
    return count


def _rewriting(seals: Iterable[HistorySeal], reason: str) -> Iterator[None]:
    held = [seal for seal in sorted(seals, key=lambda one: one.number) if holds(seal)]
    yield
    seal_again([seal for seal in held if not holds(seal)], reason=reason)


def _over(table: str, ids: Sequence[int]) -> list[HistorySeal]:
    """The current seals over the rows."""
    if not ids:
        return []
    spans = current_seals().filter(table=table, first_id__lte=max(ids), last_id__gte=min(ids))
    return [seal for seal in spans if any(seal.first_id <= pk <= seal.last_id for pk in ids)]


def _add(table: str, first: int, last: int, columns: list[str], reason: str = "") -> HistorySeal:
    rows, digest = _digest(table, first, last, columns)
    before = HistorySeal.objects.order_by("-number").first()
    seal = HistorySeal(
        number=before.number + 1 if before else 1, table=table, first_id=first, last_id=last, rows=rows,
        columns=columns, digest=digest, reason=reason,
    )  # fmt: skip
    seal.head = head_after(before.head if before else START, seal)
    seal.save(force_insert=True)
    return seal


def _digest(table: str, first: int, last: int, columns: Sequence[str]) -> tuple[int, str]:
    named = ", ".join(f"e.{connection.ops.quote_name(name)}" for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(_PLAIN)
        cursor.execute(_DIGEST.format(table=table, columns=named), [first, last])
        count, digest = cursor.fetchone()
    return int(count), str(digest)


def _columns(table: str) -> list[str]:
    with connection.cursor() as cursor:
        return sorted(one.name for one in connection.introspection.get_table_description(cursor, table))


def _wait_for_others() -> None:
    """One seal after the other, so that the chain has no two ends. Ends with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('history_seals'))")
