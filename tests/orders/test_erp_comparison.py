"""What the ERP stored is compared with what was agreed: lines, prices, and the total of all or of what is confirmed."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from distportal.systems.erp.port import ConfirmedLine, DraftLine, OrderDraft, OrderState
from orders.process.erp_comparison import content_difference

NOW = dt.datetime(2026, 11, 25, tzinfo=dt.UTC)
DRAFT = OrderDraft(
    order_key="NL-1", content_hash="h", customer="HARBOR", ship_to="", currency="USD",
    lines=(
        DraftLine(line_key="1", sku="A", quantity=Decimal(12), unit="EA", unit_price=Decimal("8.80")),
        DraftLine(line_key="2", sku="B", quantity=Decimal(1), unit="EA", unit_price=Decimal("5.00")),
    ),
)  # fmt: skip


def held(total: str, *lines: tuple[str, int, str]) -> str:
    state = OrderState(
        order_key="NL-1", erp_id="1", number="4711", stage="accepted", as_of=NOW, total=Decimal(total),
        lines=tuple(ConfirmedLine(line_key=k, quantity=Decimal(q), unit_price=Decimal(p)) for k, q, p in lines),
    )  # fmt: skip
    return content_difference(DRAFT, state)


@pytest.mark.parametrize("total", ["110.60", "93.00", "110.62"])
def test_less_confirmed_is_no_difference_whichever_total_the_erp_tells(total: str) -> None:
    assert held(total, ("1", 10, "8.80"), ("2", 1, "5.00")) == ""


@pytest.mark.parametrize(
    ("total", "lines", "told"),
    [
        ("110.60", [("1", 12, "8.90"), ("2", 1, "5.00")], "line 1: agreed were $8.80, the ERP holds $8.90"),
        ("105.60", [("1", 12, "8.80")], "lacks line 2"),
        ("110.60", [("1", 12, "8.80"), ("2", 1, "5.00"), ("3", 1, "0.00")], "holds a line 3"),
        ("120.00", [("1", 12, "8.80"), ("2", 1, "5.00")], "agreed were $110.60 in all, the ERP holds $120.00"),
        ("0.00", [("1", 12, "8.80"), ("2", 1, "5.00")], "in all, the ERP holds $0.00"),
    ],
)
def test_what_differs_is_told_in_a_sentence(total: str, lines: list[tuple[str, int, str]], told: str) -> None:
    assert told in held(total, *lines)
