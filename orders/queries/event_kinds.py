"""The events of orders that other systems can have, each with an example."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from distportal.canonical.told import (
    DisputeTold,
    InvoiceTold,
    OrderLineTold,
    OrderTold,
    PaymentTold,
    ReturnTold,
    ShipmentTold,
    ShippedLineTold,
)
from distportal.webhooks.catalogue import EventKind, Told
from orders.queries import told

_DAY = dt.date(2026, 5, 12)
_ORDER = OrderTold(
    number="SO-1042", po_number="PO-7781", account="SAMPLE", status="accepted", version=1, currency="USD",
    total=Decimal("128.45"), ordered_on=_DAY, requested_on=None, ship_to="SAMPLE-01",
    lines=(
        OrderLineTold(
            line_no="1", sku="FST-10001", status="accepted", quantity=Decimal(10), unit="EA",
            unit_price=Decimal("12.845"), confirmed_quantity=Decimal(0), shipped_quantity=Decimal(0), promised_on=None,
        ),
    ),
)  # fmt: skip
_SHIPMENT = ShipmentTold(
    number="80001042", order_number="SO-1042", po_number="PO-7781", account="SAMPLE",
    shipped_at=dt.datetime(2026, 5, 13, 15, 30, tzinfo=dt.UTC), carrier="FDEG", tracking_number="700000001042",
    bill_of_lading="", cartons=1, estimated_delivery_on=dt.date(2026, 5, 15), delivered_at=None, last_status="",
    lines=(ShippedLineTold(line_no="1", sku="FST-10001", quantity=Decimal(10), unit="EA"),),
)  # fmt: skip
_INVOICE = InvoiceTold(
    number="90001042", kind="invoice", account="SAMPLE", order_number="SO-1042", po_number="PO-7781", issued_on=_DAY,
    due_on=dt.date(2026, 6, 11), currency="USD", total=Decimal("128.45"), tax=Decimal(0), corrects="",
)  # fmt: skip
_DISPUTE = DisputeTold(
    number="D-311", account="SAMPLE", invoice="90001042", status="submitted", reason="price", currency="USD",
    amount_claimed=Decimal("12.00"), amount_approved=None, credit_memo="",
)  # fmt: skip
_RETURN = ReturnTold(number="RMA-77", account="SAMPLE", status="requested", currency="USD", amount=Decimal("25.69"))
_PAYMENT = PaymentTold(
    trace="TRN-5501", account="SAMPLE", paid_on=_DAY, currency="USD", amount=Decimal("128.45"), method="ACH"
)

EVENT_KINDS = tuple(
    EventKind(
        name=name, group=group, title=title, form=type(example), example=Told(subject=subject, data=example), read=read
    )
    for group, read, subject, example, events in (
        (
            _("Orders"), told.order_told, "SO-1042", _ORDER,
            (
                ("order.accepted", _("An order is accepted")),
                ("order.held", _("An order waits for an answer")),
                ("order.rejected", _("An order is rejected")),
                ("order.confirmed", _("An order is confirmed")),
                ("order.changed", _("An order was changed")),
                ("order.change_refused", _("A change of an order was refused")),
                ("order.cancelled", _("An order is cancelled")),
                ("order.repromised", _("Delivery dates of an order moved")),
            ),
        ),
        (
            _("Shipments"), told.shipment_told, "80001042", _SHIPMENT,
            (
                ("order.shipped", _("Goods have left")),
                ("order.tracked", _("The carrier told where a shipment is")),
                ("order.delivery_proven", _("A delivery is proven")),
            ),
        ),
        (
            _("Invoices and credit memos"), told.invoice_told, "90001042", _INVOICE,
            (
                ("invoice.recorded", _("An invoice is there")),
                ("credit_memo.recorded", _("A credit memo is there")),
                ("invoice.overdue", _("An invoice is overdue")),
            ),
        ),
        (
            _("Disputes"), told.dispute_told, "D-311", _DISPUTE,
            (
                ("dispute.opened", _("A dispute is opened")),
                ("dispute.asked", _("We ask about a dispute")),
                ("dispute.approved", _("A dispute is approved")),
                ("dispute.rejected", _("A dispute is rejected")),
                ("dispute.withdrawn", _("A dispute is withdrawn")),
                ("dispute.booked", _("The credit of a dispute is booked")),
            ),
        ),
        (
            _("Returns"), told.return_told, "RMA-77", _RETURN,
            (
                ("return.requested", _("A return is asked for")),
                ("return.approved", _("A return is approved")),
                ("return.rejected", _("A return is rejected")),
                ("return.received", _("Returned goods have come")),
                ("return.credited", _("A return is credited")),
            ),
        ),
        (
            _("Payments"), told.payment_told, "TRN-5501", _PAYMENT,
            (("remittance.recorded", _("A payment is recorded")),),
        ),
    )
    for name, title in events
)  # fmt: skip
"""All of them; the words are those of the lists that people choose from."""
