"""Counts that every page makes: their SQL is put together once a process, not once a page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

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
        if _MARK not in params:
            raise ValueError("The query does not ask for the id that it was given.")
        self._params = tuple(params)
        self._sql = f"SELECT COUNT(*) FROM ({sql}) AS found"  # noqa: S608 - the ORM's own words
