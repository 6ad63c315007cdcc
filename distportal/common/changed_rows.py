"""Write what changed in many rows of one table by one statement, whatever their number."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import connections, models
from django.db.models import Field, Model

from distportal.common.value_lists import lists_of


def update_rows(rows: Sequence[Model], fields: Sequence[str]) -> None:
    """The fields, given by name, are saved for all the rows: what `save(update_fields=…)` does for each.

    The caller holds the rows' locks and has a transaction. Raises ObjectDoesNotExist where one of them is not there,
    FieldDoesNotExist for a name that is no field's, and ValueError for a field of lists. No signals are sent; what the
    database itself does for a changed row, it does.
    """
    if not rows:
        return
    model, connection = type(rows[0]), connections["default"]
    told = _written(model, tuple(fields))
    values: list[list[Any]] = [[row.pk for row in rows]]
    values += [[field.get_db_prep_save(field.pre_save(row, False), connection) for row in rows] for field in told]
    with connection.cursor() as cursor:
        cursor.execute(_statement(model, told), values)
        if cursor.rowcount != len(rows):
            raise ObjectDoesNotExist(f"{len(rows) - cursor.rowcount} of {len(rows)} rows are not there to be changed")


@lru_cache(maxsize=64)
def _written(model: type[Model], names: tuple[str, ...]) -> tuple[Field[Any, Any], ...]:
    """Those fields and the times of the last change."""
    asked = [model._meta.get_field(name) for name in names]
    return tuple(
        one
        for one in model._meta.concrete_fields
        if one in asked or (isinstance(one, models.DateTimeField) and one.auto_now)
    )


@lru_cache(maxsize=64)
def _statement(model: type[Model], fields: tuple[Field[Any, Any], ...]) -> str:
    quote = connections["default"].ops.quote_name
    key, *columns = [quote(str(field.column)) for field in (model._meta.pk, *fields)]
    changes = ", ".join(f"{column} = told.{column}" for column in columns)
    told = f"unnest({lists_of([model._meta.pk, *fields])}) AS told ({key}, {', '.join(columns)})"
    table = quote(model._meta.db_table)
    return f"UPDATE {table} AS mine SET {changes} FROM {told} WHERE mine.{key} = told.{key}"  # noqa: S608 - the model's own names
