"""What leaves in a span: names, codes and times. Neither people nor secrets are in it, whoever made the span.

Addresses hold keys of invitations, queries what somebody searched for, statements and errors what somebody wrote: so
there is a list of what may leave, not one of what may not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import structlog
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
from opentelemetry.trace import Link, Status

LEAVES = frozenset(
    {
        "http.request.method", "http.response.status_code", "http.route", "server.address", "server.port",
        "db.system.name", "db.operation.name", "error.type",
        "portal.job.kind", "portal.job.lane", "portal.job.id", "portal.job.attempt",
        "portal.event.type", "portal.event.destination", "portal.event.id",
        "portal.system", "portal.call",
    }
)  # fmt: skip
"""The attributes that leave; each has its line in docs/observability.md."""
_FIRST_WORD = re.compile(r"\A(?:\s|\(|--[^\n]*\n|/\*.*?\*/)*([A-Za-z]+)", re.DOTALL)
_WHO = re.compile(r"\A\s*SELECT\s+set_config\('pghistory\.[^;]*;", re.DOTALL)
log = structlog.get_logger(__name__)


class Scrubbed(SpanExporter):
    """Hands on what may leave, and says once when it cannot, and once when it can again."""

    def __init__(self, inner: SpanExporter) -> None:
        self._inner, self._lost = inner, 0

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        result = self._inner.export([scrubbed(one) for one in spans])
        if result is not SpanExportResult.SUCCESS:
            if not self._lost:
                log.warning("traces.not_sent", what="spans are lost until the collector answers; nothing else waits")
            self._lost += len(spans)
        elif self._lost:
            log.warning("traces.sent_again", lost=self._lost)
            self._lost = 0
        return result

    def shutdown(self) -> None:
        self._inner.shutdown()

    def force_flush(self, timeout_millis: int = 30000) -> bool:
        return self._inner.force_flush(timeout_millis)


def scrubbed(span: ReadableSpan) -> ReadableSpan:
    """The same span with its ids, name, times and listed attributes. Events go: they hold the words of errors. One of a
    statement has the first word of it as its name, and as `db.operation.name`.
    """
    given = dict(span.attributes or {})
    operation = operation_of(str(given.get("db.query.text", ""))) if "db.system.name" in given else ""
    if operation:
        given["db.operation.name"] = operation
    return ReadableSpan(
        name=operation or span.name,
        context=span.context,
        parent=span.parent,
        resource=span.resource,
        attributes={name: value for name, value in given.items() if name in LEAVES},
        links=[Link(one.context) for one in span.links],
        kind=span.kind,
        status=Status(span.status.status_code),
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )


def operation_of(statement: str) -> str:
    """`SELECT` and other first words, behind comments, brackets and what histories put before a change; else
    `statement`. The library calls a statement that it cannot read by the name of the database.
    """
    found = _FIRST_WORD.search(_WHO.sub("", statement))
    return found[1].upper() if found else "statement"
