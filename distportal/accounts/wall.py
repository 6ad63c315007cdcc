"""The second wall: what a dealer's person or key asks runs as a database role that sees their accounts' rows alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, connection

from distportal.accounts.session import NOBODY, stayed_inside, take_role
from distportal.common.bulk import without_copy

_inside: ContextVar[str | None] = ContextVar("dealer_wall", default=None)


@contextmanager
def behind_wall(account_ids: Iterable[UUID]) -> Iterator[None]:
    """Statements inside see and write rows of these accounts and of no other; none at all for no account.

    Nothing changes where `DEALER_DATABASE_ROLE` is empty. Of two walls the inner one counts, then the outer again.
    """
    if not settings.DEALER_DATABASE_ROLE:
        yield
        return
    token = _inside.set(",".join(str(one) for one in account_ids))
    try:
        if connection.connection is not None:
            _enter(_inside.get() or "")
        with without_copy():
            yield
    finally:
        _inside.reset(token)
        if connection.connection is not None:
            _leave()
            enter_again()


@contextmanager
def outside_wall() -> Iterator[None]:
    """For the few acts of people who do not belong yet, as taking an invitation; the callers are listed in a test."""
    token = _inside.set(None)
    if connection.connection is not None:
        _leave()
    try:
        with without_copy(holds=False):
            yield
    finally:
        _inside.reset(token)
        if connection.connection is not None:
            enter_again()


def enter_again(**_: Any) -> None:
    """For `connection_created`: a connection made or lent while inside starts inside too, also one in place of a lost
    one; and nobody else is lent one that stayed inside.
    """
    accounts = _inside.get()
    if accounts is not None:
        _enter(accounts)
    elif stayed_inside(connection.connection):
        _leave()


def _enter(accounts: str) -> None:
    _say(settings.DEALER_DATABASE_ROLE, accounts)


def _leave() -> None:
    try:
        _say(NOBODY, "")
    except DatabaseError:
        connection.connection.close()  # a pool must never lend a connection that is still inside
        raise


def _say(role: str, accounts: str) -> None:
    with connection.wrap_database_errors:
        take_role(connection.connection, role, accounts)
