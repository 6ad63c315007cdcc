"""What the ERP did since we last asked: shipments, invoices and credit memos, each recorded once."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction

from distportal.canonical.base import from_json
from distportal.canonical.invoices import Invoice
from distportal.canonical.shipments import Shipment
from distportal.events.errors import RetryLater
from distportal.systems.erp.port import Change, ErpPort, FeedKind, Page
from distportal.systems.errors import Transient, Unmapped
from distportal.systems.registry import erp
from inventory.process.cursors import cursor_of, note_failure, store_cursor
from inventory.process.feed_stops import TRY_AGAIN, feed_goes_on, stop_feed
from orders.process.billing import record_invoice
from orders.process.fulfilment import record_shipment
from orders.process.set_aside import report_set_aside

JOB = "orders.sync_erp"
LIMIT = 200


def sync_erp() -> None:
    """All pages of the shipment and invoice feeds are recorded, and a case tells of each file that could not be read.
    Raises RetryLater while the ERP does not answer.
    """
    port = erp()
    _read(
        port,
        "shipment",
        lambda c: record_shipment(fact=from_json(Shipment, dict(c.payload)), erp_id=c.erp_id, version=c.version),
    )
    _read(
        port,
        "invoice",
        lambda c: record_invoice(fact=from_json(Invoice, dict(c.payload)), erp_id=c.erp_id, version=c.version),
    )
    report_set_aside(port)


def _read(port: ErpPort, kind: FeedKind, record: Callable[[Change], object]) -> None:
    while True:
        try:
            page = port.changes(kind, cursor_of(kind) or None, LIMIT)
        except Transient as error:
            note_failure(kind, error.message)
            raise RetryLater(error.message, after=5.0, counts=False) from error
        except Unmapped as error:
            stop_feed(kind=kind, job=JOB, error=error)
            raise RetryLater(error.message, after=TRY_AGAIN, counts=False) from error
        _apply(kind, page, record)
        if not page.more:
            feed_goes_on(kind=kind, job=JOB)
            return


@transaction.atomic
def _apply(kind: FeedKind, page: Page, record: Callable[[Change], object]) -> None:
    for change in page.changes:
        record(change)
    store_cursor(kind, page.next_cursor, changes=len(page.changes), complete=not page.more)
