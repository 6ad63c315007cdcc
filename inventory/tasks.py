"""Periodic reads of the ERP's feeds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from distportal.events.choices import Level
from distportal.events.registry import job_handler
from inventory.process.price_reconciling import reconcile_prices
from inventory.process.repromising import REPROMISE_JOB, find_displaced
from inventory.process.stock_reconciling import reconcile_stock
from inventory.process.sync import sync_feed


@job_handler("inventory.sync_items", lane="erp_read")
def sync_items(_: Mapping[str, Any]) -> None:
    """Items."""
    sync_feed(kind="item")


@job_handler("inventory.sync_stock", lane="erp_read")
def sync_stock(_: Mapping[str, Any]) -> None:
    """Stock by warehouse."""
    sync_feed(kind="stock")


@job_handler("inventory.sync_prices", lane="erp_read", stops_at=Level.SHED)
def sync_prices(_: Mapping[str, Any]) -> None:
    """Contract and general prices."""
    sync_feed(kind="price")


@job_handler("inventory.sync_customers", lane="erp_read")
def sync_customers(_: Mapping[str, Any]) -> None:
    """Credit figures and blocks."""
    sync_feed(kind="customer")


@job_handler(REPROMISE_JOB, lane="orders")
def repromise_item(payload: Mapping[str, Any]) -> None:
    """Who was promised a receipt that moved."""
    find_displaced(item_id=payload["item"])


@job_handler("inventory.reconcile_stock", lane="bulk")
def reconcile_stock_job(_: Mapping[str, Any]) -> None:
    """Compare every stock figure with the ERP's."""
    reconcile_stock()


@job_handler("inventory.reconcile_prices", lane="bulk")
def reconcile_prices_job(_: Mapping[str, Any]) -> None:
    """Bring every price to the ERP's."""
    reconcile_prices()
