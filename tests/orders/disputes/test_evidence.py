"""The twelve reasons: each has its list, and what our own records have of it is on it without anybody's doing."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.utils import timezone

from orders.choices import DisputeReason
from orders.models import Invoice, InvoiceLine, Order, ProofOfDelivery, Return, ReturnLine, Shipment
from orders.process.dispute_proving import find_evidence_of_shipment
from orders.queries.evidence import EVIDENCE, checklist_of
from tests.conftest import Cast
from tests.orders.disputes.conftest import Opens
from tests.orders.money import an_invoice

pytestmark = pytest.mark.django_db
FOUND = {
    DisputeReason.PRICE: {"contract"},
    DisputeReason.SHORT: {"proof"},
    DisputeReason.NOT_RECEIVED: {"proof"},
    DisputeReason.DAMAGED: {"proof"},
    DisputeReason.WRONG_ITEM: set(),
    DisputeReason.NOT_CREDITED: {"return", "sent_back"},
    DisputeReason.DUPLICATE: {"other_invoice"},
    DisputeReason.FREIGHT: set(),
    DisputeReason.TAX: set(),
    DisputeReason.PROMOTION: set(),
    DisputeReason.WRONG_REFERENCE: {"order"},
    DisputeReason.LATE: {"proof", "agreed_day"},
}
"""What of each list we have when everything is on file; the rest only the dealer knows."""


@pytest.fixture
def shipment(cast: Cast, invoice: Invoice) -> Shipment:
    """The invoice's: of an order that was wanted for a day, with a second invoice over the same, and a return."""
    day, story = timezone.localdate(), uuid.uuid4()
    order = Order.objects.create(
        number=1, account=cast.harbor, channel="portal", po_number="PO-1", po_norm="PO1", canonical={}, ordered_on=day,
        requested_on=day + dt.timedelta(days=5), content_hash="h", correlation_id=story,
    )  # fmt: skip
    row = Shipment.objects.create(
        number="S-1", order=order, shipped_at=timezone.now(), delivered_at=timezone.now(), canonical={}, erp_id="S-1",
        erp_version="1", correlation_id=story,
    )  # fmt: skip
    Invoice.objects.filter(pk=invoice.pk).update(order=order, shipment=row)
    InvoiceLine.objects.filter(invoice=invoice).update(agreed_price=9)
    an_invoice(cast.harbor, "INV-2", "100.00", "60.00", order=order)
    request = Return.objects.create(
        number=7, source_key="r:1", account=cast.harbor, channel="portal", requested_on=day, canonical={},
        content_hash="h", correlation_id=story,
    )  # fmt: skip
    line = invoice.lines.get(position=1)
    ReturnLine.objects.create(
        request=request, position=1, invoice_line=line, quantity=1, allowed=1, approved=1, received=1, unit="EA"
    )
    invoice.refresh_from_db()
    return row


def prove(row: Shipment) -> None:
    ProofOfDelivery.objects.create(
        shipment=row, source_key=f"p:{uuid.uuid4()}", signed_by="J. Doe", delivered_at=timezone.now(), source="a test"
    )


def test_there_are_twelve_reasons_and_each_has_its_list() -> None:
    assert {*EVIDENCE} == {*DisputeReason} - {DisputeReason.UNSTATED} == {*FOUND}
    assert len(EVIDENCE) == 12
    assert all(EVIDENCE.values())


def test_what_is_on_file_proves_by_itself(cast: Cast, shipment: Shipment, opens: Opens) -> None:
    prove(shipment)
    for at, (reason, wanted) in enumerate(FOUND.items()):
        row = opens("5", reason=reason)
        there = {one.item for one in checklist_of(row) if one.there}
        assert there == wanted, (at, reason)
        assert row.evidence_ready == (wanted == {*EVIDENCE[reason]}), reason
    assert {one.actor for one in row.evidence.all()} == {"found by itself"}


def test_a_proof_that_comes_later_is_on_the_list_of_open_disputes_once(
    cast: Cast, shipment: Shipment, opens: Opens
) -> None:
    row = opens("5", reason=DisputeReason.NOT_RECEIVED)
    assert (row.evidence_ready, row.evidence.count()) == (False, 0)
    prove(shipment)
    for _ in range(2):
        assert find_evidence_of_shipment(shipment_id=shipment.pk) == 1
    row.refresh_from_db()
    assert row.evidence_ready
    assert [one.words.partition(", ")[2] for one in row.evidence.all()] == ["signed by J. Doe"]
