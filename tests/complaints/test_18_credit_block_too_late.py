"""Complaint 18: "Credit block too late": it came at invoice time; here it is said before the button is pressed."""

from __future__ import annotations

from decimal import Decimal

import pytest

from distportal.accounts.models import Account
from orders.models import ErpCommand, Order
from orders.process.intake import place_order
from tests.clients import signed_in
from tests.conftest import Cast
from tests.orders.builders import asked
from tests.orders.cart.filling import filled_cart
from tests.orders.cart.form import Form, page_of, submit
from tests.orders.changes.conftest import ask, change, line_change
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db


def credit(cast: Cast, limit: str, balance: str) -> None:
    Account.objects.filter(pk=cast.harbor.pk).update(credit_limit=Decimal(limit), credit_balance=Decimal(balance))


def test_balance_limit_and_what_is_left_stand_before_the_button(cast: Cast, synced: SandboxProcess) -> None:
    filled_cart(cast, ("FST-10001", 100))  # $46.00 by contract
    credit(cast, "1000", "200")
    text = signed_in(cast.buyer).get("/cart/").content.decode()
    for told in ("$200.00", "$1,000.00", "$754.00 of your credit are left after this order."):
        assert told in text
    assert Form(text).place_button == "Place order"


def test_an_order_over_the_limit_says_that_it_will_be_held_and_is(cast: Cast, synced: SandboxProcess) -> None:
    draft = filled_cart(cast, ("FST-10001", 100))
    credit(cast, "240", "200")
    client = signed_in(cast.buyer)
    text = client.get("/cart/").content.decode()
    assert "This order goes $6.00 over your credit limit, so it will be held: credit." in text
    page = Form(text)
    assert page.place_button == "Place order (will be held: credit)"
    assert submit(client, page, po_number="4711").status_code == 302
    assert Order.objects.get().status == "held"
    assert not ErpCommand.objects.exists()
    assert "Customer service looks at it first: credit." in client.get(f"/cart/placed/{draft.pk}/").content.decode()


def test_a_limit_that_fell_since_the_page_is_told_before_anything_is_ordered(
    cast: Cast, synced: SandboxProcess
) -> None:
    filled_cart(cast, ("FST-10001", 100))
    credit(cast, "1000", "0")
    client = signed_in(cast.buyer)
    page = page_of(client)
    credit(cast, "10", "0")
    answer = submit(client, page, po_number="4711")
    assert answer.status_code == 409
    assert "What will happen now: Place order (will be held: credit)" in answer.content.decode()
    assert not Order.objects.exists()


def test_an_order_that_grows_afterwards_is_judged_by_the_same_limit(cast: Cast, synced: SandboxProcess) -> None:
    credit(cast, "240", "200")
    order = place_order(order=asked(("FST-10001", "10", "EA", None)), source_key="t:1").order
    assert order.status == "accepted"
    done = ask(order, change(line_change("1", quantity=Decimal(100))))
    assert (done.status, done.reason) == ("held", "This order goes $6.00 over the credit limit")
    assert order.lines.get().quantity == 10, "the order goes on as it was"
    assert set(ErpCommand.objects.values_list("kind", flat=True)) == {"order"}, "the ERP hears of no change"
