"""Rules on who orders, and on what credit."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from distportal.accounts.choices import AccountStatus
from distportal.common.money import show_money
from orders.process.rules.base import Facts, Finding


def check_account(facts: Facts) -> Iterator[Finding]:
    """A closed account may not order; one on hold waits for a person."""
    account = facts.account
    if account.status == AccountStatus.CLOSED:
        yield Finding(
            code="account_closed",
            severity="error",
            message=_("%(name)s is closed") % {"name": account.name},
            remedy=_("Reopen the account"),
        )
    elif account.status == AccountStatus.HOLD:
        yield Finding(
            code="account_hold",
            severity="error",
            message=_("%(name)s is on hold in the ERP") % {"name": account.name},
            remedy=_("Finance releases the account in the ERP; then resubmit"),
        )


def check_credit(facts: Facts) -> Iterator[Finding]:
    """Balance, open orders and this order together stay within the ERP's credit limit."""
    account = facts.account
    if account.credit_as_of is None:
        return
    needed = account.credit_balance + facts.open_exposure + facts.total
    if needed > account.credit_limit:
        over = needed - account.credit_limit
        yield Finding(
            code="credit_exceeded",
            severity="error",
            message=_("This order goes %(over)s over the credit limit") % {"over": show_money(over, account.currency)},
            remedy=_("Finance raises the limit or takes a payment; then resubmit"),
            data={"over": str(over), "limit": str(account.credit_limit)},
        )


def check_po_number(facts: Facts) -> Iterator[Finding]:
    """The buyer's PO number is there where the account needs one."""
    if facts.account.po_required and not facts.order.po_number.strip():
        yield Finding(
            code="po_missing", severity="error", message=_("The PO number is missing"), remedy=_("Enter the PO number")
        )
