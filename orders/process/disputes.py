"""A dispute is opened, or kept as a draft and submitted later."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
from distportal.observability.correlation import correlated
from exceptions.process.cases import open_case
from orders.choices import DisputeReason, DisputeStatus, InvoiceKind
from orders.errors import DisputeRefused
from orders.models import Dispute, DisputeLine, Invoice, InvoiceLine
from orders.process.case_facts import about_dispute
from orders.process.dispute_moves import CASE, enter, take_step, tell
from orders.process.dispute_proving import find_evidence
from orders.process.finding_ends import end_disputed
from orders.process.locks import locked_dispute
from orders.queries.claims import claimable


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
    as_draft: bool = False,
) -> Dispute:
    """The dispute; the same token gives the one that is there. Without a person, `opened_name` says what opened it
    (`EDI Crestline, 820 trace 4711`). A draft claims nothing yet and nobody hears of it.

    Raises DisputeRefused for a claim that cannot be, NotAllowed for a person whose role does not include disputes.
    """
    if user is not None and not user.is_staff:
        require_act(user=user, account_id=account.pk, act=Act.DISPUTE)
    try:
        return _open(
            token, account, invoice_id, reason, claims, note, _Opener(user, channel, opened_name, as_draft=as_draft)
        )
    except IntegrityError:
        return Dispute.objects.get(token=token, account=account)


@dataclass(frozen=True, slots=True)
class _Opener:
    user: User | None
    channel: str
    name: str
    as_draft: bool


@transaction.atomic
def _open(
    token: UUID, account: Account, invoice_id: UUID, reason: DisputeReason, claims: list[Claim], note: str, by: _Opener
) -> Dispute:
    known = Dispute.objects.filter(token=token, account=account).first()
    if known:
        return known
    invoice = (
        Invoice.objects.select_for_update(no_key=True)
        .filter(pk=invoice_id, account=account, kind=InvoiceKind.INVOICE)
        .first()
    )
    if invoice is None:
        raise DisputeRefused(_("this invoice is not one of your account; nothing was opened"))
    lines = _checked(invoice, claims)
    with correlated(invoice.correlation_id):
        row = Dispute.objects.create(
            number=next_number("orders_dispute_number"), token=token, account=account, invoice=invoice, reason=reason,
            note=note, amount_claimed=sum((c.amount for c in claims), Decimal(0)), currency=invoice.currency,
            opened_by=by.user, opened_name=by.name, channel=by.channel, correlation_id=invoice.correlation_id,
            status=DisputeStatus.DRAFT if by.as_draft else DisputeStatus.SUBMITTED,
        )  # fmt: skip
        DisputeLine.objects.bulk_create(
            DisputeLine(dispute=row, invoice_line=lines[c.invoice_line_id], quantity=c.quantity, amount=c.amount)
            for c in claims
        )
        enter(row, "drafted" if by.as_draft else "opened", note, actor=by.name)
        if not by.as_draft:
            _begin(row, [claim.invoice_line_id for claim in claims])
    return row


@transaction.atomic
def submit_dispute(*, dispute_id: UUID, user: User) -> Dispute:
    """The draft, submitted. Raises NotAllowed, IllegalMove for anything but a draft, and DisputeRefused where its lines
    were claimed by another dispute meanwhile.
    """
    invoice_id = Dispute.objects.values_list("invoice_id", flat=True).get(pk=dispute_id)
    invoice = Invoice.objects.select_for_update(no_key=True).get(pk=invoice_id)
    row = locked_dispute(dispute_id)
    require_act(user=user, account_id=row.account_id, act=Act.DISPUTE)
    told = row.lines.values_list("invoice_line_id", "quantity", "amount")
    claims = [Claim(invoice_line_id=pk, quantity=quantity, amount=amount) for pk, quantity, amount in told]
    _checked(invoice, claims)
    with correlated(row.correlation_id):
        take_step(row, "submit", "")
        _begin(row, [claim.invoice_line_id for claim in claims])
    return row


def _begin(row: Dispute, line_ids: Sequence[int]) -> None:
    """What follows when a claim counts: its case, the evidence we have, the end of our own findings on its lines."""
    open_case(
        kind="dispute.open", code="dispute", subject_type=CASE, subject_id=str(row.pk),
        sentence=_claimed(row, row.account, row.invoice),
        severity=2, queue="finance", **about_dispute(row, row.amount_claimed),
    )  # fmt: skip
    find_evidence(row)
    end_disputed(row, line_ids)
    tell(row, "dispute.opened")


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
