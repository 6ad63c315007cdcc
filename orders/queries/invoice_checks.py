"""Each billed line beside what was agreed, what was sent and what can still be disputed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum

from distportal.common.money import to_cents
from distportal.common.site_day import site_day
from orders.models import Invoice, InvoiceLine, ProofOfDelivery, ShipmentLine
from orders.queries.claims import claimable

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class LineCheck:
    """One billed line. `over` is by how much its price is above the agreed one, per unit; `unsent` how much of it was
    billed and is not in the invoice's shipment, in its unit; None where there is nothing to compare with. `room` is
    what can still be disputed.
    """

    line: InvoiceLine
    over: Decimal | None
    sent: Decimal | None
    unsent: Decimal | None
    room: Decimal

    @property
    def difference(self) -> Decimal:
        """What the line comes to above what was agreed and sent, in cents, no more than its amount."""
        price = max(self.over or NOTHING, NOTHING) * self.line.quantity
        missing = max(self.unsent or NOTHING, NOTHING) * (self.line.unit_price - max(self.over or NOTHING, NOTHING))
        return min(to_cents(price + missing), self.line.amount)

    @property
    def sound(self) -> bool:
        """Whether nothing differs."""
        return not self.difference


def line_checks(invoice: Invoice) -> list[LineCheck]:
    """The lines of a document, checked; four queries whatever their number."""
    lines = list(invoice.lines.select_related("item", "order_line__original_item"))
    sent, room = _sent(invoice, lines), claimable(invoice, lines)
    return [_check(line, sent, room[line.pk]) for line in lines]


def delivery_in_words(invoice: Invoice) -> str:
    """What is known of the delivery, for whoever decides; empty for a document of no shipment."""
    if invoice.shipment_id is None:
        return ""
    proof = ProofOfDelivery.objects.filter(shipment=invoice.shipment_id).defer("image").first()
    if proof is not None:
        day, who = site_day(proof.delivered_at), proof.signed_by or "somebody who is not named"
        return f"Delivered {day.isoformat()}, signed by {who}"
    return "No proof of delivery yet"


def _sent(invoice: Invoice, lines: Sequence[InvoiceLine]) -> dict[object, Decimal] | None:
    """By order line what is in the invoice's shipment; None for a document of no shipment."""
    if invoice.shipment_id is None:
        return None
    wanted = [line.order_line_id for line in lines if line.order_line_id]
    rows = ShipmentLine.objects.filter(shipment=invoice.shipment_id, order_line__in=wanted).order_by()
    return dict(rows.values_list("order_line").annotate(sum=Sum("quantity")))


def _check(line: InvoiceLine, sent: dict[object, Decimal] | None, room: Decimal) -> LineCheck:
    over = line.unit_price - line.agreed_price if line.agreed_price is not None else None
    comparable = sent is not None and line.order_line is not None and line.order_line.unit == line.unit
    known = sent.get(line.order_line_id, NOTHING) if comparable and sent is not None else None
    return LineCheck(
        line=line, over=over, sent=known, unsent=line.quantity - known if known is not None else None, room=room
    )
