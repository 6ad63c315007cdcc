"""What changed in many rows goes in by one statement, and is what saving each of them leaves."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import FieldDoesNotExist, ObjectDoesNotExist
from django.db import DataError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from distportal.common.changed_rows import update_rows
from inventory.models import Item

pytestmark = pytest.mark.django_db

LONG_AGO = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)


@pytest.fixture
def items() -> list[Item]:
    """Three that were last changed long ago."""
    for sku in "ABC":
        Item.objects.create(
            sku=sku, code_norm=sku, erp_code=sku, name=sku, list_price=1, weight_lb=2, as_of=timezone.now()
        )
    Item.objects.update(updated_at=LONG_AGO)
    return list(Item.objects.order_by("sku"))


def test_rows_are_there_as_saving_each_would_leave_them(items: list[Item]) -> None:
    first, second, _third = items
    packs = [{"unit": "CA", "size": "12", "barcode": "\\", "sold": True}]
    first.name, first.weight_lb, first.packs = 'Tab\t, "quoted", {braces}', Decimal("0.990"), packs
    second.name, second.weight_lb, second.packs = "", None, []
    first.erp_code = "not named, not saved"
    with CaptureQueriesContext(connection) as told:
        update_rows([second, first], ["name", "weight_lb", "packs"])
    assert len(told) == 1
    now = {item.sku: item for item in Item.objects.all()}
    assert (now["A"].name, now["A"].weight_lb, now["A"].packs) == (first.name, Decimal("0.990"), packs)
    assert (now["B"].name, now["B"].weight_lb, now["B"].packs) == ("", None, [])
    assert now["A"].erp_code == "A"
    assert now["A"].updated_at == first.updated_at > LONG_AGO, "as a save notes it"
    assert (now["C"].name, now["C"].updated_at) == ("C", LONG_AGO)


def test_a_row_that_is_gone_is_told_and_leaves_the_others_as_they_were(items: list[Item]) -> None:
    Item.objects.filter(sku="B").delete()
    for item in items:
        item.name = "changed"
    with pytest.raises(ObjectDoesNotExist, match="1 of 3 rows"), transaction.atomic():
        update_rows(items, ["name"])
    assert set(Item.objects.values_list("name", flat=True)) == {"A", "C"}


def test_a_field_of_lists_is_refused(items: list[Item]) -> None:
    with pytest.raises(ValueError, match="barcodes"):
        update_rows(items, ["name", "barcodes"])


def test_what_is_too_long_is_refused_and_not_cut(items: list[Item]) -> None:
    items[0].name = "n" * 161
    with pytest.raises(DataError, match="too long"), transaction.atomic():
        update_rows(items, ["name"])
    assert set(Item.objects.values_list("name", flat=True)) == {"A", "B", "C"}


def test_a_name_that_is_no_fields_is_refused_and_nothing_is_written(items: list[Item]) -> None:
    items[0].name = "changed"
    with pytest.raises(FieldDoesNotExist, match="nmae"):
        update_rows(items, ["name", "nmae"])
    assert set(Item.objects.values_list("name", flat=True)) == {"A", "B", "C"}


def test_no_rows_need_no_statement() -> None:
    with CaptureQueriesContext(connection) as told:
        update_rows([], ["name"])
    assert len(told) == 0
