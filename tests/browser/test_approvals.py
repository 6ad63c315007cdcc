"""Approvals in Chromium: from the cart's button over the card to the yes, wide and narrow, light and dark."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from distportal.accounts.models import User
from orders.models import ApprovalRequest, Order
from tests.browser.conftest import PHONE
from tests.conftest import Cast
from tests.orders.approvals.conftest import asked_for, rule
from tests.orders.cart.filling import filled_cart
from tests.sandbox import SandboxProcess

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_an_order_is_asked_for_read_on_a_phone_and_approved_by_keyboard(
    signed_in: Callable[..., Page], cast: Cast, synced: SandboxProcess, assert_accessible: Callable[[Page], None],
    assert_fits: Callable[[Page], None], shoot: Callable[[Page, str], None],
) -> None:  # fmt: skip
    approver = User.objects.get(email="approver@harbor.example")
    rule(cast, approver=approver)
    filled_cart(cast)
    buyer = signed_in(cast.buyer.email)
    buyer.goto("/cart/")
    expect(buyer.get_by_role("button", name=f"Send for approval to {approver.name}")).to_be_visible()
    assert_accessible(buyer)
    shoot(buyer, "approval-cart")
    row = asked_for(cast)

    phone = signed_in(approver.email, viewport=PHONE, color_scheme="dark")
    phone.goto("/approvals/")
    assert_accessible(phone)
    assert_fits(phone)
    shoot(phone, "approvals-phone-dark")
    phone.get_by_role("link", name="Read and decide").click()
    assert_accessible(phone)
    assert_fits(phone)
    shoot(phone, "approval-phone-dark")

    desk = signed_in(approver.email)
    desk.goto(f"/approvals/{row.pk}/")
    assert_accessible(desk)
    assert_fits(desk)
    shoot(desk, "approval")
    desk.get_by_role("button", name="Approve ·").focus()
    desk.keyboard.press("Enter")
    expect(desk.get_by_text("Approved and ordered as")).to_be_visible()
    assert (Order.objects.count(), ApprovalRequest.objects.get().state) == (1, "approved")


def test_an_administrator_sees_and_adds_rules(
    signed_in: Callable[..., Page], cast: Cast, assert_accessible: Callable[[Page], None],
    assert_fits: Callable[[Page], None], shoot: Callable[[Page, str], None],
) -> None:  # fmt: skip
    rule(cast)
    page = signed_in(cast.colleague.email)
    page.goto("/approvals/rules/")
    assert_accessible(page)
    assert_fits(page)
    shoot(page, "approval-rules")
    page.get_by_label("Amount").fill("250")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The rule is in force from now on.")).to_be_visible()
    page.goto("/approvals/away/")
    assert_accessible(page)
    phone = signed_in(cast.colleague.email, viewport=PHONE, color_scheme="dark")
    phone.goto("/approvals/rules/")
    assert_accessible(phone)
    assert_fits(phone)
    shoot(phone, "approval-rules-phone-dark")
