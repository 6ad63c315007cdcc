"""What a buyer kept back becomes a dispute: reason by X12 element 426, the amount spread over the invoice's lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID, uuid5

from distportal.accounts.models import Account
from distportal.canonical.remittances import Adjustment
from orders.choices import DisputeReason
from orders.models import Dispute, Invoice
from orders.process.disputes import Claim, open_dispute
from orders.process.spreading import spread
from orders.queries.claims import claimable

NAMESPACE = UUID("0c9b3b9e-6f1c-5d0e-9a55-6f0a2c7d5b10")
REASONS: dict[str, DisputeReason] = {
    "01": DisputeReason.PRICE,
    "02": DisputeReason.PROMOTION,
    "03": DisputeReason.PRICE,
    "04": DisputeReason.DAMAGED,
    "05": DisputeReason.DAMAGED,
    "06": DisputeReason.SHORT,
    "07": DisputeReason.WRONG_ITEM,
    "50": DisputeReason.LATE,
    "55": DisputeReason.TAX,
    "59": DisputeReason.NOT_RECEIVED,
    "90": DisputeReason.PROMOTION,
    "B2": DisputeReason.PROMOTION,
    "F1": DisputeReason.DAMAGED,
}
"""Adjustment reason (X12 element 426) -> ours; any other is a deduction without a reason that we know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deduction:
    """What was kept back of one invoice, told by `told_by` (`EDI Crestline, 820 trace 4711`). The key makes a repeat
    harmless.
    """

    key: str
    invoice: Invoice
    amount: Decimal
    reason: str = ""
    note: str = ""
    told_by: str
    channel: str = "edi"


def shares(amount: Decimal, adjustments: Sequence[Adjustment]) -> dict[str, Decimal]:
    """Reason code -> its part of a deduction, in the order told; they add up to the amount, what nobody explained has
    the reason "".
    """
    left = amount
    found: dict[str, Decimal] = {}
    for told in adjustments:
        part = min(-told.amount, left)
        if part > 0:
            found[told.reason] = found.get(told.reason, Decimal(0)) + part
            left -= part
    return found | ({"": left} if left > 0 else {})


def open_deduction(*, account: Account, deduction: Deduction) -> tuple[Dispute | None, Decimal]:
    """The dispute over the deduction and what of it no line can carry any more (charges, tax, lines in dispute); no
    dispute where that is all.
    """
    claims = _spread(deduction.invoice, deduction.amount)
    claimed = sum((claim.amount for claim in claims), Decimal(0))
    token = uuid5(NAMESPACE, f"{account.pk}/{deduction.key}/{deduction.invoice.pk}/{deduction.reason}")
    known = Dispute.objects.filter(token=token, account=account).first()
    if known or not claims:
        return known, Decimal(0) if known else deduction.amount
    row = open_dispute(
        token=token,
        account=account,
        invoice_id=deduction.invoice.pk,
        reason=REASONS.get(deduction.reason, DisputeReason.UNSTATED),
        claims=claims,
        note=deduction.note,
        channel=deduction.channel,
        opened_name=deduction.told_by[:120],
    )
    return row, deduction.amount - claimed


def _spread(invoice: Invoice, amount: Decimal) -> list[Claim]:
    """The amount over the lines in proportion to what is left of each, exact to the cent."""
    room = {pk: left for pk, left in claimable(invoice).items() if left > 0}
    quantities = {line.pk: line.quantity for line in invoice.lines.all()}
    parts = zip(room, spread(amount, list(room.values())), strict=True)
    return [Claim(invoice_line_id=pk, quantity=quantities[pk], amount=part) for pk, part in parts if part > 0]
