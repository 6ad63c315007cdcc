"""What people do all day, in a real browser: a dealer orders and disputes, an agent corrects, finance decides."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from distportal.events.sweeper import work_until_idle
from exceptions.models import Case
from orders.models import Order
from orders.process.intake import place_order
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
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Cart").click()
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


def test_the_chosen_colours_stay(cast: Cast, signed_in: SignedIn) -> None:
    page = signed_in("buyer@harbor.example")
    page.get_by_role("button", name="Dark", exact=True).click()
    page.goto("/orders/")
    assert page.locator("html").get_attribute("data-theme") == "dark"
