"""What the ERP did since we last asked: shipments, invoices and credit memos, each recorded once."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction

from distportal.canonical.base import from_json
from distportal.canonical.invoices import Invoice
from distportal.canonical.shipments import Shipment
from distportal.systems.erp.port import Change, ErpPort, FeedKind, Page
from distportal.systems.ownership import DEFAULT
from inventory.process.cursors import store_cursor
from inventory.process.facts import keep_facts
from inventory.process.feed_stops import feed_goes_on
from inventory.process.feeds import connected, next_page
from orders.process.billing import record_invoice
from orders.process.fulfilment import record_shipment
from orders.process.set_aside import report_set_aside
from orders.queries.erps import elsewhere

JOB = "orders.sync_erp"
LIMIT = 200


def sync_erp(*, of: str = DEFAULT) -> None:
    """All pages of the connection's shipment and invoice feeds are recorded, and a case tells of each file that could
    not be read. Facts about orders that were given to another ERP are kept aside. Raises RetryLater while the ERP does
    not answer; reads nothing of a connection that is stopped.
    """
    port = connected(of)
    if port is None:
        return
    _read(port, of, "shipment", lambda change: _record_shipment(change, of))
    _read(port, of, "invoice", lambda change: _record_invoice(change, of))
    report_set_aside(port, of=of)


def _record_shipment(change: Change, of: str) -> object:
    fact = from_json(Shipment, dict(change.payload))
    return record_shipment(fact=fact, erp_id=change.erp_id, version=change.version, erp=of)


def _record_invoice(change: Change, of: str) -> object:
    fact = from_json(Invoice, dict(change.payload))
    return record_invoice(fact=fact, erp_id=change.erp_id, version=change.version, erp=of)


def _read(port: ErpPort, of: str, kind: FeedKind, record: Callable[[Change], object]) -> None:
    while (page := next_page(port, kind, LIMIT, of=of, job=JOB)) is not None:
        _apply(of, kind, page, record)
        if not page.more:
            feed_goes_on(kind=kind, job=JOB, of=of)
            return


@transaction.atomic
def _apply(of: str, kind: FeedKind, page: Page, record: Callable[[Change], object]) -> None:
    recorded = [record(change) for change in page.changes]
    aside = keep_facts(elsewhere(page.changes, of=of), of=of)
    applied = sum(one is not None for one in recorded)
    store_cursor(kind, page.next_cursor, changes=applied, complete=not page.more, of=of, shadowed=aside)
