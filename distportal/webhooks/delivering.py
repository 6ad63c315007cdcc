"""Send an endpoint's due messages one after the other: claimed and committed first, sent with no transaction open."""

from __future__ import annotations

import datetime as dt
import time
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Min, QuerySet

from distportal.events.clock import database_now
from distportal.events.jobs import enqueue_job
from distportal.observability.correlation import correlated
from distportal.observability.spans import span
from distportal.webhooks.catalogue import PING
from distportal.webhooks.choices import DeliveryState, EndpointState
from distportal.webhooks.connecting import Answer, post
from distportal.webhooks.envelopes import CONTENT_TYPE
from distportal.webhooks.models import Delivery, Endpoint
from distportal.webhooks.planning import DELIVER_JOB
from distportal.webhooks.recording import record_try
from distportal.webhooks.signing import SEAL, signatures

WAKE_JOB = "webhooks.wake"
BATCH = 20
RUN_SECONDS = 20.0
"""A run begins no further message after so long: other endpoints of the lane have their turn."""
SLOW_SECONDS = 2.0
"""Who takes longer for a message gets one a turn."""
CLAIM_SECONDS = 60
"""So long a message belongs to who claimed it; if that process dies it is sent again, under the same id."""


def deliver_due(*, endpoint_id: UUID) -> int:
    """How many messages were sent now, until one fails: then the endpoint rests. What is left is planned."""
    sent, until = 0, time.monotonic() + RUN_SECONDS
    while sent < BATCH and time.monotonic() < until:
        claimed = _claim(endpoint_id)
        if claimed is None:
            break
        sent += 1
        answer = _send(*claimed)
        if not answer.arrived or answer.seconds > SLOW_SECONDS:
            break
    _plan_rest(endpoint_id)
    return sent


@transaction.atomic
def _claim(endpoint_id: UUID) -> tuple[Endpoint, Delivery] | None:
    """The oldest due message, its try counted; none while the endpoint rests."""
    now = database_now()
    endpoint = (
        Endpoint.objects.select_for_update(of=("self",), no_key=True)
        .select_related("account")
        .filter(pk=endpoint_id)
        .first()
    )
    if endpoint is None or (endpoint.rests_until and endpoint.rests_until > now):
        return None
    row = _sendable(endpoint).filter(next_at__lte=now).order_by("occurred_at", "pk").first()
    if row is None:
        return None
    row.attempts, row.next_at = row.attempts + 1, now + dt.timedelta(seconds=CLAIM_SECONDS)
    row.save(update_fields=["attempts", "next_at"])
    return endpoint, row


def _sendable(endpoint: Endpoint) -> QuerySet[Delivery]:
    """What waits; at an endpoint that is off only tests go out."""
    waiting = endpoint.deliveries.filter(state=DeliveryState.PENDING)
    return waiting if endpoint.state == EndpointState.ACTIVE else waiting.filter(event_type=PING)


def _send(endpoint: Endpoint, row: Delivery) -> Answer:
    now, body, message_id = database_now(), row.body.encode(), str(row.event_id)
    timestamp = str(int(now.timestamp()))
    headers = {
        "content-type": CONTENT_TYPE,
        "user-agent": "distportal-webhooks/1",
        "accept-encoding": "identity",
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": signatures(secrets_in_force(endpoint, now), message_id, timestamp, body),
    }
    with correlated(row.correlation_id):
        with span("webhooks.send", "producer", {"portal.event.type": row.event_type}) as told:
            answer = post(endpoint.url, headers=headers, body=body, loopback=settings.WEBHOOK_LOOPBACK)
            if not answer.arrived:
                told.fail(str(answer.status or "no_answer"))
        record_try(delivery=row, began_at=now, headers=headers, answer=answer)
    return answer


def secrets_in_force(endpoint: Endpoint, now: dt.datetime) -> list[str]:
    """The newest first; the one before as long as the two overlap."""
    found = [SEAL.open(endpoint.sealed_secret)]
    if endpoint.sealed_old_secret and endpoint.old_secret_until and endpoint.old_secret_until > now:
        found.append(SEAL.open(endpoint.sealed_old_secret))
    return found


def _plan_rest(endpoint_id: UUID) -> None:
    """What is due goes on in another turn; for what is due later a job wakes us."""
    endpoint = Endpoint.objects.select_related("account").filter(pk=endpoint_id).first()
    head = _sendable(endpoint).aggregate(at=Min("next_at"))["at"] if endpoint else None
    if endpoint is None or head is None:
        return
    wait = (max(head, endpoint.rests_until or head) - database_now()).total_seconds()
    payload = {"endpoint": str(endpoint_id), "share": endpoint.share}
    kind = WAKE_JOB if wait > 0 else DELIVER_JOB
    enqueue_job(kind, key=str(endpoint_id), payload=payload, delay=max(wait, 0.0), share=endpoint.share)
