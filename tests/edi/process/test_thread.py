"""A purchase order by EDI: from the bytes in the inbox to the invoice in the outbox, over a real ERP."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from decimal import Decimal

import pytest

from distportal.events.lineage import story
from distportal.events.sweeper import work_until_idle
from edi.models import Document, FunctionalGroup, OutboundFile
from edi.process.agreeing import agree_sets
from exceptions.choices import CaseStatus
from exceptions.models import Case
from orders.models import Order
from orders.process.closing import reject_held_order
from orders.process.intake import place_order
from tests.edi.conftest import Post
from tests.orders.builders import asked
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db


def row(rows: list[list[str]], name: str) -> list[str]:
    return next(r for r in rows if r[0] == name)


def test_an_850_is_answered_placed_confirmed_shipped_and_billed(
    crestline: Post, catalogue: SandboxProcess, ship: Callable[[str], None]
) -> None:
    file = crestline.take(crestline.order(("FST-10001", "100", "0.40"), ("FST-10002", "24", "6.32"), po="CR-1"))

    order = Order.objects.get()
    assert (order.status, order.channel, order.po_number, order.account.code) == (
        "confirmed",
        "edi",
        "CR-1",
        "CRESTLINE",
    )
    assert (order.total, order.ship_to.code if order.ship_to else "") == (Decimal("191.68"), "0117")
    assert len(catalogue.orders(f"NL-{order.number}")) == 1
    asked = Document.objects.get(direction="in")
    assert (asked.set_id, asked.state, asked.order_id) == ("850", "placed", order.pk)
    assert asked.line_sources == {"1": 7, "2": 8}
    assert file.state == "read"
    assert {file.correlation_id} == {order.correlation_id, asked.correlation_id}
    assert list((crestline.root / "inbox").iterdir()) == []
    assert [p.read_bytes() for p in (crestline.root / "archive").iterdir()] == [bytes(file.content)]

    [ack] = crestline.sets("997")
    group = asked.group.control_number if asked.group else ""
    assert ack[1:-1] == [["AK1", "PO", group], ["AK2", "850", "0001"], ["AK5", "A"], ["AK9", "A", "1", "1", "1"]]
    [told] = crestline.sets("855")
    assert row(told, "BAK")[:4] == ["BAK", "00", "AD", "CR-1"]
    assert row(told, "BAK")[8] == str(order)
    assert [r[1:4] for r in told if r[0] == "ACK"] == [["IA", "100", "EA"], ["IA", "24", "EA"]]
    assert ["REF", "IA", "44871"] in told

    ship(order.erp_number)
    [notice] = crestline.sets("856")
    assert row(notice, "PRF")[1] == "CR-1"
    packed = [(r[1], int(r[2])) for r in notice if r[0] == "SN1"]
    assert [sum(n for line, n in packed if line == wanted) for wanted in ("1", "2")] == [100, 24]
    cartons = [r[2] for r in notice if r[0] == "MAN"]
    assert len(set(cartons)) == len(cartons) > 1, "each carton has a number of its own"
    assert ["N1", "ST", "Crestline Home Centers #0117".upper(), "92", "0117"] in [
        [v.upper() for v in r] for r in notice
    ]
    [bill] = crestline.sets("810")
    assert row(bill, "TDS") == ["TDS", "19168"]
    assert row(bill, "BIG")[4] == "CR-1"

    sent = OutboundFile.objects.order_by("sequence")
    assert [f.sequence for f in sent] == [1, 2, 3, 4]
    assert [f.times_sent for f in sent] == [1, 1, 1, 1]
    assert not Case.objects.filter(status__in=CaseStatus.OPEN).exists()

    for waiting in sent[1:]:
        crestline.take(crestline.acknowledge(waiting))
    groups = FunctionalGroup.objects.filter(interchange__direction="out").exclude(functional_id="FA")
    assert {g.ack_state for g in groups} == {"accepted"}
    assert all(g.acked_at for g in groups)
    answers = Document.objects.filter(direction="out").exclude(set_id="997")
    assert {d.ack_state for d in answers} == {"accepted"}
    assert len(crestline.sets("997")) == 1, "a 997 is never answered with a 997"

    kinds = [step.kind for step in story(order.correlation_id, internal=True)]
    assert kinds.count("order") == 1
    assert {"edi_file", "edi_interchange", "edi_in", "edi_out", "shipment", "invoice"} <= set(kinds)


def test_a_5010_partner_gets_5010_and_its_own_structure(
    brightway: Post, catalogue: SandboxProcess, ship: Callable[[str], None]
) -> None:
    brightway.take(brightway.order(("SAF-50002", "24", "3.56"), ship_to="DC01"))
    order = Order.objects.get()
    assert order.status == "confirmed", list(order.findings.values_list("message", flat=True))
    ship(order.erp_number)
    assert all(b"*00501*" in content for content in brightway.fetched().values())
    [notice] = brightway.sets("856")
    assert row(notice, "BSN")[5] == "0004"
    assert not [r for r in notice if r[0] == "MAN"]


def test_short_stock_is_acknowledged_in_parts(brightway: Post, catalogue: SandboxProcess) -> None:
    brightway.take(brightway.order(("HTL-40002", "60", "8.10"), ship_to="DC02"))
    [told] = brightway.sets("855")
    parts = [(r[1], int(r[2])) for r in told if r[0] == "ACK"]
    assert sum(quantity for _, quantity in parts) == 60
    assert [code for code, _ in parts] == ["IA", "IB"]
    assert row(told, "BAK")[2] == "AC"


def test_a_rejected_order_is_told_with_the_reason(crestline: Post, catalogue: SandboxProcess) -> None:
    crestline.take(crestline.order(("NO-SUCH", "5", "1.00"), po="CR-2"))
    order = Order.objects.get()
    assert order.status == "held"
    assert crestline.sets("855") == []
    reject_held_order(order_id=order.pk, reason="We do not sell this item")
    work_until_idle()
    [told] = crestline.sets("855")
    assert row(told, "BAK")[2] == "RD"
    assert [r[1:4] for r in told if r[0] == "ACK"] == [["IR", "5", "EA"]]
    assert any("We do not sell this item" in r[1] for r in told if r[0] == "MSG")


def test_only_orders_that_came_by_edi_are_answered_by_edi(crestline: Post, catalogue: SandboxProcess) -> None:
    place_order(
        order=asked(("FST-10001", "10", "EA", None), account="CRESTLINE", ship_to="0117"), source_key=str(uuid.uuid4())
    )
    work_until_idle()
    assert Order.objects.get().status == "confirmed"
    assert Document.objects.count() == 0
    assert crestline.fetched() == {}


def test_a_partner_gets_only_the_sets_that_were_agreed(
    crestline: Post, catalogue: SandboxProcess, ship: Callable[[str], None]
) -> None:
    agree_sets(partner=crestline.partner, direction="out", set_ids=["856"])
    crestline.take(crestline.order(("FST-10001", "10", "0.42")))
    ship(Order.objects.get().erp_number)
    assert [d.set_id for d in Document.objects.filter(direction="out").order_by("created_at")] == ["997", "856"]


def test_the_same_order_in_a_new_interchange_is_the_same_order(crestline: Post, catalogue: SandboxProcess) -> None:
    for number in (501, 502):
        crestline.take(crestline.order(("FST-10001", "10", "0.42"), po="CR-3", number=number))
    order = Order.objects.get()
    documents = Document.objects.filter(direction="in").order_by("created_at")
    assert [(d.state, d.order_id) for d in documents] == [("placed", order.pk), ("placed", order.pk)]
    assert len(crestline.sets("855")) == 1
    assert len(crestline.sets("997")) == 2
    assert not Case.objects.exists()


def test_the_same_po_with_other_content_is_one_case_and_no_second_order(
    crestline: Post, catalogue: SandboxProcess
) -> None:
    crestline.take(crestline.order(("FST-10001", "10", "0.42"), po="CR-4"))
    crestline.take(crestline.order(("FST-10001", "11", "0.42"), po="CR-4"))
    order = Order.objects.get()
    second = Document.objects.filter(direction="in").latest("created_at")
    assert (second.state, second.order_id) == ("failed", order.pk)
    case = Case.objects.get()
    assert (case.kind, case.status) == ("order.duplicate_po", "new")
    assert len(crestline.sets("855")) == 1
