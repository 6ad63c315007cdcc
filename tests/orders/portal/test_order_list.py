"""The list of orders as dealers use it: tabs with counts, search by any name, cursors, files."""

from __future__ import annotations

import csv
import datetime as dt
import io

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from distportal.accounts.choices import Role
from distportal.accounts.models import Membership
from distportal.events.sweeper import work_until_idle
from orders.models import Order, OrderLine, Shipment
from orders.portal.rows.owed import OwedRows
from orders.process.erp_feed import sync_erp
from orders.queries.order_counts import capped
from orders.queries.order_list import first_orders, orders_in_tab
from orders.queries.owed_list import first_owed, owed_lines
from tests.clients import signed_in
from tests.conftest import Cast
from tests.orders.portal.conftest import placed_order, reload
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db


def shown(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return str(answer.content.decode())


def copies(order: Order, many: int, status: str = "confirmed") -> None:
    """Older orders like this one, without the work of placing them."""
    Order.objects.bulk_create(
        Order(
            number=order.number - n, account=order.account, channel="portal", po_number=f"COPY-{n}",
            po_norm=f"COPY{n}", ordered_on=order.ordered_on, canonical=order.canonical, content_hash=f"{n}",
            status=status, correlation_id=order.correlation_id,
        )
        for n in range(1, many + 1)
    )  # fmt: skip


def test_each_tab_has_its_orders_and_counts_stop_at_99(cast: Cast, synced: SandboxProcess) -> None:
    held = placed_order(("FST-10001", "100", "ZZ", None), po="HELD-1", channel="edi")
    placed_order(("HTL-40002", "30", "EA", None), po="LATE-1")
    done = placed_order(("FST-10002", "12", "EA", None), po="DONE-1")
    work_until_idle()
    synced.ship(reload(done).erp_number)
    sync_erp()
    tabs = {
        tab: set(orders_in_tab(user=cast.buyer, tab=tab).values_list("po_number", flat=True))
        for tab in ("open", "action", "backordered", "shipped", "all")
    }
    assert tabs == {
        "open": {"HELD-1", "LATE-1"},
        "action": {"HELD-1"},
        "backordered": {"LATE-1"},
        "shipped": {"DONE-1"},
        "all": {"HELD-1", "LATE-1", "DONE-1"},
    }
    for tab in tabs:
        assert first_orders(cast.harbor.pk, tab) == list(orders_in_tab(user=cast.buyer, tab=tab)), "prepared or not"
    copies(held, 120)
    buyer = signed_in(cast.buyer)
    page = shown(buyer, "/orders/")
    assert '<span class="count">99+</span>' in page
    assert str(held) not in shown(buyer, "/orders/?view=shipped")
    assert [capped(n) for n in (0, 99, 100)] == ["0", "99", "99+"]


def test_any_name_finds_the_order_and_strangers_find_nothing(cast: Cast, synced: SandboxProcess) -> None:
    order, other = placed_order(po="HH-4711/a"), placed_order(("FST-10003", "5", "EA", None), po="ZZ-9")
    work_until_idle()
    synced.ship(reload(order).erp_number)
    sync_erp()
    shipment = Shipment.objects.get(order=order)
    Shipment.objects.filter(pk=shipment.pk).update(tracking_number="1Z999")
    buyer, stranger = signed_in(cast.buyer), signed_in(cast.stranger)
    for text in ("hh 4711 A", "4711", f"SO-{order.number}", str(order.number), "fst-10002", "1Z999", order.erp_number):
        page = shown(buyer, f"/orders/?view=all&q={text}")
        assert (f"/orders/{order.number}/" in page, f"/orders/{other.number}/" in page) == (True, False), text
        assert f"/orders/{order.number}/" not in shown(stranger, f"/orders/?view=all&q={text}")
        assert f"/orders/{order.number}/" in shown(signed_in(cast.agent), f"/orders/?view=all&q={text}")
    assert "Nothing found" in shown(buyer, "/orders/?view=all&q=%27%3B--")


def test_pages_are_steady_while_orders_come_in_and_go_both_ways(cast: Cast, synced: SandboxProcess) -> None:
    first = placed_order(po="FIRST-1")
    copies(first, 120)
    buyer = signed_in(cast.buyer)
    one = buyer.get("/orders/?view=all")
    seen = [row.order.number for row in one.context["rows"]]
    placed_order(("FST-10003", "1", "EA", None), po="NEW-1")
    two = buyer.get("/orders/", {"view": "all", "cursor": one.context["page"].older})
    seen += [row.order.number for row in two.context["rows"]]
    three = buyer.get("/orders/", {"view": "all", "cursor": two.context["page"].older})
    seen += [row.order.number for row in three.context["rows"]]
    assert seen == list(range(first.number, first.number - 121, -1))
    assert three.context["page"].older == ""
    back = buyer.get("/orders/", {"view": "all", "cursor": three.context["page"].newer})
    assert [r.order.number for r in back.context["rows"]] == [r.order.number for r in two.context["rows"]]
    for nonsense in ("o:x", "n:", "zz", "o:1~2", "o:"):
        assert buyer.get("/orders/", {"view": "all", "cursor": nonsense}).status_code == 200


def test_the_list_takes_as_many_queries_for_many_as_for_few(cast: Cast, synced: SandboxProcess) -> None:
    order = placed_order(po="FIRST-1")
    buyer = signed_in(cast.buyer)

    def queries(address: str) -> int:
        shown(buyer, address)
        with CaptureQueriesContext(connection) as ran:
            shown(buyer, address)
        assert not any("COUNT(*)" in q["sql"] and "LIMIT" not in q["sql"] for q in ran if 'orders_order"' in q["sql"])
        return len(ran)

    addresses = ("/orders/", "/orders/?q=FIRST", "/orders/lines/", f"/orders/{order.number}/", "/")
    few = [queries(address) for address in addresses]
    copies(order, 60)
    assert [queries(address) for address in addresses] == few
    assert few[0] <= 16, few


def test_the_file_has_what_the_filter_has(cast: Cast, synced: SandboxProcess) -> None:
    placed_order(po="HH-1")
    placed_order(("FST-10003", "5", "EA", None), po="=cmd|1")
    buyer = signed_in(cast.buyer)

    def table(address: str) -> list[list[str]]:
        answer = buyer.get(address)
        assert answer.headers["Content-Type"].startswith("text/csv")
        return list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode())))  # type: ignore[attr-defined]

    rows = table("/orders.csv?view=all&q=FST-10003")
    assert [row[1] for row in rows] == ["po", "'=cmd|1"], "what a spreadsheet would run is made harmless"
    assert [row[3] for row in table("/orders/lines.csv?q=HH-1")] == ["item", "FST-10001", "FST-10002"]
    nothing = b"".join(signed_in(cast.stranger).get("/orders.csv?view=all").streaming_content)  # type: ignore[attr-defined]
    assert nothing.count(b"\n") == 1


def test_open_lines_are_what_is_still_owed(cast: Cast, part_shipped: Order) -> None:
    [line] = owed_lines(user=cast.buyer)
    page = shown(signed_in(cast.buyer), "/orders/lines/")
    assert (line.line_no, line.open_quantity) == ("1", line.quantity - line.shipped_quantity)
    assert f"{line.open_quantity.normalize():,f} EA" in page
    assert not owed_lines(user=cast.stranger).exists()


def test_the_first_page_of_open_lines_is_the_same_however_it_is_asked_for(cast: Cast, part_shipped: Order) -> None:
    [line] = owed_lines(user=cast.buyer)
    OrderLine.objects.bulk_create(
        OrderLine(
            order=part_shipped, position=n, line_no=str(n), item=line.item, quantity=n, unit="EA", status="accepted",
            promised_on=dt.date(2027, 1, 1 + n % 7) if n % 9 else None, warehouse=line.warehouse,
            shipped_quantity=n if n == 70 else 0, description=f"row {n}",
        )
        for n in range(10, 72)
    )  # fmt: skip
    account = part_shipped.account.pk
    every = list(owed_lines(user=cast.buyer))
    assert len(every) == 62
    assert first_owed(account) == every[:51]
    assert first_owed(cast.stranger.memberships.earliest("pk").account_id) == []
    buyer = signed_in(cast.buyer)
    asked = [buyer.get(f"/orders/lines/{rest}").context["page"] for rest in ("", "?page=1", "?page=01", "?page=2")]
    assert [list(page) for page in asked] == [every[:50], every[:50], every[:50], every[50:]]
    assert [(page.number, page.has_next()) for page in asked] == [(1, True), (1, True), (1, True), (2, False)]
    with CaptureQueriesContext(connection) as ran:
        drawn = [str(OwedRows(accounts=False).row(one)) for one in first_owed(account)]
    assert (len(drawn), len(ran)) == (51, 1), "a row asks for nothing more"


def test_who_may_not_order_is_offered_no_new_order(cast: Cast, synced: SandboxProcess) -> None:
    assert "New order" in shown(signed_in(cast.buyer), "/orders/")
    Membership.objects.filter(user=cast.buyer).update(role=Role.VIEWER)
    assert "New order" not in shown(signed_in(cast.buyer), "/orders/")
