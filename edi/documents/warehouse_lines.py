"""What the lines of warehouse documents share: item numbers in two pairs, lots, and whom they are about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from distportal.canonical.parts import ItemId
from distportal.canonical.warehouse import WarehouseLine
from edi.documents.items import items_of
from edi.documents.values import number_text
from edi.x12.errors import WriteError
from edi.x12.tokens import Elements, Segment


def pairs_for_warehouse(items: Iterable[ItemId], line_no: str) -> Elements:
    """Qualifier and value of our own number, then of the UPC (X12 element 235 VN, UP); two pairs are all there is room
    for. Raises WriteError for a line with neither.
    """
    known = list(items)
    pairs: Elements = []
    for kinds, code in ((("sku", "vendor"), "VN"), (("upc",), "UP")):
        value = next((i.value for i in known if i.qualifier in kinds), "")
        pairs += [code, value[:48]] if value else []
    if not pairs:
        raise WriteError(f"Line {line_no} has no item number that a warehouse knows.")
    return pairs


def quantity_line(segment_id: str, line: WarehouseLine) -> list[Elements]:
    """W01 or W04: quantity and unit, then the item, with its description (G69) and our line number (N9 LI)."""
    row = [segment_id, number_text(line.quantity), line.unit, "", *pairs_for_warehouse(line.items, line.line_no)]
    rows = [row]
    if line.description:
        rows.append(["G69", line.description[:45]])
    rows.append(["N9", "LI", line.line_no])
    if line.lot:
        rows.append(["N9", "LT", line.lot[:30]])
    return rows


def items_at(segment: Segment, starts: Sequence[int], *, upc_at: int = 0) -> tuple[ItemId, ...]:
    """The items of qualifier-value pairs at these elements, and the UPC case code that stands alone."""
    pairs = [segment.get(at + offset) for at in starts for offset in (0, 1)]
    lone = segment.get(upc_at).strip() if upc_at else ""
    return items_of([*pairs, *(("UA", lone) if lone else ())])
