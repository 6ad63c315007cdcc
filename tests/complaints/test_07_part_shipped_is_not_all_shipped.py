"""Complaint 7: an order of which a part had left was shown as shipped, and nobody could list what was still owed.

(portal.md, section 4, number 14.)
"""

from __future__ import annotations

import pytest

from orders.models import Order
from tests.clients import signed_in
from tests.conftest import Cast
from tests.orders.portal.conftest import part_shipped, reload

__all__ = ["part_shipped"]

pytestmark = pytest.mark.django_db


def test_what_is_still_owed_is_said_on_every_page(cast: Cast, part_shipped: Order) -> None:
    buyer, line = signed_in(cast.buyer), part_shipped.lines.get(line_no="1")
    assert (reload(part_shipped).status, 0 < line.shipped_quantity < line.quantity) == ("part_shipped", True)
    listed = buyer.get("/orders/").content.decode()
    assert f"/orders/{part_shipped.number}/" in listed
    assert "1 of 2 · 1 in part" in listed
    assert f"/orders/{part_shipped.number}/" not in buyer.get("/orders/?view=shipped").content.decode()
    page = buyer.get(f"/orders/{part_shipped.number}/")
    text = page.content.decode()
    assert "Partly shipped: 1 of 2 lines are still to come" in text
    assert "All of it has left" not in text
    for row in page.context["rows"]:
        much = row["much"]
        assert much.ordered == much.shipped + much.open + much.cancelled
    much = next(row["much"] for row in page.context["rows"] if row["line"].line_no == "1")
    assert (much.ordered, much.open) == (line.quantity, line.quantity - line.shipped_quantity)
    owed = buyer.get("/orders/lines/").content.decode()
    assert line.item.sku in owed  # type: ignore[union-attr]
    assert "FST-10002" not in owed
