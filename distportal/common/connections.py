"""How many connections to the database one process may hold, and how long one may rest."""

from __future__ import annotations

from typing import Any

from django.db import connection, connections


def allow_connections(most: int) -> None:
    """This process's pool has room for so many, where DATABASE_POOL_SIZE gives it less. To be called before its threads
    ask for one: what the pool held before is closed.
    """
    pool = connection.settings_dict["OPTIONS"].get("pool")
    if pool and pool["max_size"] < most:
        connection.close_pool()  # type: ignore[attr-defined] # PostgreSQL's wrapper has it
        pool["max_size"] = most


def close_connections() -> None:
    """This process holds none and has no pool, until it asks for one again."""
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined] # as above


def take_time(*, using: str = "default", **_: Any) -> None:
    """A migration thinks between its statements, on a busy machine for longer than a request may: it is not cut off.
    Called by `pre_migrate`.
    """
    with connections[using].cursor() as cursor:
        cursor.execute("SET idle_in_transaction_session_timeout = 0")
