"""Whatever channels, ERP and feed do in whatever order: never oversold, never leaked, never counted twice."""

from __future__ import annotations

import pytest

from inventory import registry
from tests.inventory.stock_machine import StockMachine, source
from tests.machines import run_machine


@pytest.mark.django_db(transaction=True)
def test_stock_is_never_oversold_leaked_or_counted_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_sources", [source()])
    run_machine(StockMachine, examples=18, steps=15)
