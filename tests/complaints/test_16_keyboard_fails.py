"""Complaint 16: "Keyboard fails": here a whole order is typed, shared out and placed without a mouse."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from orders.models import Order
from tests.browser.conftest import chromium, complaints, open_page, signed_in, site
from tests.sandbox import SandboxProcess

__all__ = ["chromium", "complaints", "open_page", "signed_in", "site"]
pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.django_db(transaction=True),
]


def pressed_until(page: Page, name: str) -> None:
    """Tab goes on until the focus is on what has this accessible name or id; it has to be reached, and seen."""
    for _ in range(80):
        page.keyboard.press("Tab")
        here = page.evaluate(
            "(() => { const e = document.activeElement; const o = getComputedStyle(e);"
            " return [e.id, (e.labels?.[0]?.innerText || e.getAttribute('aria-label') || e.innerText || '').trim(),"
            " o.outlineStyle !== 'none' || o.boxShadow !== 'none']; })()"
        )
        if name in (here[0], here[1]) or here[1].startswith(name):
            assert here[2], f"{name} has the focus and nobody sees it"
            return
    raise AssertionError(f"{name} is not reached by Tab")


def test_a_whole_order_by_keyboard(synced: SandboxProcess, signed_in: Callable[..., Page]) -> None:
    page = signed_in("buyer@harbor.example")
    page.goto("/quick-order/")
    page.locator("input.code").first.focus()
    page.keyboard.type("FST-10001")
    page.keyboard.press("Tab")
    page.keyboard.type("24")
    page.keyboard.press("Tab")
    page.get_by_text("FST-10001").first.wait_for()
    pressed_until(page, "Add to the cart")
    page.keyboard.press("Enter")
    page.wait_for_url("**/cart/")
    quantity = page.get_by_label("Quantity of FST-10001")
    quantity.focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("30")
    pressed_until(page, "id_po_number")
    page.locator(".line-figures").get_by_text("30 EA").wait_for()
    page.keyboard.type("KB-1")
    page.keyboard.press("Enter")
    page.wait_for_load_state("networkidle")
    assert not Order.objects.exists(), "Enter keeps what is typed and places nothing"
    assert page.get_by_label("Your PO number").input_value() == "KB-1"
    page.locator("#id_po_number").focus()
    pressed_until(page, "Place order")
    page.keyboard.press("Enter")
    page.wait_for_url("**/cart/placed/**")
    order = Order.objects.get()
    assert (order.po_number, order.lines.get().quantity) == ("KB-1", 30)
    assert str(order) in page.locator("h1").inner_text()
