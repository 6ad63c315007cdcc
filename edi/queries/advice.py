"""Which document of ours an application advice is about."""

from __future__ import annotations

from edi.choices import Direction
from edi.models import Document, TradingPartner

_BY_REFERENCE = {
    "IV": "invoice__number",
    "CM": "invoice__number",
    "SI": "shipment__number",
    "MA": "shipment__number",
    "PO": "order__po_number",
}
"""OTI02 (X12 element 128) -> what its number is the number of."""


def advised_document(
    *, partner: TradingPartner, set_id: str, group_number: str, set_number: str, qualifier: str, reference: str
) -> Document | None:
    """The partner's document by our control numbers, else by its business number and set; another partner's never."""
    rows = Document.objects.filter(partner=partner, direction=Direction.OUT).select_related("partner__account")
    if set_id:
        rows = rows.filter(set_id=set_id)
    if group_number:
        found = rows.filter(group__control_number=group_number)
        if set_number:
            found = found.filter(control_number__in=_padded(set_number))
        row = found.order_by("-created_at").first()
        if row is not None:
            return row
    field = _BY_REFERENCE.get(qualifier)
    if field is None or not reference:
        return None
    return rows.exclude(set_id__in=("997", "824")).filter(**{field: reference}).order_by("-created_at").first()


def _padded(number: str) -> set[str]:
    """A set control number with and without its leading zeros."""
    plain = number.lstrip("0")
    return {number, plain, plain.zfill(4), plain.zfill(9)}
