"""How PostgreSQL finds rows where it may not walk through all of them: of few rows it would, whatever the indexes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection


def forbid_walks() -> None:
    """No walk through a whole table or a whole index until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")


@contextmanager
def plans_without_walks() -> Iterator[Callable[[], str]]:
    """Gives the plans of each query that is sent inside, as one text."""
    plans: list[str] = []

    def explain(execute: Callable[..., object], sql: str, params: object, many: bool, context: object) -> object:
        if sql.lstrip("(").startswith("SELECT"):
            with connection.cursor() as cursor:
                cursor.cursor.execute(f"EXPLAIN {sql}", params)
                plans.append("\n".join(row[0] for row in cursor.fetchall()))
        return execute(sql, params, many, context)

    forbid_walks()
    with connection.execute_wrapper(explain):
        yield lambda: "\n".join(plans)
