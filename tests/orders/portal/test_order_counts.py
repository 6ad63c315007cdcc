"""What the tabs of the order list count, for one company's people and for ours: right, in one statement, to 99."""

from __future__ import annotations

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from distportal.accounts.standing import standings_of
from distportal.events.sweeper import work_until_idle
from orders.models import Order, OrderLine
from orders.queries.order_counts import tab_count, tab_counts
from orders.queries.order_list import ORDER_TABS, orders_in_tab
from tests.clients import signed_in
from tests.conftest import Cast
from tests.orders.portal.conftest import placed_order, reload
from tests.orders.portal.test_order_list import copies
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db


@pytest.fixture
def late(cast: Cast, synced: SandboxProcess) -> Order:
    """One order with two late lines, one held, and one that waits."""
    order = placed_order(("HTL-40002", "30", "EA", None), ("HTL-40002", "40", "EA", None), po="LATE-1")
    placed_order(("FST-10001", "100", "ZZ", None), po="HELD-1", channel="edi")
    placed_order(("FST-10002", "1", "EA", None), po="OPEN-1")
    work_until_idle()
    OrderLine.objects.filter(order=order).update(status="backordered")
    return reload(order)


def test_our_people_get_in_one_statement_what_the_lists_have(cast: Cast, late: Order) -> None:
    tab_counts(cast.agent)
    with CaptureQueriesContext(connection) as ran:
        found = tab_counts(cast.agent)
    assert len(ran) == 1
    assert found == {"open": "3", "action": "1", "backordered": "1", "shipped": "0"}
    assert set(found) == {*ORDER_TABS} - {"all"}
    assert found == {tab: str(orders_in_tab(user=cast.agent, tab=tab).count()) for tab in found}


def test_an_order_is_late_while_it_is_open_and_one_line_is_late(cast: Cast, late: Order) -> None:
    first, second = OrderLine.objects.filter(order=late).order_by("position")
    for line, left in ((first, "1"), (second, "0")):
        OrderLine.objects.filter(pk=line.pk).update(shipped_quantity=line.quantity)
        assert tab_counts(cast.agent)["backordered"] == left
    OrderLine.objects.filter(pk=first.pk).update(shipped_quantity=0)
    assert tab_counts(cast.agent)["backordered"] == "1"
    Order.objects.filter(pk=late.pk).update(status="cancelled")
    assert tab_counts(cast.agent)["backordered"] == "0"


def test_what_only_our_people_can_answer_counts_for_them_alone(cast: Cast, late: Order) -> None:
    copies(late, 2, status="held")
    assert (tab_counts(cast.agent)["action"], tab_counts(cast.buyer)["action"]) == ("3", "1")


def test_counts_stop_at_99_for_everybody(cast: Cast, late: Order) -> None:
    copies(late, 120)
    OrderLine.objects.bulk_create(
        OrderLine(order=order, position=1, line_no="1", quantity=1, unit="EA", status="backordered")
        for order in Order.objects.filter(po_number__startswith="COPY")
    )
    assert tab_counts(cast.agent) == {"open": "99+", "action": "1", "backordered": "99+", "shipped": "0"}
    assert (tab_count(cast.agent, "backordered"), tab_count(cast.agent, "action")) == (100, 1)


def test_people_of_a_company_count_their_own(cast: Cast, late: Order) -> None:
    mine = {"open": "3", "action": "1", "backordered": "1", "shipped": "0"}
    for user, wanted in ((cast.buyer, mine), (cast.stranger, dict.fromkeys(mine, "0"))):
        assert tab_counts(user) == wanted, "of all companies that they may act for"
        [user.standing] = standings_of(user)
        assert tab_counts(user) == wanted, "of the one that they act for now"


def test_the_menu_says_99_and_more_where_no_further_was_counted(cast: Cast, late: Order) -> None:
    def said() -> list[str]:
        nav = signed_in(cast.agent).get("/").context["nav"]
        return [entry["told"] for entries in nav.values() for entry in entries if entry["href"] == "/orders/"]

    assert said() == ["1"]
    copies(late, 98, status="held")
    assert said() == ["99"]
    one = Order.objects.get(po_number="COPY-7")
    one.pk, one.number, one.po_norm = uuid.uuid4(), late.number - 99, "COPY99"
    one.save(force_insert=True)
    page = signed_in(cast.agent).get("/orders/").content.decode()
    assert said() == ["99+"]
    assert 'aria-label="99+ waiting">99+<' in page
