"""Complaint 14, mail flood: “79 mails in one morning although digest was chosen” (portal.md §4 #22)."""

from __future__ import annotations

import re

import pytest
from django.core import mail as outbox_of_django
from django.db import transaction
from django.utils import timezone

from distportal.events.base import Delivered, Event
from distportal.events.models import Job, OutboxDelivery, OutboxEvent
from distportal.events.outbox import publish
from distportal.events.relay import relay_stream
from distportal.events.sweeper import work_until_idle
from distportal.notices.contents import MOST_LINES
from distportal.notices.kinds import DESTINATION
from distportal.notices.models import Notice
from distportal.notices.telling import take_event
from orders.models import Order
from orders.process.intake import place_order
from tests.clients import signed_in
from tests.conftest import Cast
from tests.orders.builders import asked
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db
EVENTS, BY_RELAY = 500, 20


def test_five_hundred_events_are_one_capped_digest(cast: Cast, synced: SandboxProcess) -> None:
    order = place_order(order=asked(("FST-10001", "10", "EA", None)), source_key="t:1", placed_by=cast.buyer).order
    work_until_idle()
    outbox_of_django.outbox.clear()  # type: ignore[attr-defined]
    before = Notice.objects.filter(user=cast.buyer).count()
    buyer = signed_in(cast.buyer)
    grid = {"mail.order.accepted": "digest", "app.order.accepted": "on", "digest_at": "07:00"}
    assert buyer.post("/notifications/settings/", grid).status_code == 302

    for _ in range(BY_RELAY):
        _accepted_again(order)
    assert relay_stream(DESTINATION, "order", str(order.pk)) == BY_RELAY
    with transaction.atomic():  # the others without the relay's own bookkeeping, for speed
        for _ in range(EVENTS - BY_RELAY):
            take_event(_as_delivered(_accepted_again(order)))
    assert outbox_of_django.outbox == []  # type: ignore[attr-defined]
    assert Notice.objects.filter(user=cast.buyer).count() == before + EVENTS

    OutboxDelivery.objects.all().delete()  # they were taken just now
    for _ in range(3):  # morning comes, and a worker that runs everything again
        Job.objects.filter(kind="notices.mail_gathered").update(next_at=timezone.now(), state="ready")
        work_until_idle()
    (digest,) = outbox_of_django.outbox  # type: ignore[attr-defined]
    total = Notice.objects.filter(user=cast.buyer, mail__isnull=False).count()
    assert digest.to == [cast.buyer.email]
    assert digest.subject == f"Your daily digest: {total} notifications"
    assert total >= EVENTS
    assert digest.body.count("\n* ") == MOST_LINES
    assert f"and {total - MOST_LINES} more" in digest.body
    html = digest.alternatives[0][0]
    assert len(re.findall(r'<tr><td class="m-line"', html)) == MOST_LINES
    assert len(html) < 60_000
    page = buyer.get("/notifications/?view=all").content.decode()
    assert f"Order {order} (PO PO-1) is accepted" in page


def _accepted_again(order: Order) -> OutboxEvent:
    payload = {"order": str(order.pk), "number": str(order), "account": order.account.code, "po": order.po_number}
    return publish(Event(type="order.accepted", aggregate_type="order", aggregate_id=str(order.pk), payload=payload))


def _as_delivered(event: OutboxEvent) -> Delivered:
    return Delivered(
        id=event.pk, type=event.type, aggregate_type=event.aggregate_type, aggregate_id=event.aggregate_id,
        seq=event.seq, payload=event.payload, correlation_id=event.correlation_id, occurred_at=timezone.now(),
    )  # fmt: skip
