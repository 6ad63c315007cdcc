"""What goes wrong in the demo's exchange with others: a payment that is short, files and events that nobody can use, a
server that is down. Each comes the way it would come from them. And an event of our own that an older version wrote.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from distportal.events.base import Event
from distportal.events.models import OutboxEvent
from distportal.events.outbox import publish
from distportal.webhooks.models import Received, Sender
from distportal.webhooks.receiving import keep_event
from distportal.webhooks.seeds import PAYMENTS
from edi.choices import TransportKind
from edi.models import InboundFile, Mailbox, TradingPartner
from edi.seeds import drop_once, partner_file, seed_other
from edi.x12.tokens import Elements
from inventory.queries.items import item_with_sku
from orders.management.demo_disputes import bill_of, is_paid_under

SHORT_PAID_PO, TRACE, KEPT_BACK = "CR-88001", "CRPAY-5501", Decimal("4.80")
STRANGE_FILE, EVENT = "orders_november.csv", "evt_demo_7001"
SILENT = ("DELTALTL", "Delta Freight", "DLTA")
"""A carrier whose server does not answer: its code, name and SCAC."""
UNWANTED, OLD_WORD = "HTL-40003", "orders"
"""An item that nobody waits for, and what an older version called the demands of a receipt that the ERP moved."""


def play_troubles() -> None:
    """One look around: what is due of it happens once, however often this is called."""
    for is_done, step in STEPS:
        if not is_done():
            step()


def _pay_short() -> None:
    """Crestline's 820 pays an invoice without what it says was damaged."""
    bill, partner = bill_of(SHORT_PAID_PO), TradingPartner.objects.filter(code="CRESTLINE").first()
    if bill is None or partner is None:
        return
    paid, day = bill.total - KEPT_BACK, f"{timezone.localdate():%Y%m%d}"
    rows: list[Elements] = [
        ["BPR", "C", str(paid), "C", "ACH", *[""] * 11, day],
        ["TRN", "1", TRACE],
        ["ENT", "1"],
        ["RMR", "IV", bill.number, "", str(paid), str(bill.total), "", "04", f"-{KEPT_BACK}"],
    ]
    drop_once(partner=partner, name="remittance.edi", content=partner_file(partner, 5501, "820", "RA", rows))


def _drop_strange_file() -> None:
    partner = TradingPartner.objects.get(code="BRIGHTWAY")
    content = b"PO;SKU;Quantity\r\nBW-51003;SAF-50002;24\r\n"
    drop_once(partner=partner, name=STRANGE_FILE, content=content)


def _open_silent_mailbox() -> None:
    """A carrier whose SFTP server is down: after five tries a person is told, and it is an incident."""
    code, name, scac = SILENT
    partner = seed_other(code=code, name=name, role="carrier", scacs=(scac,))
    key = Ed25519PrivateKey.generate().public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()
    settings = {
        "host": "127.0.0.1", "port": 9, "username": "northline", "host_key": key, "timeout": 2, "poll_seconds": 5,
    }  # fmt: skip
    Mailbox.objects.filter(partner=partner).update(transport=TransportKind.SFTP, settings=settings)


def _tell_unusable_payment() -> None:
    """The payment provider tells of a payment without saying whose it is."""
    sender = Sender.objects.filter(name=PAYMENTS).first()
    if sender is None:
        return
    told = {"id": EVENT, "type": "payment.succeeded", "data": {"amount": "125.00", "reference": "PI-7001"}}
    keep_event(sender=sender, event_id=EVENT, body=json.dumps(told).encode(), content_type="application/json")


def _publish_as_before() -> None:
    """An event that was published before an update and does not say what today's subscriber reads: after eight tries it
    is given up.
    """
    item = item_with_sku(UNWANTED)
    payload = {"item": item.pk, "sku": item.sku, OLD_WORD: []}
    with transaction.atomic():
        publish(Event(type="supply.moved", aggregate_type="item", aggregate_id=str(item.pk), payload=payload))


def _events_of(sku: str) -> QuerySet[OutboxEvent]:
    return OutboxEvent.objects.filter(aggregate_type="item", aggregate_id=str(item_with_sku(sku).pk))


Step = tuple[Callable[[], bool], Callable[[], None]]
STEPS: tuple[Step, ...] = (
    (lambda: is_paid_under(TRACE), _pay_short),
    (lambda: InboundFile.objects.filter(name=STRANGE_FILE).exists(), _drop_strange_file),
    (lambda: TradingPartner.objects.filter(code=SILENT[0]).exists(), _open_silent_mailbox),
    (lambda: Received.objects.filter(event_id=EVENT).exists(), _tell_unusable_payment),
    (lambda: _events_of(UNWANTED).filter(payload__has_key=OLD_WORD).exists(), _publish_as_before),
)
"""Whether it happened, and what does it."""
