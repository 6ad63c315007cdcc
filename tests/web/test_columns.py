"""A reader leaves columns out of a list: on that list, for this session, and nothing of its rows is lost."""

from __future__ import annotations

import pytest
from django.test import Client

from orders.process.intake import place_order
from tests.clients import main_of, signed_in
from tests.conftest import Cast
from tests.orders.builders import asked
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db
BACK = {"referer": "http://testserver/orders/?view=all&q=PO"}


def seen(client: Client, address: str) -> str:
    return main_of(client.get(address).content.decode())


def test_a_column_is_left_out_of_its_list_alone_and_comes_back(cast: Cast, synced: SandboxProcess) -> None:
    order = place_order(order=asked(("FST-10001", "1", "EA", None)), source_key="t:1").order
    one, other = signed_in(cast.buyer), signed_in(cast.buyer)
    whole = seen(one, "/orders/?view=all")
    assert 'class="table stack orders "' in whole
    assert whole.count('name="show"') == whole.count(" checked") == 7
    answer = one.post("/columns/", {"list": "orders", "show": ["2", "3", "5", "6", "8"]}, headers=BACK)
    assert answer.headers["Location"] == BACK["referer"], "search and view stay as they were"
    left = seen(one, "/orders/?view=all")
    assert 'class="table stack orders no-4 no-7"' in left
    assert "2 left out" in left
    assert left.count(" checked") == 5
    assert order.po_number in left
    assert one.get("/orders.csv?view=all").getvalue() == other.get("/orders.csv?view=all").getvalue()  # type: ignore[attr-defined]
    assert 'class="table stack orders "' in seen(other, "/orders/?view=all"), "another session has what it had"
    assert " no-" not in seen(one, "/orders/lines/")
    one.post("/columns/", {"list": "orders", "show": [str(place) for place in range(2, 9)]}, headers=BACK)
    assert 'class="table stack orders "' in seen(one, "/orders/?view=all")


def test_our_people_read_whose_order_it_is_where_dealers_read_where_it_goes(cast: Cast, synced: SandboxProcess) -> None:
    place_order(order=asked(("FST-10001", "1", "EA", None)), source_key="t:1")
    for user, label, no in ((cast.buyer, "Ship to", "Account"), (cast.agent, "Account", "Ship to")):
        menu = seen(signed_in(user), "/orders/?view=all").partition('class="menu columns"')[2].partition("</form>")[0]
        assert f"> {label}</label>" in menu
        assert f"> {no}</label>" not in menu


def test_what_is_no_list_or_no_column_is_refused_and_changes_nothing(cast: Cast) -> None:
    client = signed_in(cast.buyer)
    assert client.post("/columns/", {"list": "nothing", "show": ["2"]}).status_code == 404
    assert client.get("/columns/").status_code == 405
    assert "columns" not in client.session
    client.post("/columns/", {"list": "orders", "show": ["2", "99", "x"]})
    assert client.session["columns"] == {"orders": [3, 4, 5, 6, 7, 8]}
    assert Client().post("/columns/", {"list": "orders"}).status_code == 302
