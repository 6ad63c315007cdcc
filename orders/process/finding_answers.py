"""Finance answers what our own check found: credit it by one act, or say that it was billed rightly."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from itertools import groupby
from uuid import UUID, uuid5

from django.db import transaction

from distportal.accounts.models import User
from orders.choices import DisputeReason, FindingState, RootCause
from orders.errors import DisputeRefused
from orders.models import Dispute, InvoiceFinding
from orders.process.dispute_deciding import approve_dispute
from orders.process.dispute_moves import require_finance
from orders.process.disputes import Claim, open_dispute
from orders.process.finding_ends import OWN_CHECK, end_findings, open_findings
from orders.process.locks import locked_invoices
from orders.queries.claims import claimable

NAMESPACE = UUID("5a1c7f0e-8e0f-5b8a-9a0e-6d0f5b1b7a11")
_CAUSES: Mapping[str, RootCause] = {
    DisputeReason.PRICE: RootCause.PRICING_DATA,
    DisputeReason.SHORT: RootCause.PICKING,
}


@transaction.atomic
def accept_findings(*, invoice_id: UUID, reason: str, user: User) -> list[Dispute]:
    """One dispute of our own for each reason, approved within the person's limit and else waiting for a second one.
    Raises NotAllowed; DisputeRefused where nothing waits any more, or without a reason.
    """
    require_finance(user)
    invoice, rows = locked_invoices([invoice_id])[invoice_id], open_findings(invoice_id)
    room = claimable(invoice)
    if not rows:
        raise DisputeRefused("nothing of this invoice waits for finance any more; nothing was credited")
    found = []
    for code, group in groupby(sorted(rows, key=lambda one: one.reason), key=lambda one: one.reason):
        claims = [claim for one in group if (claim := _claim(one, room)).amount > 0]
        if claims:
            found.append(_credit(invoice_id, DisputeReason(code), claims, reason, user))
    if not found:
        raise DisputeRefused("the lines are in dispute already; decide on that dispute")
    return found


def _claim(row: InvoiceFinding, room: dict[int, Decimal]) -> Claim:
    """What is proposed, no more than the line leaves; `room` is used up."""
    amount = min(row.amount, room[row.line_id])
    room[row.line_id] -= amount
    return Claim(invoice_line_id=row.line_id, quantity=row.quantity, amount=amount)


def _credit(invoice_id: UUID, code: DisputeReason, claims: list[Claim], reason: str, user: User) -> Dispute:
    invoice = locked_invoices([invoice_id])[invoice_id]
    row = open_dispute(
        token=uuid5(NAMESPACE, f"{invoice_id}/{code}"), account=invoice.account, invoice_id=invoice_id, reason=code,
        claims=claims, note=reason, user=user, channel=OWN_CHECK, opened_name="our own check",
    )  # fmt: skip
    return approve_dispute(
        dispute_id=row.pk, amount=row.amount_claimed, root_cause=_CAUSES.get(code, RootCause.OTHER), reason=reason,
        user=user,
    )  # fmt: skip


@transaction.atomic
def dismiss_findings(*, invoice_id: UUID, reason: str, user: User) -> int:
    """How many findings were dismissed: it was billed rightly. Raises NotAllowed, DisputeRefused without a reason."""
    require_finance(user)
    if not reason.strip():
        raise DisputeRefused("say why it is right; nothing was dismissed")
    rows = open_findings(invoice_id)
    end_findings(rows, FindingState.DISMISSED, f"{reason.strip()} ({user.email})")
    return len(rows)
