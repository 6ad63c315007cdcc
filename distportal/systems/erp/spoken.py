"""The mapping tables in force while an adapter is called: adapters ask here first, then their connection's settings."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol

from distportal.systems.errors import Unmapped


class Tables(Protocol):
    """Codes of one connection by kind: item, unit, warehouse, customer, ship_to, terms, carrier."""

    def ours(self, kind: str, code: str) -> str | None:
        """Our code of theirs; None where nobody mapped it."""
        ...

    def theirs(self, kind: str, code: str) -> str | None:
        """Their code of ours; None where nobody mapped it."""
        ...


_in_force: ContextVar[Tables | None] = ContextVar("mapping_tables", default=None)


@contextmanager
def speaking(tables: Tables) -> Iterator[None]:
    """Inside the block these tables are in force."""
    token = _in_force.set(tables)
    try:
        yield
    finally:
        _in_force.reset(token)


def our_code(kind: str, code: str) -> str | None:
    """Our code of theirs by the tables in force."""
    tables = _in_force.get()
    return tables.ours(kind, code) if tables and code else None


def their_code(kind: str, code: str) -> str | None:
    """Their code of ours by the tables in force."""
    tables = _in_force.get()
    return tables.theirs(kind, code) if tables and code else None


def unmapped(kind: str, code: str, erp: str = "the ERP", *, side: str = "ours") -> Unmapped:
    """The error of a code that has no partner on the other side."""
    message = f"{kind} {code!r} is not mapped between the portal and {erp}: map it under Code mappings"
    return Unmapped(kind, [code], message, side=side)
