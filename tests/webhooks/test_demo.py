"""The demo's webhooks are full of life: a dealer's own system takes messages, puts some off, one is gone; one is sent
again by hand. The receiver is the example of docs/, as it stands.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from django.conf import settings as portal

from distportal.management.demo_webhooks import play_webhooks
from distportal.webhooks.models import Attempt, Endpoint, Sender
from distportal.webhooks.seeds import GONE, HOUSE, TAKES, receiver_secrets, seed_webhooks
from tests.conftest import Cast
from tests.webhooks.happening import later, pay, send

pytestmark = pytest.mark.django_db
SCRIPT = portal.BASE_DIR / "docs" / "examples" / "webhook_receiver.py"


@pytest.fixture
def receiver(cast: Cast, settings: Any) -> Iterator[str]:
    """The example as a process of its own, busy at every second message; its address."""
    settings.WEBHOOK_LOOPBACK = True
    seed_webhooks(receiver_url="http://127.0.0.1:9")
    secrets = [word for secret in receiver_secrets() for word in ("--secret", secret)]
    process = subprocess.Popen(
        [sys.executable, str(SCRIPT), "--port", "0", "--busy-every", "2", *secrets], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    yield process.stdout.readline().strip().removesuffix("/events")
    process.terminate()
    process.wait()


def test_messages_arrive_are_put_off_fail_and_are_sent_again(receiver: str) -> None:
    for _ in range(2):
        seed_webhooks(receiver_url=receiver)
    takes, gone, house = (Endpoint.objects.get(name=name) for name in (TAKES, GONE, HOUSE))
    assert (takes.url, gone.account, house.account) == (f"{receiver}/events", takes.account, None)
    house.delete()
    Endpoint.objects.filter(pk=gone.pk).update(event_types=["remittance.recorded"])
    for trace in ("T-1", "T-2"):
        pay(trace)
    send()
    first, second = takes.deliveries.order_by("state")  # delivered, pending
    assert (first.state, second.state, second.last_status) == ("delivered", "pending", 503)
    assert set(gone.deliveries.values_list("last_status", flat=True)) <= {404, None}
    assert Endpoint.objects.get(pk=gone.pk).failing_since is not None
    for _ in range(2):
        play_webhooks()
    later(takes)
    play_webhooks()
    send()
    assert list(takes.deliveries.order_by("pk").values_list("state", flat=True)) == ["delivered"] * 2
    tries = Attempt.objects.filter(delivery__endpoint=takes).order_by("pk").values_list("delivery", "status")
    assert sorted(tries) == sorted([(first.pk, 200), (first.pk, 200), (second.pk, 200), (second.pk, 503)])
    rows = httpx.get(receiver).text.partition("<table>")[2].split("<tr>")[2:]
    assert [f"<td>{second.subject}<td>" in rows[0], f"<td>{first.subject}<td>1" in rows[1], len(rows)] == [
        True,
        True,
        2,
    ]


def test_what_is_not_signed_is_not_taken(receiver: str) -> None:
    stale = {"webhook-id": "x", "webhook-timestamp": "1", "webhook-signature": "v1,x"}
    assert [httpx.post(f"{receiver}/events", json={}, headers=head).status_code for head in (stale, {})] == [401, 401]
    assert httpx.post(f"{receiver}/elsewhere", json={}).status_code == 404


def test_a_real_site_gets_none_of_it(cast: Cast, settings: Any) -> None:
    settings.WEBHOOK_LOOPBACK = False
    seed_webhooks(receiver_url="http://127.0.0.1:9")
    play_webhooks()
    assert (Endpoint.objects.count(), Sender.objects.count()) == (0, 0)
