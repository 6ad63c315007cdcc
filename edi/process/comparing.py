"""What a stored document asked for when it was taken, and what it would ask for now: both as the taker hands it on."""

from __future__ import annotations

from typing import Any

from distportal.canonical.base import to_json
from distportal.canonical.orders import Order as AskedOrder
from distportal.canonical.orders import OrderChange
from edi.documents.order_changes import changes_of
from edi.documents.po850 import read_850
from edi.documents.poc860 import read_860
from edi.errors import NotPlaceable
from edi.models import Document
from edi.process.asked_orders import asked_orders
from edi.process.buyers import buyer_of
from edi.process.canonical_views import CanonicalView
from edi.process.change_routing import wanted_changes
from edi.process.order_options import order_options
from edi.process.storable import set_of
from edi.queries.changes import changes_asked_by, order_before
from edi.queries.facts import canonical_as_placed


def readings_of(document: Document, view: CanonicalView | None) -> tuple[Any, Any]:
    """What was taken of the document, and what today's code would take: the canonical object, or one by the name of its
    part where they are several. None stands for what was not taken, or cannot be now. `view` is its plain reading.
    """
    before, changes = canonical_as_placed(document), changes_asked_by(document)
    if view is None or view.content is None or (before is None and not changes):
        return None, None
    try:
        if changes:
            asked = {change.order_id: order_before(change) for change in changes}
            found = dict(wanted_changes(document, _changes(document), asked).by_order)
            names = {change.order_id: str(change.order) for change in changes}
            was = {str(change.order): change.canonical for change in changes}
            return _one(was), _one({names[pk]: to_json(change) for pk, change in found.items()})
        if document.set_id != "850":
            return before, view.content
        orders, _ = asked_orders(document, _orders(document))
        return before, _one({order.part: to_json(order) for order in orders})
    except NotPlaceable as error:
        return before, {"problems": list(error.data["problems"])}


def _one(found: dict[str, Any]) -> Any:
    return next(iter(found.values())) if len(found) == 1 else found


def _orders(document: Document) -> tuple[AskedOrder, ...]:
    return read_850(
        set_of(document), account=buyer_of(document.partner).code, options=order_options(document.partner)
    ).orders


def _changes(document: Document) -> tuple[OrderChange, ...]:
    if document.set_id == "850":
        return changes_of(_orders(document))
    account, options = buyer_of(document.partner).code, order_options(document.partner)
    return (read_860(set_of(document), account=account, options=options).change,)
