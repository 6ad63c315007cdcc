"""Bring rows to where one statement can merge them: a few as its parameters, many by COPY into a table of their own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain, islice

from django.db import connection

FEW = 1000
"""Up to here rows travel as arrays: a temporary table for each page of a feed would bloat the server's catalogue."""
Row = Sequence[str | None]


@contextmanager
def staged(rows: Iterable[Row], *, columns: Mapping[str, str]) -> Iterator[tuple[str, list[list[str | None]]]]:
    """What to read the rows from in a FROM clause, and its parameters; `columns` are names and PostgreSQL types, in the
    order of the values, which are texts as PostgreSQL reads them. Call it inside a transaction.
    """
    stream = iter(rows)
    first = list(islice(stream, FEW + 1))
    if len(first) <= FEW:
        arrays = ", ".join("%s::text[]" for _ in columns)
        casts = ", ".join(f"{name}::{kind} AS {name}" for name, kind in columns.items())
        source = f"(SELECT {casts} FROM unnest({arrays}) AS told ({', '.join(columns)}))"  # noqa: S608 - our own names
        yield source, [[row[at] for row in first] for at in range(len(columns))]
        return
    with connection.cursor() as cursor:
        # Sorts and hashes of a whole snapshot stay in memory; the setting ends with the transaction.
        cursor.execute("SET LOCAL work_mem = '256MB'")
        cursor.execute(f"CREATE TEMP TABLE staged ({', '.join(map(' '.join, columns.items()))}) ON COMMIT DROP")
        with connection.wrap_database_errors, cursor.copy("COPY staged FROM STDIN") as copy:
            for row in chain(first, stream):
                copy.write_row(row)
        cursor.execute("ANALYZE staged")
        yield "staged", []
        cursor.execute("DROP TABLE staged")
