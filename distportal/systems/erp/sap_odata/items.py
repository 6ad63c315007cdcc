"""What goes into a sales order of SAP's for a line, and into its text."""

from __future__ import annotations

from decimal import Decimal

from distportal.canonical.base import plain
from distportal.systems.erp.marks import marked
from distportal.systems.erp.port import DraftLine, OrderDraft
from distportal.systems.erp.sap_odata.codes import Codes
from distportal.systems.erp.sap_odata.http import Entity
from distportal.systems.erp.sap_odata.settings import SapSettings
from distportal.systems.erp.sap_odata.wire import date_of, results
from distportal.systems.errors import Rejected

CENT = Decimal("0.01")


def item_body(line: DraftLine, currency: str, codes: Codes, settings: SapSettings) -> Entity:
    """The item of a line. Raises Rejected for one without a price, Misconfigured for a code that nobody mapped."""
    if line.unit_price is None:
        raise Rejected("erp.price_missing", f"line {line.line_key} has no agreed price to send")
    unit = codes.their_unit(line.unit)
    item = {
        "Material": line.sku,
        "RequestedQuantity": plain(line.quantity),
        "RequestedQuantityUnit": unit,
        "Plant": codes.their_plant(line.warehouse),
        settings.line_key_field: line.line_key,
        "to_PricingElement": [
            {
                "ConditionType": settings.price_condition,
                "ConditionRateValue": plain(line.unit_price),
                "ConditionCurrency": currency,
                "ConditionQuantity": "1",
                "ConditionQuantityUnit": unit,
            }
        ],
    }
    if line.requested_on:
        item["RequestedDeliveryDate"] = date_of(line.requested_on)
    if settings.item_net_amount:
        item["NetAmount"] = plain((line.unit_price * line.quantity).quantize(CENT))
    return item


def price_of(item: Entity, settings: SapSettings) -> Entity | None:
    """The pricing element that carries the agreed price."""
    elements = results(item["to_PricingElement"])
    return next((e for e in elements if e["ConditionType"] == settings.price_condition), None)


def note_of(draft: OrderDraft) -> str:
    """The header text: the customer's PO, the note and our mark."""
    note = "\n".join(filter(None, (f"PO {draft.customer_po}" if draft.customer_po else "", draft.note)))
    return marked(note, content_hash=draft.content_hash)
