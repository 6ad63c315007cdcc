"""940 warehouse shipping order: what a warehouse is to ship, changed or cancelled (X12 940)."""

from __future__ import annotations

from decimal import Decimal

from distportal.canonical.warehouse import WarehouseOrder
from edi.documents.parties import party_segments
from edi.documents.values import day_text, number_text
from edi.documents.warehouse_lines import quantity_line
from edi.x12.errors import WriteError
from edi.x12.tokens import Elements

_PURPOSES = {"original": "N", "change": "R", "cancel": "F"}
"""W0501 (X12 element 473)."""


def write_940(order: WarehouseOrder, *, release: str = "004010") -> list[Elements]:
    """The body of the 940, W05 to W76. A cancellation repeats the lines that are cancelled.

    Raises WriteError for an order without lines or a line whose item the warehouse cannot know.
    """
    if not order.lines:
        raise WriteError(f"{order.number} asks for nothing, so the warehouse cannot be told to ship it.")
    body: list[Elements] = [["W05", _PURPOSES[order.purpose], order.number[:22], order.po_number[:22]]]
    body += party_segments("WH", order.warehouse, code_qualifier="91")
    body += party_segments("ST", order.ship_to, code_qualifier="91")
    body.append(["N9", "IL", order.order_number[:30]])
    for code, day in (("10", order.requested_on), ("01", order.cancel_after)):
        if day is not None:
            body.append(["G62", code, day_text(day)])
    if order.ship_complete:
        body.append(["NTE", "WHI", "Ship complete: everything at once or nothing."])
    # PP: we pay the freight; T: the warehouse chooses the best way (X12 elements 146 and 91).
    body.append(["W66", "PP", "T"])
    for number, line in enumerate(order.lines, 1):
        body += [["LX", str(number)], *quantity_line("W01", line)]
    total = sum((line.quantity for line in order.lines), Decimal(0))
    return [*body, ["W76", number_text(total)]]
