"""One order through the spans: the request, its jobs and events, the calls to the ERP, all of one trace."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.conf import settings
from django.db import connection
from opentelemetry.instrumentation.psycopg import PsycopgInstrumentor
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.trace import SpanKind, StatusCode

from distportal.events.errors import GiveUp
from distportal.events.jobs import enqueue_job
from distportal.events.models import Job
from distportal.events.registry import job_handler
from distportal.events.sweeper import work_until_idle
from distportal.observability import spans
from distportal.observability.correlation import correlated
from distportal.observability.otel.scrubbing import LEAVES, operation_of
from distportal.observability.spans import Silence, span
from orders.models import Order
from tests.api.conftest import Caller, order_body
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db
Told = Callable[[], list[ReadableSpan]]


def of(found: Sequence[ReadableSpan], story: uuid.UUID) -> dict[int, ReadableSpan]:
    """The spans of a story by their id."""
    contexts = [(one, one.get_span_context()) for one in found]
    return {at.span_id: one for one, at in contexts if at and at.trace_id == story.int}


def facts(one: ReadableSpan) -> Mapping[str, Any]:
    return one.attributes or {}


def test_an_order_by_the_api_is_one_trace_over_web_jobs_and_erp(
    synced: SandboxProcess,
    caller: Callable[..., Caller],
    heard: list[httpx.Request],
    told: Told,
) -> None:
    crm = caller()
    placed = crm.place(order_body("CRM-TRACE"), key="trace-key-1")
    assert placed.status_code == 201
    work_until_idle()
    order = Order.objects.get()
    story = of(told(), order.correlation_id)
    [root] = [one for one in story.values() if one.parent is None]
    assert (root.name, root.kind) == ("POST api/v1/orders", SpanKind.SERVER)
    assert facts(root) == {
        "http.request.method": "POST", "http.route": "api/v1/orders", "http.response.status_code": 201,
    }  # fmt: skip
    assert placed.headers["X-Correlation-ID"] == str(order.correlation_id)
    first = order.correlation_id.int & (1 << 64) - 1
    assert story[first] is root
    # Nothing hangs in the air: each parent is a span of the same story.
    assert [one.name for one in story.values() if one.parent and one.parent.span_id not in story] == []
    jobs = {one.name: one for one in story.values() if "portal.job.kind" in facts(one)}
    assert "orders.send_command" in jobs
    rows = Job.objects.filter(correlation_id=order.correlation_id)
    assert {str(row.pk) for row in rows} >= {facts(one)["portal.job.id"] for one in jobs.values()}
    events = {facts(one)["portal.event.type"] for one in story.values() if "portal.event.id" in facts(one)}
    assert "order.confirmed" in events
    assert {one.parent.span_id for one in (*jobs.values(),) if one.parent} == {first}
    # Each call to the ERP, with the header that it got: the span of the call, in the job that made it.
    calls = [one for one in story.values() if one.kind is SpanKind.CLIENT and "http.request.method" in facts(one)]
    sent = [request.headers["traceparent"] for request in heard]
    ours = [header for header in sent if order.correlation_id.hex in header]
    ids = [at.span_id for one in calls if (at := one.get_span_context())]
    assert sorted(ours) == sorted(f"00-{order.correlation_id.hex}-{one:016x}-01" for one in ids)
    within = {story[one.parent.span_id].name for one in calls if one.parent}
    assert any(name.endswith(" advance_order") for name in within)
    assert {facts(one)["server.address"] for one in calls} == {"127.0.0.1"}


def test_nothing_is_told_where_nothing_is_switched_on(heard: list[httpx.Request], client: Any) -> None:
    assert isinstance(spans._tracing, Silence)
    assert client.get("/accounts/login/").status_code == 200
    with correlated(), span("x") as one:
        one.note({"a": 1})
        one.rename("y")
        one.fail("z")


def test_a_callers_own_trace_is_not_taken_for_ours(client: Any, told: Told) -> None:
    answer = client.get("/accounts/login/", headers={"traceparent": f"00-{'a' * 32}-{'b' * 16}-01"})
    [root] = of(told(), uuid.UUID(answer.headers["X-Correlation-ID"])).values()
    assert (root.name, root.parent) == ("GET accounts/login/", None)


def test_a_job_that_was_not_done_says_so_by_its_code_alone(told: Told) -> None:
    @job_handler("test.traced", lane="orders")
    def handle(payload: Mapping[str, Any]) -> None:
        raise {"up": GiveUp, "crash": RuntimeError}[payload["how"]]("the words of buyer@harbor.example")

    for how in ("up", "crash"):
        enqueue_job("test.traced", key=how, payload={"how": how})
    work_until_idle()
    failed = [one for one in told() if one.name == "test.traced"]
    assert sorted(facts(one)["error.type"] for one in failed) == ["GiveUp", "RuntimeError"]
    assert [one.status.status_code for one in failed] == [StatusCode.ERROR] * 2
    assert "buyer@" not in "".join(one.to_json() for one in told())


def test_what_only_looks_is_told_to_nobody_and_what_it_does_for_a_story_is(told: Told) -> None:
    story = uuid.uuid4()

    @job_handler("test.looking", lane="orders", quiet=True)
    def look(_: Mapping[str, Any]) -> None:
        with span("a call"):
            pass
        with correlated(story), span("for the story"):
            pass

    enqueue_job("test.looking", key="one")
    work_until_idle()
    assert [(one.name, one.parent.span_id if one.parent else 0) for one in told()] == [
        ("for the story", story.int & (1 << 64) - 1)
    ]


def test_a_job_for_many_stories_is_told_in_each_with_a_link(told: Told) -> None:
    mine, other = uuid.uuid4(), uuid.uuid4()
    with correlated(mine), span("batch", begins=True), correlated(other), span("one of them"):
        pass
    [batch] = of(told(), mine).values()
    there = {one.name: one for one in of(told(), other).values()}
    assert set(there) == {"batch", "one of them"}
    assert [link.context.trace_id for link in there["batch"].links] == [mine.int]
    inner, twin = there["one of them"].parent, there["batch"].get_span_context()
    assert inner
    assert twin
    assert (inner.span_id, batch.parent) == (twin.span_id, None)


def test_a_statement_is_told_without_its_words_and_only_inside_a_span(told: Told) -> None:
    driver = connection.connection
    PsycopgInstrumentor.instrument_connection(driver, tracer_provider=spans._tracing._provider)  # type: ignore[attr-defined]
    try:
        with driver.cursor() as cursor:
            with correlated():
                cursor.execute("SELECT 'nobody asks'")
            with correlated() as story, span("work", begins=True):
                cursor.execute("SELECT 'buyer@harbor.example', %s", ["a secret"])
                cursor.execute(b"SET LOCAL work_mem = '8MB'")  # the library knows no words of bytes
    finally:
        PsycopgInstrumentor.uninstrument_connection(driver)
    found = of(told(), story)
    assert [one.name for one in told()] == ["SELECT", "SET", "work"]
    statements = [one for one in found.values() if one.name != "work"]
    for one in statements:
        assert set(facts(one)) <= {"db.system.name", "db.operation.name", "server.address", "server.port"}
        assert facts(one)["db.operation.name"] == one.name
        assert "harbor" not in one.to_json()


@pytest.mark.parametrize(
    ("statement", "word"),
    [
        ("SELECT 1", "SELECT"), ("  -- who asks\n/* and\nwhy */ (select 1) UNION (SELECT 2)", "SELECT"),
        (
            "SELECT set_config('pghistory.context_id', %s, true), set_config('pghistory.context_metadata', %s, true); "
            "INSERT INTO orders_order VALUES (%s)",
            "INSERT",
        ),
        ("WITH a AS (SELECT 1) SELECT * FROM a", "WITH"), ("", "statement"), ("-- nothing", "statement"),
    ],
)  # fmt: skip
def test_a_statement_is_called_by_its_first_word_and_never_by_the_database(statement: str, word: str) -> None:
    assert operation_of(statement) == word


def test_every_span_and_attribute_of_ours_has_its_line_in_the_docs() -> None:
    root = Path(settings.BASE_DIR)
    page = (root / "docs/observability.md").read_text()
    apps = ("distportal", "exceptions", "inventory", "orders", "edi")
    files = [path for app in apps for path in (root / app).rglob("*.py")]
    names = {name for path in files for name in re.findall(r'\bspan\("([^"]+)"', path.read_text())}
    assert names == {"webhooks.send", "edi.file_taken"}
    told = [name for name in sorted(names | LEAVES) if f"`{name}`" in page or f"`.{name.rpartition('.')[2]}`" in page]
    assert sorted(names | LEAVES) == told
