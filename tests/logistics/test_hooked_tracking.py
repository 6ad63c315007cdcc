"""Events of carriers and warehouses by the one address for all senders go the way of those that come by their own."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from distportal.accounts.models import User
from distportal.events.clock import database_now
from distportal.events.sweeper import work_until_idle
from distportal.webhooks.models import Received
from distportal.webhooks.senders import Signing, make_sender
from distportal.webhooks.signing import signature
from orders.models import (
    CarrierMessage,
    Order,
    ProofOfDelivery,
    Shipment,
    TrackingEvent,
    WarehouseAdvice,
    WarehouseEvent,
)
from tests.logistics.carriers import Carrier
from tests.logistics.conftest import cases, release_of
from tests.logistics.worlds import RestWorld

pytestmark = pytest.mark.django_db


def post(secret: str, key: str, **data: Any) -> int:
    told = {"carrier": "UPSN", "tracking_number": "1Z80001", "occurred_at": "2026-11-25T18:00:00-06:00", **data}
    return posted(secret, key, {"type": "tracking.updated", "data": told})


def posted(secret: str, key: str, event: dict[str, Any]) -> int:
    body = json.dumps(event).encode()
    stamp = str(int(database_now().timestamp()))
    headers = {
        "webhook-id": key, "webhook-timestamp": stamp, "webhook-signature": signature(secret, key, stamp, body)
    }  # fmt: skip
    answer = Client().post("/api/v1/hooks/hub", body, content_type="application/json", headers=headers)
    work_until_idle()
    return answer.status_code


def test_a_status_and_a_proof_arrive_at_the_shipment_once(roady: Carrier, sent: Shipment) -> None:
    operator = User.objects.get(email="operator@northline.example")
    _, secret = make_sender(by=operator, name="hub", title="Parcel hub", kind="tracking", signing=Signing())
    assert post(secret, "e1", status="in_transit", message="Arrived at the depot", place="Reno, NV") == 202
    signed = {"status": "delivered", "message": "Delivered", "place": "Monterey, CA", "signed_by": "J. Ruiz"}
    for _ in range(2):
        assert post(secret, "e2", **signed, occurred_at="2026-11-26T09:00:00-08:00") == 202
    seen = TrackingEvent.objects.order_by("at").values_list("meaning", "kind", "place", "source")
    assert list(seen) == [
        ("Arrived at the depot", "moved", "Reno, NV", "Roadrunner"),
        ("Delivered", "delivered", "Monterey, CA", "Roadrunner"),
    ]
    sent.refresh_from_db()
    proof = ProofOfDelivery.objects.get()
    assert (proof.shipment, proof.signed_by, sent.delivered_at) == (sent, "J. Ruiz", proof.delivered_at)
    assert set(Received.objects.values_list("state", flat=True)) == {"used"}
    assert CarrierMessage.objects.count() == 2
    assert cases() == []
    # a carrier nobody speaks for, and a time without an offset, leave a case each and no row
    assert post(secret, "e3", carrier="NONE", status="in_transit") == 202
    assert post(secret, "e4", status="in_transit", occurred_at="2026-11-26T09:00:00") == 202
    assert sorted(case.kind for case in cases()) == ["carrier.message", "webhook.received"]
    assert TrackingEvent.objects.count() == 2


def test_a_warehouse_posts_what_it_shipped_and_counted_and_its_feed_tells_nothing_twice(
    floor: RestWorld, place: Callable[..., Order]
) -> None:
    reference = release_of(place()).reference
    operator = User.objects.get(email="operator@northline.example")
    _, secret = make_sender(by=operator, name="hub", title="Reno floor", kind="warehouse", signing=Signing())
    floor.sandbox.post(f"/wms/staff/releases/{reference}/ship", {"number": "WH-1"})
    told = floor.sandbox.get("/wms/v1/events", cursor="", limit="500")["events"]
    count = {
        "event_id": "count-1", "kind": "stock_adjusted", "occurred_at": "2026-11-25T18:00:00Z",
        "payload": {"sku": "FST-10001", "quantity": "-2", "unit": "EA", "reason": "broken"},
    }  # fmt: skip
    mine = [one for one in told if one.get("reference") == reference]
    assert [one["kind"] for one in mine] == ["shipped"]
    for turn, event in enumerate([*mine, count, count]):
        data = {"connection": floor.name, **event}
        assert posted(secret, f"p{turn}", {"type": "warehouse.event", "data": data}) == 202
    floor.hear()
    kept = sorted(WarehouseEvent.objects.values_list("kind", "state"))
    assert kept == [("shipped", "used"), ("stock_adjusted", "used")]
    assert WarehouseAdvice.objects.get().number == "WH-1"
    assert set(Received.objects.values_list("state", flat=True)) == {"used"}
    assert cases() == []
    bad: list[dict[str, Any]] = [{**count, "connection": "nowhere"}, {"connection": floor.name, "kind": "picked"}]
    for key, data in zip(("bad-1", "bad-2"), bad, strict=True):
        assert posted(secret, key, {"type": "warehouse.event", "data": data}) == 202
    assert [case.kind for case in cases()] == ["webhook.received"] * 2
    assert WarehouseEvent.objects.count() == 2
