"""ITD, FOB and TD5 of an order: how it is paid for and how it travels (X12 ITD, FOB, TD5)."""

from __future__ import annotations

from distportal.canonical.parts import Terms
from edi.documents.values import Reader
from edi.x12.tokens import Segment


def terms_of(reader: Reader, segment: Segment, position: int) -> Terms:
    """The payment terms of one ITD."""
    return Terms(
        code=segment.get(1).strip(),
        basis=segment.get(2).strip(),
        discount_percent=reader.number(segment, position, 3, "discount percentage"),
        discount_days=reader.count(segment, position, 5, "number of discount days"),
        discount_due_on=reader.day(segment, position, 4, "discount date"),
        net_days=reader.count(segment, position, 7, "number of days"),
        net_due_on=reader.day(segment, position, 6, "due date"),
        description=segment.get(12).strip(),
    )


def carrier_of(segment: Segment) -> str:
    """The carrier a TD5 names: the SCAC behind qualifier 2, else the routing as written, else the code."""
    code = segment.get(3).strip()
    if segment.get(2).strip() == "2" and code:
        return code
    return segment.get(5).strip() or code
