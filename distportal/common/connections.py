"""How many connections to the database one process may hold."""

from __future__ import annotations

from django.db import connection


def allow_connections(most: int) -> None:
    """This process's pool has room for so many, where DATABASE_POOL_SIZE gives it less. To be called before its threads
    ask for one: what the pool held before is closed.
    """
    pool = connection.settings_dict["OPTIONS"].get("pool")
    if pool and pool["max_size"] < most:
        connection.close_pool()  # type: ignore[attr-defined] # PostgreSQL's wrapper has it
        pool["max_size"] = most
