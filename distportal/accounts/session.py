"""The wall between dealers as a state of a connection's session: its role, and the accounts whose rows it sees."""

from __future__ import annotations

from typing import Any
from weakref import WeakSet

from psycopg import Connection
from psycopg.pq import TransactionStatus

ACCOUNTS = "app.accounts"
"""The setting in which policies read the ids, comma between them."""
NOBODY = "none"
"""What PostgreSQL calls no role but the one that connected."""
_inside: WeakSet[Connection[Any]] = WeakSet()


def take_role(session: Connection[Any], role: str, accounts: str) -> None:
    """Statements from now on run as `role` and see rows of `accounts`. Sent past Django's cursor: it is part of the
    connection's state, as its time zone is, and no query of a page.
    """
    if role != NOBODY:
        _inside.add(session)
    session.execute("SELECT set_config('role', %s, false), set_config(%s, %s, false)", [role, ACCOUNTS, accounts])
    if role == NOBODY and session.info.transaction_status is TransactionStatus.IDLE:
        _inside.discard(session)  # within a transaction it may still be rolled back


def stayed_inside(session: Connection[Any]) -> bool:
    """Whether it may still have a role: it was given back to the pool with it, or leaving was rolled back."""
    return session in _inside
