"""Write down how a try went, and what follows for the message and its endpoint."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.conf import settings
from django.db import transaction

from distportal.events.clock import database_now
from distportal.webhooks.catalogue import PING
from distportal.webhooks.choices import DeliveryState, EndpointState, OffReason
from distportal.webhooks.connecting import Answer
from distportal.webhooks.facts import publish_endpoint_fact
from distportal.webhooks.heads import shown_body, shown_head
from distportal.webhooks.models import Attempt, Delivery, Endpoint

WAITS = (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
"""Seconds before the next try, as Standard Webhooks lists them: 5 s, 5 and 30 min, 2, 5, 10, 14, 20 and 24 h."""
MOST_REST = 300
"""Seconds that a failing endpoint rests at most, so that it costs the others of its lane little."""
LONGEST_ASKED = 86_400
_ASKS_TO_WAIT = (429, 503)


@transaction.atomic
def record_try(*, delivery: Delivery, began_at: dt.datetime, headers: Mapping[str, str], answer: Answer) -> None:
    """The try is kept; the message is delivered, waits for its next try or is given up; the endpoint is well, rests or
    is switched off. A message that somebody had sent anew meanwhile keeps its new tries.
    """
    endpoint = (
        Endpoint.objects.select_for_update(of=("self",), no_key=True)
        .select_related("account")
        .get(pk=delivery.endpoint_id)
    )
    Attempt.objects.create(
        delivery=delivery, number=delivery.attempts, began_at=began_at, duration_ms=int(answer.seconds * 1000),
        status=answer.status, error=answer.error, request_head=shown_head(headers.items()),
        response_head=shown_head(answer.headers), response_body=shown_body(answer.body, headers["webhook-signature"]),
    )  # fmt: skip
    now = database_now()
    if answer.arrived:
        _settle(delivery, state=DeliveryState.DELIVERED, delivered_at=now, last_status=answer.status, last_error="")
        _well(endpoint, now)
        return
    why = answer.error or f"answered {answer.status}"
    tests = delivery.event_type == PING
    wait = None if tests or delivery.attempts > len(WAITS) else max(WAITS[delivery.attempts - 1], _asked(answer))
    told = {"last_status": answer.status, "last_error": why[:300]}
    if wait is None:
        _settle(delivery, state=DeliveryState.GAVE_UP, **told)
    else:
        _settle(delivery, next_at=now + dt.timedelta(seconds=wait), **told)
    if not tests:
        _ill(endpoint, now, answer, gave_up=wait is None)


def _settle(delivery: Delivery, **fields: object) -> None:
    Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.PENDING, attempts=delivery.attempts).update(**fields)


def _well(endpoint: Endpoint, now: dt.datetime) -> None:
    left = endpoint.deliveries.filter(state=DeliveryState.GAVE_UP).exclude(event_type=PING)
    if endpoint.alarmed and endpoint.state == EndpointState.ACTIVE and not left.exists():
        endpoint.alarmed = False
        publish_endpoint_fact(endpoint, "webhook.recovered")
    endpoint.failures, endpoint.failing_since, endpoint.rests_until, endpoint.arrived_at = 0, None, None, now
    endpoint.save()


def _ill(endpoint: Endpoint, now: dt.datetime, answer: Answer, *, gave_up: bool) -> None:
    endpoint.failures += 1
    endpoint.failing_since = endpoint.failing_since or now
    endpoint.rests_until = now + dt.timedelta(seconds=min(WAITS[0] * 2 ** min(endpoint.failures - 1, 10), MOST_REST))
    days = dt.timedelta(days=settings.WEBHOOK_FAILING_DAYS)
    if endpoint.state == EndpointState.ACTIVE and answer.status == 410:
        switch_off(endpoint, OffReason.GONE, now)
    elif endpoint.state == EndpointState.ACTIVE and now - endpoint.failing_since >= days:
        switch_off(endpoint, OffReason.FAILING, now)
    elif gave_up and not endpoint.alarmed:
        endpoint.alarmed = True
        publish_endpoint_fact(endpoint, "webhook.gave_up")
    endpoint.save()


def switch_off(endpoint: Endpoint, reason: OffReason, now: dt.datetime) -> None:
    """The endpoint, locked by the caller who saves it, is off; what waits for it stays. One case tells of it."""
    endpoint.state, endpoint.off_reason, endpoint.off_at, endpoint.alarmed = EndpointState.DISABLED, reason, now, True
    publish_endpoint_fact(endpoint, "webhook.disabled")


def _asked(answer: Answer) -> int:
    """Seconds that the other side asks us to wait, a day at most."""
    told = next((value for name, value in answer.headers if name.lower() == "retry-after"), "")
    if answer.status not in _ASKS_TO_WAIT or not (told.isascii() and told.isdecimal()):
        return 0
    return min(int(told[:9]), LONGEST_ASKED)
