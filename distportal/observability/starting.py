"""Tracing as the settings say: off, unless a collector is named."""

from __future__ import annotations

import atexit

import structlog
from django.conf import settings

from distportal.observability.spans import stop_telling

log = structlog.get_logger(__name__)


def start_tracing() -> None:
    """Spans go to the collector that the settings name; its own OTEL_EXPORTER_OTLP_* settings hold besides.

    Where the packages are not installed, the log says so and everything else goes on.
    """
    named = settings.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT or settings.OTEL_EXPORTER_OTLP_ENDPOINT
    if not named or settings.OTEL_SDK_DISABLED:
        return
    try:
        # Optional packages: a portal without a collector does not have them.
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415

        from distportal.observability.otel.switching import switch_on  # noqa: PLC0415
    except ModuleNotFoundError as error:
        log.warning("traces.not_installed", missing=error.name, what="install requirements-otel.lock to send traces")
        return
    switch_on(
        OTLPSpanExporter(),
        share=settings.OTEL_TRACES_SAMPLER_ARG,
        without=settings.OTEL_PYTHON_DISABLED_INSTRUMENTATIONS,
    )
    atexit.register(stop_telling)
