"""The ids of a story's trace are made of its correlation id, so that each process knows them without being told.

Every job, event and command carries that id in its row. What begins a story, such as the request, is the span whose id
is the second half of it; whoever goes on with the story later, after a crash or a day, is a child of that one.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.trace import SpanContext, TraceFlags

from distportal.observability.correlation import correlation_id

HALF = (1 << 64) - 1
_beginning: ContextVar[bool] = ContextVar("beginning", default=False)


def first_span(story: UUID, *, told: bool) -> SpanContext:
    """The span that the story began with, as one of another process."""
    flags = TraceFlags(TraceFlags.SAMPLED if told else TraceFlags.DEFAULT)
    return SpanContext(story.int, story.int & HALF, is_remote=True, trace_flags=flags)


@contextmanager
def beginning() -> Iterator[None]:
    """Around the start of the span that a story begins with."""
    token = _beginning.set(True)
    try:
        yield
    finally:
        _beginning.reset(token)


class StoryIds(RandomIdGenerator):
    """A span without a parent belongs to the story that is told now."""

    def generate_trace_id(self) -> int:
        return correlation_id().int

    def generate_span_id(self) -> int:
        return correlation_id().int & HALF if _beginning.get() else super().generate_span_id()

    def is_trace_id_random(self) -> bool:
        """The low half of a UUID has fixed bits."""
        return False
