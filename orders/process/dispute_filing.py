"""A dealer disputes lines of an invoice: what each comes to is computed, and may be claimed down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from distportal.accounts.models import Account, User
from distportal.common.money import show_money, to_cents
from distportal.common.site_day import site_day
from distportal.events.clock import database_now
from orders.choices import DisputeReason, InvoiceKind
from orders.errors import DisputeRefused
from orders.models import Dispute, Invoice
from orders.process.dispute_window import dispute_window
from orders.process.disputes import Claim, open_dispute, submit_dispute
from orders.queries.invoice_checks import LineCheck, line_checks

TYPED = frozenset({DisputeReason.LATE, DisputeReason.PROMOTION, DisputeReason.FREIGHT, DisputeReason.TAX})
"""Reasons whose amount is on no line: it is typed, up to what the line comes to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What somebody disputes of one line. `price` is what it should have been per unit, `amount` what is claimed;
    either may be left to us.
    """

    line_id: int
    quantity: Decimal | None = None
    price: Decimal | None = None
    amount: Decimal | None = None


def computed_claim(check: LineCheck, reason: str, wanted: Wanted) -> Decimal | None:
    """What the line comes to for this reason, no more than can still be disputed; None where only a person knows."""
    line = check.line
    quantity = default_quantity(check, reason) if wanted.quantity is None else wanted.quantity
    if reason in TYPED:
        return None
    if reason == DisputeReason.PRICE:
        price = line.agreed_price if wanted.price is None else wanted.price
        if price is None or (wanted.price is None and price >= line.unit_price):
            return None
        return min(max(to_cents((line.unit_price - price) * quantity), Decimal(0)), check.room)
    return min(to_cents(line.unit_price * quantity), check.room)


def default_quantity(check: LineCheck, reason: str) -> Decimal:
    """How much of a line is meant before anybody types: what is missing where it is short, else all of it."""
    if reason == DisputeReason.SHORT and check.unsent is not None and check.unsent > 0:
        return check.unsent
    return check.line.quantity


def file_dispute(
    *, token: UUID, account: Account, invoice_id: UUID, reason: DisputeReason, wanted: Sequence[Wanted], note: str,
    user: User | None, channel: str = "portal", opened_name: str = "", as_draft: bool = False,
) -> Dispute:  # fmt: skip
    """The dispute; the same token gives the one that is there. `opened_name` says who opens it, where no person does.
    A draft claims nothing until it is submitted.
    Raises DisputeRefused once the window has closed, with its date and whom to ask, and for a claim above what its line
    comes to.
    """
    known = Dispute.objects.filter(token=token, account=account).first()
    if known is not None:
        return known
    invoice = Invoice.objects.filter(pk=invoice_id, account=account, kind=InvoiceKind.INVOICE).first()
    if invoice is None:
        raise DisputeRefused(_("this invoice is not one of your account; nothing was opened"))
    _check_window(invoice)
    checks = {check.line.pk: check for check in line_checks(invoice)}
    claims = [_claim(checks.get(one.line_id), reason, one, invoice) for one in wanted]
    return open_dispute(
        token=token, account=account, invoice_id=invoice.pk, reason=reason, claims=claims, note=note, user=user,
        channel=channel, opened_name=opened_name, as_draft=as_draft,
    )  # fmt: skip


def submit_draft(*, dispute_id: UUID, user: User) -> Dispute:
    """The draft, submitted by a person of its account. Raises as `file_dispute` and `submit_dispute`: a draft is no way
    around the window.
    """
    _check_window(Invoice.objects.get(disputes=dispute_id))
    return submit_dispute(dispute_id=dispute_id, user=user)


def _check_window(invoice: Invoice) -> None:
    window = dispute_window(invoice, today=site_day(database_now()))
    if not window.open:
        raise DisputeRefused(
            _("invoice %(number)s could be disputed until %(day)s; nothing was opened. Write to %(contact)s")
            % {
                "number": invoice.number,
                "day": date_format(window.closes_on, "j M Y"),
                "contact": settings.FINANCE_CONTACT,
            },
            closed_on=window.closes_on.isoformat(),
        )


def _claim(check: LineCheck | None, reason: str, wanted: Wanted, invoice: Invoice) -> Claim:
    if check is None:
        raise DisputeRefused(_("a chosen line is not on this invoice; nothing was opened"))
    line = check.line
    quantity = default_quantity(check, reason) if wanted.quantity is None else wanted.quantity
    if not Decimal(0) < quantity <= line.quantity:
        raise DisputeRefused(
            _("line %(position)s: up to %(quantity)s %(unit)s were billed")
            % {"position": line.position, "quantity": f"{line.quantity.normalize():f}", "unit": line.unit}
        )
    computed = computed_claim(check, reason, wanted)
    amount = computed if wanted.amount is None else to_cents(wanted.amount)
    if amount is None:
        raise DisputeRefused(
            _("line %(position)s: say which amount you dispute; nothing was opened") % {"position": line.position}
        )
    if computed is not None and amount > computed:
        raise DisputeRefused(
            _("line %(position)s: this comes to %(computed)s, claim that or less; nothing was opened")
            % {"position": line.position, "computed": show_money(computed, invoice.currency)}
        )
    return Claim(invoice_line_id=line.pk, quantity=quantity, amount=amount)
