"""Rows by the million: INSERT … SELECT for a model, where columns that are not named get what a new row would have."""

from __future__ import annotations

from typing import Any, cast

from django.db import connection, models
from psycopg import sql


def sow(model: type[models.Model], source: str, **values: str) -> int:
    """As many rows as `source` has (SQL from FROM on); `values` are SQL by column. How many there are now made."""
    columns: list[str] = []
    cells: list[sql.Composable] = []
    for field in model._meta.concrete_fields:
        told = values.pop(field.column, None)
        if told is None and (field.db_default is not models.NOT_PROVIDED or isinstance(field, models.AutoField)):
            continue
        columns.append(field.column)
        cells.append(sql.SQL(cast(Any, told)) if told is not None else _usual(field))
    if values:
        raise ValueError(f"{model.__name__} has no {', '.join(values)}")
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    table, picked = sql.Identifier(model._meta.db_table), sql.SQL(", ").join(cells)
    statement = sql.SQL("INSERT INTO {} ({}) SELECT {} {}").format(table, names, picked, sql.SQL(cast(Any, source)))
    with connection.cursor() as cursor:
        cursor.execute(statement.as_string(cursor.connection))
        return int(cursor.rowcount)


def _usual(field: models.Field[Any, Any]) -> sql.Composable:
    if isinstance(field, models.UUIDField) and not field.null:
        return sql.SQL("gen_random_uuid()")
    if isinstance(field, models.DateTimeField) and not field.null:
        return sql.SQL("now()")
    if isinstance(field, models.JSONField) and not field.null:
        return sql.SQL("'[]'::jsonb" if field.default is list else "'{}'::jsonb")
    default = field.get_default()
    return sql.Literal("" if default is None and not field.null else default)
