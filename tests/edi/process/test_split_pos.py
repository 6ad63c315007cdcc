"""A PO that two ERPs share is answered as the one PO that it is: one 855, and 856 and 810 by the buyer's own lines."""

from __future__ import annotations

import pytest

from distportal.events.sweeper import work_until_idle
from exceptions.models import Case
from orders.models import Order
from orders.process.erp_feed import sync_erp
from orders.process.erp_split import split_order
from tests.edi.conftest import Post
from tests.edi.process.orders import segments
from tests.two_erps.apart import set_apart, splits_by_itself
from tests.two_erps.conftest import OTHER, SKU, Two, new_process, two

__all__ = ["new_process", "two"]
pytestmark = pytest.mark.django_db


def test_one_855_answers_for_both_orders_and_each_ships_and_bills_the_po(crestline: Post, two: Two) -> None:
    """Once split by a person, once by the policy."""
    set_apart()
    crestline.agree("in", "850")
    crestline.agree("out", "855", "856", "810")
    account = crestline.partner.account
    assert account is not None
    crestline.take(crestline.order((OTHER, "2", ""), (SKU, "3", ""), po="CR-1"))
    held = Order.objects.get(po_number="CR-1")
    assert (held.status, crestline.sets("855")) == ("held", [])
    split_order(order_id=held.pk, version=1, reason="two ERPs", actor="Ann")
    work_until_idle()
    splits_by_itself(account.code)
    crestline.take(crestline.order((OTHER, "2", ""), (SKU, "3", ""), po="CR-2"))
    answers = crestline.sets("855")
    assert [segments(answer, "BAK") for answer in answers] == [[["00", "AD", "CR-1"]], [["00", "AD", "CR-2"]]]
    for answer in answers:
        assert segments(answer, "PO1", upto=3) == [["1", "2"], ["2", "3"]]
        assert segments(answer, "ACK", upto=3) == [["IA", "2"], ["IA", "3"]]
    for name, process in (("default", two.old), ("new", two.new)):
        orders = Order.objects.filter(erp=name)
        assert [order.status for order in orders] == ["confirmed", "confirmed"]
        for order in orders:
            process.ship(order.erp_number)
            process.invoice(order.erp_number)
        sync_erp(of=name)
    work_until_idle()
    shipped, billed = crestline.sets("856"), crestline.sets("810")
    assert sorted(row[1] for rows in shipped for row in rows if row[0] == "PRF") == ["CR-1", "CR-1", "CR-2", "CR-2"]
    assert sorted(row[1] for rows in shipped for row in rows if row[0] == "LIN") == ["1", "1", "2", "2"]
    assert sorted(row[4] for rows in billed for row in rows if row[0] == "BIG") == ["CR-1", "CR-1", "CR-2", "CR-2"]
    lines = sorted((row[1], row[2]) for rows in billed for row in rows if row[0] == "IT1")
    assert lines == [("1", "2"), ("1", "2"), ("2", "3"), ("2", "3")]
    assert crestline.sets("855") == answers, "each is answered once"
    assert not Case.objects.exclude(status="resolved").exists()
