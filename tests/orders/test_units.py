"""Orders in another unit than an item is sold in, and quantities that are not sold: told, rounded, held or rejected."""

from __future__ import annotations

import uuid
from dataclasses import replace
from decimal import Decimal

import pytest

from distportal.accounts.models import Account
from distportal.canonical.orders import Order as AskedOrder
from distportal.canonical.orders import OrderChange, OrderLineChange
from distportal.canonical.parts import ItemId
from distportal.events.sweeper import work_until_idle
from inventory.models import Reservation
from inventory.queries.items import item_with_sku
from orders.choices import DisputeReason, FindingAction, RootCause
from orders.models import DraftLine, ErpCommand, Invoice, Order, RulePolicy
from orders.process.changes import request_change
from orders.process.dispute_deciding import approve_dispute
from orders.process.disputes import Claim, open_dispute
from orders.process.erp_feed import sync_erp
from orders.process.intake import place_order
from tests.clients import signed_in
from tests.conftest import Cast
from tests.orders.builders import asked
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db


def place(order: AskedOrder) -> Order:
    placed = place_order(order=order, source_key=f"t:{uuid.uuid4()}").order
    work_until_idle()
    placed.refresh_from_db()
    return placed


def new_po() -> str:
    return f"PO-{uuid.uuid4().hex[:8]}"


def one(sku: str, quantity: str, unit: str, price: str | None = None) -> Order:
    return place(asked((sku, quantity, unit, price), po=new_po()))


def policy(code: str, action: FindingAction, **data: str) -> None:
    RulePolicy.objects.create(account=None, code=code, action=action, data=data)


def erp_lines(erp: SandboxProcess, order: Order) -> list[tuple[str, int, str, str]]:
    [held] = erp.orders(f"NL-{order.number}")
    return [(line["posex"], line["quantity"], line["unit"], line["price"]) for line in held["lines"]]


def test_cases_of_what_is_sold_singly_come_back_as_cases(synced: SandboxProcess) -> None:
    order = one("ELE-20003", "2", "CA")
    line = order.lines.get()
    assert (order.status, line.base_quantity, line.erp_unit, line.erp_quantity) == ("confirmed", 20, "EA", 20)
    assert erp_lines(synced, order) == [("1", 20, "ST", str(line.unit_price / 10).rstrip("0"))]
    assert (line.confirmed_quantity, line.unit, line.reserved_quantity) == (2, "CA", 2)
    finding = order.findings.get()
    assert (finding.code, finding.action) == ("unit_converted", "accept")
    assert "2 CA of ELE-20003 are 20 EA" in finding.message
    synced.ship(order.erp_number)
    synced.invoice(order.erp_number)
    sync_erp()
    order.refresh_from_db()
    line.refresh_from_db()
    assert (order.status, line.shipped_quantity, line.invoiced_quantity) == ("shipped", 2, 2)
    assert {ln["unit"] for ln in order.shipments.get().canonical["lines"]} == {"CA"}
    invoice = Invoice.objects.get(order=order)
    billed = invoice.lines.get()
    assert (billed.quantity, billed.unit, billed.unit_price, billed.amount) == (2, "CA", line.unit_price, order.total)


def test_a_credit_is_asked_for_in_the_unit_that_the_erp_billed(synced: SandboxProcess, cast: Cast) -> None:
    order = one("ELE-20003", "2", "CA")
    synced.ship(order.erp_number)
    synced.invoice(order.erp_number)
    sync_erp()
    billed = Invoice.objects.get(order=order).lines.get()
    dispute = open_dispute(
        token=uuid.uuid4(), account=cast.harbor, invoice_id=billed.invoice_id, reason=DisputeReason.DAMAGED,
        claims=[Claim(invoice_line_id=billed.pk, quantity=Decimal(1), amount=Decimal("5.00"))],
        note="", user=cast.buyer,
    )  # fmt: skip
    for user in (cast.finance, cast.finance2):
        approve_dispute(
            dispute_id=dispute.pk, amount=Decimal("5.00"), root_cause=RootCause.PRICING_DATA, reason="agreed", user=user
        )
    work_until_idle()
    command = ErpCommand.objects.get(dispute=dispute)
    assert (command.state, command.draft["lines"][0]["unit"], billed.unit) == ("confirmed", "EA", "CA")


def test_pieces_of_what_is_sold_in_cases_reach_the_erp_in_cases(synced: SandboxProcess) -> None:
    order = one("FST-10006", "36", "EA")
    line = order.lines.get()
    assert (line.erp_unit, line.erp_quantity) == ("CA", 3)
    price = line.unit_price or Decimal(0)
    [(key, quantity, unit, told)] = erp_lines(synced, order)
    assert (key, quantity, unit, Decimal(told)) == ("1", 3, "KAR", price * 12)
    assert (line.confirmed_quantity, line.unit) == (36, "EA")
    assert Reservation.objects.get(demand_ref=line.demand_ref).quantity == 36


def test_what_leaves_in_pieces_of_a_case_is_no_less_for_rounding(synced: SandboxProcess) -> None:
    order = one("ELE-20003", "2", "CA")
    synced.short_ship(order.erp_number, "1", 17)
    sync_erp()
    line = order.lines.get()
    assert (line.shipped_quantity, line.open_quantity) == (Decimal("1.7"), Decimal("0.3"))


@pytest.mark.parametrize(("quantity", "code", "offers"), [
    ("25", "quantity_multiple", ["24", "36"]), ("12", "quantity_minimum", ["24"]), ("13", "quantity_minimum", ["24"]),
])  # fmt: skip
def test_a_quantity_that_is_not_sold_waits_for_a_person_and_says_what_is(
    synced: SandboxProcess, quantity: str, code: str, offers: list[str]
) -> None:
    order = one("FST-10006", quantity, "EA")
    finding = order.findings.get(code=code)
    assert (order.status, finding.action, finding.data["offers"]) == ("held", "hold", offers)
    assert "Sold in cases of 12 or pallets of 480, at least 24 EA" in finding.message
    assert order.lines.get().quantity == Decimal(quantity)
    assert not ErpCommand.objects.filter(order=order).exists()


@pytest.mark.parametrize(("action", "quantity", "taken"), [
    (FindingAction.ROUND_UP, "25", "36"), (FindingAction.ROUND_DOWN, "35", "24"), (FindingAction.ROUND_UP, "12", "24"),
])  # fmt: skip
def test_a_policy_rounds_and_the_order_says_so(
    synced: SandboxProcess, action: FindingAction, quantity: str, taken: str
) -> None:
    policy("quantity_multiple", action)
    policy("quantity_minimum", action)
    order = one("FST-10006", quantity, "EA")
    line = order.lines.get()
    assert (order.status, line.quantity, line.base_quantity) == ("confirmed", Decimal(taken), Decimal(taken))
    assert order.total == (line.unit_price or 0) * Decimal(taken)
    assert order.canonical["lines"][0]["quantity"] == quantity, "what the buyer asked stays as it was asked"
    [finding] = [f for f in order.findings.all() if f.code.startswith("quantity_")]
    assert (finding.action, finding.data["taken"]) == (action, taken)
    assert f"{taken} EA are taken" in finding.message


def test_nothing_is_rounded_down_to_nothing(synced: SandboxProcess) -> None:
    policy("quantity_minimum", FindingAction.ROUND_DOWN)
    order = one("FST-10006", "12", "EA")
    assert (order.status, order.findings.get(code="quantity_minimum").action) == ("held", "hold")


def test_a_policy_rejects_the_line_and_the_others_go(synced: SandboxProcess) -> None:
    policy("quantity_multiple", FindingAction.REJECT)
    order = place(asked(("FST-10006", "25", "EA", None), ("FST-10001", "10", "EA", None), po=new_po()))
    assert [(ln.status, ln.status_reason) for ln in order.lines.all()] == [
        ("rejected", "quantity_multiple"), ("accepted", ""),
    ]  # fmt: skip
    assert [key for key, *_ in erp_lines(synced, order)] == ["2"]


def test_an_order_below_the_least_waits_or_is_refused_by_the_accounts_policy(
    synced: SandboxProcess, cast: Cast
) -> None:
    policy("order_minimum", FindingAction.HOLD, amount="100.00")
    summit = Account.objects.get(code="SUMMIT")
    RulePolicy.objects.create(
        account=summit,
        code="order_minimum",
        action=FindingAction.REJECT_ORDER,
        data={"amount": "5.00"},
    )
    held = one("FST-10001", "10", "EA")
    finding = held.findings.get(code="order_minimum")
    assert (held.status, finding.line_id) == ("held", None)
    assert finding.message == "This order comes to $4.80, the least for an order is $100.00"
    small = asked(("FST-10001", "5", "EA", None), po=new_po(), account="SUMMIT", ship_to="SUMMIT-01")
    assert place(small).status == "rejected"
    enough = asked(("FST-10001", "50", "EA", None), po=new_po(), account="SUMMIT", ship_to="SUMMIT-01")
    assert place(enough).status == "confirmed", "the account's own least counts, not everybody's"


def test_the_barcode_of_a_case_and_a_quantity_of_pieces_is_no_guess(synced: SandboxProcess) -> None:
    case = next(pack for pack in item_with_sku("FST-10005").levels if pack.unit == "CA")
    order = asked(("FST-10005", "2", "EA", None), po=new_po())
    names = (ItemId(qualifier="gtin", value=case.barcode),)

    def scanned(unit: str) -> Order:
        lines = (replace(order.lines[0], items=names, unit=unit),)
        return place(replace(order, lines=lines, po_number=new_po()))

    assert scanned("CA").status == "confirmed"
    held = scanned("EA")
    assert (held.status, held.findings.get().code) == ("held", "barcode_unit")


def test_the_cart_offers_what_is_sold_and_one_click_takes_it(synced: SandboxProcess, cast: Cast) -> None:
    client = signed_in(cast.buyer)
    page = client.get("/catalogue/FST-10006/").content.decode()
    assert "Sold in cases of 12 or pallets of 480, at least 24 EA" in page
    added = client.post("/cart/add/", {"sku": "FST-10006", "quantity": "3", "unit": "PL"}, follow=True)
    assert "Make it" not in added.content.decode()
    added = client.post("/cart/add/", {"sku": "FST-10006", "quantity": "1", "unit": "CA"}, follow=True)
    text = added.content.decode()
    assert "1 CA cannot be sent. Make it 2 CA in the cart." in text
    assert "Make it 2 CA</button>" in text
    line = DraftLine.objects.get(draft__user=cast.buyer, unit="CA")
    assert line.quantity == 1, "what was typed stays until the person chooses"
    fixed = client.post("/cart/add/", {f"quantity.{line.pk}": "2"}, follow=True)
    assert "Make it" not in fixed.content.decode()
    stranger = signed_in(cast.stranger)
    stranger.post("/cart/add/", {f"quantity.{line.pk}": "9"})
    line.refresh_from_db()
    assert line.quantity == 2


def test_a_change_of_a_converted_line_is_asked_and_answered_in_its_own_unit(synced: SandboxProcess) -> None:
    order = one("ELE-20003", "2", "CA")
    wanted = OrderLineChange(kind="change", line_no="1", quantity=Decimal(3), code="QI")
    change = OrderChange(
        channel="api", account="HARBOR", po_number=order.po_number, sequence="1", changed_on=order.ordered_on,
        lines=(wanted,),
    )  # fmt: skip
    request_change(order_id=order.pk, change=change, source_key=f"t:{uuid.uuid4()}", asked_name="Buyer")
    work_until_idle()
    order.refresh_from_db()
    line = order.lines.get()
    assert [(quantity, unit) for _, quantity, unit, _ in erp_lines(synced, order)] == [(30, "ST")]
    assert (order.version, line.quantity, line.unit, line.erp_quantity) == (2, 3, "CA", 30)
    assert (line.confirmed_quantity, line.base_quantity) == (3, 30)
    assert order.total == line.amount == (line.unit_price or 0) * 3
