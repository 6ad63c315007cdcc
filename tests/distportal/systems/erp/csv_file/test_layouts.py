"""A layout is data that people write: every slip is told with its place, before anything is sent."""

from __future__ import annotations

from typing import Any

import pytest

from distportal.systems.connections import read_settings
from distportal.systems.errors import Misconfigured
from tests.distportal.systems.erp.csv_file.legacy import LAYOUTS, SETTINGS

ORDER = LAYOUTS["order"]
TWICE = [{"field": f, "name": f} for f in ("sku", "warehouse", "on_hand", "sku")]
STOCK = {"files": "S*", "columns": [{"field": f, "name": f} for f in ("sku", "warehouse", "on_hand")]}


@pytest.mark.parametrize(
    ("layouts", "told"),
    [
        ({}, "no layout of the kind order"),
        ({"order": ORDER, "stok": {}}, "stok: there is no such kind of file"),
        ({"order": {**ORDER, "seperator": ";"}}, "layouts.order: there is no setting seperator"),
        ({"order": {**ORDER, "header": "yes"}}, "layouts.order: header has to be of the type bool"),
        ({"order": {**ORDER, "separator": ";;"}}, "one character each"),
        ({"order": {**ORDER, "encoding": "latin9000"}}, "unknown encoding: latin9000"),
        ({"order": {**ORDER, "columns": []}}, "columns is a list with something in it"),
        ({"order": {**ORDER, "columns": [{"field": "order_key"}]}}, "no column for line_key, quantity, sku"),
        ({"order": {**ORDER, "columns": [{"field": "colour"}]}}, "columns[0]: order files have no field colour"),
        ({"order": ORDER, "stock": {**STOCK, "files": ""}}, "files says which names are of this kind"),
        ({"order": ORDER, "stock": {**STOCK, "full": True}}, "full is for price files"),
        ({"order": ORDER, "stock": {**STOCK, "header": False}}, "without a heading a column has a position"),
        ({"order": ORDER, "stock": {**STOCK, "format": "fixed"}}, "a start from 1 on and a width"),
        ({"order": ORDER, "stock": {**STOCK, "format": "xml"}}, "format is delimited or fixed"),
        ({"order": ORDER, "stock": {**STOCK, "columns": TWICE}}, "two columns"),
    ],
)  # fmt: skip
def test_a_slip_is_told_with_its_place(layouts: dict[str, Any], told: str) -> None:
    with pytest.raises(Misconfigured) as caught:
        read_settings("csv_file", {**SETTINGS, "folder": "/srv/erp", "layouts": layouts})
    assert caught.value.code == "erp.connection_invalid"
    assert told in caught.value.message


def test_a_status_means_one_of_the_ports_stages() -> None:
    with pytest.raises(Misconfigured) as caught:
        read_settings("csv_file", {**SETTINGS, "folder": "/srv/erp", "statuses": {"OK": "fine"}})
    assert "fine is none of received, draft, accepted" in caught.value.message
