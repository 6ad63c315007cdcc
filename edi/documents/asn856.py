"""856 ship notice: shipment, order, pallets and cartons where the partner wants them, items (X12 856)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from distportal.canonical.shipments import Carton, Pallet, Shipment, ShipmentLine
from edi.documents.hl_tree import HlTree
from edi.documents.items import pairs_of
from edi.documents.load_level import shipment_segments
from edi.documents.order_facts import OrderFacts
from edi.documents.references import echoed_segments
from edi.documents.values import day_text, number_text
from edi.x12.errors import WriteError
from edi.x12.tokens import Elements

CARTONS, STANDARD_PACK, NO_CARTONS = "0001", "0002", "0004"
"""BSN05 (X12 element 1005): S-O-P-I, S-O-I-P, S-O-I."""
STRUCTURES = (CARTONS, STANDARD_PACK, NO_CARTONS)


@dataclass(frozen=True, slots=True)
class Shipped:
    """One shipment with what the 856 repeats of its order."""

    shipment: Shipment
    order: OrderFacts
    vendor_code: str = ""


def write_856(
    shipped: Sequence[Shipped],
    *,
    structure: str = CARTONS,
    pallets: bool = False,
    release: str = "004010",
) -> list[Elements]:
    """The body of the 856, BSN to CTT: one load, an O level per order in it, known by the number of its first shipment.
    With `pallets` the cartons of 0001 stand below their pallets (S-O-T-P-I). A carton or pallet with goods of two
    orders stands below each of them, under its one code.

    `Shipment.packed` names the SSCC-18 of each carton. Raises WriteError for another structure, a shipment without
    lines, a carton without a code, or a line without an item number the partner knows.
    """
    if structure not in STRUCTURES:
        raise WriteError(
            f"The structure {structure!r} of ship notices is not written here; use {', '.join(STRUCTURES)}."
        )
    empty = next((one.shipment for one in shipped if not one.shipment.lines), None)
    if empty is not None:
        raise WriteError(f"Shipment {empty.number} has no lines.")
    if structure == STANDARD_PACK:
        _refuse_mixed([one.shipment for one in shipped])
    tree, first = HlTree(), shipped[0].shipment
    moment = [day_text(first.shipped_at.date()), f"{first.shipped_at:%H%M}"]
    top = tree.add("", "S", shipment_segments([one.shipment for one in shipped]))
    of_order: dict[str, list[Shipped]] = {}
    for one in shipped:
        of_order.setdefault(one.shipment.order_key, []).append(one)
    for parts in of_order.values():
        at_order = tree.add(top, "O", _order_level(parts[0]))
        _add_contents(tree, at_order, [part.shipment for part in parts], structure, with_pallets=pallets)
    return [["BSN", "00", first.number[:30], *moment, structure], *tree.rows(), ["CTT", str(tree.count)]]


def _refuse_mixed(shipments: Sequence[Shipment]) -> None:
    seen: dict[str, str] = {}
    for shipment in shipments:
        for carton in shipment.packed:
            first = seen.setdefault(carton.sscc or f"{shipment.number}/{carton.number}", shipment.number)
            if first != shipment.number:
                raise WriteError(
                    f"The carton {carton.sscc} holds goods of the shipments {first} and {shipment.number}; standard "
                    "packs (0002) hold one item. Agree on the structure 0001 with the partner."
                )


def _add_contents(
    tree: HlTree, at_order: str, shipments: Sequence[Shipment], structure: str, *, with_pallets: bool
) -> None:
    if structure == NO_CARTONS:
        for line in _by_lot([line for shipment in shipments for line in shipment.lines]):
            tree.add(at_order, "I", _item_level(line))
        return
    for shipment in shipments:
        if structure == CARTONS:
            _add_cartons(tree, at_order, shipment, with_pallets=with_pallets)
        else:
            _add_standard_packs(tree, at_order, shipment)


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
    for parts in of_line.values():
        at_item = tree.add(at_order, "I", _item_level(_whole(parts)))
        for part in parts:
            sn1 = ["SN1", part.order_line_no, number_text(part.quantity), part.unit]
            tree.add(at_item, "P", [sn1, *_unit_level(cartons.get(part.carton), f"carton {part.carton}", "CTN")])


def _order_level(shipped: Shipped) -> list[Elements]:
    order = shipped.order
    prf = ["PRF", order.po_number]
    if order.ordered_on is not None:
        prf += ["", "", day_text(order.ordered_on)]
    return [prf, *echoed_segments(shipped.vendor_code, order.references)]


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


def _by_lot(lines: Sequence[ShipmentLine]) -> list[ShipmentLine]:
    """One line per order line, unit and lot, whatever the cartons."""
    found: dict[tuple[str, str, str, dt.date | None], ShipmentLine] = {}
    for line in lines:
        key = (line.order_line_no, line.unit, line.lot, line.expires_on)
        known = found.get(key)
        found[key] = replace(line, quantity=line.quantity + (known.quantity if known else Decimal(0)))
    return list(found.values())


def _whole(parts: Sequence[ShipmentLine]) -> ShipmentLine:
    """The parts of a line as one; a lot that is not that of all of them is left out."""
    one = {(part.lot, part.expires_on) for part in parts}
    lot, expires_on = one.pop() if len(one) == 1 else ("", None)
    quantity = sum((part.quantity for part in parts), Decimal(0))
    return replace(parts[-1], quantity=quantity, lot=lot, expires_on=expires_on)
