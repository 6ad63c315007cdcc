"""856 ship notice: shipment, order, carton, item, or without cartons (X12 856, BSN05 0001 and 0004)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from distportal.canonical.shipments import Shipment, ShipmentLine
from edi.documents.items import pairs_of
from edi.documents.order_facts import OrderFacts
from edi.documents.parties import party_segments
from edi.documents.sscc import carton_codes, check_digit, sscc18
from edi.documents.values import day_text, number_text
from edi.x12.errors import WriteError
from edi.x12.tokens import Elements

__all__ = ["OrderFacts", "carton_codes", "check_digit", "sscc18", "write_856"]


def write_856(
    shipment: Shipment,
    order: OrderFacts,
    *,
    structure: str = "0001",
    sscc_prefix: str = "",
    sscc_serial: int = 1,
    vendor_code: str = "",
    release: str = "004010",
) -> list[Elements]:
    """The body of the 856, BSN to CTT. Structure 0001 is shipment-order-carton-item, 0004 shipment-order-item.

    With 0001 each carton carries the SSCC-18 of `carton_codes`. Raises WriteError for another structure, a shipment
    without lines, or a line without an item number the partner knows.
    """
    if structure not in ("0001", "0004"):
        raise WriteError(f"The structure {structure!r} of ship notices is not written here; use 0001 or 0004.")
    if not shipment.lines:
        raise WriteError(f"Shipment {shipment.number} has no lines.")
    tree = _Tree()
    head = [
        ["BSN", "00", shipment.number, day_text(shipment.shipped_at.date()), f"{shipment.shipped_at:%H%M}", structure]
    ]
    top = tree.add("", "S", _shipment_level(shipment))
    at_order = tree.add(top, "O", _order_level(order, vendor_code))
    if structure == "0001":
        codes = carton_codes(shipment, sscc_prefix=sscc_prefix, sscc_serial=sscc_serial)
        for carton, code in codes.items():
            pack = tree.add(at_order, "P", [["MAN", "GM", f"00{code}"]])
            for line in (one for one in shipment.lines if one.carton == carton):
                tree.add(pack, "I", _item_level(line))
    else:
        for line in _merged(shipment.lines):
            tree.add(at_order, "I", _item_level(line))
    return [*head, *tree.rows(), ["CTT", str(tree.count)]]


class _Tree:
    """Numbers the HL segments and knows in the end which of them have children (HL04)."""

    def __init__(self) -> None:
        self._levels: list[tuple[str, str, list[Elements]]] = []

    @property
    def count(self) -> int:
        return len(self._levels)

    def add(self, parent: str, level: str, rows: list[Elements]) -> str:
        self._levels.append((parent, level, rows))
        return str(self.count)

    def rows(self) -> list[Elements]:
        parents = {parent for parent, _, _ in self._levels}
        found: list[Elements] = []
        for number, (parent, level, rows) in enumerate(self._levels, 1):
            found.append(["HL", str(number), parent, level, "1" if str(number) in parents else "0"])
            found += rows
        return found


def _shipment_level(shipment: Shipment) -> list[Elements]:
    td1 = ["TD1", "CTN", str(shipment.cartons)]
    if shipment.weight_lb is not None:
        td1 += ["", "", "", "G", number_text(shipment.weight_lb), "LB"]
    rows: list[Elements] = [td1]
    if shipment.carrier:
        rows.append(_carrier(shipment.carrier))
    if shipment.bill_of_lading:
        rows.append(["REF", "BM", shipment.bill_of_lading[:30]])
    if shipment.tracking_number:
        rows.append(["REF", "CN", shipment.tracking_number[:30]])
    rows.append(["DTM", "011", day_text(shipment.shipped_at.date())])
    if shipment.estimated_delivery_on is not None:
        rows.append(["DTM", "017", day_text(shipment.estimated_delivery_on)])
    return rows + party_segments("SF", shipment.ship_from, code_qualifier="91") + party_segments("ST", shipment.ship_to)


def _carrier(carrier: str) -> Elements:
    """TD5: a SCAC stands in TD503 behind qualifier 2, any other name in TD505."""
    if 2 <= len(carrier) <= 4 and carrier.isalpha() and carrier.isupper():
        return ["TD5", "", "2", carrier]
    return ["TD5", "", "", "", "", carrier[:35]]


def _order_level(order: OrderFacts, vendor_code: str) -> list[Elements]:
    prf = ["PRF", order.po_number]
    if order.ordered_on is not None:
        prf += ["", "", day_text(order.ordered_on)]
    rows: list[Elements] = [prf]
    if vendor_code:
        rows.append(["REF", "IA", vendor_code])
    return rows + [["REF", r.qualifier, r.value] for r in order.references if r.value and r.qualifier != "IA"]


def _item_level(line: ShipmentLine) -> list[Elements]:
    pairs = pairs_of(line.items)
    if not pairs:
        raise WriteError(f"Line {line.order_line_no} has no item number that can be sent.")
    return [
        ["LIN", line.order_line_no, *pairs],
        ["SN1", line.order_line_no, number_text(line.quantity), line.unit],
    ]


def _merged(lines: Sequence[ShipmentLine]) -> list[ShipmentLine]:
    """One line per order line and unit, whatever the cartons."""
    found: dict[tuple[str, str], ShipmentLine] = {}
    for line in lines:
        key = (line.order_line_no, line.unit)
        before = found[key].quantity if key in found else Decimal(0)
        found[key] = replace(line, quantity=before + line.quantity)
    return list(found.values())
