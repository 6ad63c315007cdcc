"""One purchase order through the logs: every line of it, from the file to the answer, carries the same id."""

from __future__ import annotations

import logging
import re
from typing import Any

import httpx
import pytest

from distportal.events.jobs import enqueue_job
from distportal.events.models import Job
from distportal.events.registry import job_handler
from distportal.events.sweeper import work_until_idle
from distportal.observability.correlation import correlated
from distportal.systems.models import SystemCall
from distportal.systems.outcomes import exchange, timeouts
from edi.models import InboundFile, OutboundFile
from orders.models import Order
from tests.edi.conftest import Post
from tests.sandbox import SandboxProcess


@pytest.mark.django_db
def test_from_the_file_to_the_answer_each_line_has_the_orders_id(
    crestline: Post, catalogue: SandboxProcess, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG, logger="distportal"):
        crestline.take(crestline.order(("FST-10001", "100", "0.40"), po="CR-LOG"))
    order, file = Order.objects.get(), InboundFile.objects.get()
    lines: list[dict[str, Any]] = [one.msg for one in caplog.records if isinstance(one.msg, dict)]
    story = [line for line in lines if line.get("correlation_id") == str(order.correlation_id)]
    assert story[0]["event"] == "edi.file_taken"
    jobs = [line["kind"] for line in story if line["event"] == "job.done"]
    assert jobs[0] == "edi.read_file"
    assert {"orders.send_command", "edi.deliver"} <= set(jobs)
    assert {line["call"] for line in story if line["event"] == "system.call"} >= {"advance_order"}
    assert "order.confirmed" in {line["event_type"] for line in story if line["event"] == "event.delivered"}
    # Whatever names the order, its file or an answer of ours belongs to the story.
    sent = OutboundFile.objects.values_list("pk", flat=True)
    keys = {str(order.pk), order.number, str(file.pk), *map(str, sent)}
    named = [line for line in lines if {str(line.get("key")), str(line.get("of"))} & keys]
    assert [line for line in named if line not in story] == []
    calls = SystemCall.objects.filter(reference__contains=order.number)
    assert {one.correlation_id for one in calls} == {order.correlation_id}


def test_a_call_to_another_system_is_a_span_of_the_story() -> None:
    heard: list[str] = []

    def answers(request: httpx.Request) -> httpx.Response:
        heard.append(request.headers["traceparent"])
        return httpx.Response(200, json={})

    client = httpx.Client(transport=httpx.MockTransport(answers), base_url="https://erp.example.com")
    with correlated() as chosen:
        for _ in range(2):
            exchange(client, "read", "GET", "/x", timeouts(1, 1), headers={"Accept": "*/*"})
    assert all(re.fullmatch(rf"00-{chosen.hex}-[0-9a-f]{{16}}-01", header) for header in heard)
    assert len(set(heard)) == 2


@pytest.mark.django_db
def test_what_only_looks_whether_there_is_work_fills_no_log(caplog: pytest.LogCaptureFixture) -> None:
    for kind in ("test.looks", "test.works"):
        job_handler(kind, lane="orders", quiet=kind == "test.looks")(lambda _: None)
        enqueue_job(kind, key="one")
    with caplog.at_level(logging.INFO, logger="distportal"):
        work_until_idle()
    lines = [one.msg for one in caplog.records if isinstance(one.msg, dict)]
    assert [line["kind"] for line in lines if line["event"] == "job.done"] == ["test.works"]
    assert Job.objects.filter(state="done").count() == 2
