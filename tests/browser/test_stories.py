"""What people do all day, in a real browser: a dealer orders and disputes, an agent corrects, finance decides."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from distportal.events.sweeper import work_until_idle
from exceptions.models import Case
from orders.models import ApprovalLimit, Dispute, ErpCommand, Invoice, Order
from orders.process.erp_feed import sync_erp
from orders.process.intake import place_order
from orders.seeds import seed_orders
from tests.browser.company import bill, order_by
from tests.conftest import Cast
from tests.orders.builders import asked
from tests.sandbox import SandboxProcess

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]
SignedIn = Callable[..., Page]


def billed_order(erp: SandboxProcess) -> Order:
    """An order of Harbor that was confirmed, shipped and billed."""
    order = order_by("portal", ("FST-10001", "10", "EA", None), po=f"B-{uuid.uuid4().hex[:6]}")
    bill(order, erp)
    work_until_idle()
    return order


def test_a_dealer_finds_an_item_and_orders_it_with_the_keyboard(synced: SandboxProcess, signed_in: SignedIn) -> None:
    page = signed_in("buyer@harbor.example")
    page.keyboard.press("/")
    page.keyboard.type("fst 10001")
    page.keyboard.press("Enter")
    row = page.get_by_role("row").filter(has_text="FST-10001")
    expect(row).to_contain_text("$0.48")
    row.get_by_label("Quantity of FST-10001").fill("100")
    page.keyboard.press("Enter")
    expect(page.locator("#messages")).to_contain_text("FST-10001 is in your cart.")
    page.get_by_role("link", name="Cart", exact=True).first.click()
    expect(page.locator(".cart-line").filter(has_text="FST-10001")).to_contain_text("$46.00")
    page.get_by_label("Your PO number").fill("HH-1")
    page.get_by_role("button", name="Place order").dblclick()
    expect(page.get_by_role("heading", level=1)).to_contain_text("SO-")
    page.get_by_role("link", name="Follow the order").click()
    order = Order.objects.get()
    assert (order.po_number, order.status, str(order.total)) == ("HH-1", "accepted", "46.00")

    work_until_idle()
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Confirmed")
    expect(page.get_by_role("row").filter(has_text="FST-10001")).to_contain_text("promised")
    assert len(synced.orders(f"NL-{order.number}")) == 1


def test_a_cart_is_changed_and_refuses_what_cannot_be(synced: SandboxProcess, signed_in: SignedIn) -> None:
    page = signed_in("buyer@harbor.example")
    page.goto("/catalogue/FST-10001/")
    page.get_by_role("button", name="Add FST-10001 to the cart").click()
    page.goto("/cart/")
    page.get_by_label("Quantity of FST-10001").fill("0")
    page.get_by_role("button", name="Update quantities").click()
    expect(page.get_by_role("heading", name="Your cart is empty")).to_be_visible()
    page.goto("/catalogue/?q=qzxqzxqzx")
    expect(page.get_by_role("heading", name="Nothing is like “qzxqzxqzx”")).to_be_visible()
    assert Order.objects.count() == 0


def test_an_agent_corrects_a_wrong_price_after_a_dry_run(synced: SandboxProcess, signed_in: SignedIn) -> None:
    wrong = asked(("FST-10001", "10", "EA", "0.30"), po="B-WRONG", channel="edi")
    order = place_order(order=wrong, source_key="test:wrong").order
    page = signed_in("agent@northline.example")
    page.get_by_role("link", name="Exceptions").first.click()
    row = page.get_by_role("row").filter(has_text="B-WRONG")
    expect(row).to_contain_text("the buyer asks $0.30, our price is $0.48")
    row.get_by_role("link").first.click()
    page.get_by_role("button", name="Take it").click()
    expect(page.locator("#messages")).to_contain_text("is yours now")

    page.get_by_label("Price of line 1").fill("0.40")
    page.get_by_role("button", name="Try it dry").click()
    expect(page.locator("#dry-run")).to_contain_text("The order would stay held.")
    page.get_by_label("Price of line 1").fill("0.48")
    page.get_by_role("button", name="Try it dry").click()
    expect(page.locator("#dry-run")).to_contain_text("No rule objects")
    expect(page.locator("#dry-run")).to_contain_text("0.3 → 0.48")
    order.refresh_from_db()
    assert (order.status, order.version) == ("held", 1), "a dry run writes nothing"
    page.get_by_label("Why (kept with the new version)").fill("confirmed by phone")
    page.get_by_role("button", name="Resubmit").click()
    expect(page.get_by_text("Resolved: corrected and resubmitted")).to_be_visible()
    work_until_idle()
    order.refresh_from_db()
    assert order.status == "confirmed"
    assert Case.objects.get(subject_id=str(order.pk)).owner is not None


def test_a_dealer_disputes_and_finance_decides_with_a_reason(synced: SandboxProcess, signed_in: SignedIn) -> None:
    seed_orders()
    order = billed_order(synced)
    buyer = signed_in("buyer@harbor.example")
    buyer.get_by_role("link", name="Invoices").first.click()
    buyer.get_by_role("row").filter(has_text=order.po_number).get_by_role("link").first.click()
    buyer.get_by_role("link", name="Dispute lines").click()
    buyer.get_by_label("Disputed amount of line 1").fill("2.50")
    buyer.get_by_label("What is wrong?").select_option("price")
    buyer.get_by_label("Tell us more").fill("0.23 was agreed")
    buyer.get_by_role("button", name="Open a dispute").click()
    expect(buyer.get_by_role("heading", level=1)).to_contain_text("Submitted")
    dispute = Dispute.objects.get()

    finance = signed_in("finance@northline.example")
    finance.get_by_role("link", name="Disputes").first.click()
    finance.get_by_role("link", name=str(dispute)).first.click()
    finance.get_by_text("Approve a credit").first.click()
    finance.locator("#dialog button[type=submit]").click()
    expect(finance.locator("#dialog-form")).to_contain_text("This field is required")
    dispute.refresh_from_db()
    assert dispute.status == "submitted", "no reason, no decision"
    finance.locator("#dialog textarea[name=reason]").fill("the contract says so")
    finance.locator("#dialog button[type=submit]").click()
    expect(finance.get_by_text("approved, credit requested").first).to_be_visible()

    work_until_idle()
    request = ErpCommand.objects.get(dispute=dispute)
    synced.approve_credit(request.erp_number)
    sync_erp()
    work_until_idle()
    buyer.reload()
    expect(buyer.get_by_role("heading", level=1)).to_contain_text("Closed")
    expect(buyer.get_by_role("main")).to_contain_text("Credit booked")
    assert Invoice.objects.filter(kind="credit_memo", corrects__order=order).count() == 1
    assert Case.objects.get(subject_id=str(dispute.pk)).status == "resolved"


def test_above_the_limit_a_second_person_has_to_agree(synced: SandboxProcess, signed_in: SignedIn) -> None:
    ApprovalLimit.objects.create(user=None, reason="", limit=Decimal("1.00"))
    order = billed_order(synced)
    buyer = signed_in("buyer@harbor.example")
    invoice = Invoice.objects.get(order=order)
    buyer.goto(f"/invoices/{invoice.number}/dispute/")
    buyer.get_by_label("Disputed amount of line 1").fill("2.50")
    buyer.get_by_label("Tell us more").fill("0.23 was agreed")
    buyer.get_by_role("button", name="Open a dispute").click()
    expect(buyer.get_by_role("heading", level=1)).to_contain_text("Submitted")
    dispute = Dispute.objects.get()
    for email, shown in (
        ("finance@northline.example", "waiting for a second person"),
        ("finance@northline.example", "a second person must agree"),
        ("finance2@northline.example", "approved, credit requested"),
    ):
        page = signed_in(email)
        page.goto(f"/admin/orders/dispute/{dispute.pk}/change/")
        page.get_by_text("Approve a credit").first.click()
        page.locator("#dialog textarea[name=reason]").fill("agreed")
        page.locator("#dialog button[type=submit]").click()
        expect(page.get_by_text(shown).first).to_be_visible()
    dispute.refresh_from_db()
    assert dispute.decided_by != dispute.approved_by


def test_the_chosen_colours_stay(cast: Cast, signed_in: SignedIn) -> None:
    page = signed_in("buyer@harbor.example")
    page.get_by_role("button", name="Dark", exact=True).click()
    page.goto("/orders/")
    assert page.locator("html").get_attribute("data-theme") == "dark"
