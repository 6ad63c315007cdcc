"""Every page of dealers and agents, wide and on a phone, light and dark: it fits and everybody can read it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import Page

from distportal.accounts.models import User
from exceptions.models import Case
from inventory.queries.items import item_with_sku
from orders.choices import DisputeReason
from orders.models import Invoice, Order
from orders.process.disputes import Claim, open_dispute
from orders.process.drafts import add_to_draft, open_draft
from orders.process.intake import place_order
from tests.browser.conftest import DESK, PHONE
from tests.browser.test_stories import billed_order
from tests.conftest import Cast
from tests.orders.builders import asked
from tests.sandbox import SandboxProcess

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]
LOOKS: dict[str, dict[str, Any]] = {
    "wide": {"viewport": DESK},
    "phone": {"viewport": PHONE},
    "dark": {"viewport": DESK, "color_scheme": "dark"},
    "phone-dark": {"viewport": PHONE, "color_scheme": "dark"},
}


@pytest.fixture
def story(cast: Cast, synced: SandboxProcess) -> Order:
    """A billed order with a dispute, a held one with a case, and something in the cart."""
    order = billed_order(synced)
    _open_dispute(order, cast.buyer)
    place_order(
        order=asked(("FST-10001", "10", "EA", "0.30"), ("NO-SUCH", "5", "EA", None), po="B-HELD"), source_key="t:held"
    )
    draft = open_draft(account=cast.harbor, user=cast.buyer)
    for sku in ("FST-10001", "PLB-30003"):
        add_to_draft(draft=draft, item=item_with_sku(sku), quantity=Decimal(5), unit="EA")
    return order


def _open_dispute(order: Order, user: User) -> None:
    invoice = Invoice.objects.get(order=order)
    claim = Claim(invoice_line_id=invoice.lines.get().pk, quantity=Decimal(10), amount=Decimal("1.00"))
    open_dispute(
        token=uuid.uuid4(), account=order.account, invoice_id=invoice.pk, reason=DisputeReason.PRICE, claims=[claim],
        note="too dear", user=user,
    )  # fmt: skip


def addresses(order: Order) -> dict[str, dict[str, str]]:
    """The pages by who reads them."""
    invoice, held = Invoice.objects.get(order=order), Order.objects.get(po_number="B-HELD")
    case = Case.objects.get(kind="order.held")
    dealer = {
        "home": "/", "catalogue": "/catalogue/", "nothing": "/catalogue/?q=zzqqxx", "item": "/catalogue/PLB-30003/",
        "cart": "/cart/", "orders": "/orders/?view=all", "no orders": "/orders/?q=zzz",
        "order": f"/orders/{order.number}/",
        "held": f"/orders/{held.number}/", "invoices": "/invoices/", "invoice": f"/invoices/{invoice.number}/",
        "dispute": f"/disputes/{invoice.disputes.get().number}/", "chain": f"/chain/{order.correlation_id}/",
        "password": "/accounts/password/change/", "devices": "/accounts/sessions/", "missing": "/orders/1/",
    }  # fmt: skip
    agent = {
        "home": "/", "desk": "/desk/", "resolved": "/desk/?view=resolved", "case": f"/desk/{case.number}/",
        "dry": f"/desk/{case.number}/?dry_run=1&fix.line.1.unit_price=0.48", "chain": f"/chain/{held.correlation_id}/",
        "orders": "/orders/", "forbidden": "/cart/",
    }  # fmt: skip
    return {"buyer@harbor.example": dealer, "agent@northline.example": agent}


@pytest.mark.timeout(240)
@pytest.mark.parametrize("look", LOOKS)
def test_every_page_fits_and_can_be_read_by_everybody(
    look: str,
    signed_in: Callable[..., Page],
    assert_accessible: Callable[[Page], None],
    assert_fits: Callable[[Page], None],
    shoot: Callable[[Page, str], None],
    story: Order,
) -> None:
    for email, pages in addresses(story).items():
        page = signed_in(email, **LOOKS[look])
        for name, address in pages.items():
            page.goto(address)
            shoot(page, f"{look}-{email.split('@')[0]}-{name}")
            assert_fits(page)
            assert_accessible(page)


def test_the_sign_in_page_can_be_read_by_everybody(
    cast: Cast, open_page: Callable[..., Page], assert_accessible: Callable[[Page], None]
) -> None:
    for options in LOOKS.values():
        page = open_page(**options)
        page.goto("/accounts/login/")
        assert_accessible(page)


def test_the_chosen_colours_stay(cast: Cast, signed_in: Callable[..., Page]) -> None:
    page = signed_in("buyer@harbor.example")
    page.get_by_role("button", name="Dark", exact=True).click()
    page.goto("/orders/")
    assert page.locator("html").get_attribute("data-theme") == "dark"
