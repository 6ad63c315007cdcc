"""Switches tracing on in this process."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection
from typing import Any

from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor
from opentelemetry.instrumentation.psycopg import PsycopgInstrumentor
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter

from distportal.observability.otel.ids import StoryIds
from distportal.observability.otel.sampling import StorySampler
from distportal.observability.otel.scrubbing import Scrubbed
from distportal.observability.otel.telling import OpenTelemetry
from distportal.observability.spans import tell_spans_to

INSTRUMENTORS: dict[str, Callable[[], Any]] = {
    "httpx": HTTPXClientInstrumentor,
    "psycopg": PsycopgInstrumentor,
}
"""What is told of calls: those to other systems, and statements. Neither Django's, which takes the caller's trace for
ours and tells addresses, nor Celery's: a task is a hint, the job is the work.
"""


def switch_on(
    exporter: SpanExporter,
    *,
    share: float = 1.0,
    without: Collection[str] = (),
    through: Callable[[SpanExporter], SpanProcessor] = BatchSpanProcessor,
) -> OpenTelemetry:
    """Spans of this process go to the exporter from now on: a `share` of the stories, with the calls of libraries that
    are not named in `without`. The queue is bounded: what the exporter cannot take in time is lost, and nothing waits.
    """
    os.environ.setdefault("OTEL_SEMCONV_STABILITY_OPT_IN", "http,database")  # today's names of attributes
    sampler, leaving = StorySampler(share), Scrubbed(exporter)
    provider = TracerProvider(
        sampler=sampler,
        id_generator=StoryIds(),
        resource=Resource.create({SERVICE_NAME: os.environ.get("OTEL_SERVICE_NAME") or "distportal"}),
        shutdown_on_exit=False,
    )
    provider.add_span_processor(through(leaving))
    for name, instrumentor in INSTRUMENTORS.items():
        if name not in without:
            instrumentor().instrument(tracer_provider=provider)
    tracing = OpenTelemetry(provider, sampler, leaving)
    tell_spans_to(tracing)
    return tracing
