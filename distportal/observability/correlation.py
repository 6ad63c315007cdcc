"""One id from the first byte to the last effect."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import structlog

from distportal.observability.spans import in_story

_current: ContextVar[uuid.UUID | None] = ContextVar("correlation_id", default=None)


def correlation_id() -> uuid.UUID:
    """The id of the story being told now; a new one starts where none is."""
    found = _current.get()
    if found is None:
        found = uuid.uuid4()
        _current.set(found)
    return found


@contextmanager
def correlated(with_id: uuid.UUID | None = None) -> Iterator[uuid.UUID]:
    """Run a block under an id (a new one without an argument) and give the old one back after."""
    token = _current.set(with_id or uuid.uuid4())
    chosen = correlation_id()
    try:
        with structlog.contextvars.bound_contextvars(correlation_id=str(chosen)), in_story(chosen):
            yield chosen
    finally:
        _current.reset(token)
