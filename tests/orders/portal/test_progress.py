"""Where an order is, in a sentence: its days are those of the reader's clock."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from distportal.web.speaking import read_in
from orders.models import Order, OrderLine, Shipment
from orders.portal.progress import sentence_of

LATE = dt.datetime(2026, 11, 27, 0, 45, tzinfo=dt.UTC)
"""Still the 26th in Chicago, and the 27th in Tokyo."""


@pytest.mark.parametrize(("zone", "day"), [("America/Chicago", "26 Nov 2026"), ("Asia/Tokyo", "27 Nov 2026")])
def test_a_late_hour_is_the_day_it_is_for_the_reader(zone: str, day: str) -> None:
    arrived = Shipment(shipped_at=LATE, delivered_at=LATE)
    with read_in(zone):
        assert f"since {day};" in sentence_of(Order(status="held", placed_at=LATE), [], [])
        assert f"on {day}." in sentence_of(Order(status="shipped", placed_at=LATE), [], [arrived])
        assert f"on {day}." in sentence_of(Order(status="shipped", placed_at=LATE), [], [Shipment(shipped_at=LATE)])


def test_the_promised_day_of_the_line_is_the_day_of_the_sentence() -> None:
    line = OrderLine(line_no="1", quantity=Decimal(12), shipped_quantity=Decimal(0), status="accepted")
    without = "Nothing has left yet, and there is no date for it so far."
    assert sentence_of(Order(status="accepted"), [line], []) == without
    line.promised_on = dt.date(2026, 12, 11)
    assert sentence_of(Order(status="confirmed"), [line], []).endswith("promised for 11 Dec 2026.")
