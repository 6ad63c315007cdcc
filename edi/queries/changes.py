"""Which document asked for which change of an order."""

from __future__ import annotations

from uuid import UUID

from distportal.canonical.base import from_json
from distportal.canonical.orders import Order as AskedOrder
from edi.choices import Direction, DocumentState
from edi.models import Document, TradingPartner
from orders.choices import ChangeStatus
from orders.models import ChangeRequest, OrderLine

_ORDERS = ("00", "06", "07")
"""BEG01 of an 850 that becomes an order."""


def documents_asking(*, change_id: UUID) -> list[Document]:
    """The 860s (or 850s) that ask for the change: one, or several that say the same."""
    rows = Document.objects.filter(order_links__change_id=change_id, direction=Direction.IN, partner__active=True)
    return list(rows.select_related("partner__account", "group").order_by("created_at").distinct())


def changes_asked_by(document: Document) -> list[ChangeRequest]:
    """The changes that a document asks for, one per order, in its order."""
    links = document.order_links.filter(change__isnull=False).select_related("change__order__account")
    return [link.change for link in links if link.change is not None]


def order_before(change: ChangeRequest) -> AskedOrder:
    """The order as it was asked for before the change made its version; as it stands where the change made none."""
    order = change.order
    if not change.made_version:
        return from_json(AskedOrder, order.canonical)
    return from_json(AskedOrder, order.versions.get(version=change.made_version - 1).canonical)


def is_settled(change: ChangeRequest) -> bool:
    """Whether its answer can be given."""
    return change.status not in ChangeStatus.OPEN


def lines_by_number(*, order_id: UUID) -> dict[str, OrderLine]:
    """The lines of an order by the buyer's number."""
    return {row.line_no: row for row in OrderLine.objects.filter(order_id=order_id).select_related("item")}


def unplaced_orders(partner: TradingPartner, po_number: str) -> bool:
    """Whether an 850 of the PO came and is not placed yet, so that its change has to wait."""
    rows = Document.objects.filter(partner=partner, direction=Direction.IN, set_id="850", state=DocumentState.VALID)
    begs = rows.values_list("segments__1", flat=True)
    return any(len(beg) > 3 and beg[1] in _ORDERS and beg[3].strip() == po_number for beg in begs)
