"""Tracing that is on in this process, as it is where a collector is named."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor, SpanExporter
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from distportal.observability.otel.switching import INSTRUMENTORS, switch_on
from distportal.observability.spans import Silence, tell_spans_to
from tests.api.conftest import caller  # noqa: F401  callers with keys

Switch = Callable[..., Any]


@contextmanager
def tracing(exporter: SpanExporter, **how: Any) -> Iterator[None]:
    """Switched on for the block."""
    made = switch_on(exporter, **how)
    try:
        yield
    finally:
        switch_off()
        made.stop()


def switch_off() -> None:
    """As if it had never been on."""
    tell_spans_to(Silence())
    for instrumentor in INSTRUMENTORS.values():
        if instrumentor().is_instrumented_by_opentelemetry:
            instrumentor().uninstrument()


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[httpx.Request]:
    """The requests that httpx sends, as they leave: the calls themselves are made."""
    found: list[httpx.Request] = []
    send = httpx.HTTPTransport.handle_request

    def noting(self: httpx.HTTPTransport, request: httpx.Request) -> httpx.Response:
        found.append(request)
        return send(self, request)

    monkeypatch.setattr(httpx.HTTPTransport, "handle_request", noting)
    return found


@pytest.fixture
def told(heard: list[httpx.Request]) -> Iterator[Callable[[], list[ReadableSpan]]]:
    """The spans that have ended, in that order."""
    exporter = InMemorySpanExporter()
    with tracing(exporter, through=SimpleSpanProcessor):
        yield lambda: list(exporter.get_finished_spans())
