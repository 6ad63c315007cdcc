"""Queries that every page makes: their SQL is put together once a process, not once a page.

A query is written for marks that stand where values come, `rows=lambda pk, day: …` for `A_KEY, A_DAY`; a call names the
values. A query without parameters asks for none. What else it looks at, as the time, would stay as it was when it was
made.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from inspect import signature
from typing import Any, Generic, TypeVar

from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models.query import get_related_populators
from django.db.transaction import TransactionManagementError

from distportal.common.marks import A_KEY, Places

Row = TypeVar("Row", bound=Model)


class PreparedCount:
    """How many rows a query finds, `most` at the most, or all of them where it is None."""

    def __init__(self, rows: Callable[..., QuerySet[Any, Any]], *marks: Any, most: int | None) -> None:
        self._rows, self._marks, self.most = rows, marks or _usual(rows), most
        self._made: tuple[str, Places] | None = None

    def __call__(self, *values: Any) -> int:
        return counted([(self, values)])[0]

    def statement(self, values: Sequence[Any]) -> tuple[str, list[Any]]:
        """The SQL and its parameters."""
        sql, places = self._made = self._made or self._prepared()
        return sql, places.filled(values)

    def _prepared(self) -> tuple[str, Places]:
        rows = self._rows(*self._marks).order_by()
        found = rows if rows.query.distinct else rows.values("pk")
        sql, params = found[: self.most].query.sql_with_params()
        return f"SELECT COUNT(*) FROM ({sql}) AS found", Places(params, self._marks)  # noqa: S608 - the ORM's own words


def counted(asked: Sequence[tuple[PreparedCount, Sequence[Any]]]) -> list[int]:
    """How many each finds for its values, all of them in one statement, and what is asked twice is counted once; none
    for nothing asked.
    """
    if not asked:
        return []
    made = [count.statement(values) for count, values in asked]
    once = [one for at, one in enumerate(made) if one not in made[:at]]
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(f"({sql})" for sql, _ in once), [one for _, told in once for one in told])
        found = cursor.fetchone()
    return [found[once.index(one)] for one in made]


def _usual(rows: Callable[..., object]) -> tuple[Any, ...]:
    """The marks of a query that names none: an id, where it takes anything."""
    return (A_KEY,) if signature(rows).parameters else ()


class PreparedRows(Generic[Row]):
    """The rows that a query finds, with those it names in `select_related` and with what it annotates.

    `prefetch_related` is not filled in.
    """

    def __init__(self, rows: Callable[..., QuerySet[Row, Row]], *marks: Any) -> None:
        self._rows, self._marks = rows, marks or _usual(rows)
        self._made: _Objects | None = None

    def __call__(self, *values: Any) -> list[Row]:
        made = self._made = self._made or _Objects(self._rows(*self._marks), self._marks)
        return made.objects(made.rows(values))

    def first(self, *values: Any) -> Row | None:
        """The first of them, None where there is none."""
        return next(iter(self(*values)), None)

    def get(self, *values: Any) -> Row:
        """The first of them. Raises DoesNotExist of its model where there is none."""
        found = self.first(*values)
        if found is None:
            model: Any = self._rows(*self._marks).model
            raise model.DoesNotExist(f"no {model._meta.verbose_name} is found for {values}")
        return found


class PreparedValues:
    """What a query with `values_list` finds, a tuple a row."""

    def __init__(self, rows: Callable[..., QuerySet[Any, Any]], *marks: Any) -> None:
        self._rows, self._marks = rows, marks or _usual(rows)
        self._made: _Statement | None = None

    def __call__(self, *values: Any) -> Sequence[tuple[Any, ...]]:
        made = self._made = self._made or _Statement(self._rows(*self._marks), self._marks)
        return made.rows(values)

    def first(self, *values: Any) -> tuple[Any, ...] | None:
        """The first of them, None where there is none."""
        return next(iter(self(*values)), None)


class _Statement:
    """A query as its compiler left it."""

    def __init__(self, rows: QuerySet[Any, Any], marks: Sequence[Any]) -> None:
        self.compiler = rows.query.get_compiler(using=connection.alias)
        self._sql, params = self.compiler.as_sql()
        self._places = Places(params, marks)
        select: Any = self.compiler.select
        self._converters = self.compiler.get_converters([column[0] for column in select])
        self._locks = rows.query.select_for_update

    def rows(self, values: Sequence[Any]) -> Sequence[tuple[Any, ...]]:
        """The rows that it finds for the values, as the columns' fields make them."""
        if self._locks and connection.get_autocommit():
            raise TransactionManagementError("rows are locked until a transaction ends, and there is none")
        with connection.cursor() as cursor:
            cursor.execute(self._sql, self._places.filled(values))
            found = cursor.fetchall()
        return list(map(tuple, self.compiler.apply_converters(found, self._converters))) if self._converters else found


class _Objects(_Statement):
    """One whose rows are objects: what stands in which column."""

    def __init__(self, rows: QuerySet[Any, Any], marks: Sequence[Any]) -> None:
        super().__init__(rows, marks)
        told: Any = self.compiler.klass_info
        select: Any = self.compiler.select
        fields = told["select_fields"]
        self._model, self._own = told["model"], slice(fields[0], fields[-1] + 1)
        self._names = frozenset(column[0].target.attname for column in select[self._own])
        self._annotated = tuple(self.compiler.annotation_col_map.items())
        populators: Any = get_related_populators  # typed for a later Django
        self._related = populators(told, select, connection.alias)

    def objects(self, rows: Sequence[tuple[Any, ...]]) -> list[Any]:
        """The objects of the rows, as Django makes them."""
        found = []
        for row in rows:
            one = self._model.from_db(connection.alias, self._names, row[self._own])
            for related in self._related:
                related.populate(row, one)
            for name, at in self._annotated:
                setattr(one, name, row[at])
            found.append(one)
        return found
