"""Carts for tests."""

from __future__ import annotations

from decimal import Decimal

from inventory.models import Item
from orders.models import Draft
from orders.process.drafts import Wanted, open_draft, put_into_draft
from tests.conftest import Cast

USUAL = (("FST-10001", 24), ("ELE-20002", 12))


def filled_cart(cast: Cast, *lines: tuple[str, int]) -> Draft:
    """The open cart of Harbor's buyer with (SKU, quantity) in the base unit; the usual two without any."""
    draft = open_draft(account=cast.harbor, user=cast.buyer)
    wanted = [(Item.objects.get(sku=sku), Decimal(quantity)) for sku, quantity in lines or USUAL]
    put_into_draft(draft=draft, wanted=[Wanted(item, item.base_unit, quantity) for item, quantity in wanted])
    return draft
