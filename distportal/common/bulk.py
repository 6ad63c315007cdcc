"""Write many new rows of one table at once: by COPY, which costs a third of an INSERT that names every value."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from operator import itemgetter
from typing import Any

from django.db import connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field, Model

from distportal.common.value_lists import lists_of

_PLAIN = (
    models.BooleanField,
    models.CharField,
    models.DecimalField,
    models.ForeignKey,
    models.IntegerField,
    models.TextField,
    models.UUIDField,
)
"""Fields whose values go to the database as they stand in the object."""
_without_copy: ContextVar[bool] = ContextVar("without_copy", default=False)


@contextmanager
def without_copy(*, holds: bool = True) -> Iterator[None]:
    """Rows go in by INSERT inside the block: PostgreSQL lets no role copy that row-level policies bind. A block in
    which it does not hold may stand inside of one in which it does.
    """
    token = _without_copy.set(holds)
    try:
        yield
    finally:
        _without_copy.reset(token)


def insert_rows(rows: Sequence[Model]) -> None:
    """The new rows, all of one model, are in its table; one statement, whatever their number.

    What the database fills in itself (numbered keys, `db_default`) is read when it is asked for. Raises IntegrityError
    like any insert, and ValueError where the rows do not leave the same columns to the database; call it inside a
    transaction.
    """
    if not rows:
        return
    if _without_copy.get():
        type(rows[0])._default_manager.bulk_create(rows)
        return
    connection = connections["default"]
    fields, left = _columns(rows)
    names = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    into = f"COPY {connection.ops.quote_name(rows[0]._meta.db_table)} ({names}) FROM STDIN"
    values = _reader(fields, connection)
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(into) as copy:
        for row in rows:
            copy.write_row(values(row))
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias
        for field in left:
            if not field.primary_key:
                del row.__dict__[field.attname]


def insert_missing(rows: Sequence[Model]) -> None:
    """Those of the new rows, all of one model, are in its table of which nothing there has a key already; one
    statement. Which these were is not told, and no row learns what the database fills in.
    """
    if not rows:
        return
    connection = connections["default"]
    fields, _ = _columns(rows)
    quote = connection.ops.quote_name
    into = f"{quote(rows[0]._meta.db_table)} ({', '.join(quote(str(field.column)) for field in fields)})"
    values = map(list, zip(*map(_reader(fields, connection), rows), strict=True))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {into} SELECT * FROM unnest({lists_of(fields)}) ON CONFLICT DO NOTHING",  # noqa: S608 - the model's own names
            list(values),
        )


def _columns(rows: Sequence[Model]) -> tuple[list[Field[Any, Any]], list[Field[Any, Any]]]:
    """The fields that are written, the plain ones first, and those that are left to the database."""
    fields = rows[0]._meta.concrete_fields
    left = [field for field in fields if _is_left(field, rows[0])]
    if any(not _is_left(field, row) for field in left for row in rows):
        raise ValueError("some rows leave a column to the database and others do not; nothing was written")
    read = [field for field in fields if field not in left]
    return sorted(read, key=lambda field: not isinstance(field, _PLAIN)), left


def _is_left(field: Field[Any, Any], row: Model) -> bool:
    value = row.__dict__[field.attname]
    return hasattr(value, "resolve_expression") or (field.primary_key and value is None)


def _reader(fields: Sequence[Field[Any, Any]], connection: BaseDatabaseWrapper) -> Callable[[Model], tuple[Any, ...]]:
    plain = [field.attname for field in fields if isinstance(field, _PLAIN)]
    others = fields[len(plain) :]
    stand = itemgetter(*plain) if len(plain) > 1 else lambda told: tuple(told[name] for name in plain)

    def read(row: Model) -> tuple[Any, ...]:
        made = (field.get_db_prep_save(field.pre_save(row, True), connection) for field in others)
        return (*stand(row.__dict__), *made)

    return read
