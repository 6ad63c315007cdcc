"""A dispute from claim to booked credit. Approved is our word; booked is the ERP's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from distportal.accounts.models import Account, User
from distportal.accounts.permissions import Act
from distportal.accounts.speaking import ENGLISH
from distportal.accounts.standing import require_act
from distportal.common.money import show_money
from distportal.common.sequences import next_number
from distportal.common.states import check_move
from distportal.events.clock import database_now
from distportal.observability.actor import actor_name
from distportal.observability.correlation import correlated
from exceptions.choices import Resolution
from exceptions.process.cases import open_case, resolve_cases
from orders.choices import DISPUTE_MOVES, DisputeReason, DisputeStatus, InvoiceKind, RootCause
from orders.errors import DisputeRefused
from orders.models import Dispute, DisputeEntry, DisputeLine, Invoice, InvoiceLine
from orders.process.commands import request_erp_credit
from orders.process.facts import publish_order_fact
from orders.process.locks import locked_dispute
from orders.queries.claims import claimable
from orders.queries.limits import approval_limit


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What is claimed of one invoice line."""

    invoice_line_id: int
    quantity: Decimal
    amount: Decimal


def open_dispute(
    *,
    token: UUID,
    account: Account,
    invoice_id: UUID,
    reason: DisputeReason,
    claims: list[Claim],
    note: str,
    user: User | None = None,
    channel: str = "portal",
    opened_name: str = "",
) -> Dispute:
    """The dispute; the same token gives the one that is there. Without a person, `opened_name` says what opened it
    (`EDI Crestline, 820 trace 4711`). Raises DisputeRefused for a claim that cannot be, NotAllowed for a person whose
    role does not include disputes.
    """
    if user is not None:
        require_act(user=user, account_id=account.pk, act=Act.DISPUTE)
    try:
        return _open(token, account, invoice_id, reason, claims, note, _Opener(user, channel, opened_name))
    except IntegrityError:
        return Dispute.objects.get(token=token, account=account)


@dataclass(frozen=True, slots=True)
class _Opener:
    user: User | None
    channel: str
    name: str


@transaction.atomic
def _open(
    token: UUID, account: Account, invoice_id: UUID, reason: DisputeReason, claims: list[Claim], note: str, by: _Opener
) -> Dispute:
    known = Dispute.objects.filter(token=token, account=account).first()
    if known:
        return known
    invoice = (
        Invoice.objects.select_for_update().filter(pk=invoice_id, account=account, kind=InvoiceKind.INVOICE).first()
    )
    if invoice is None:
        raise DisputeRefused(_("this invoice is not one of your account; nothing was opened"))
    lines = _checked(invoice, claims)
    with correlated(invoice.correlation_id):
        row = Dispute.objects.create(
            number=next_number("orders_dispute_number"), token=token, account=account, invoice=invoice, reason=reason,
            note=note, amount_claimed=sum((c.amount for c in claims), Decimal(0)), currency=invoice.currency,
            opened_by=by.user, opened_name=by.name, channel=by.channel, correlation_id=invoice.correlation_id,
        )  # fmt: skip
        DisputeLine.objects.bulk_create(
            DisputeLine(dispute=row, invoice_line=lines[c.invoice_line_id], quantity=c.quantity, amount=c.amount)
            for c in claims
        )
        _enter(row, "opened", note, actor=by.name)
        open_case(
            kind="dispute.open", code="dispute", subject_type="dispute", subject_id=str(row.pk),
            sentence=_claimed(row, account, invoice),
            severity=2, queue="finance", account=account, amount=row.amount_claimed, currency=row.currency,
            reference=f"{row} · invoice {invoice.number}",
        )  # fmt: skip
        _publish(row, "dispute.opened")
    return row


def _claimed(row: Dispute, account: Account, invoice: Invoice) -> str:
    with translation.override(ENGLISH):  # the desk reads it
        reason = row.get_reason_display().lower()
    amount = show_money(row.amount_claimed, row.currency)
    return f"{row}: {account.name} claims {amount} on invoice {invoice.number}, {reason}"


def _checked(invoice: Invoice, claims: list[Claim]) -> Mapping[int, InvoiceLine]:
    if not claims:
        raise DisputeRefused(_("choose at least one line; nothing was opened"))
    lines = {line.pk: line for line in invoice.lines.all()}
    room = claimable(invoice)
    for claim in claims:
        line = lines.get(claim.invoice_line_id)
        if line is None:
            raise DisputeRefused(_("a chosen line is not on this invoice; nothing was opened"))
        if not Decimal(0) < claim.amount <= room[line.pk]:
            raise DisputeRefused(
                _("line %(position)s: up to %(room)s can be claimed; nothing was opened")
                % {"position": line.position, "room": show_money(room[line.pk], invoice.currency)},
                line=line.position,
            )
    return lines


@transaction.atomic
def approve_dispute(*, dispute_id: UUID, amount: Decimal, root_cause: RootCause, reason: str, user: User) -> Dispute:
    """The dispute, approved and its credit requested, or waiting for a second person above the approver's limit.

    Raises DisputeRefused without a reason, for an amount outside the claim, or when the first person approves twice.
    """
    row = locked_dispute(dispute_id)
    if not reason.strip():
        raise DisputeRefused("a decision needs a reason; nothing was decided")
    if not Decimal(0) < amount <= row.amount_claimed:
        raise DisputeRefused(f"approve between 0.01 and {row.amount_claimed}; nothing was decided")
    second = row.status == DisputeStatus.WAITING_APPROVAL
    if second and row.decided_by_id == user.pk:
        raise DisputeRefused("a second person must agree; nothing was decided")
    if second and amount != row.amount_approved:
        raise DisputeRefused(f"the first person proposed {row.amount_approved}; agree to that or send it back")
    row.amount_approved, row.root_cause, row.decision_reason = amount, root_cause, reason.strip()
    if not second:
        row.decided_by, row.decided_at = user, database_now()
    within = amount <= approval_limit(user=user, reason=row.reason)
    if second or within:
        row.approved_by = user
        _move(row, DisputeStatus.APPROVED)
        with correlated(row.correlation_id):
            request_erp_credit(dispute=row)
            _publish(row, "dispute.approved")
    else:
        _move(row, DisputeStatus.WAITING_APPROVAL)
    _enter(row, row.status, reason)
    return row


@transaction.atomic
def reject_dispute(*, dispute_id: UUID, reason: str, user: User) -> Dispute:
    """The dispute, rejected with its reason; its case is closed. Raises DisputeRefused without a reason."""
    row = locked_dispute(dispute_id)
    if not reason.strip():
        raise DisputeRefused("a rejection needs a reason; nothing was decided")
    row.decided_by, row.decided_at, row.decision_reason = user, database_now(), reason.strip()
    _move(row, DisputeStatus.REJECTED)
    _enter(row, "rejected", reason)
    _close(row, f"rejected: {reason.strip()}")
    with correlated(row.correlation_id):
        _publish(row, "dispute.rejected")
    return row


@transaction.atomic
def withdraw_dispute(*, dispute_id: UUID, reason: str) -> Dispute:
    """The dispute, withdrawn: what it claimed was paid after all. Raises IllegalMove once somebody decided on it."""
    row = locked_dispute(dispute_id)
    _move(row, DisputeStatus.WITHDRAWN)
    _enter(row, "withdrawn", reason)
    _close(row, reason)
    with correlated(row.correlation_id):
        _publish(row, "dispute.withdrawn")
    return row


@transaction.atomic
def book_credit_memo(*, dispute_id: UUID, credit_memo: Invoice) -> Dispute:
    """The dispute, booked by the ERP's credit memo; its case closes by itself."""
    row = locked_dispute(dispute_id)
    row.credit_memo = credit_memo
    _move(row, DisputeStatus.BOOKED)
    _enter(
        row, "booked", f"credit memo {credit_memo.number} over {show_money(credit_memo.total, credit_memo.currency)}"
    )
    _close(row, f"credit memo {credit_memo.number}")
    _publish(row, "dispute.booked")
    return row


def _move(row: Dispute, status: DisputeStatus) -> None:
    check_move(DISPUTE_MOVES, subject=str(row), old=row.status, new=status)
    row.status = status
    row.save()


def _enter(row: Dispute, action: str, text: str, *, actor: str = "") -> None:
    DisputeEntry.objects.create(dispute=row, actor=actor or actor_name(), action=action, text=text)


def _close(row: Dispute, reason: str) -> None:
    resolve_cases(subject_type="dispute", subject_id=str(row.pk), resolution=Resolution.BY_EVENT, reason=reason)


def _publish(row: Dispute, what: str) -> None:
    if row.invoice.order:
        publish_order_fact(row.invoice.order, what, dispute=str(row.pk), status=row.status)
