"""Spans on their way to a collector: real OTLP over HTTP, and a collector that is dead, or hangs."""

from __future__ import annotations

import logging
import threading
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any

import pytest
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind

from distportal.common.ports import KeptPort
from distportal.observability import spans
from distportal.observability.correlation import correlated
from distportal.observability.otel.sampling import StorySampler
from distportal.observability.otel.scrubbing import LEAVES, Scrubbed
from distportal.observability.spans import Silence, span, stop_telling
from distportal.observability.starting import start_tracing
from tests.distportal.observability.conftest import switch_off, tracing
from tests.webhooks.sink import Sink

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def collector() -> Iterator[Sink]:
    made = Sink()
    made.start()
    yield made
    made.stop()


@pytest.mark.django_db
def test_a_request_arrives_at_the_collector_with_neither_people_nor_secrets(
    collector: Sink, client: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.OTEL_EXPORTER_OTLP_ENDPOINT = collector.url("")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url(""))
    start_tracing()
    try:
        asked = {"HTTP_USER_AGENT": "canary-agent", "REMOTE_ADDR": "203.0.113.77"}
        key = client.get("/accounts/password/reset/key/canary-key-1/?q=canary-query", **asked)
        posted = client.post("/accounts/login/", {"login": "canary@harbor.example", "password": "canary-word"}, **asked)
        client.generic("CANARY", "/accounts/login/", HTTP_X_NOTE="canary")
        stop_telling()
    finally:
        switch_off()
    assert {got.path for got in collector.got} == {"/v1/traces"}
    told = [ExportTraceServiceRequest.FromString(got.body) for got in collector.got]
    resources = [resource for request in told for resource in request.resource_spans]
    names = {a.key: a.value.string_value for one in resources for a in one.resource.attributes}
    assert names["service.name"] == "distportal"
    found = [one for resource in resources for scope in resource.scope_spans for one in scope.spans]
    servers = {one.trace_id.hex(): one for one in found if one.name.startswith(("GET", "POST"))}
    ids = [uuid.UUID(answer.headers["X-Correlation-ID"]) for answer in (key, posted)]
    assert [servers[one.hex].span_id for one in ids] == [one.bytes[8:] for one in ids]
    assert {attribute.key for one in found for attribute in one.attributes} <= LEAVES
    text = b"".join(got.body for got in collector.got)
    for word in (b"canary", b"CANARY", b"203.0.113.77", b"harbor"):
        assert word not in text


class Hanging(SpanExporter):
    """A collector that takes a batch and does not come back."""

    def __init__(self) -> None:
        self.go, self.took, self.threads = threading.Event(), 0, set[str]()

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        self.threads.add(threading.current_thread().name)
        self.go.wait()
        self.took += len(spans)
        return SpanExportResult.SUCCESS


def test_a_collector_that_hangs_holds_nobody_up_and_takes_no_more_memory_than_its_queue() -> None:
    hanging = Hanging()
    with tracing(hanging, through=lambda to: BatchSpanProcessor(to, max_queue_size=64, max_export_batch_size=16)):
        for _ in range(1000):  # all of them end although nothing is taken
            with correlated(), span("work", begins=True):
                pass
        assert hanging.took == 0
        hanging.go.set()
    assert 0 < hanging.took <= 64 + 16
    assert threading.current_thread().name not in hanging.threads


def test_a_dead_collector_is_one_line_of_the_log_and_its_return_another(
    caplog: pytest.LogCaptureFixture, collector: Sink
) -> None:
    dead = OTLPSpanExporter(f"http://127.0.0.1:{KeptPort().number}/v1/traces", timeout=0.1)
    sending = Scrubbed(dead)
    provider = TracerProvider(shutdown_on_exit=False)
    with caplog.at_level(logging.INFO):
        for _ in range(3):
            assert sending.export([ended(provider)]) is SpanExportResult.FAILURE
        sending._inner = OTLPSpanExporter(collector.url("/v1/traces"))
        assert sending.export([ended(provider)]) is SpanExportResult.SUCCESS
    lines = [one for one in caplog.records if "urllib3" not in one.name]
    assert [line.msg["event"] for line in lines if isinstance(line.msg, dict)] == [
        "traces.not_sent",
        "traces.sent_again",
    ]
    assert [line for line in lines if line.exc_info or not isinstance(line.msg, dict)] == []


def ended(provider: TracerProvider) -> ReadableSpan:
    one = provider.get_tracer("test").start_span("one")
    one.end()
    assert isinstance(one, ReadableSpan)
    return one


def test_without_the_packages_the_log_says_so_and_all_goes_on(
    settings: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    settings.OTEL_EXPORTER_OTLP_ENDPOINT = "http://127.0.0.1:4318"
    monkeypatch.setitem(__import__("sys").modules, "opentelemetry.exporter.otlp.proto.http.trace_exporter", None)
    start_tracing()
    assert [one.msg["event"] for one in caplog.records if isinstance(one.msg, dict)] == ["traces.not_installed"]
    assert isinstance(spans._tracing, Silence)


@pytest.mark.parametrize(("endpoint", "disabled"), [("", False), ("http://127.0.0.1:4318", True)])
def test_it_is_off_unless_a_collector_is_named_and_nobody_switched_it_off(
    settings: Any, endpoint: str, disabled: bool
) -> None:
    settings.OTEL_EXPORTER_OTLP_ENDPOINT, settings.OTEL_SDK_DISABLED = endpoint, disabled
    start_tracing()
    assert isinstance(spans._tracing, Silence)


def test_only_one_folder_needs_the_packages() -> None:
    users = {
        path.relative_to(ROOT).as_posix()
        for app in ("distportal", "exceptions", "inventory", "orders", "edi")
        for path in (ROOT / app).rglob("*.py")
        if "opentelemetry" in path.read_text() and "observability/otel/" not in path.as_posix()
    }
    assert users <= {"distportal/observability/starting.py", "distportal/observability/logging.py"}


def test_a_share_of_the_stories_is_told_each_whole_or_not_at_all() -> None:
    random, tenth = Random(7), StorySampler(0.1)
    stories = [uuid.UUID(int=random.getrandbits(128), version=4) for _ in range(4000)]
    chosen = [one for one in stories if tenth.tells(one.int)]
    assert 320 <= len(chosen) <= 480
    exporter = InMemorySpanExporter()
    with tracing(exporter, share=0.1, through=lambda to: BatchSpanProcessor(to, max_queue_size=16384)):
        for story in stories[:200]:
            with correlated(story), span("first", begins=True), span("second"):
                pass
            with correlated(story), span("later"):
                pass
    found: dict[int, list[str]] = {}
    for one in exporter.get_finished_spans():
        at = one.get_span_context()
        assert at
        found.setdefault(at.trace_id, []).append(one.name)
    assert set(found) == {one.int for one in stories[:200] if tenth.tells(one.int)}
    assert {tuple(sorted(names)) for names in found.values()} == {("first", "later", "second")}
    assert [StorySampler(share).tells((1 << 128) - 1) for share in (0.0, 1.0)] == [False, True]


def test_a_call_outside_of_any_span_is_no_story() -> None:
    result = StorySampler(1.0).should_sample(None, uuid.uuid4().int, "SELECT", SpanKind.CLIENT)
    assert not result.decision.is_sampled()
