"""What Harbor Hardware did before a newcomer looks in: orders in every state, and what comes after an order."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from decimal import Decimal
from uuid import UUID

from django.utils import timezone

from distportal.accounts.choices import Role
from distportal.accounts.models import Account, User
from distportal.canonical.orders import Order as AskedOrder
from distportal.canonical.orders import OrderChange, OrderLine
from distportal.canonical.parts import Address, ItemId
from distportal.canonical.remittances import Remittance, RemittanceLine
from distportal.observability.actor import acting
from distportal.threads.models import Message
from distportal.threads.posting import post_message
from distportal.threads.subjects import subject_of
from inventory.queries.items import item_with_sku
from orders.choices import ApprovalTrigger, DisputeReason, OrderStatus, ReturnReason
from orders.models import ApprovalRequest, ApprovalRule, Dispute, Invoice, InvoiceLine, Order, Return, ShoppingList
from orders.models import Remittance as Paid
from orders.process.approvals.ruling import WantedRule, add_rule
from orders.process.carts import look_at_cart
from orders.process.changes.requests import request_change
from orders.process.disputes import Claim, open_dispute
from orders.process.drafts import add_to_draft, open_draft
from orders.process.intake import place_order
from orders.process.list_lines import Noted, note_lines
from orders.process.lists import create_list
from orders.process.remittances import record_remittance
from orders.process.return_asking import Wanted, ask_for_return
from orders.process.submitting import submit_cart

Asked = tuple[str, str, str | None]
"""Item number, quantity in EA, the price that the dealer states."""
ORDERS: tuple[tuple[str, str, str, tuple[Asked, ...]], ...] = (
    ("HH-7003", "api", "HARBOR-01", (("FST-10001", "100", "0.31"), ("HX-4471", "12", None), ("SAF-50002", "20", None))),
    ("HH-7004", "portal", "HARBOR-02", (("HTL-40002", "40", None), ("FST-10002", "24", None))),
    ("HH-7005", "portal", "HARBOR-01", (("HTL-40001", "12", None),)),
    ("HH-7006", "portal", "HARBOR-02", (("SAF-50002", "144", None), ("ELE-20002", "20", None))),
)
"""PO number, channel, place, lines: held with two questions, part backordered, to be cancelled, and one to be paid."""
BILLED, CANCELLED, HELD, PAID = "HH-7001", "HH-7005", "HH-7003", "HH-7006"
RESTOCK = "Weekly restock"
USUAL = (("FST-10001", "Two boxes, bin A3"), ("FST-10002", ""), ("PLB-30001", "Only lead free"), ("SAF-50002", ""))
BIG_PO, BIG = "HH-7010", (("ELE-20002", 300), ("PLB-30001", 120))
TRACE = "ACH-240117"


def play_harbor() -> None:
    """One step of the story, whatever is due of it; each is done once, however often this is called."""
    harbor = Account.objects.get(code="HARBOR")
    for is_done, step in STEPS:
        if not is_done(harbor):
            step(harbor)


def _person(who: str) -> User:
    return User.objects.get(email=f"{who}@harbor.example")


def _token(of: str) -> UUID:
    return uuid.uuid5(uuid.NAMESPACE_URL, f"demo:{of}")


def _order(harbor: Account, po_number: str) -> Order | None:
    return Order.objects.filter(account=harbor, po_number=po_number).first()


def _bill(harbor: Account, po_number: str) -> Invoice | None:
    return Invoice.objects.filter(account=harbor, order__po_number=po_number, kind="invoice").first()


def _orders(harbor: Account) -> None:
    for po_number, channel, place, lines in ORDERS:
        asked = AskedOrder(
            channel=channel,  # type: ignore[arg-type]  # one of the channels
            account=harbor.code, po_number=po_number, ordered_on=timezone.localdate(), ship_to=Address(code=place),
            lines=tuple(
                OrderLine(
                    line_no=str(number), items=(ItemId(qualifier="buyer" if "HX" in sku else "sku", value=sku),),
                    quantity=Decimal(quantity), unit="EA", unit_price=Decimal(price) if price else None,
                )
                for number, (sku, quantity, price) in enumerate(lines, 1)
            ),
        )  # fmt: skip
        place_order(order=asked, source_key=f"demo:{po_number}")


def _list(harbor: Account) -> None:
    buyer = _person("buyer")
    ids = [item_with_sku(sku).pk for sku, _ in USUAL]
    row = create_list(account=harbor, user=buyer, name=RESTOCK, shared=True, item_ids=ids)
    notes = {line.pk: Noted("", dict(USUAL)[line.item.sku]) for line in row.lines.select_related("item")}
    note_lines(list_id=row.pk, account=harbor, user=buyer, notes=notes)


def _approval(harbor: Account) -> None:
    """An order of the administrator's waits for the approver: above 4,000 Harbor wants a second pair of eyes."""
    admin = _person("admin")
    if not ApprovalRule.objects.filter(account=harbor).exists():
        wanted = WantedRule(trigger=ApprovalTrigger.TOTAL, amount=Decimal(4000), role=Role.APPROVER)
        add_rule(account=harbor, user=admin, wanted=wanted)
    draft = open_draft(account=harbor, user=admin)
    if draft.lines.exists():
        return  # somebody is at this cart
    for sku, quantity in BIG:
        add_to_draft(draft=draft, item=item_with_sku(sku), quantity=Decimal(quantity), unit="EA")
    draft.po_number, draft.ship_to = BIG_PO, harbor.ship_tos.get(code="HARBOR-01")
    draft.save(update_fields=["po_number", "ship_to"])
    cart = look_at_cart(draft)
    if cart is not None:
        submit_cart(draft_id=draft.pk, account=harbor, user=admin, seen=cart.seen)


def _cancel(harbor: Account) -> None:
    order = _order(harbor, CANCELLED)
    if order is None or order.status not in (OrderStatus.ACCEPTED, OrderStatus.CONFIRMED):
        return
    today = timezone.localdate()
    change = OrderChange(
        channel="portal", account=harbor.code, po_number=CANCELLED, sequence="1", changed_on=today,
        purpose="cancellation", notes=("Ordered twice by mistake",),
    )  # fmt: skip
    request_change(order_id=order.pk, change=change, source_key=f"demo:{CANCELLED}:1", asked_name="Bea Harbor")


def _ask(harbor: Account) -> None:
    """Customer service asks on the held order; the buyer thanks on the one that was billed."""
    agent = User.objects.get(email="agent@northline.example")
    for po_number, who, text, asks in (
        (BILLED, _person("buyer"), "Please have the driver use the back gate on Wharf Street.", False),
        (HELD, agent, "HX-4471 is not one of our numbers. Is it the 1/2 in or the 3/8 in anchor?", True),
    ):
        order = _order(harbor, po_number)
        subject = subject_of(order) if order else None
        if subject is not None:
            post_message(subject=subject, user=who, token=_token(f"message:{po_number}"), text=text, asks=asks)


def _dispute(harbor: Account) -> None:
    bill = _bill(harbor, BILLED)
    line = bill.lines.order_by("position").last() if bill else None
    if bill is None or line is None:
        return
    claims = [Claim(invoice_line_id=line.pk, quantity=Decimal(2), amount=2 * line.unit_price)]
    note = "Two of the twelve valves were missing in the carton."
    accounts = _person("accounts")
    with acting(accounts.email):
        open_dispute(
            token=_token("dispute"), account=harbor, invoice_id=bill.pk, reason=DisputeReason.SHORT, claims=claims,
            note=note, user=accounts,
        )  # fmt: skip


def _returns(harbor: Account) -> None:
    """One that is small enough to need nobody, and one that waits for our answer."""
    rows = InvoiceLine.objects.filter(invoice__account=harbor, invoice__order__po_number=PAID, item__isnull=False)
    billed = {line.item.sku: line for line in rows.select_related("item", "invoice") if line.item}
    if {"SAF-50002", "ELE-20002"} - billed.keys():
        return
    for reference, line, quantity, reason, note in (
        ("RET-118", billed["SAF-50002"], 6, ReturnReason.MISTAKE, "Ordered the wrong tint."),
        ("RET-119", billed["ELE-20002"], 15, ReturnReason.EXCESS, "The job was cut short, boxes are unopened."),
    ):
        ask_for_return(
            account=harbor, user=_person("buyer"), token=_token(reference), reference=reference, note=note,
            wanted=[Wanted(line=line, quantity=Decimal(quantity), reason=reason)],
        )  # fmt: skip


def _pay(harbor: Account) -> None:
    bill = _bill(harbor, PAID)
    if bill is None:
        return
    line = RemittanceLine(kind="invoice", number=bill.number, gross=bill.total, paid=bill.total)
    paid = Remittance(
        channel="api", account=harbor.code, trace=TRACE, paid_on=timezone.localdate(), amount=bill.total, lines=(line,),
        method="ACH", payer=harbor.name,
    )  # fmt: skip
    record_remittance(remittance=paid, source_key=f"demo:{TRACE}", told_by="the bank")


def _messages(harbor: Account) -> bool:
    return Message.objects.filter(token=_token(f"message:{HELD}")).exists()


Step = tuple[Callable[[Account], bool], Callable[[Account], None]]
STEPS: tuple[Step, ...] = (
    (lambda harbor: all(_order(harbor, po_number) for po_number, *_ in ORDERS), _orders),
    (lambda harbor: ShoppingList.objects.filter(account=harbor, name=RESTOCK).exists(), _list),
    (lambda harbor: ApprovalRequest.objects.filter(account=harbor, po_number=BIG_PO).exists(), _approval),
    (lambda harbor: harbor.orders.filter(po_number=CANCELLED, change_requests__isnull=False).exists(), _cancel),
    (_messages, _ask),
    (lambda harbor: Dispute.objects.filter(token=_token("dispute")).exists(), _dispute),
    (lambda harbor: Return.objects.filter(account=harbor, reference="RET-119").exists(), _returns),
    (lambda harbor: Paid.objects.filter(account=harbor, trace=TRACE).exists(), _pay),
)
"""Whether it was done, and what does it."""
