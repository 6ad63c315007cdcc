"""856 ship notice: shipment, order, pallets and cartons where the partner wants them, items (X12 856)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from distportal.canonical.shipments import Carton, Pallet, Shipment, ShipmentLine
from edi.documents.hl_tree import HlTree
from edi.documents.items import pairs_of
from edi.documents.order_facts import OrderFacts
from edi.documents.parties import party_segments
from edi.documents.references import echoed_segments
from edi.documents.values import day_text, number_text
from edi.x12.errors import WriteError
from edi.x12.tokens import Elements

CARTONS, STANDARD_PACK, NO_CARTONS = "0001", "0002", "0004"
"""BSN05 (X12 element 1005): S-O-P-I, S-O-I-P, S-O-I."""
STRUCTURES = (CARTONS, STANDARD_PACK, NO_CARTONS)


def write_856(
    shipment: Shipment,
    order: OrderFacts,
    *,
    structure: str = CARTONS,
    pallets: bool = False,
    vendor_code: str = "",
    release: str = "004010",
) -> list[Elements]:
    """The body of the 856, BSN to CTT. With `pallets` the cartons of 0001 stand below their pallets (S-O-T-P-I).

    `shipment.packed` names the SSCC-18 of each carton. Raises WriteError for another structure, a shipment without
    lines, a carton without a code, or a line without an item number the partner knows.
    """
    if structure not in STRUCTURES:
        raise WriteError(
            f"The structure {structure!r} of ship notices is not written here; use {', '.join(STRUCTURES)}."
        )
    if not shipment.lines:
        raise WriteError(f"Shipment {shipment.number} has no lines.")
    tree = HlTree()
    moment = [day_text(shipment.shipped_at.date()), f"{shipment.shipped_at:%H%M}"]
    top = tree.add("", "S", _shipment_level(shipment))
    at_order = tree.add(top, "O", _order_level(order, vendor_code))
    if structure == CARTONS:
        _add_cartons(tree, at_order, shipment, with_pallets=pallets)
    elif structure == STANDARD_PACK:
        _add_standard_packs(tree, at_order, shipment)
    else:
        for line in _merged(shipment.lines):
            tree.add(at_order, "I", _item_level(line))
    return [["BSN", "00", shipment.number[:30], *moment, structure], *tree.rows(), ["CTT", str(tree.count)]]


def _add_cartons(tree: HlTree, at_order: str, shipment: Shipment, *, with_pallets: bool) -> None:
    cartons = {one.number: one for one in shipment.packed}
    held: dict[int, list[ShipmentLine]] = {}
    for line in shipment.lines:
        held.setdefault(line.carton, []).append(line)
    stacks: dict[int, list[int]] = {}
    for number in sorted(held):
        stacks.setdefault(cartons[number].pallet if with_pallets and number in cartons else 0, []).append(number)
    pallets = {one.number: one for one in shipment.pallets}
    for pallet, numbers in sorted(stacks.items()):
        above = (
            tree.add(at_order, "T", _unit_level(pallets.get(pallet), f"pallet {pallet}", "PLT")) if pallet else at_order
        )
        for number in numbers:
            pack = tree.add(above, "P", _unit_level(cartons.get(number), f"carton {number}", "CTN"))
            for line in held[number]:
                tree.add(pack, "I", _item_level(line))


def _add_standard_packs(tree: HlTree, at_order: str, shipment: Shipment) -> None:
    """Each item once with the cartons that hold it below; a carton that holds two items cannot be told so."""
    cartons = {one.number: one for one in shipment.packed}
    of_line: dict[tuple[str, str], list[ShipmentLine]] = {}
    seen: dict[int, str] = {}
    for line in shipment.lines:
        if seen.setdefault(line.carton, line.order_line_no) != line.order_line_no:
            raise WriteError(
                f"Carton {line.carton} holds the lines {seen[line.carton]} and {line.order_line_no}; standard packs "
                "(0002) hold one. Agree on the structure 0001 with the partner."
            )
        of_line.setdefault((line.order_line_no, line.unit), []).append(line)
    for whole, parts in zip(_merged(shipment.lines), of_line.values(), strict=True):
        at_item = tree.add(at_order, "I", _item_level(whole))
        for part in parts:
            sn1 = ["SN1", part.order_line_no, number_text(part.quantity), part.unit]
            tree.add(at_item, "P", [sn1, *_unit_level(cartons.get(part.carton), f"carton {part.carton}", "CTN")])


def _shipment_level(shipment: Shipment) -> list[Elements]:
    td1 = ["TD1", "CTN", str(shipment.cartons)]
    if shipment.weight_lb is not None:
        td1 += ["", "", "", "G", number_text(shipment.weight_lb), "LB"]
    rows: list[Elements] = [td1]
    if shipment.pallets:
        rows.append(["TD1", "PLT", str(len(shipment.pallets))])
    if shipment.carrier:
        rows.append(_carrier(shipment.carrier))
    if shipment.trailer:
        rows.append(["TD3", "TL", "", shipment.trailer[:10]])
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
    return [prf, *echoed_segments(vendor_code, order.references)]


def _unit_level(unit: Carton | Pallet | None, name: str, packaging: str) -> list[Elements]:
    """PO4 with the gross weight where it is known, and the SSCC-18 behind its identifier 00 (MAN01 GM)."""
    if unit is None or not unit.sscc:
        raise WriteError(f"The {name} has no SSCC-18, so it cannot be announced.")
    rows: list[Elements] = []
    if unit.weight_lb is not None:
        rows.append(["PO4", "", "", "", packaging, "G", number_text(unit.weight_lb), "LB"])
    return [*rows, ["MAN", "GM", f"00{unit.sscc}"]]


def _item_level(line: ShipmentLine) -> list[Elements]:
    pairs = pairs_of(line.items)
    if not pairs:
        raise WriteError(f"Line {line.order_line_no} has no item number that can be sent.")
    if line.lot:
        pairs += ["LT", line.lot[:48]]
    rows = [
        ["LIN", line.order_line_no, *pairs],
        ["SN1", line.order_line_no, number_text(line.quantity), line.unit],
    ]
    if line.pack:
        rows.append(["PO4", str(line.pack)])
    if line.description:
        rows.append(["PID", "F", "", "", "", line.description[:80]])
    if line.expires_on is not None:
        rows.append(["DTM", "036", day_text(line.expires_on)])
    return rows


def _merged(lines: Sequence[ShipmentLine]) -> list[ShipmentLine]:
    """One line per order line and unit, whatever the cartons; a lot that is not that of all parts is left out."""
    found: dict[tuple[str, str], ShipmentLine] = {}
    for line in lines:
        key = (line.order_line_no, line.unit)
        known = found.get(key)
        same = known is None or (known.lot, known.expires_on) == (line.lot, line.expires_on)
        lot, expires = (line.lot, line.expires_on) if same else ("", None)
        before = known.quantity if known else Decimal(0)
        found[key] = replace(line, quantity=before + line.quantity, lot=lot, expires_on=expires)
    return list(found.values())
