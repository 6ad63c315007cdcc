"""The shipping labels of a shipment as one PDF, a page per carton and pallet."""

from __future__ import annotations

from collections import Counter
from uuid import UUID

from django.db import transaction

from distportal.canonical.parts import Address
from distportal.canonical.shipments import Carton, Pallet, Shipment, ShipmentLine
from edi.documents.label import Label, render_labels
from edi.documents.values import number_text
from edi.process.packing import coded_shipment
from edi.queries.facts import order_of, ship_to_of, shipment_of
from edi.queries.units import orders_in


@transaction.atomic
def shipment_labels(*, shipment_id: UUID) -> bytes:
    """The PDF with the codes that the 856 names; whoever prints first gives the codes out.

    Raises WriteError and CodeTaken as `coded_shipment` does.
    """
    row = shipment_of(shipment_id=shipment_id)
    fact = coded_shipment(shipment_id=shipment_id)
    order = order_of(order_id=row.order_id)
    there = _whole(fact.ship_to, ship_to_of(order_id=row.order_id))
    units: list[tuple[str, Carton | Pallet]] = [("Pallet", one) for one in fact.pallets]
    units += [("Carton", one) for one in fact.packed]
    shared = orders_in([one.sscc for _, one in units])
    labels = [_label(fact, one, what, ", ".join(shared.get(one.sscc, [order.po_number])), there) for what, one in units]
    return render_labels(labels, title=f"Labels of shipment {fact.number}")


def _label(fact: Shipment, unit: Carton | Pallet, what: str, po_number: str, there: Address) -> Label:
    held = fact.pallets if isinstance(unit, Pallet) else fact.packed
    at = [one.number for one in held].index(unit.number) + 1
    return Label(
        sscc=unit.sscc,
        count=f"{what} {at} of {len(held)}",
        ship_from=fact.ship_from,
        ship_to=there,
        carrier=fact.carrier,
        tracking_number=fact.tracking_number,
        bill_of_lading=fact.bill_of_lading,
        po_number=po_number,
        shipment_number=fact.number,
        contents=_contents([line for line in fact.lines if line.carton == unit.number]) if what == "Carton" else "",
    )


def _contents(lines: list[ShipmentLine]) -> str:
    """What a carton holds in a few words: its one item, or how many there are."""
    items = Counter(next((i.value for i in line.items if i.qualifier == "sku"), line.order_line_no) for line in lines)
    if len(items) != 1:
        return f"{len(items)} items"
    quantity = sum((line.quantity for line in lines[1:]), lines[0].quantity)
    return f"{number_text(quantity)} {lines[0].unit} {next(iter(items))}"


def _whole(told: Address, on_file: Address | None) -> Address:
    """Where it goes as the ERP told it; from our file when it told no more than a code."""
    return on_file if on_file is not None and not told.postcode else told
