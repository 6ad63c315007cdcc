"""943 warehouse stock transfer shipment advice: goods of ours on their way to a warehouse (X12 943)."""

from __future__ import annotations

from decimal import Decimal

from distportal.canonical.warehouse import StockTransfer
from edi.documents.parties import party_segments
from edi.documents.values import day_text, number_text
from edi.documents.warehouse_lines import quantity_line
from edi.x12.errors import WriteError
from edi.x12.tokens import Elements


def write_943(transfer: StockTransfer, *, release: str = "004010") -> list[Elements]:
    """The body of the 943, W06 to W03. Raises WriteError for one without lines."""
    if not transfer.lines:
        raise WriteError(f"Transfer {transfer.number} has no lines.")
    w06 = ["W06", "J", transfer.number[:22], day_text(transfer.shipped_on), transfer.bill_of_lading[:30]]
    body: list[Elements] = [w06]
    body += party_segments("SF", transfer.ship_from, code_qualifier="91")
    body += party_segments("WH", transfer.warehouse, code_qualifier="91")
    if transfer.tracking_number:
        body.append(["N9", "CN", transfer.tracking_number[:30]])
    body.append(["G62", "11", day_text(transfer.shipped_on)])
    if transfer.expected_on is not None:
        body.append(["G62", "17", day_text(transfer.expected_on)])
    if transfer.carrier:
        scac = transfer.carrier if 2 <= len(transfer.carrier) <= 4 else ""
        body.append(["W27", "M", scac, "" if scac else transfer.carrier[:35]])
    for line in transfer.lines:
        body += quantity_line("W04", line)
    total = sum((line.quantity for line in transfer.lines), Decimal(0))
    return [*body, ["W03", number_text(total)]]
