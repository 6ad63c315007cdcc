"""Objects by the thousand: the same as those of the constructor; and asking for many values with one."""

from __future__ import annotations

import uuid
from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import BigIntegerField, CharField, Q
from django.test.utils import CaptureQueriesContext

from distportal.common.among import Among
from distportal.common.bulk import insert_rows
from distportal.common.fresh_rows import fresh_row
from inventory.models import Item, Promise, StockLevel
from orders.models import Order, OrderLine
from tests.bench.company import found_company, sku


def told(row: OrderLine) -> dict[str, object]:
    return {field.attname: getattr(row, field.attname) for field in OrderLine._meta.concrete_fields}


def test_a_fresh_row_is_what_the_constructor_makes() -> None:
    order, item, key = Order(number=1), Item(pk=7, sku="A"), uuid.uuid4()
    values = {"id": key, "order": order, "position": 3, "item": item, "original_item": None, "quantity": Decimal(2)}
    fresh, made = fresh_row(OrderLine, **values), OrderLine(**values)
    assert told(fresh) == told(made)
    assert (fresh.order, fresh.item, fresh.original_item) == (order, item, None)
    assert (fresh._state.adding, fresh._state.db) == (True, None)


def test_defaults_that_are_made_are_made_for_each() -> None:
    one, other = fresh_row(OrderLine, position=1), fresh_row(OrderLine, position=2)
    assert one.pk != other.pk
    one.parts.append({"key": "1"})
    assert other.parts == [] == OrderLine().parts


def test_a_name_that_is_no_field_is_refused() -> None:
    with pytest.raises(TypeError, match="OrderLine has no field colour, size"):
        fresh_row(OrderLine, size=1, colour="red", position=1)


@pytest.mark.django_db
def test_fresh_rows_go_into_the_table() -> None:
    insert_rows([fresh_row(Promise, demand_ref=f"t:{n}", quantity=Decimal(n), by="t") for n in range(3)])
    rows = Promise.objects.order_by("pk")
    assert [(row.demand_ref, row.quantity, row.parts, row.reason) for row in rows] == [
        (f"t:{n}", Decimal(n), [], "") for n in range(3)
    ]
    assert all(row.made_at for row in rows), "the database says when"


@pytest.mark.django_db
def test_among_is_in_with_one_placeholder() -> None:
    found_company()
    wanted = [sku(n) for n in (3, 1)]
    odd = ["", 'a "quoted", one', "{braces}", "back\\slash"]
    by_name = Item.objects.filter(Q(Among("sku", [*wanted, *odd], of=CharField())) | Q(upc__in=["none"]))
    assert list(by_name.values_list("sku", flat=True)) == sorted(wanted)
    ids = list(by_name.values_list("pk", flat=True))
    stock = StockLevel.objects.filter(Among("item_id", ids, of=BigIntegerField()))
    with CaptureQueriesContext(connection) as queries:
        assert {row.item_id for row in stock} == set(ids)
    assert "= ANY(" in queries[0]["sql"]
    assert not StockLevel.objects.filter(Among("item_id", [], of=BigIntegerField())).exists()
