"""Orders by EDI through real processes, one of which dies on the way."""

from __future__ import annotations

import datetime as dt
import time

import pytest
from django.conf import settings

from edi.models import Document, Interchange, OutboundFile
from edi.seeds import drop_once, order_body, partner_file, seed_partner
from exceptions.models import Case
from orders.models import Order
from orders.process.intake import place_order
from tests.live.portal import LivePortal
from tests.orders.builders import asked

pytestmark = [pytest.mark.faults, pytest.mark.xdist_group("live"), pytest.mark.timeout(240)]

ORDERS = 8


def states() -> list[str]:
    return list(Interchange.objects.filter(direction="in").values_list("state", flat=True))


def test_a_worker_killed_while_files_are_read_loses_and_doubles_nothing(
    portal: LivePortal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "EDI_ROOT", portal.edi_root)
    portal.start_beat()
    partner = seed_partner(code="CRESTLINE")
    for number in range(1, ORDERS + 1):
        line = ("1", "10", "EA", "0.42", "812345000016", "FST-10001")
        body = order_body(f"LIVE-{number}", "0117", (line,), on=dt.date(2026, 11, 24))
        content = partner_file(partner, number, "850", "PO", body)
        for copy in ("first", "again"):
            assert drop_once(partner=partner, name=f"{copy}_{number}.edi", content=content)
    portal.wait(lambda: Interchange.objects.filter(direction="in").count() >= 3, what="some files are read")
    portal.kill("worker")
    time.sleep(0.5)
    portal.start_worker()

    mine = Order.objects.filter(po_number__startswith="LIVE-")
    portal.wait(lambda: mine.filter(status="confirmed").count() == ORDERS, what="all orders confirmed", seconds=150)
    answers = OutboundFile.objects.exclude(sent_at=None)
    portal.wait(lambda: answers.count() == 2 * ORDERS, what="all answers sent", seconds=60)
    expected = ["accepted"] * ORDERS + ["repeated"] * ORDERS
    portal.wait(lambda: sorted(states()) == expected, what="all files are read")
    portal.wait(lambda: not OutboundFile.objects.filter(sent_at=None).exists(), what="all repeats are answered")

    assert mine.count() == ORDERS
    for order in mine:
        assert len(portal.erp.orders(f"NL-{order.number}")) == 1
    for set_id in ("997", "855"):
        assert Document.objects.filter(direction="out", set_id=set_id).count() == ORDERS
    sequences = OutboundFile.objects.order_by("sequence").values_list("sequence", flat=True)
    assert list(sequences) == list(range(1, 2 * ORDERS + 1))
    outbox = {p.name: p.read_bytes() for p in (portal.edi_root / "crestline" / "outbox").iterdir()}
    assert outbox == {f.name: bytes(f.content) for f in OutboundFile.objects.all()}
    assert not Case.objects.filter(kind__startswith="edi.").exists()
    assert not Case.objects.filter(kind__startswith="dead.").exists()


def test_the_same_850_dropped_twenty_times_at_once_is_one_order(
    portal: LivePortal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "EDI_ROOT", portal.edi_root)
    portal.start_beat()
    partner = seed_partner(code="BRIGHTWAY", release="005010", structure="0004")
    line = ("1", "10", "EA", "", "812345000016", "FST-10001")
    body = order_body("TWENTY", "DC01", (line,), on=dt.date(2026, 11, 24))
    content = partner_file(partner, 7001, "850", "PO", body)
    for copy in range(20):
        assert drop_once(partner=partner, name=f"copy_{copy}.edi", content=content)

    inbound = Interchange.objects.filter(partner=partner, direction="in")
    portal.wait(lambda: inbound.count() == 20, what="all copies are read", seconds=90)
    assert sorted(inbound.values_list("state", flat=True)) == ["accepted"] + ["repeated"] * 19
    order = portal.wait(lambda: Order.objects.filter(po_number="TWENTY", status="confirmed").first(), what="confirmed")
    assert Order.objects.filter(po_number="TWENTY").count() == 1
    assert len(portal.erp.orders(f"NL-{order.number}")) == 1
    assert Document.objects.filter(partner=partner, direction="out", set_id="997").count() == 1
    assert not Case.objects.filter(subject_id=str(order.pk)).exists()


def test_a_po_that_comes_by_edi_and_portal_within_a_second_is_one_order(
    portal: LivePortal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "EDI_ROOT", portal.edi_root)
    portal.start_beat()
    partner = seed_partner(code="BRIGHTWAY", release="005010", structure="0004")
    for number in range(8):
        po = f"BOTH-{number}"
        line = ("1", "10", "EA", "", "812345000016", "FST-10001")
        body = order_body(po, "DC01", (line,), on=dt.date(2026, 11, 24))
        drop_once(partner=partner, name=f"{po}.edi", content=partner_file(partner, 7100 + number, "850", "PO", body))
        typed = asked(("FST-10001", "10", "EA", None), po=po, account="BRIGHTWAY", ship_to="DC01")
        place_order(order=typed, source_key=f"portal:{po}")
    orders = Order.objects.filter(po_number__startswith="BOTH-")
    documents = Document.objects.filter(partner=partner, set_id="850", order__in=orders)
    portal.wait(lambda: documents.filter(state="placed").count() == 8, what="the files are read", seconds=90)
    portal.wait(lambda: orders.filter(status="confirmed").count() == 8, what="all confirmed", seconds=60)
    assert orders.count() == 8
    assert [len(portal.erp.orders(f"NL-{o.number}")) for o in orders] == [1] * 8
    assert not Case.objects.filter(kind="order.duplicate_po").exists(), "same content by another name is no conflict"
