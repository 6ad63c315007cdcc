"""What can still be claimed of a shipment: its lines with the invoice that billed them, and until when."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q

from orders.choices import InvoiceKind
from orders.models import Invoice, InvoiceLine, OrderLine, Shipment
from orders.queries.returns import first_returnable_day, returnable


@dataclass(frozen=True, slots=True, kw_only=True)
class SentLine:
    """One order line of a shipment: what was sent in its unit, where it was billed, and the most that can come back."""

    line: OrderLine
    sent: Decimal
    billed: InvoiceLine | None
    returnable: Decimal

    @property
    def claimable(self) -> Decimal:
        """The most that can be claimed on the form: what was billed where it is counted alike, else what was sent."""
        alike = self.billed is not None and self.billed.unit == self.line.unit
        return max(self.sent, self.billed.quantity) if alike and self.billed is not None else self.sent


@dataclass(frozen=True, slots=True, kw_only=True)
class SentGoods:
    """A shipment's lines, the invoice that bills the most of them, and the first day whose goods may come back."""

    lines: Sequence[SentLine]
    invoice: Invoice | None
    returns_from: dt.date | None

    @property
    def may_return(self) -> bool:
        """Whether anything billed can still come back."""
        if self.invoice is None or not any(line.returnable for line in self.lines):
            return False
        return self.returns_from is None or self.invoice.issued_on >= self.returns_from


def sent_goods(shipment: Shipment) -> SentGoods:
    """The shipment as one can complain of it; a fixed number of queries."""
    sent: dict[OrderLine, Decimal] = defaultdict(Decimal)
    for part in shipment.lines.select_related("order_line__item"):
        sent[part.order_line] += part.quantity
    billed = _billed(shipment, list(sent))
    invoices = Counter(line.invoice for line in billed.values())
    invoice = invoices.most_common(1)[0][0] if invoices else None
    most = returnable(billed.values())
    lines = []
    for line, quantity in sent.items():
        found = billed.get(line.pk)
        here = found if found is not None and found.invoice_id == (invoice.pk if invoice else None) else None
        lines.append(SentLine(line=line, sent=quantity, billed=here, returnable=most[here.pk] if here else Decimal(0)))
    return SentGoods(lines=lines, invoice=invoice, returns_from=first_returnable_day(shipment.order.account))


def _billed(shipment: Shipment, lines: Sequence[OrderLine]) -> dict[object, InvoiceLine]:
    """By order line the invoice line that billed it: the one of this shipment, else one of the order's."""
    rows = InvoiceLine.objects.filter(
        Q(invoice__shipment=shipment) | Q(invoice__shipment=None),
        order_line__in=lines,
        invoice__kind=InvoiceKind.INVOICE,
    )
    ordered = rows.select_related("invoice__account").order_by("invoice__shipment_id", "-invoice__issued_on", "-pk")
    found: dict[object, InvoiceLine] = {}
    for row in ordered:  # NULLs come last: an invoice of this shipment wins
        found.setdefault(row.order_line_id, row)
    return found
