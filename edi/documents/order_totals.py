"""CTT of an order held against what came (X12 CTT)."""

from __future__ import annotations

from decimal import Decimal

from edi.documents.options import OrderOptions
from edi.documents.order_walk import OrderWalk


def check_totals(walk: OrderWalk, *, quantity_element: int, options: OrderOptions) -> None:
    """A count (CTT01) or quantity total (CTT02) that differs is a note or, where that was agreed, a problem."""
    if walk.totals is None:
        return
    segment, position = walk.totals
    told = segment.get(1).strip()
    if told and told.lstrip("0") != str(len(walk.lines)):
        _tell(walk, options, position, 1, f"CTT01 counts {told} lines, {len(walk.lines)} came.")
    total = walk.reader.number(segment, position, 2, "total of quantities")
    parts = [walk.reader.number(d.segment, d.position, quantity_element, "") for d in walk.lines] if total else []
    found = sum((part for part in parts if part is not None), Decimal(0))
    if total is not None and total != found:
        text = f"CTT02 says {total.normalize():f} in all, the lines come to {found.normalize():f}."
        _tell(walk, options, position, 2, text)


def _tell(walk: OrderWalk, options: OrderOptions, position: int, element: int, text: str) -> None:
    if options.ctt == "reject":
        walk.reader.problem("CTT", position, element, text)
    else:
        walk.note(text)
