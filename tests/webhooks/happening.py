"""Something that happens and is told, and the work that follows it."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
from decimal import Decimal

from distportal.canonical.remittances import Remittance
from distportal.events.clock import database_now
from distportal.events.sweeper import work_lane
from distportal.webhooks.delivering import deliver_due
from distportal.webhooks.models import Delivery, Endpoint
from orders.process.remittances import record_remittance
from tests.webhooks.sink import Got


def pay(trace: str, *, account: str = "HARBOR") -> None:
    """The account says that it paid; the event waits in the outbox."""
    fact = Remittance(
        channel="api", account=account, trace=trace, paid_on=dt.date(2026, 5, 12), amount=Decimal("10.50"), lines=()
    )
    record_remittance(remittance=fact, source_key=f"test:{trace}", told_by="the test")


def send() -> int:
    """All due work of the relay and of the webhooks' lane, and how many pieces that were."""
    total = 0
    while did := work_lane("relay") + work_lane("webhooks"):
        total += did
    return total


def later(endpoint: Endpoint, **when: float) -> int:
    """As if so much time had passed: what the endpoint waits for is due, and is sent."""
    past = database_now() - dt.timedelta(seconds=1)
    Endpoint.objects.filter(pk=endpoint.pk).update(rests_until=past)
    Delivery.objects.filter(endpoint=endpoint).update(next_at=past)
    return deliver_due(endpoint_id=endpoint.pk)


def fits(got: Got, secret: str) -> bool:
    """Whether one of the signatures is made with the secret, reckoned by hand from the words of the standard."""
    key = base64.b64decode(secret.partition("_")[2])
    told = b".".join([got.headers["webhook-id"].encode(), got.headers["webhook-timestamp"].encode(), got.body])
    wanted = base64.b64encode(hmac.digest(key, told, hashlib.sha256)).decode()
    return any(one == f"v1,{wanted}" for one in got.headers["webhook-signature"].split(" "))
