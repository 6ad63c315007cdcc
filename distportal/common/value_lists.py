"""Columns of many rows as one list of values each: what `unnest` makes rows of again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connections, models
from django.db.models import Field


def lists_of(fields: Sequence[Field[Any, Any]]) -> str:
    """A placeholder for each field's values, `%s::text[], %s::numeric(14, 4)[]`. Raises ValueError for a field of
    lists: an array of arrays comes apart.
    """
    if told := [field.name for field in fields if isinstance(field, ArrayField)]:
        raise ValueError(f"{', '.join(told)}: lists are written row by row, not by a list of them")
    return ", ".join(f"%s::{_type(field)}[]" for field in fields)


def _type(field: Field[Any, Any]) -> str:
    """A cast to varchar(n) would cut what is too long, where the column refuses it."""
    return "text" if isinstance(field, models.CharField) else str(field.rel_db_type(connections["default"]))
