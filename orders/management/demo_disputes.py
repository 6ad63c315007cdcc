"""What goes wrong between the demo's orders and its invoices, so that desk and finance see what they are for."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from uuid import NAMESPACE_URL, uuid5

from django.utils import timezone

from distportal.accounts.models import Account, ShipTo, User
from distportal.accounts.places import Place, add_place
from distportal.canonical.orders import Order as AskedOrder
from distportal.canonical.orders import OrderLine
from distportal.canonical.parts import Address, ItemId
from distportal.management.demo_programs import OVERBILLED, UNKNOWN_TO_CRM
from distportal.observability.actor import acting
from orders.choices import DenyReason, DisputeReason, FindingState, RootCause
from orders.models import Dispute, Invoice, InvoiceFinding, Order, Remittance
from orders.process.dispute_deciding import reject_dispute
from orders.process.disputes import Claim, open_dispute
from orders.process.finding_answers import accept_findings
from orders.process.intake import place_order

NEW_YARD = "New yard"
ORDERS = (
    (UNKNOWN_TO_CRM, "BAYOU-01", "BP-7101", "PLB-30001", 24),
    ("GRANITE", "GRANITE-01", OVERBILLED[0], "ELE-20002", 60),
    ("HEARTLAND", "HEARTLAND-01", OVERBILLED[1], "FST-10002", 48),
    ("SUMMIT", "SUMMIT-01", "SS-7105", "SAF-50002", 40),
)
"""Account, place, PO number, SKU, pieces."""
NEW_YARD_PO, DISPUTED_PO = "HH-7011", "SS-7105"


def play_disputes() -> None:
    """One look around: what is due of it happens once, however often this is called."""
    for is_done, step in STEPS:
        if not is_done():
            step()


def bill_of(po_number: str) -> Invoice | None:
    """The invoice of the order, once the ERP has billed it."""
    return Invoice.objects.filter(order__po_number=po_number, kind="invoice").first()


def is_paid_under(trace: str) -> bool:
    """Whether a payment of that trace was recorded."""
    return Remittance.objects.filter(trace=trace).exists()


def _place(account: str, place: str, po_number: str, sku: str, pieces: int) -> None:
    line = OrderLine(
        line_no="1", items=(ItemId(qualifier="sku", value=sku),), quantity=Decimal(pieces), unit="EA", unit_price=None
    )
    asked = AskedOrder(
        channel="portal", account=account, po_number=po_number, ordered_on=timezone.localdate(),
        ship_to=Address(code=place), lines=(line,),
    )  # fmt: skip
    place_order(order=asked, source_key=f"demo:{po_number}")


def _ordered(po_number: str) -> bool:
    return Order.objects.filter(po_number=po_number).exists()


def _finance() -> User:
    return User.objects.get(email="finance@northline.example")


def _order() -> None:
    for order in ORDERS:
        _place(*order)


def _move_in() -> None:
    """Harbor's administrator enters an address that the ERP was not told of, and orders to it: the ERP refuses."""
    harbor, admin = Account.objects.get(code="HARBOR"), User.objects.get(email="admin@harbor.example")
    yard = ShipTo.objects.filter(account=harbor, name=NEW_YARD).first() or add_place(
        by=admin, account=harbor,
        place=Place(name=NEW_YARD, street="9 Depot Road", city="Seaside", region="CA", postcode="93955", country="US"),
    )  # fmt: skip
    _place(harbor.code, yard.code, NEW_YARD_PO, "HTL-40001", 12)


def _credit_ourselves() -> None:
    """Finance grants one of the two credits that our own check proposes; the other waits for the newcomer."""
    bill = bill_of(OVERBILLED[1])
    if bill is None or not InvoiceFinding.objects.filter(invoice=bill, state=FindingState.OPEN).exists():
        return
    finance = _finance()
    with acting(finance.email):
        accept_findings(invoice_id=bill.pk, reason="The ERP billed last year's list price.", user=finance)


def _deny() -> None:
    """A claim that finance does not grant: the dealer has a letter with the reason."""
    bill = bill_of(DISPUTED_PO)
    line = bill.lines.order_by("position").first() if bill else None
    if bill is None or line is None:
        return
    buyer, finance = User.objects.get(email="buyer@summit.example"), _finance()
    token = uuid5(NAMESPACE_URL, f"demo:dispute:{DISPUTED_PO}")
    with acting(buyer.email):
        claim = open_dispute(
            token=token, account=bill.account, invoice_id=bill.pk, reason=DisputeReason.LATE, user=buyer,
            claims=[Claim(invoice_line_id=line.pk, quantity=line.quantity, amount=Decimal("15.00"))],
            note="It came after our promotion had begun.",
        )  # fmt: skip
    with acting(finance.email):
        reject_dispute(
            dispute_id=claim.pk, user=finance, deny_reason=DenyReason.NOT_OURS, root_cause=RootCause.CUSTOMER_ERROR,
            reason="The order came after the day for which it was wanted; it left within a day.",
        )  # fmt: skip


Step = tuple[Callable[[], bool], Callable[[], None]]
STEPS: tuple[Step, ...] = (
    (lambda: all(_ordered(po_number) for _, _, po_number, *_ in ORDERS), _order),
    (lambda: _ordered(NEW_YARD_PO), _move_in),
    (lambda: InvoiceFinding.objects.filter(state=FindingState.ACCEPTED).exists(), _credit_ourselves),
    (lambda: Dispute.objects.filter(invoice__order__po_number=DISPUTED_PO).exists(), _deny),
)
"""Whether it happened, and what does it."""
