"""What monitoring reads, who may read it, and what a scrape costs."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from distportal.events.backlog import backlog
from distportal.events.gauges import Gauges
from distportal.events.jobs import enqueue_job
from distportal.events.measuring import store_pressure
from distportal.events.registry import job_handler
from distportal.systems.call_log import note_call

pytestmark = pytest.mark.django_db
CALM = Gauges(connections_used=0.1, disk_free=0.9, redis_used=None, writable=True)


@job_handler("test.metric", lane="orders")
def nothing(_: Any) -> None:
    """It only waits."""


def scrape() -> dict[tuple[str, ...], float]:
    """Value by name and label values."""
    answer = Client().get("/metrics")
    assert answer.status_code == 200
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.content.decode())
        for sample in family.samples
    }


def test_lanes_pressure_and_calls_are_told() -> None:
    store_pressure(lanes=backlog(), gauges=CALM)
    enqueue_job("test.metric", key="a")
    store_pressure(lanes=backlog(), gauges=CALM)
    for outcome, ms in (("ok", 100.0), ("ok", 300.0), ("transient", 200.0)):
        note_call(system="erp-default", call="find_order", reference="", outcome=outcome, error_code="", duration_ms=ms)
    found = scrape()
    assert found["portal_pressure_level",] == 0
    assert found["portal_lane_ready_jobs", "orders"] == 1
    assert 0 < found["portal_lane_oldest_due_seconds", "orders"] < 60
    assert {key[1] for key in found if key[0] == "portal_lane_oldest_due_seconds"} == set(settings.LANES)
    assert found["portal_jobs_arrived_total", "orders"] == 1
    assert found["portal_jobs_done_total", "orders"] == 0
    assert found["portal_pressure_gauge", "connections_used"] == 0.1
    assert ("portal_pressure_gauge", "redis_used") not in found
    assert found["portal_erp_calls_5m", "find_order", "ok", "erp-default"] == 2
    assert found["portal_erp_latency_seconds", "0.5", "erp-default"] == pytest.approx(0.2)
    assert found["portal_outbox_pending",] == 0
    assert found["portal_acks_overdue",] == 0


def test_a_scrape_is_a_few_queries_however_much_waits(django_assert_max_num_queries: Any) -> None:
    for key in range(30):
        enqueue_job("test.metric", key=str(key))
    with django_assert_max_num_queries(15):
        scrape()


def test_without_a_token_only_this_machine_reads(settings: Any) -> None:
    assert Client().get("/metrics").status_code == 200
    assert Client(REMOTE_ADDR="10.0.0.7").get("/metrics").status_code == 403
    assert Client(headers={"X-Forwarded-For": "10.0.0.7"}).get("/metrics").status_code == 403
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert Client().get("/metrics").status_code == 403


def test_with_a_token_only_its_bearer_reads(settings: Any) -> None:
    settings.METRICS_TOKEN = "scrape-me"
    assert Client().get("/metrics").status_code == 403
    assert Client(headers={"Authorization": "Bearer wrong"}).get("/metrics").status_code == 403
    assert Client(headers={"Authorization": "Bearer scrape-mé"}).get("/metrics").status_code == 403
    there = Client(REMOTE_ADDR="10.0.0.7", headers={"Authorization": "Bearer scrape-me"})
    assert there.get("/metrics").status_code == 200
    assert there.post("/metrics").status_code == 405
