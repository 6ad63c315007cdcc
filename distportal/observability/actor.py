"""Who is acting now, for events and the audit trail."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_actor: ContextVar[str] = ContextVar("actor", default="")


def actor_name() -> str:
    """`person@example.com`, `key:CRM`, or empty for the system itself."""
    return _actor.get()


@contextmanager
def acting(name: str) -> Iterator[None]:
    """Run a block in somebody's name."""
    token = _actor.set(name)
    try:
        yield
    finally:
        _actor.reset(token)
