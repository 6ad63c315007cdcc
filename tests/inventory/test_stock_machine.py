"""Whatever channels, ERP and feed do in whatever order: never oversold, never leaked, never counted twice."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from inventory import registry
from tests.inventory.stock_machine import StockMachine, source


@pytest.mark.django_db(transaction=True)
def test_stock_is_never_oversold_leaked_or_counted_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_sources", [source()])
    run_state_machine_as_test(
        StockMachine,
        settings=settings(
            max_examples=18,
            stateful_step_count=15,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
