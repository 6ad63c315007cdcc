"""An order with schedules over a real ERP: promised, shipped, billed and changed day by day, told by its line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.utils import timezone

from exceptions.choices import CaseStatus
from exceptions.models import Case
from orders.models import Order
from tests.edi.conftest import Post
from tests.edi.process.orders import file_850, file_860, segments
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db


def day(weeks: int) -> str:
    return f"{timezone.localdate() + dt.timedelta(weeks=weeks):%Y%m%d}"


def scheduled() -> tuple[str, ...]:
    return (
        "BEG*00*SA*CR-S**20261124", "N1*ST**92*0117",
        "PO1*1*100*EA*.40*PE*VN*FST-10001", f"SCH*40*EA***002*{day(1)}", f"SCH*60*EA***002*{day(3)}",
        "PO1*2*24*EA*6.32*PE*VN*FST-10002", "CTT*2",
    )  # fmt: skip


@pytest.fixture
def order(crestline: Post, catalogue: SandboxProcess) -> Order:
    crestline.take(file_850(crestline, *scheduled()))
    found = Order.objects.get()
    assert found.status == "confirmed", list(found.findings.values_list("message", flat=True))
    return found


def lines(order: Order) -> list[tuple[str, int, str]]:
    return [
        (r.line_no, int(r.quantity), f"{r.requested_on or 0:%Y%m%d}") for r in order.lines.exclude(requested_on=None)
    ]


def test_each_day_is_ordered_by_itself_and_answered_under_the_buyers_line(
    crestline: Post, catalogue: SandboxProcess, order: Order, ship: Callable[[str], None]
) -> None:
    assert lines(order) == [("1", 40, day(1)), ("800001", 60, day(3))]
    [held] = catalogue.orders(f"NL-{order.number}")
    assert [(line["posex"], line["quantity"]) for line in held["lines"]] == [("1", 40), ("800001", 60), ("2", 24)]
    [answer] = crestline.sets("855")
    assert segments(answer, "BAK") == [["00", "AD", "CR-S"]]
    assert segments(answer, "PO1", upto=3) == [["1", "100"], ["2", "24"]]
    acks = segments(answer, "ACK", upto=6)
    assert sum(float(row[1]) for row in acks[:-1]) == 100, "the parts of a line add up to it"
    assert {row[0] for row in acks} == {"IA"}
    crestline.take(file_850(crestline, *scheduled()))
    assert Order.objects.count() == 1, "the same again is the same order"

    ship(order.erp_number)
    [notice], [invoice] = crestline.sets("856"), crestline.sets("810")
    assert {row[1] for row in notice if row[0] == "SN1"} == {"1", "2"}
    assert sum(float(row[2]) for row in notice if row[0] == "SN1" and row[1] == "1") == 100
    assert [row[1:3] for row in invoice if row[0] == "IT1"] == [["1", "40"], ["1", "60"], ["2", "24"]]
    assert not Case.objects.filter(status__in=CaseStatus.OPEN).exists()


def test_a_change_of_the_schedule_moves_the_days_and_is_answered_under_the_buyers_line(
    crestline: Post, catalogue: SandboxProcess, order: Order
) -> None:
    rows = ("POC*1*RQ*90**EA", f"SCH*40*EA***002*{day(1)}", f"SCH*50*EA***002*{day(4)}", "CTT*1")
    crestline.take(file_860(crestline, "BCH*04*SA*CR-S**1*20261124*****20261125", *rows))
    order.refresh_from_db()
    assert lines(order) == [("1", 40, day(1)), ("800001", 50, day(4))]
    [answer] = crestline.sets("865")
    assert segments(answer, "POC") == [["1", "RQ", "90"]]
    assert sum(float(row[1]) for row in segments(answer, "ACK")) == 90
    crestline.take(file_860(crestline, "BCH*04*SA*CR-S**2*20261124*****20261125", "POC*1*QD*10**EA", "CTT*1"))
    case = Case.objects.get(status__in=CaseStatus.OPEN)
    assert (case.code, "does not say (SCH) which it is for" in case.sentence) == ("unclear_change", True)
    assert len(crestline.sets("865")) == 1


def test_a_schedule_that_does_not_add_up_is_one_case(crestline: Post, catalogue: SandboxProcess) -> None:
    rows = [row.replace("SCH*60", "SCH*50") for row in scheduled()]
    crestline.take(file_850(crestline, *rows))
    case = Case.objects.get()
    assert (case.kind, Order.objects.count()) == ("edi.unreadable_order", 0)
    assert "its schedule comes to 90" in case.sentence
