"""Rows that many tests begin with: written once a process the real way, copied from then on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache

from django.db import connection, transaction
from psycopg.sql import SQL, Composable, Composed, Identifier, Literal

TABLES = """
SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum),
  (SELECT k.attname FROM pg_index i JOIN pg_attribute k ON k.attrelid = c.oid AND k.attnum = i.indkey[0]
   WHERE i.indrelid = c.oid AND i.indisprimary)
FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' GROUP BY c.oid, c.relname ORDER BY c.relname
"""
BROUGHT = Identifier("brought")


@dataclass(slots=True)
class Rows:
    """The rows of some tables, as COPY writes them."""

    of: dict[str, bytes] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.of)


@dataclass(frozen=True, slots=True)
class Table:
    """Its name, its key, and the columns that can be written."""

    name: Identifier
    key: Identifier
    columns: Composed


@contextmanager
def noted_rows(rows: Rows) -> Iterator[None]:
    """What the block adds to the database is put into `rows`; a row that was there before and changes counts, too."""
    with transaction.atomic():  # a savepoint in a test's own transaction: its rows have a higher number than all before
        since = _own_number()
        yield
        rows.of.update(_rows_since(since))


def bring_back(rows: Rows) -> None:
    """They are in the database as they were noted, whatever stood at their keys. Triggers wrote their part when the
    rows were noted, so they rest.
    """
    tables = _tables()
    filled = _filled(rows.of)
    with _triggers_rest():
        for name, lines in rows.of.items():
            table = tables[name]
            if name in filled:
                _put_over(table, lines)
            else:
                _copy(table.name, table, lines)


def kept_rows() -> Rows:
    """All that is in the database."""
    return Rows(_rows_since(0))


def leave_only(rows: Rows) -> None:
    """The database holds `rows` and nothing else; numbers that were given are not given again."""
    with _triggers_rest():
        for name in _filled(_tables()):
            _run("DELETE FROM {}", Identifier(name))
    bring_back(rows)


def _put_over(table: Table, lines: bytes) -> None:
    _run("CREATE TEMPORARY TABLE {} (LIKE {})", BROUGHT, table.name)
    _copy(BROUGHT, table, lines)
    _run("DELETE FROM {} WHERE {} IN (SELECT {} FROM {})", table.name, table.key, table.key, BROUGHT)
    _run("INSERT INTO {} ({}) SELECT {} FROM {}", table.name, table.columns, table.columns, BROUGHT)
    _run("DROP TABLE {}", BROUGHT)


def _copy(to: Identifier, table: Table, lines: bytes) -> None:
    with (
        connection.cursor() as cursor,
        cursor.copy(SQL("COPY {} ({}) FROM STDIN").format(to, table.columns)) as copy,
    ):
        copy.write(lines)


def _rows_since(number: int) -> dict[str, bytes]:
    found = {}
    wanted = SQL("COPY (SELECT {} FROM {} WHERE xmin::text::bigint >= {}) TO STDOUT")
    with connection.cursor() as cursor:
        for name, table in _tables().items():
            with cursor.copy(wanted.format(table.columns, table.name, Literal(number))) as copy:
                lines = b"".join(copy)
            if lines:
                found[name] = lines
    return found


def _tables() -> dict[str, Table]:
    return _tables_of(connection.settings_dict["NAME"])


@cache
def _tables_of(database: str) -> dict[str, Table]:
    """Asked for once a database: PostgreSQL puts the names of four thousand columns together for it."""
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        return {
            name: Table(Identifier(name), Identifier(key), SQL(", ").join(map(Identifier, columns)))
            for name, columns, key in cursor.fetchall()
        }


def _filled(names: Iterable[str]) -> set[str]:
    """The tables with a row at least."""
    one = SQL("SELECT {} WHERE EXISTS (SELECT FROM {})")
    with connection.cursor() as cursor:
        cursor.execute(SQL(" UNION ALL ").join(one.format(Literal(name), Identifier(name)) for name in names))
        return {name for (name,) in cursor.fetchall()}


@contextmanager
def _triggers_rest() -> Iterator[None]:
    with transaction.atomic():
        _run("SET LOCAL session_replication_role = replica")
        yield
        _run("SET LOCAL session_replication_role = origin")


def _own_number() -> int:
    """The number of the innermost transaction, which PostgreSQL gives with its first row."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE mark AS SELECT 1 AS one")
        cursor.execute("SELECT xmin::text::bigint FROM mark")
        number = int(cursor.fetchone()[0])
        cursor.execute("DROP TABLE mark")
    return number


def _run(sql: str, *parts: Composable) -> None:
    with connection.cursor() as cursor:
        cursor.execute(SQL(sql).format(*parts))  # type: ignore[arg-type]
