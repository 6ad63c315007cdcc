"""The rows behind the figures are real ones: an 850 that is answered, shipped, billed, refused and sent again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.utils import timezone

from distportal.events.clock import database_now
from distportal.measures.days import today
from distportal.measures.definitions import KPIS
from distportal.measures.reading import Asked, read_figures
from distportal.measures.registry import sources_of
from distportal.measures.tally import Tally
from distportal.systems.mapping.models import MissingCode
from edi.models import DeadlineRule, Document, DueDocument, InboundFile, OutboundFile
from edi.process.deadlines import watch_deadlines
from edi.process.delivery import resend_file
from edi.queries.kpi_rows import invoices_by_transmission, orders_by_answer
from orders.models import Invoice, Order, Shipment, TrackingEvent
from tests.clients import signed_in
from tests.conftest import Cast
from tests.edi.conftest import Post
from tests.sandbox import SandboxProcess

pytestmark = pytest.mark.django_db


def tallies() -> dict[str, Tally]:
    return {figure.kpi.code: figure.today.tally for figure in read_figures(KPIS, Asked.of_days(1))}


def values(code: str) -> list[tuple[str, str, int]]:
    [figure] = read_figures([k for k in KPIS if k.code == code], Asked.of_days(1))
    return [(name, part, figure.whole.tally.counted) for name in figure.by_partner for part in figure.by_part]


def test_one_orders_story_is_in_every_figure_it_belongs_to(
    cast: Cast, crestline: Post, catalogue: SandboxProcess, ship: Callable[[str], None]
) -> None:
    for set_id, begin in (("997", "received"), ("855", "received")):
        DeadlineRule.objects.create(
            partner=crestline.partner, set_id=set_id, counted_from=begin, hours=Decimal(1),
            valid_from=dt.date(2026, 1, 1),
        )  # fmt: skip
    content = crestline.order(("FST-10001", "10", "0.42"), po="CR-900", number=5001)
    crestline.take(content)
    order = Order.objects.get()
    account = order.account.code
    ship(order.erp_number)
    shipment, invoice = Shipment.objects.get(), Invoice.objects.get()
    watch_deadlines()
    DueDocument.objects.update(due_at=timezone.now())  # a deadline of tomorrow is a row of tomorrow
    row = orders_by_answer().get()
    sent = Document.objects.get(set_id="855").sent_at
    assert (row.received_at, row.answered_at) == (InboundFile.objects.get().received_at, sent)
    found = tallies()
    assert (found["order_acknowledgement"].counted, found["order_acknowledgement"].good) == (1, 1)
    assert values("order_acknowledgement") == [(account, "edi", 1)]
    assert (found["partner_sla"].counted, found["partner_sla"].good) == (2, 2)
    assert found["invoice_transmission"] == Tally(0, 0, 1), "its 997 is awaited, it left"
    assert found["replay_activity"].counted == 0

    file = OutboundFile.objects.get(name__contains="_810")
    crestline.take(crestline.acknowledge(file, "R"))
    assert tallies()["invoice_transmission"] == Tally(1, 0, 0), "the partner refused it"
    crestline.take(crestline.acknowledge(file, "A"))
    assert tallies()["invoice_transmission"] == Tally(1, 1, 0, Decimal(1), Decimal(1))
    Document.objects.filter(set_id="810").update(ack_state="expected", sent_at=None)
    Invoice.objects.filter(pk=invoice.pk).update(recorded_at=database_now() - dt.timedelta(hours=25))
    assert invoices_by_transmission().get().fact_value == 0, "after a day what did not leave is missing"

    TrackingEvent.objects.filter(shipment=shipment).delete()
    Shipment.objects.update(shipped_at=timezone.now(), delivered_at=None)
    assert tallies()["shipment_events"].waiting == 1, "news has a day to come"
    TrackingEvent.objects.create(shipment=shipment, status="X3", meaning="Picked up", at=timezone.now(), source="t")
    assert tallies()["shipment_events"].good == 1
    Shipment.objects.update(delivered_at=timezone.now())
    assert (tallies()["shipment_events"].counted, tallies()["shipment_events"].good) == (1, 0), "not proven"

    resend_file(file_id=file.pk)
    crestline.take(content, "again.edi")
    MissingCode.objects.create(scope="partner:CRESTLINE", kind="unit", side="theirs", code="ZZ")
    found = tallies()
    assert found["replay_activity"].counted == 2, "sent again by us, and by them"
    assert found["failed_mappings"].counted == 1
    assert values("failed_mappings") == [("CRESTLINE", "code: unit", 1)]

    client = signed_in(cast.agent)
    for known in KPIS:
        for source in sources_of(known.code):
            page = client.get(f"/kpis/{known.code}/rows/", {"source": source.name, "first": today() - dt.timedelta(2)})
            assert page.status_code == 200, (known.code, source.name)
    told = client.get("/kpis/replay_activity/rows/", {"source": "edi"}).content.decode()
    assert file.name in told
    assert f"/invoices/{invoice.number}/" in client.get(
        "/kpis/invoice_transmission/rows/", {"first": today() - dt.timedelta(2), "show": "bad"}
    ).content.decode()  # fmt: skip


def test_an_order_without_its_answer_waits_and_one_that_ended_before_is_no_row(
    cast: Cast, crestline: Post, catalogue: SandboxProcess
) -> None:
    crestline.take(crestline.order(("FST-10001", "10", "0.42")))
    Document.objects.filter(set_id="855").update(sent_at=None)
    assert tallies()["order_acknowledgement"] == Tally(0, 0, 1), "confirmed by the ERP is no answer to a partner"
    crestline.agree("out", "856", "810")
    assert tallies()["order_acknowledgement"].counted == 1, "who gets no 855 has the ERP's answer"
    Order.objects.update(confirmed_at=None)
    assert tallies()["order_acknowledgement"].waiting == 1
    Order.objects.update(status="cancelled")
    assert tallies()["order_acknowledgement"] == Tally()
