"""Our spans as those of OpenTelemetry."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from uuid import UUID

from opentelemetry import trace
from opentelemetry.context import Context, attach, detach
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SpanExporter
from opentelemetry.trace import Link, NonRecordingSpan, SpanKind, StatusCode

from distportal.observability.correlation import correlation_id
from distportal.observability.otel.ids import HALF, beginning, first_span
from distportal.observability.otel.sampling import StorySampler
from distportal.observability.spans import Facts, Role

KINDS: Mapping[Role, SpanKind] = {
    "server": SpanKind.SERVER,
    "consumer": SpanKind.CONSUMER,
    "producer": SpanKind.PRODUCER,
    "client": SpanKind.CLIENT,
    "internal": SpanKind.INTERNAL,
}
LAST_SECONDS = 2.0
"""So long a process that ends tries to hand over its last spans to a collector that does not take them."""


class Told:
    """A span that is heard of."""

    def __init__(self, span: trace.Span) -> None:
        self._span = span

    def rename(self, name: str) -> None:
        self._span.update_name(name)

    def note(self, facts: Facts) -> None:
        self._span.set_attributes(facts)

    def fail(self, kind: str) -> None:
        self._span.set_attribute("error.type", kind)
        self._span.set_status(StatusCode.ERROR)


class OpenTelemetry:
    """Tells spans to a provider of its own; the process's global one stays as it is."""

    def __init__(self, provider: TracerProvider, sampler: StorySampler, exporter: SpanExporter) -> None:
        self._provider, self._sampler, self._exporter = provider, sampler, exporter
        self._tracer = provider.get_tracer("distportal")

    @contextmanager
    def story(self, story: UUID) -> Iterator[None]:
        """A span that is open in another story gets a twin in this one, linked: a job for many tells each its own."""
        here = trace.get_current_span()
        at = here.get_span_context()
        if at.is_valid and at.trace_id == story.int:
            yield
            return
        first = NonRecordingSpan(first_span(story, told=self._sampler.tells(story.int)))
        inside = trace.set_span_in_context(first, Context())
        token = attach(inside)
        try:
            with self._twin(here, at, inside) if isinstance(here, ReadableSpan) else nullcontext():
                yield
        finally:
            detach(token)

    @contextmanager
    def _twin(self, of: ReadableSpan, at: trace.SpanContext, inside: Context) -> Iterator[None]:
        with self._tracer.start_as_current_span(of.name, inside, links=[Link(at)], record_exception=False):
            yield

    @contextmanager
    def span(self, name: str, role: Role, facts: Facts, *, begins: bool) -> Iterator[Told]:
        with beginning() if begins else nullcontext():
            made = self._tracer.start_span(
                name, context=Context() if begins else None, kind=KINDS[role], attributes=facts
            )
        with trace.use_span(made, end_on_exit=True, record_exception=False, set_status_on_exception=False):
            told = Told(made)
            try:
                yield told
            except BaseException as error:
                told.fail(type(error).__name__)
                raise

    @contextmanager
    def quiet(self) -> Iterator[None]:
        story = correlation_id().int
        nothing = NonRecordingSpan(trace.SpanContext(story, story & HALF, is_remote=False))
        with trace.use_span(nothing, record_exception=False, set_status_on_exception=False):
            yield

    def stop(self) -> None:
        late = threading.Timer(LAST_SECONDS, self._exporter.shutdown)  # ends its tries, and refuses what is left
        late.daemon = True
        late.start()
        self._provider.shutdown()
        late.cancel()
