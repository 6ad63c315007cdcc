"""`/metrics` for Prometheus: read at the scrape from PostgreSQL and Redis, so that one web process answers for all."""

from __future__ import annotations

import hmac
from collections.abc import Iterator

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from distportal.observability.figures import figures

_HERE = ("127.0.0.1", "::1", "")  # empty: a unix socket


@require_GET
def metrics(request: HttpRequest) -> HttpResponse:
    """The figures; 403 for who may not read them."""
    if not _may_read(request):
        return HttpResponse("Send METRICS_TOKEN as a bearer token.\n", status=403, content_type="text/plain")
    registry = CollectorRegistry()
    registry.register(_Figures())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


class _Figures(Collector):
    def collect(self) -> Iterator[Metric]:
        for figure in figures():
            names = list(figure.samples[0][0]) if figure.samples else []
            family = CounterMetricFamily if figure.kind == "counter" else GaugeMetricFamily
            metric = family(figure.name, figure.text, labels=names)
            for labels, value in figure.samples:
                metric.add_metric([labels[name] for name in names], value)
            yield metric

    def describe(self) -> list[Metric]:
        return []


def _may_read(request: HttpRequest) -> bool:
    """Whoever sends the token; without a token in the settings this machine, unless a proxy stands before us, behind
    which everybody looks like this machine.
    """
    token: str = settings.METRICS_TOKEN
    if token:
        sent = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return hmac.compare_digest(sent.encode(), token.encode())
    forwarded = settings.SECURE_PROXY_SSL_HEADER or any(
        name in request.headers for name in ("X-Forwarded-For", "Forwarded", "X-Real-IP")
    )
    return not forwarded and request.META.get("REMOTE_ADDR", "") in _HERE
