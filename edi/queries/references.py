"""What people call the thing behind an EDI case: whose it is and which PO it is about."""

from __future__ import annotations

from collections.abc import Sequence

from edi.models import Document, TradingPartner

_PO_AT = {"BEG": 3, "BCH": 3, "PRF": 1, "BIG": 4, "BAK": 3, "BCA": 3, "W05": 3, "W06": 5}
"""Segment -> the element that holds the buyer's PO number."""


def reference_of(document: Document) -> str:
    """The order and its PO number, else the PO number that the document names, else the set with its number; each with
    the partner's code.
    """
    partner = document.partner.code
    if document.order:
        return f"{partner} · PO {document.order.po_number} · {document.order}"
    po_number = named_po(document.segments)
    return (
        f"{partner} · PO {po_number}"
        if po_number
        else of_partner(document.partner, f"{document.set_id} {document.control_number}")
    )


def of_partner(partner: TradingPartner, what: str) -> str:
    """Something of the partner's that is about no one order."""
    return f"{partner.code} · {what}".rstrip(" ·")


def named_po(segments: Sequence[Sequence[str]]) -> str:
    """The first PO number that the segments name; empty for none."""
    for segment in segments:
        at = _PO_AT.get(segment[0]) if segment else None
        if at and len(segment) > at and segment[at].strip():
            return segment[at].strip()[:22]
    return ""
