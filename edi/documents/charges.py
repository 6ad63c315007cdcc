"""SAC: allowances and charges of a document or of one line (X12 SAC)."""

from __future__ import annotations

from distportal.canonical.parts import Charge
from edi.documents.values import cents_text
from edi.x12.tokens import Elements

_OFF_INVOICE, _PAID_BY_CUSTOMER = "02", "06"
"""SAC12 (X12 element 331)."""


def charge_segment(charge: Charge) -> Elements:
    """SAC: A for an allowance (below zero), C for a charge; SAC05 is in cents (N2) without a sign, SAC15 the words."""
    kind, method = ("A", _OFF_INVOICE) if charge.amount < 0 else ("C", _PAID_BY_CUSTOMER)
    head = ["SAC", kind, charge.code, "", "", cents_text(abs(charge.amount))]
    return [*head, *[""] * 6, method, "", "", charge.description[:80]]
