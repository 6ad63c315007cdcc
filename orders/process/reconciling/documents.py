"""Shipments and invoices: each of the ERP's is ours with the same figures, and each of ours is still in the ERP."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Model, Sum

from distportal.canonical.base import from_json
from distportal.canonical.invoices import Invoice as InvoiceFact
from distportal.canonical.shipments import Shipment as ShipmentFact
from distportal.common.money import show_money
from distportal.events.clock import database_now
from distportal.systems.erp.port import Change, FeedKind
from distportal.systems.ownership import DEFAULT
from inventory.process.feeds import connected
from inventory.process.reconciling import Tally, last_cursor, reconciliation, report_drift, settle_drift
from orders.models import ErpCommand, Invoice, Shipment, ShipmentLine
from orders.process.billing import record_invoice
from orders.process.erp_told import our_shipment
from orders.process.fulfilment import record_shipment
from orders.process.reconciling.feeds import changed_since

JUST_NOW = dt.timedelta(minutes=10)
"""What is younger is still on its way by the everyday feed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    """How one kind of fact is recorded and compared; `difference` gives a sentence or nothing."""

    kind: FeedKind
    model: type[Shipment] | type[Invoice]
    record: Callable[[Change, str], Model | None]
    difference: Callable[[Any, Change], str]


def reconcile_shipments(*, of: str = DEFAULT) -> None:
    """As `reconcile_documents` of shipments."""
    reconcile_documents(_SHIPMENTS, of=of)


def reconcile_invoices(*, of: str = DEFAULT) -> None:
    """As `reconcile_documents` of invoices and credit memos."""
    reconcile_documents(_INVOICES, of=of)


def reconcile_documents(what: _Kind, *, of: str = DEFAULT) -> None:
    """Each record of the connection is compared; one that the everyday reading missed is recorded now and told, as is
    one of ours that the whole feed does not show. Raises RetryLater while the ERP does not answer.
    """
    port, whole = connected(of), not last_cursor(what.kind, of=of)
    if port is None:
        return
    with reconciliation(what.kind, of=of) as tally:
        seen = set()
        for change in changed_since(port, what.kind, tally):
            tally.checked += 1
            seen.add(change.erp_id)
            _compare(tally, what, change, of)
        if whole:  # only a feed read from its start can show that something is gone
            _report_gone(tally, what, seen, of)


@transaction.atomic
def _compare(tally: Tally, what: _Kind, change: Change, of: str) -> None:
    code, differs = f"{what.kind}_missed", f"{what.kind}_differs"
    if not ErpCommand.objects.filter(order_key=change.payload["order_key"], erp=of).exists():
        return  # the comparison of orders tells of a key that we never sent there
    row = what.model.objects.filter(erp=of, erp_id=change.erp_id).first()
    if row is None:
        if change.occurred_at > database_now() - JUST_NOW:
            return
        taken = what.record(change, of)
        report_drift(
            tally, code=code, subject_type=what.kind, subject_id=change.erp_id[:64],
            sentence=f"{what.kind.capitalize()} {change.payload['number']} of the ERP was missed by the feed"
            + ("; it was recorded now" if taken else " and could not be recorded"),
            number=change.payload["number"],
        )  # fmt: skip
        return
    settle_drift(code=code, subject_type=what.kind, subject_id=change.erp_id[:64])
    sentence = what.difference(row, change)
    if not sentence:
        settle_drift(code=differs, subject_type=what.kind, subject_id=change.erp_id[:64])
        return
    report_drift(
        tally, code=differs, subject_type=what.kind, subject_id=change.erp_id[:64], sentence=sentence,
        number=change.payload["number"],
    )  # fmt: skip


@transaction.atomic
def _report_gone(tally: Tally, what: _Kind, seen: set[str], of: str) -> None:
    old = what.model.objects.filter(erp=of, recorded_at__lt=database_now() - JUST_NOW).order_by("pk")
    for pk, erp_id, number in old.values_list("pk", "erp_id", "number").iterator(chunk_size=5000):
        if erp_id not in seen:
            report_drift(
                tally, code=f"{what.kind}_gone", subject_type=what.kind, subject_id=erp_id[:64],
                sentence=f"{what.kind.capitalize()} {number} is recorded here, the ERP has it no more", row=str(pk),
            )  # fmt: skip


def _shipment_difference(row: Shipment, change: Change) -> str:
    fact = our_shipment(list(row.order.lines.all()), from_json(ShipmentFact, dict(change.payload)))
    theirs: dict[str, Decimal] = {}
    for line in fact.lines:
        theirs[line.order_line_no] = theirs.get(line.order_line_no, Decimal(0)) + line.quantity
    ours = dict(
        ShipmentLine.objects.filter(shipment=row).values_list("order_line__line_no").annotate(sum=Sum("quantity"))
    )
    for line_no in sorted(theirs.keys() | ours.keys()):
        here, there = ours.get(line_no, Decimal(0)), theirs.get(line_no, Decimal(0))
        if here != there:
            return (
                f"Shipment {row.number} line {line_no}: {here.normalize():f} recorded here, "
                f"{there.normalize():f} in the ERP"
            )
    return ""


def _invoice_difference(row: Invoice, change: Change) -> str:
    fact = from_json(InvoiceFact, dict(change.payload))
    if (row.total, row.currency) == (fact.total, fact.currency):
        return ""
    return (
        f"Invoice {row.number}: {show_money(row.total, row.currency)} recorded here, "
        f"{show_money(fact.total, fact.currency)} in the ERP"
    )


_SHIPMENTS = _Kind(
    kind="shipment",
    model=Shipment,
    record=lambda c, of: record_shipment(
        fact=from_json(ShipmentFact, dict(c.payload)), erp_id=c.erp_id, version=c.version, erp=of
    ),
    difference=_shipment_difference,
)
_INVOICES = _Kind(
    kind="invoice",
    model=Invoice,
    record=lambda c, of: record_invoice(
        fact=from_json(InvoiceFact, dict(c.payload)), erp_id=c.erp_id, version=c.version, erp=of
    ),
    difference=_invoice_difference,
)
