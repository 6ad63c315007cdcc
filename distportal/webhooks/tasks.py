"""What webhooks do by themselves: hear events, send messages, use those of others, and forget what is old."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from distportal.events.jobs import enqueue_job
from distportal.events.registry import job_handler
from distportal.events.retention import Retention, keep
from distportal.webhooks.catalogue import listen
from distportal.webhooks.delivering import WAKE_JOB, deliver_due
from distportal.webhooks.planning import DELIVER_JOB, plan_deliveries
from distportal.webhooks.receiving import USE_JOB, use_received

listen(plan_deliveries)
keep(Retention(name="webhook_attempts", table="webhooks_attempt", age="began_at", days=30))
keep(
    Retention(
        name="webhook_deliveries", table="webhooks_delivery", days=30,
        age="CASE WHEN state <> 'pending' AND NOT EXISTS (SELECT FROM webhooks_attempt a WHERE a.delivery_id = kept.id)"
        " THEN kept.created_at END",
    )
)  # fmt: skip
# What became of an event stands where it was used; one that could not be used stays.
keep(
    Retention(
        name="hook_events", table="webhooks_received", clock="received_at", days=180,
        age="CASE WHEN state = 'used' THEN received_at END",
    )
)  # fmt: skip


@job_handler(USE_JOB, lane="orders", max_attempts=10)
def use_received_job(payload: Mapping[str, Any]) -> None:
    """Use one event that was posted to us."""
    use_received(received_id=UUID(payload["received"]))


@job_handler(DELIVER_JOB, lane="webhooks", max_attempts=8, hands_over=True)
def deliver_job(payload: Mapping[str, Any]) -> None:
    """Send what is due to one endpoint."""
    deliver_due(endpoint_id=UUID(payload["endpoint"]))


@job_handler(WAKE_JOB, lane="webhooks", max_attempts=8, quiet=True)
def wake_job(payload: Mapping[str, Any]) -> None:
    """The time of a message that had to wait has come: a run of its own sends it."""
    endpoint, share = payload["endpoint"], payload["share"]
    enqueue_job(DELIVER_JOB, key=endpoint, payload={"endpoint": endpoint}, share=share)
