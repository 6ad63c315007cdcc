"""Whether Tryton may be asked for a credit: the invoice is there and has that much left, in money.

A credit is a sale of less than nothing, billed when processed: Tryton makes the draft credit note, its staff post it.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from distportal.systems.erp.marks import credit_mark
from distportal.systems.erp.port import OrderDraft
from distportal.systems.erp.tryton.http import Record, TrytonHttp
from distportal.systems.erp.tryton.masters import Masters
from distportal.systems.errors import Rejected

CENT = Decimal("0.01")


def check_credit(http: TrytonHttp, masters: Masters, draft: OrderDraft) -> None:
    """Raises Rejected `erp.invoice_unknown` or `erp.credit_exceeds_invoice`; earlier requests that live are counted."""
    domain = [["number", "=", draft.invoice_number], ["type", "=", "out"], ["state", "in", ["posted", "paid"]]]
    fields = ("lines.product.code", "lines.amount")
    found = http.search("account.invoice", domain, fields, context=masters.context)
    if len(found) != 1:
        raise Rejected("erp.invoice_unknown", f"Tryton has no posted invoice {draft.invoice_number}")
    left = _by_sku((line["product"], line["amount"]) for line in found[0]["lines"])
    mark = f"%{credit_mark(draft.invoice_number)}%"
    asked = http.search(
        "sale.line",
        [["sale.comment", "like", mark], ["sale.state", "!=", "cancelled"], ["sale.reference", "!=", draft.order_key]],
        ("product.code", "amount"),
        context=masters.context,
    )
    for sku, amount in _by_sku((line["product"], line["amount"]) for line in asked).items():
        left[sku] = left.get(sku, Decimal(0)) + amount  # a credit's amounts are below zero
    for line in draft.lines:
        left[line.sku] = left.get(line.sku, Decimal(0)) - line.quantity * (line.unit_price or 0)
    if short := sorted(sku for sku, amount in left.items() if amount < -CENT):
        message = f"invoice {draft.invoice_number} has less of {', '.join(short)} than shall be credited"
        raise Rejected("erp.credit_exceeds_invoice", message)


def _by_sku(rows: Iterable[tuple[Record | None, Decimal | None]]) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = {}
    for product, amount in rows:
        if product:
            sku = str(product["code"])
            sums[sku] = sums.get(sku, Decimal(0)) + (amount or 0)
    return sums
