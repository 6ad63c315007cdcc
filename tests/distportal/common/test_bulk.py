"""Rows that go in by COPY are as those of an insert: defaults, errors, and nothing by halves."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from distportal.common.bulk import insert_missing, insert_rows, without_copy
from distportal.events.models import PausedKind
from inventory.models import Item, Promise

pytestmark = pytest.mark.django_db


def item(sku: str, **more: object) -> Item:
    fields = {
        "sku": sku,
        "code_norm": sku,
        "erp_code": sku,
        "name": 'Tab\t, line\n, \\N and "',
        "list_price": Decimal("1.50"),
    }
    return Item(**(fields | {"as_of": timezone.now()} | more))  # type: ignore[arg-type]


@pytest.mark.parametrize("copies", [True, False], ids=["copy", "insert"])
def test_rows_are_there_as_they_were_made(copies: bool) -> None:
    packs = [{"unit": "CA", "size": "12", "barcode": "\\", "sold": True}]
    made = [item("A", packs=packs, barcodes=["1", "2,3"]), item("B")]
    with without_copy(holds=not copies):
        insert_rows(made)
    first, second = Item.objects.order_by("sku")
    assert (first.name, first.packs, first.barcodes) == ('Tab\t, line\n, \\N and "', packs, ["1", "2,3"])
    assert (first.list_price, second.barcodes, second.packs) == (Decimal("1.50"), [], [])
    assert first.created_at <= timezone.now()
    insert_rows([])
    assert Item.objects.count() == 2


def test_what_the_database_fills_in_is_read_when_asked() -> None:
    promise = Promise(demand_ref="t:1", quantity=Decimal(1), by="the test")
    insert_rows([promise])
    assert promise.pk is None, "numbers of COPY are not told"
    assert Promise.objects.get().made_at is not None


def test_a_row_that_cannot_be_leaves_none_of_them() -> None:
    with pytest.raises(IntegrityError, match="sku"), transaction.atomic():
        insert_rows([item("A"), item("B"), item("A", erp_code="C")])
    assert not Item.objects.exists()


def test_rows_that_leave_different_columns_to_the_database_are_refused() -> None:
    rows = [Promise(demand_ref=f"t:{n}", quantity=Decimal(1), by="the test") for n in range(2)]
    rows[1].made_at = timezone.now()
    with pytest.raises(ValueError, match="leave a column"):
        insert_rows(rows)
    assert not Promise.objects.exists()


def test_what_is_there_already_stays_as_it_is_and_the_others_are_added() -> None:
    insert_missing([PausedKind(kind="a", reason="first", actor="ops")])
    with CaptureQueriesContext(connection) as told:
        insert_missing([PausedKind(kind=kind, reason="again, \\N", actor="ops") for kind in ("a", "b", "b")])
    assert len(told) == 1
    assert list(PausedKind.objects.order_by("kind").values_list("kind", "reason")) == [
        ("a", "first"),
        ("b", "again, \\N"),
    ]
    insert_missing([])


def test_lists_are_refused_where_rows_are_made_of_lists() -> None:
    with pytest.raises(ValueError, match="barcodes"):
        insert_missing([item("A", barcodes=["1"])])
    assert not Item.objects.exists()
