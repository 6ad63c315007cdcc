"""Where an order is, in a sentence: its days are those of the reader's clock."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from distportal.web.speaking import read_in
from inventory.queries.promises import PromiseLog, Told
from orders.models import Order, OrderLine, Shipment
from orders.portal.progress import sentence_of
from orders.queries.promises import LinePromise

LATE = dt.datetime(2026, 11, 27, 0, 45, tzinfo=dt.UTC)
"""Still the 26th in Chicago, and the 27th in Tokyo."""


@pytest.mark.parametrize(("zone", "day"), [("America/Chicago", "26 Nov 2026"), ("Asia/Tokyo", "27 Nov 2026")])
def test_a_late_hour_is_the_day_it_is_for_the_reader(zone: str, day: str) -> None:
    arrived = Shipment(shipped_at=LATE, delivered_at=LATE)
    with read_in(zone):
        assert f"since {day};" in sentence_of(Order(status="held", placed_at=LATE), [], [])
        assert f"on {day}." in sentence_of(Order(status="shipped", placed_at=LATE), [], [arrived])
        assert f"on {day}." in sentence_of(Order(status="shipped", placed_at=LATE), [], [Shipment(shipped_at=LATE)])


def told(day: dt.date | None) -> Told:
    return Told(parts=(), promised_on=day, by="the portal", reason="", made_at=LATE)


def test_our_own_promise_is_the_day_until_the_erp_has_confirmed_one() -> None:
    line = OrderLine(line_no="1", quantity=Decimal(12), shipped_quantity=Decimal(0), status="accepted")
    ours = LinePromise(line=line, log=PromiseLog(entries=(told(dt.date(2026, 12, 9)),)))
    none = LinePromise(line=line, log=PromiseLog(entries=(told(None),)))
    without = "Nothing has left yet, and there is no date for it so far."
    assert [sentence_of(Order(status="accepted"), [line], [], known) for known in ([], [none])] == [without, without]
    assert sentence_of(Order(status="accepted"), [line], [], [ours]).endswith("promised for 9 Dec 2026.")
    line.promised_on = dt.date(2026, 12, 11)
    assert sentence_of(Order(status="confirmed"), [line], [], [ours]).endswith("promised for 11 Dec 2026.")
