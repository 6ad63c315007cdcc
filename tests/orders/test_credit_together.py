"""An account's credit is given away once, however many orders of it are decided at the same moment."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable
from decimal import Decimal
from functools import partial

import pytest
from django.db import transaction
from django.utils import timezone

from distportal.accounts.models import Account
from exceptions.models import Case
from orders.models import Order, OrderFinding
from orders.process.corrections import correct_order
from orders.process.intake import Asking, place_orders
from tests.at_once import at_once, waiting_for_lock
from tests.bench.company import found_company, sku
from tests.orders.builders import asked

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _credit(transactional_db: None) -> None:
    """Two buyers, each with credit for one order of 25.00 and not for two."""
    found_company()
    for code in ("CRESTLINE", "HARBOR"):
        Account.objects.filter(code=code).update(
            credit_as_of=timezone.now(), credit_limit=Decimal(40), credit_balance=Decimal(10)
        )


def asking(po: str, item: int, account: str = "CRESTLINE") -> Asking:
    """Twenty of an item at the price of the contract, or as many at a stated price that comes to the same."""
    ship_to = "0117" if account == "CRESTLINE" else "HARBOR-01"
    price = None if account == "CRESTLINE" else "1.40"
    return Asking(
        order=asked((sku(item), "20", "EA", price), po=po, account=account, ship_to=ship_to, channel="edi"),
        source_key=f"t:{po}",
        correlation_id=uuid.uuid4(),
    )


def waits_while_open(first: Asking, late: Callable[[], object]) -> int:
    """`first` is placed, and before its commit `late` begins by a connection of its own; how many waited for a named
    lock then. Both are done afterwards.
    """
    thread = threading.Thread(target=lambda: at_once(late))
    with transaction.atomic():
        place_orders(askings=[first])
        thread.start()
        ends, waiting = time.monotonic() + 20, 0
        while not waiting and thread.is_alive() and time.monotonic() < ends:
            time.sleep(0.02)
            waiting = waiting_for_lock("advisory")
    thread.join(20)
    assert not thread.is_alive()
    return waiting


def codes(po: str) -> set[str]:
    """What was found of an order that was not plainly accepted."""
    return set(OrderFinding.objects.filter(order__po_number=po, action="hold").values_list("code", flat=True))


def status(po: str) -> str:
    return Order.objects.get(po_number=po).status


def test_the_second_of_two_batches_is_decided_when_the_first_is_known() -> None:
    """Other POs, other goods: nothing but the credit is the same."""
    second = [asking("PO-2", 2), asking("PO-3", 3)]
    assert waits_while_open(asking("PO-1", 1), partial(place_orders, askings=second)) == 1
    assert [status(po) for po in ("PO-1", "PO-2", "PO-3")] == ["accepted", "held", "held"]
    assert codes("PO-2") == codes("PO-3") == {"credit_exceeded"}
    assert Case.objects.count() == 2


def test_of_orders_of_the_same_moment_one_gets_the_credit() -> None:
    numbers = [f"PO-{n}" for n in range(4)]
    at_once(*(partial(place_orders, askings=[asking(po, n)]) for n, po in enumerate(numbers)))
    assert sorted(status(po) for po in numbers) == ["accepted", "held", "held", "held"]


def test_a_held_order_that_is_decided_again_waits_for_those_of_its_account() -> None:
    Account.objects.filter(code="CRESTLINE").update(credit_limit=0)
    place_orders(askings=[asking("PO-1", 1)])
    held = Order.objects.get(po_number="PO-1")
    Account.objects.filter(code="CRESTLINE").update(credit_limit=Decimal(40))
    again = partial(
        correct_order, order_id=held.pk, version=held.version, changes={}, reason="credit was raised", actor="finance"
    )
    assert waits_while_open(asking("PO-2", 2), again) == 1
    assert (status("PO-1"), status("PO-2")) == ("held", "accepted")


def test_other_accounts_do_not_wait() -> None:
    with transaction.atomic():
        place_orders(askings=[asking("PO-1", 1)])
        at_once(partial(place_orders, askings=[asking("PO-9", 2, account="HARBOR")]))
        assert status("PO-9") == "accepted"
    assert status("PO-1") == "accepted"


def test_where_no_credit_is_known_nobody_waits() -> None:
    Account.objects.update(credit_as_of=None)
    with transaction.atomic():
        place_orders(askings=[asking("PO-1", 1)])
        at_once(partial(place_orders, askings=[asking("PO-2", 2)]))
        assert status("PO-2") == "accepted"
