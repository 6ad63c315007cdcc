"""Queries that every page makes: their SQL is put together once a process, not once a page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models.query import get_related_populators

Row = TypeVar("Row", bound=Model)

_MARK = UUID("00000000-0000-4000-8000-00000000face")
"""Stands where the id comes."""


class PreparedCount:
    """How many rows a query finds, `most` at the most, where calls differ by one id alone.

    `rows` gives the query for an id and is asked once. What else it looks at, as the time, would stay as it was then.
    """

    def __init__(self, rows: Callable[[UUID], QuerySet[Any, Any]], *, most: int) -> None:
        self._rows, self._most = rows, most
        self._sql, self._params = "", ()  # type: tuple[str, tuple[Any, ...]]

    def __call__(self, key: UUID) -> int:
        if not self._sql:
            self._prepare()
        with connection.cursor() as cursor:
            cursor.execute(self._sql, [key if one == _MARK else one for one in self._params])
            return int(cursor.fetchone()[0])

    def _prepare(self) -> None:
        query = self._rows(_MARK).order_by().values("pk")[: self._most].query
        sql, params = query.sql_with_params()
        self._params = _marked(params)
        self._sql = f"SELECT COUNT(*) FROM ({sql}) AS found"  # noqa: S608 - the ORM's own words


class PreparedRows(Generic[Row]):
    """The rows that a query finds, with those it names in `select_related`, where calls differ by one id alone.

    `rows` gives the query for an id and is asked once. What else it looks at, as the time, would stay as it was then.
    Neither annotations nor `prefetch_related` are filled in.
    """

    def __init__(self, rows: Callable[[UUID], QuerySet[Row, Row]]) -> None:
        self._rows = rows
        self._made: _Made | None = None

    def __call__(self, key: UUID) -> list[Row]:
        made = self._made = self._made or _Made(self._rows(_MARK))
        with connection.cursor() as cursor:
            cursor.execute(made.sql, [key if one == _MARK else one for one in made.params])
            return made.objects(cursor.fetchall())


class _Made:
    """A query as its compiler left it: what stands in which column of a row."""

    def __init__(self, rows: QuerySet[Any, Any]) -> None:
        self._compiler = rows.query.get_compiler(using=connection.alias)
        self.sql, params = self._compiler.as_sql()
        self.params = _marked(params)
        told: Any = self._compiler.klass_info
        select: Any = self._compiler.select
        fields = told["select_fields"]
        self._model, self._own = told["model"], slice(fields[0], fields[-1] + 1)
        self._names = [column[0].target.attname for column in select[self._own]]
        populators: Any = get_related_populators  # typed for a later Django
        self._related = populators(told, select, connection.alias)
        self._converters = self._compiler.get_converters([column[0] for column in select])

    def objects(self, rows: list[Any]) -> list[Any]:
        """The objects of the rows, as Django makes them."""
        found = []
        for row in self._compiler.apply_converters(rows, self._converters) if self._converters else rows:
            one = self._model.from_db(connection.alias, self._names, row[self._own])
            for related in self._related:
                related.populate(row, one)
            found.append(one)
        return found


def _marked(params: Any) -> tuple[Any, ...]:
    """The parameters, of which at least one is the mark. Raises ValueError."""
    if _MARK not in params:
        raise ValueError("The query does not ask for the id that it was given.")
    return tuple(params)
