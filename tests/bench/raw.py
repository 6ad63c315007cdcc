"""The same rows by raw INSERTs: the least that a database with these tables, keys and indexes needs to take them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection, transaction
from psycopg.sql import SQL, Composable, Identifier

from tests.bench.meters import Cost, Meter

_COLUMNS = """
SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum) FROM pg_class c
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' GROUP BY c.relname ORDER BY c.relname
"""
_FOREIGN_KEYS = "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'f' AND conrelid = %s::regclass"
TOGETHER = 25
"""Orders in one transaction, as intake takes them."""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of one table, as text, and the statement that brings one into a table like it."""

    insert: Composable
    rows: list[tuple[str | None, ...]]


def mark() -> int:
    """The number of a transaction; all that is written later has a higher one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        return int(cursor.fetchone()[0])


def raw_cost(since: int, orders: int, meter: Meter, own: Callable[[], float]) -> tuple[Cost, int]:
    """What it costs to insert every row written since the mark once more, and how many they are. They go into tables
    with the same keys, indexes, foreign keys and no triggers: what these write is among the rows.
    """
    tables = [table for table in map(_copied, _written(since)) if table.rows]
    before = meter.read(own())
    for at in range(0, orders, TOGETHER):
        with transaction.atomic(), connection.cursor() as cursor:
            for table in tables:
                first, last = (len(table.rows) * place // orders for place in (at, min(at + TOGETHER, orders)))
                cursor.executemany(table.insert, table.rows[first:last])  # type: ignore[arg-type]
    return meter.read(own()) - before, sum(len(table.rows) for table in tables)


def _written(since: int) -> list[tuple[str, list[str], list[tuple[str | None, ...]]]]:
    found = []
    with connection.cursor() as cursor:
        cursor.execute(_COLUMNS)
        for name, columns in cursor.fetchall():
            texts = SQL(", ").join(SQL("{}::text").format(Identifier(column)) for column in columns)
            query = SQL("SELECT {} FROM {} WHERE xmin::text::bigint > %s").format(texts, Identifier(name))
            cursor.execute(query, [since])  # type: ignore[arg-type]
            found.append((name, columns, cursor.fetchall()))
    return found


def _copied(written: tuple[str, list[str], list[tuple[str | None, ...]]]) -> Table:
    """A table like it, empty."""
    name, columns, rows = written
    bare = Identifier(f"raw_{name}"[:60])
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(SQL("CREATE TABLE {} (LIKE {} INCLUDING ALL)").format(bare, Identifier(name)))  # type: ignore[arg-type]
            cursor.execute(_FOREIGN_KEYS, [f'"{name}"'])
            for (definition,) in cursor.fetchall():
                cursor.execute(SQL("ALTER TABLE {} ADD {}").format(bare, SQL(definition)))  # type: ignore[arg-type]
    into = SQL(", ").join(map(Identifier, columns))
    values = SQL(", ").join(SQL("%s") for _ in columns)
    return Table(SQL("INSERT INTO {} ({}) VALUES ({})").format(bare, into, values), rows)
