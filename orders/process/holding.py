"""The one case of an order that the rules hold: its kind by the first reason, and what it is about."""

from __future__ import annotations

from collections.abc import Sequence

from exceptions.process.cases import open_case
from orders.models import Order
from orders.process.case_facts import about
from orders.process.rules import Finding

HELD = "held"
"""The code of the case, whatever its kind."""
KINDS = {
    "ship_to_unknown": "order.ship_to_unknown",
    "po_missing": "order.po_missing",
    "item_unknown": "order.item_unknown",
    "item_ambiguous": "order.item_unknown",
    "item_not_sold": "order.item_not_sold",
    "item_ending": "order.item_not_sold",
    "stock_ending": "order.item_not_sold",
    "substitute": "order.item_not_sold",
    "unit_unknown": "order.unit_unknown",
    "unit_converted": "order.unit_unknown",
    "barcode_unit": "order.unit_unknown",
    "quantity_invalid": "order.quantity",
    "quantity_minimum": "order.quantity",
    "quantity_multiple": "order.quantity",
    "order_minimum": "order.below_minimum",
    "price_differs": "order.price_differs",
    "date_past": "order.dates",
    "dates_impossible": "order.dates",
    "credit_exceeded": "order.credit",
    "account_hold": "order.account_hold",
    "account_closed": "order.account_hold",
    "region_restricted": "order.restricted",
    "hazmat_restricted": "order.restricted",
    "stock_short": "order.stock",
    "nothing_there": "order.stock",
    "two_erps": "order.two_erps",
}
"""Code of a finding -> kind of case; any other, and findings of two kinds, are `order.held`."""


def open_held_case(order: Order, blocking: Sequence[Finding]) -> None:
    """The order has one case that says what holds it."""
    kinds = {KINDS.get(finding.code, "order.held") for finding in blocking}
    more = f" (and {len(blocking) - 1} more)" if len(blocking) > 1 else ""
    open_case(
        kind=kinds.pop() if len(kinds) == 1 else "order.held",
        code=HELD,
        subject_type="order",
        subject_id=str(order.pk),
        sentence=f"{order}, PO {order.po_number}: {blocking[0].message}{more}",
        queue="orders",
        **about(order),
        data={
            "codes": sorted({f.code for f in blocking}),
            "lines": sorted({f.line_no for f in blocking if f.line_no}),
            "cause": _cause(order, blocking[0]),
        },
    )


def _cause(order: Order, finding: Finding) -> str:
    """What the buyer wrote that other orders of it may say, too: the item's name and unit, or the code of the place."""
    if not finding.line_no:
        return str((order.canonical.get("ship_to") or {}).get("code") or "")
    line = next((line for line in order.canonical["lines"] if line["line_no"] == finding.line_no), None)
    if line is None:
        return ""
    name = line["items"][0]["value"] if line["items"] else ""
    return f"{name} {line['unit']}".strip() if finding.code in ("unit_unknown", "barcode_unit") else str(name)
