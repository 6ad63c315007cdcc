"""`column = ANY(array)`: one value for the database, however many are asked for."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import BooleanField, F, Field, Func, Value


class Among(Func):
    """Whether a column has one of many values, as `__in` says it; for hundreds of them: `__in` is a list of that many
    expressions and placeholders, which takes longer to write than to answer. `of` is the column's kind of field.
    """

    template = "%(expressions)s)"
    arg_joiner = " = ANY("

    def __init__(self, column: str, values: Collection[Any], *, of: Field[Any, Any]) -> None:
        array: ArrayField[Any, Any] = ArrayField(of)
        super().__init__(F(column), Value(list(values), output_field=array), output_field=BooleanField())


class Overlaps(Func):
    """Whether a column of lists has one of many values in it, as `__overlap` says it, by one value for the database."""

    arg_joiner = " && "
    template = "%(expressions)s"

    def __init__(self, column: str, values: Collection[Any], *, of: Field[Any, Any]) -> None:
        array: ArrayField[Any, Any] = ArrayField(of)
        super().__init__(F(column), Value(list(values), output_field=array), output_field=BooleanField())
