"""A promise is written when it is new or says something else; the first and the last can always be told."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from inventory.models import Promise
from inventory.process.promises import ERP, PORTAL, Promised, PromisedPart, record_promises
from inventory.queries.promises import promise_logs

pytestmark = pytest.mark.django_db
SOON, LATE = dt.date(2026, 12, 4), dt.date(2026, 12, 20)


def promised(*parts: tuple[int, dt.date | None, str], ref: str = "order:x:1") -> Promised:
    return Promised(
        ref=ref, parts=tuple(PromisedPart(quantity=Decimal(q), on=on, warehouse=place) for q, on, place in parts)
    )


def test_the_first_and_the_last_word_and_who_said_it() -> None:
    assert record_promises(promises=[promised((60, SOON, "DAYTON"))], by=PORTAL, reason="accepted", first=True) == 1
    assert record_promises(promises=[promised((60, LATE, "DAYTON"))], by=ERP, reason="confirmed as 7") == 1
    log = promise_logs(demand_refs=["order:x:1", "order:y:1"])["order:x:1"]
    assert (log.first.promised_on, log.first.by, log.now.promised_on, log.now.by) == (SOON, PORTAL, LATE, ERP)
    assert log.later
    assert log.now.reason == "confirmed as 7"


def test_the_same_quantities_and_days_leave_no_entry() -> None:
    parts = (60, SOON, "DAYTON"), (40, LATE, "RENO")
    record_promises(promises=[promised(*parts)], by=PORTAL, reason="accepted")
    again = promised((30, SOON, "RENO"), (30, SOON, "DAYTON"), (40, LATE, ""))
    assert record_promises(promises=[again], by=ERP, reason="x") == 0
    assert record_promises(promises=[promised((59, SOON, ""), (41, LATE, ""))], by=ERP, reason="x") == 1
    assert Promise.objects.count() == 2


def test_a_part_without_a_day_leaves_the_whole_without_one() -> None:
    record_promises(promises=[promised((60, SOON, ""), (40, None, ""))], by=PORTAL, reason="accepted")
    record_promises(promises=[promised((1, SOON, ""), ref="order:z:1")], by=PORTAL, reason="accepted")
    log = promise_logs(demand_refs=["order:x:1"])
    assert list(log) == ["order:x:1"]
    assert log["order:x:1"].now.promised_on is None
    assert [(p.quantity, p.on) for p in log["order:x:1"].now.parts] == [(60, SOON), (40, None)]
    assert not log["order:x:1"].later
