"""Write what changed in many rows of one table by one statement, whatever their number."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ObjectDoesNotExist
from django.db import connections, models
from django.db.models import Field, Model


def update_rows(rows: Sequence[Model], fields: Sequence[str]) -> None:
    """The fields, given by name, are saved for all the rows: what `save(update_fields=…)` does for each.

    The caller holds the rows' locks and has a transaction. Raises ObjectDoesNotExist where one of them is not
    there, and ValueError for a field of lists: an array of arrays comes apart. No signals are sent; what the database
    itself does for a changed row, it does.
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
    stamps = [one for one in model._meta.concrete_fields if isinstance(one, models.DateTimeField) and one.auto_now]
    found = [one for one in asked if isinstance(one, Field) and not isinstance(one, ArrayField)]
    if len(found) < len(asked):
        raise ValueError(f"fields of lists are saved row by row: {', '.join(names)} of {model.__name__}")
    return tuple(dict.fromkeys([*found, *stamps]))


@lru_cache(maxsize=64)
def _statement(model: type[Model], fields: tuple[Field[Any, Any], ...]) -> str:
    connection = connections["default"]
    quote = connection.ops.quote_name
    pk = model._meta.pk
    columns = [quote(str(field.column)) for field in fields]
    arrays = ", ".join(f"%s::{_type(field)}[]" for field in (pk, *fields))
    changes = ", ".join(f"{column} = told.{column}" for column in columns)
    key = quote(str(pk.column))
    told = f"unnest({arrays}) AS told ({key}, {', '.join(columns)})"
    # The names are the model's own.
    return f"UPDATE {quote(model._meta.db_table)} AS mine SET {changes} FROM {told} WHERE mine.{key} = told.{key}"  # noqa: S608


def _type(field: Field[Any, Any]) -> str:
    """A cast to varchar(n) would cut what is too long, where the column refuses it."""
    return "text" if isinstance(field, models.CharField) else str(field.db_type(connections["default"]))
