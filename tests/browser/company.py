"""A company with one of everything the pages show: orders in every state, cases, an invoice and its dispute."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from decimal import Decimal

from distportal.events.sweeper import work_until_idle
from exceptions.models import Case
from exceptions.process.cases import open_case
from inventory.models import Item
from orders.choices import DisputeReason
from orders.models import Dispute, Invoice, Order
from orders.process.disputes import Claim, open_dispute
from orders.process.drafts import add_to_draft, open_draft
from orders.process.erp_feed import sync_erp
from orders.process.intake import place_order
from orders.process.quick.reading import TypedRow
from orders.process.quick.rows import keep_rows
from tests.conftest import Cast
from tests.orders.builders import asked
from tests.sandbox import SandboxProcess

Line = tuple[str, str, str, str | None]


@dataclass(frozen=True)
class Company:
    """Harbor's affairs, each as its row."""

    billed: Order
    held: Order
    invoice: Invoice
    dispute: Dispute
    held_case: Case
    dead_case: Case


def order_by(channel: str, *lines: Line, po: str) -> Order:
    """An order of Harbor, judged but not yet sent."""
    return place_order(order=asked(*lines, po=po, channel=channel), source_key=f"t:{uuid.uuid4()}").order  # type: ignore[arg-type]


def bill(order: Order, erp: SandboxProcess) -> Invoice:
    """The invoice of the order after the ERP shipped and billed it."""
    work_until_idle()
    order.refresh_from_db()
    erp.ship(order.erp_number)
    erp.invoice(order.erp_number)
    sync_erp()
    order.refresh_from_db()
    return Invoice.objects.get(order=order)


def fill(cast: Cast, erp: SandboxProcess) -> Company:
    """One of everything."""
    billed = order_by("portal", ("FST-10001", "100", "EA", None), ("PLB-30001", "24", "EA", None), po="HH-4471")
    invoice = bill(billed, erp)
    line = invoice.lines.first()
    assert line
    dispute = open_dispute(
        token=uuid.uuid4(), account=cast.harbor, invoice_id=invoice.pk, reason=DisputeReason.PRICE,
        claims=[Claim(invoice_line_id=line.pk, quantity=line.quantity, amount=Decimal("4.00"))],
        note="Contract says 0.44 from the first of the month", user=cast.buyer,
    )  # fmt: skip
    held = order_by(
        "edi", ("FST-10001", "100", "EA", "0.40"), ("NO-SUCH-ITEM", "6", "EA", None), ("ELE-20002", "12", "EA", None),
        po="HH-4472",
    )  # fmt: skip
    for number, quantity in (("HH-4473", "8"), ("HH-4474", "900000")):
        order_by("crm", ("ELE-20002", quantity, "EA", None), po=number)
    work_until_idle()
    order_by("edi", ("FST-10001", "99", "EA", None), po="HH-4471")
    dead = open_case(
        kind="dead.job", code="dead", subject_type="job", subject_id=str(uuid.uuid4()), queue="operations",
        sentence="edi.send was given up: the partner's server refused the sign-in (530 Login incorrect)",
        data={"kind": "edi.send", "error": "530 Login incorrect", "attempts": 5},
    )  # fmt: skip
    fill_cart(cast, ("FST-10001", 100), ("ELE-20002", 12), ("PLB-30001", 900_000))
    held_case = Case.objects.get(subject_id=str(held.pk))
    return Company(
        billed=billed, held=held, invoice=invoice, dispute=dispute, held_case=held_case, dead_case=dead
    )  # fmt: skip


def fill_cart(cast: Cast, *lines: tuple[str, int]) -> None:
    """Harbor's buyer has these (SKU, quantity) in the cart."""
    draft = open_draft(account=cast.harbor, user=cast.buyer)
    rows = [TypedRow("FST-10001", "24"), TypedRow("FST-1O001", "6"), TypedRow("PLB-30001", "2", "XX", "list.csv row 3")]
    keep_rows(draft=draft, rows=rows)
    for sku, quantity in lines:
        item = Item.objects.get(sku=sku)
        add_to_draft(draft=draft, item=item, quantity=Decimal(quantity), unit=item.base_unit)


def dealer_pages(company: Company) -> dict[str, str]:
    """One address of every page a dealer sees."""
    return {
        "home": "/",
        "catalogue": "/catalogue/",
        "catalogue-none": "/catalogue/?q=zzqqxx",
        "item": "/catalogue/PLB-30003/",
        "cart": "/cart/",
        "quick-order": "/quick-order/",
        "quick-order-paste": "/quick-order/?by=paste",
        "quick-order-file": "/quick-order/?by=file",
        "orders": "/orders/?view=all",
        "orders-none": "/orders/?q=zzz",
        "order-billed": f"/orders/{company.billed.number}/",
        "order-held": f"/orders/{company.held.number}/",
        "chain": f"/chain/{company.billed.correlation_id}/",
        "invoices": "/invoices/",
        "invoice": f"/invoices/{company.invoice.number}/",
        "invoice-dispute": f"/invoices/{company.invoice.number}/dispute/",
        "dispute": f"/disputes/{company.dispute.number}/",
        "disputes": "/disputes/",
        "messages": "/messages/",
        "shipment-problem": f"/shipments/{company.billed.shipments.get().number}/problem/",
        "statement": "/statement/",
        "payments": "/payments/",
        "files": "/invoice-files/",
        "open-lines": "/orders/lines/",
        "order-change": f"/orders/{company.billed.number}/change/",
        "held-change": f"/orders/{company.held.number}/change/",
        "held-answer": f"/orders/{company.held.number}/answer/",
        "missing": "/orders/1/",
        "refused": "/desk/",
        "password": "/accounts/password/change/",
        "second-factor": "/accounts/2fa/",
        "devices": "/accounts/sessions/",
        "logout": "/accounts/logout/",
    }


def staff_pages(company: Company) -> dict[str, str]:
    """One address of every page the desk sees."""
    held = company.held_case.number
    typed = "&fix.line.1.unit_price=0.48"
    return {
        "home": "/",
        "queue": "/desk/",
        "queue-none": "/desk/?view=mine",
        "case": f"/desk/{held}/",
        "dry-run": f"/desk/{held}/?dry_run=1{typed}",
        "dry-run-good": f"/desk/{held}/?dry_run=1{typed}&fix.line.2.sku=FST-10002",
        "dead": f"/desk/{company.dead_case.number}/",
        "orders": "/orders/",
        "order-held": f"/orders/{company.held.number}/",
        "chain": f"/chain/{company.billed.correlation_id}/",
        "invoice": f"/invoices/{company.invoice.number}/",
        "messages": "/messages/?view=all",
    }
