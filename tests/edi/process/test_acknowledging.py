"""855: every line says what happened to it, between what was asked and what comes."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from distportal.events.sweeper import work_until_idle
from edi.documents.options import OrderOptions
from edi.process import acknowledging, moved
from exceptions.models import Case
from inventory.models import Item
from orders.models import Order, RulePolicy
from orders.process.corrections import correct_order
from orders.process.facts import publish_order_fact
from tests.edi.conftest import Post
from tests.edi.process.orders import file_850, segments
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db


def agree(monkeypatch: pytest.MonkeyPatch, **options: Any) -> None:
    """The partners agreed to these options."""
    for module in (acknowledging, moved):
        monkeypatch.setattr(module, "order_options", lambda partner: OrderOptions(**options))


def corrected(order: Order, **changes: str) -> None:
    """An agent corrects the held order, and everything that follows is done."""
    fields = {name.replace("__", "."): value for name, value in changes.items()}
    correct_order(order_id=order.pk, version=1, changes=fields, reason="agreed", actor="agent")
    work_until_idle()


@pytest.mark.parametrize(
    ("asked", "changes", "told"),
    [
        (("FST-10001", "100", "0.99"), {"line__1__unit_price": "0.40"}, [["IP", "100", "EA"]]),
        (
            ("FST-10001", "100", "0.99"),
            {"line__1__unit_price": "0.40", "line__1__quantity": "120"},
            [["IC", "120", "EA"]],
        ),
        (("FST-10001", "0.5", "0.40"), {"line__1__quantity": "100"}, [["IQ", "100", "EA"]]),
        (("FST-10001", "100.5", "0.40"), {"line__1__quantity": "100"}, [["IQ", "100", "EA"], ["ID", "0.5", "EA"]]),
        (("NO-SUCH", "100", "0.40"), {"line__1__sku": "FST-10001"}, [["IS", "100", "EA"]]),
    ],
)  # fmt: skip
def test_what_an_agent_changed_is_told(
    crestline: Post,
    catalogue: SandboxProcess,
    asked: tuple[str, str, str],
    changes: dict[str, str],
    told: list[list[str]],
) -> None:
    crestline.take(crestline.order(asked, po="CR-1"))
    order = Order.objects.get()
    assert (order.status, crestline.sets("855")) == ("held", [])
    corrected(order, **changes)
    [answer] = crestline.sets("855")
    assert segments(answer, "BAK") == [["00", "AC", "CR-1"]]
    assert segments(answer, "ACK") == told
    assert segments(answer, "PO1", upto=3) == [["1", asked[1]]], "the line as it was asked"


def test_a_substitute_is_named_with_both_items(crestline: Post, catalogue: SandboxProcess) -> None:
    crestline.take(crestline.order(("NO-SUCH", "100", "0.40")))
    corrected(Order.objects.get(), line__1__sku="FST-10001")
    [answer] = crestline.sets("855")
    [line], [ack] = ([row for row in answer if row[0] == name] for name in ("PO1", "ACK"))
    assert line[6:] == ["VN", "NO-SUCH"]
    assert ack[7:] == ["UP", Item.objects.get(sku="FST-10001").upc, "VN", "FST-10001"]


def test_a_number_of_the_buyers_that_was_looked_up_is_no_substitute(crestline: Post, catalogue: SandboxProcess) -> None:
    rows = ("BEG*00*SA*CR-1**20261124", "N1*ST**92*0117", "PO1*1*100*EA*.40*PE*SK*77-1", "CTT*1")
    crestline.take(file_850(crestline, *rows))
    corrected(Order.objects.get(), line__1__sku="FST-10001")
    [answer] = crestline.sets("855")
    assert segments(answer, "ACK") == [["IA", "100", "EA"]]


def test_a_line_that_comes_later_than_wanted_is_rescheduled(crestline: Post, catalogue: SandboxProcess) -> None:
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    rows = ("BEG*00*SA*CR-1**20261124", f"DTM*010*{yesterday:%Y%m%d}", "N1*ST**92*0117",
            "PO1*1*100*EA*.40*PE*VN*FST-10001", "CTT*1")  # fmt: skip
    crestline.take(file_850(crestline, *rows))
    [answer] = crestline.sets("855")
    promised = Order.objects.get().lines.get().promised_on
    assert promised is not None
    assert segments(answer, "ACK", upto=6) == [["DR", "100", "EA", "068", f"{promised:%Y%m%d}"]]


@pytest.mark.parametrize("agreed", [True, False])
def test_a_promise_that_moved_is_told_again_where_that_was_agreed(
    crestline: Post, catalogue: SandboxProcess, monkeypatch: pytest.MonkeyPatch, agreed: bool
) -> None:
    agree(monkeypatch, tell_moved=agreed)
    crestline.take(crestline.order(("FST-10001", "100", "0.40"), po="CR-1"))
    order, later = Order.objects.get(), timezone.localdate() + dt.timedelta(days=40)
    order.lines.update(promised_on=later, confirmed_quantity=0, promise_reason="the receipt moved")
    for _ in range(2):
        with transaction.atomic():
            publish_order_fact(order, "order.repromised", lines=[])
        work_until_idle()
    told = [segments(one, "ACK", upto=6) for one in crestline.sets("855")]
    assert len(told) == (3 if agreed else 1)
    assert told[1:] == [[["IB", "100", "EA", "068", f"{later:%Y%m%d}"]]] * (2 if agreed else 0)


def test_a_promise_that_moved_is_told_by_an_865_where_that_was_agreed(
    crestline: Post, catalogue: SandboxProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    agree(monkeypatch, tell_moved=True, moved_set="865")
    crestline.take(crestline.order(("FST-10001", "100", "0.40"), ("FST-10001", "5", "0.40"), po="CR-1"))
    order, later = Order.objects.get(), timezone.localdate() + dt.timedelta(days=40)
    order.lines.filter(line_no="1").update(promised_on=later, confirmed_quantity=0, promise_reason="the receipt moved")
    moved_line = {"line": "1", "was": None, "now": later.isoformat(), "reason": "the receipt moved"}
    for lines in ([moved_line], []):
        with transaction.atomic():
            publish_order_fact(order, "order.repromised", lines=lines)
        work_until_idle()
    assert len(crestline.sets("855")) == 1, "the answer of before is not sent again"
    [told] = crestline.sets("865")
    assert segments(told, "BCA", upto=4) == [["04", "AC", "CR-1"]]
    assert segments(told, "POC", upto=6) == [["1", "CT", "100", "100", "EA"]], "the other line did not move"
    assert segments(told, "ACK", upto=6) == [["IB", "100", "EA", "068", f"{later:%Y%m%d}"]]


@pytest.mark.parametrize(("options", "code"), [({}, "IR"), ({"reject_codes": True}, "R2")])
def test_a_rejected_line_says_why_where_that_was_agreed(
    crestline: Post, catalogue: SandboxProcess, monkeypatch: pytest.MonkeyPatch, options: dict[str, Any], code: str
) -> None:
    agree(monkeypatch, **options)
    RulePolicy.objects.create(code="item_unknown", action="reject")
    crestline.take(crestline.order(("FST-10001", "100", "0.40"), ("NO-SUCH", "5", "1.00")))
    [answer] = crestline.sets("855")
    assert segments(answer, "ACK", upto=3) == [["IA", "100"], [code, "5"]]


def test_a_held_order_is_told_at_once_where_that_was_agreed(
    crestline: Post, catalogue: SandboxProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    agree(monkeypatch, tell_held=True)
    crestline.take(crestline.order(("FST-10001", "100", "0.99"), po="CR-1"))
    [first] = crestline.sets("855")
    assert segments(first, "BAK") == [["00", "AH", "CR-1"]]
    assert segments(first, "ACK") == [["IH", "100", "EA"]]
    corrected(Order.objects.get(), line__1__unit_price="0.40")
    _, second = crestline.sets("855")
    assert segments(second, "ACK") == [["IP", "100", "EA"]]


@pytest.mark.parametrize("exact", [True, False])
def test_lines_say_more_exactly_what_happens_where_that_was_agreed(
    crestline: Post, catalogue: SandboxProcess, monkeypatch: pytest.MonkeyPatch, exact: bool
) -> None:
    agree(monkeypatch, tell_held=True, tell_moved=True, exact_codes=exact)
    crestline.take(crestline.order(("FST-10001", "100", "0.99"), ("NO-SUCH", "5", "1.00")))
    [held] = crestline.sets("855")
    assert segments(held, "ACK", upto=2) == [["IE" if exact else "IH"], ["IF" if exact else "IH"]]
    crestline.take(crestline.order(("FST-10001", "100", "0.40"), ("FST-10002", "24", "6.32"), po="CR-2"))
    order, later = Order.objects.get(po_number="CR-2"), timezone.localdate() + dt.timedelta(days=40)
    order.lines.filter(line_no="1").update(promised_on=later, confirmed_quantity=60, promise_reason="the receipt moved")
    order.lines.filter(line_no="2").update(promised_on=None)
    with transaction.atomic():
        publish_order_fact(order, "order.repromised", lines=[])
    work_until_idle()
    told = segments(crestline.sets("855")[-1], "ACK", upto=3)
    assert told == [["BP" if exact else "IA", "60"], ["IB", "40"], ["SP" if exact else "IA", "24"]]


@pytest.mark.parametrize(
    ("detail", "lines", "code", "shown"),
    [
        ("exceptions", (("FST-10001", "100", "0.40"),), "AK", 0),
        ("none", (("FST-10001", "100", "0.40"),), "AT", 0),
        ("exceptions", (("FST-10001", "100", "0.40"), ("HTL-40002", "60", "7.88")), "AE", 1),
    ],
)
def test_the_answer_is_as_long_as_agreed(
    crestline: Post,
    catalogue: SandboxProcess,
    monkeypatch: pytest.MonkeyPatch,
    detail: str,
    lines: tuple[tuple[str, str, str], ...],
    code: str,
    shown: int,
) -> None:
    agree(monkeypatch, ack_detail=detail)
    crestline.take(crestline.order(*lines))
    order = Order.objects.get()
    assert order.status == "confirmed", list(order.findings.values_list("message", flat=True))
    [answer] = crestline.sets("855")
    assert (segments(answer, "BAK", upto=3)[0][1], len(segments(answer, "PO1"))) == (code, shown)
    assert ["CTT", str(shown)] in answer
    assert not Case.objects.exists()
