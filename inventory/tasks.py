"""Periodic reads of the ERP's feeds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from distportal.events.choices import Level
from distportal.events.jobs import enqueue_job
from distportal.events.registry import job_handler
from distportal.events.retention import keep
from distportal.systems.ownership import beside
from distportal.systems.spreading import connection_of
from inventory.process.comparing import COMPARE_JOB, compare_erps
from inventory.process.customer_reconciling import reconcile_customers
from inventory.process.item_reconciling import reconcile_items
from inventory.process.price_reconciling import reconcile_prices
from inventory.process.repromising import REPROMISE_JOB, find_displaced
from inventory.process.standing import ANEW_JOB, forget_former
from inventory.process.stock_reconciling import reconcile_stock
from inventory.process.sync import sync_feed
from inventory.queries.feed_pages import FEED_PAGES

keep(FEED_PAGES)


@job_handler("inventory.sync_items", lane="erp_read")
def sync_items(payload: Mapping[str, Any]) -> None:
    """Items."""
    sync_feed(kind="item", of=connection_of("inventory.sync_items", payload))


@job_handler("inventory.sync_stock", lane="erp_read")
def sync_stock(payload: Mapping[str, Any]) -> None:
    """Stock by warehouse."""
    sync_feed(kind="stock", of=connection_of("inventory.sync_stock", payload))


@job_handler("inventory.sync_prices", lane="erp_read", stops_at=Level.SHED)
def sync_prices(payload: Mapping[str, Any]) -> None:
    """Contract and general prices."""
    sync_feed(kind="price", of=connection_of("inventory.sync_prices", payload))


@job_handler("inventory.sync_customers", lane="erp_read")
def sync_customers(payload: Mapping[str, Any]) -> None:
    """Credit figures and blocks."""
    sync_feed(kind="customer", of=connection_of("inventory.sync_customers", payload))


@job_handler(REPROMISE_JOB, lane="orders")
def repromise_item(payload: Mapping[str, Any]) -> None:
    """Who was promised a receipt that moved."""
    find_displaced(item_id=payload["item"])


@job_handler("inventory.reconcile_stock", lane="bulk")
def reconcile_stock_job(payload: Mapping[str, Any]) -> None:
    """Compare every stock figure with the ERP's."""
    reconcile_stock(of=connection_of("inventory.reconcile_stock", payload))


@job_handler("inventory.reconcile_prices", lane="bulk")
def reconcile_prices_job(payload: Mapping[str, Any]) -> None:
    """Bring every price to the ERP's."""
    reconcile_prices(of=connection_of("inventory.reconcile_prices", payload))


@job_handler("inventory.reconcile_items", lane="bulk")
def reconcile_items_job(payload: Mapping[str, Any]) -> None:
    """Compare every item with the ERP's."""
    reconcile_items(of=connection_of("inventory.reconcile_items", payload))


@job_handler("inventory.reconcile_customers", lane="bulk")
def reconcile_customers_job(payload: Mapping[str, Any]) -> None:
    """Compare every account's terms with the ERP's."""
    reconcile_customers(of=connection_of("inventory.reconcile_customers", payload))


@job_handler(ANEW_JOB, lane="bulk")
def start_anew_job(payload: Mapping[str, Any]) -> None:
    """Forget how far a former ERP was read."""
    forget_former(of=str(payload["connection"]))


@job_handler(COMPARE_JOB, lane="bulk")
def compare_erps_job(payload: Mapping[str, Any]) -> None:
    """Lay an ERP beside the house's own; the nightly one wakes one for each."""
    if "right" in payload:
        compare_erps(right=str(payload["right"]), asked_by=str(payload.get("by", "")))
        return
    with transaction.atomic():
        for name in beside():
            enqueue_job(COMPARE_JOB, key=name, payload={"right": name})
