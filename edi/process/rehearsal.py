"""What we send in a test: an 855 to a tried order, a ship notice and an invoice as they would follow, all with T."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from distportal.canonical.base import from_json
from distportal.canonical.invoices import Invoice, InvoiceLine
from distportal.canonical.orders import Order as AskedOrder
from distportal.canonical.orders import OrderLine
from distportal.canonical.parts import Address
from distportal.canonical.shipments import Carton, Shipment, ShipmentLine
from distportal.common.money import to_cents
from distportal.common.site_day import site_day
from distportal.events.clock import database_now
from edi.choices import Direction, Exchange
from edi.documents.ack855 import AckLine, AckStatus, OrderAcknowledgment, header_code, write_855
from edi.documents.asn856 import Shipped, write_856
from edi.documents.inv810 import write_810
from edi.documents.order_facts import OrderFacts
from edi.documents.references import VENDOR
from edi.errors import NothingToDo
from edi.models import Document, TestExchange, TradingPartner
from edi.process.ack_lines import added_up
from edi.process.outbound import Outgoing, send_set
from edi.process.packing import new_sscc
from edi.process.trials import Trial
from edi.queries.agreements import terms, wants, written_release
from edi.queries.checklist import last_accepted_order, tries_of
from edi.x12.catalog import release_of
from edi.x12.tokens import Elements
from orders.choices import FindingAction, OrderStatus

TEST = "T"
OUR_PLACE = Address(code="TEST", name="Test warehouse", city="Columbus", region="OH", postcode="43004")
"""Where test goods leave from; none do."""


def acknowledge_trial(*, partner: TradingPartner, document: Document, trial: Trial) -> Document | None:
    """The 855 that the order would get, sent as a test; None where none is wanted or a person would have to decide."""
    order, evaluation = trial.order, trial.evaluation
    if order is None or evaluation is None or evaluation.status == OrderStatus.HELD or not wants(partner, "855"):
        return None
    lines = added_up(_ack_line(fact.line, trial) for fact in evaluation.facts.lines)
    ack = OrderAcknowledgment(
        po_number=order.po_number,
        ordered_on=order.ordered_on,
        acknowledged_on=site_day(database_now()),
        ack_type=header_code(lines),
        lines=lines,
        order_number="TEST",
        currency=order.currency,
        references=order.references,
        vendor_code=_vendor_code(order),
        ship_to_code=order.ship_to.code,
    )
    return _send(partner, "855", f"855:test:{document.pk}", write_855(ack, release=_release(partner, "855")))


@transaction.atomic
def send_test_notice(*, partner: TradingPartner) -> TestExchange:
    """A ship notice of the newest accepted test order, as if all of it had left. Raises NothingToDo without one."""
    source, order, number = _source(partner, "856", Exchange.ASN)
    fact = Shipment(
        number=f"S{number}",
        order_key=f"test:{source.pk}",
        shipped_at=timezone.localtime(database_now()),
        ship_from=OUR_PLACE,
        ship_to=order.ship_to,
        lines=tuple(
            ShipmentLine(
                order_line_no=line.buyer_line or line.line_no, items=line.items, quantity=line.quantity, unit=line.unit
            )
            for line in order.lines
        ),
        packed=(Carton(number=1, sscc=new_sscc()),),
        carrier="TEST",
        tracking_number=f"T{number}",
        bill_of_lading=f"B{number}",
        estimated_delivery_on=site_day(database_now()) + dt.timedelta(days=2),
    )
    body = write_856(
        [Shipped(fact, _facts(order), _vendor_code(order))],
        structure=terms(partner, Direction.OUT, "856").asn_structure,
        release=_release(partner, "856"),
    )
    return _rehearsed(partner, Exchange.ASN, order, _send(partner, "856", f"856:test:{number}", body))


@transaction.atomic
def send_test_invoice(*, partner: TradingPartner) -> TestExchange:
    """An invoice of the newest accepted test order at the prices it asked for. Raises NothingToDo without one."""
    source, order, number = _source(partner, "810", Exchange.INVOICE)
    today = site_day(database_now())
    lines = tuple(_billed(line) for line in order.lines)
    fact = Invoice(
        kind="invoice",
        number=f"I{number}",
        order_key=f"test:{source.pk}",
        issued_on=today,
        due_on=today + dt.timedelta(days=30),
        lines=lines,
        total=sum((line.amount for line in lines), Decimal(0)),
        currency=order.currency,
        shipment_number=f"S{number}",
        terms="Net 30",
    )
    body = write_810(
        fact,
        _facts(order),
        vendor_code=_vendor_code(order),
        ship_to_code=order.ship_to.code,
        release=_release(partner, "810"),
    )
    return _rehearsed(partner, Exchange.INVOICE, order, _send(partner, "810", f"810:test:{number}", body))


_TRIED = {
    FindingAction.ACCEPT: "IA",
    FindingAction.ROUND_UP: "IQ",
    FindingAction.ROUND_DOWN: "IQ",
    FindingAction.SUBSTITUTE: "IS",
    FindingAction.BACKORDER: "IB",
}
"""What a rule's verdict on a test order is told as (X12 element 668); all others are IR."""


def _ack_line(line: OrderLine, trial: Trial) -> AckLine:
    evaluation = trial.evaluation
    if evaluation is None:
        raise ValueError("a trial without evaluation is never acknowledged")
    action = evaluation.action_of_line(line.line_no)
    if evaluation.status == OrderStatus.REJECTED:
        action = FindingAction.REJECT
    code = _TRIED.get(action, "IR")
    taken = next(fact.line.quantity for fact in evaluation.facts.lines if fact.line.line_no == line.line_no)
    reasons = [v.finding.message for v in evaluation.verdicts if v.finding.line_no == line.line_no and code != "IA"]
    return AckLine(
        line_no=line.buyer_line or line.line_no,
        quantity=line.quantity,
        unit=line.unit,
        unit_price=line.unit_price,
        items=line.items,
        statuses=(AckStatus(code, taken, line.unit, reason=reasons[0] if reasons else ""),),
        description=line.description,
    )


def _billed(line: OrderLine) -> InvoiceLine:
    price = line.unit_price or Decimal(1)
    return InvoiceLine(
        order_line_no=line.buyer_line or line.line_no,
        items=line.items,
        quantity=line.quantity,
        unit=line.unit,
        unit_price=price,
        amount=to_cents(price * line.quantity),
        description=line.description,
    )


def _source(partner: TradingPartner, set_id: str, exchange: Exchange) -> tuple[TestExchange, AskedOrder, str]:
    """The test order that the document is about, and a document number that was not used before."""
    if not wants(partner, set_id):
        raise NothingToDo(f"{partner} has not agreed to the {set_id}; nothing was sent")
    source = last_accepted_order(partner)
    if source is None:
        raise NothingToDo(f"{partner} has sent no test order that was accepted; nothing was sent")
    return source, from_json(AskedOrder, source.canonical), f"T{partner.pk}{tries_of(partner, exchange) + 1:04d}"


def _rehearsed(partner: TradingPartner, exchange: Exchange, order: AskedOrder, document: Document) -> TestExchange:
    said = f"It tells of the test order {order.po_number}."
    return TestExchange.objects.create(partner=partner, exchange=exchange, document=document, summary=[said])


def _send(partner: TradingPartner, set_id: str, key: str, body: list[Elements]) -> Document:
    return send_set(partner=partner, outgoing=Outgoing(set_id=set_id, business_key=key, body=body, usage=TEST))


def _facts(order: AskedOrder) -> OrderFacts:
    return OrderFacts(po_number=order.po_number, ordered_on=order.ordered_on, references=order.references)


def _vendor_code(order: AskedOrder) -> str:
    return next((r.value for r in order.references if r.qualifier == VENDOR), "")


def _release(partner: TradingPartner, set_id: str) -> str:
    return release_of(written_release(partner, set_id))
