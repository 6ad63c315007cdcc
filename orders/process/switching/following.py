"""Accounts that came to a company after it was moved follow it."""

from __future__ import annotations

from django.db import transaction

from distportal.accounts.models import Account
from distportal.systems.models import ErpAssignment, OwnedKind
from distportal.systems.ownership import hold_ownership, owners
from inventory.process.taking_over import take_over_accounts
from orders.queries.switches import uncertain_keys

FOLLOW_JOB = "orders.follow_companies"


@transaction.atomic
def follow_companies() -> int:
    """How many accounts are with another ERP now, because their company is and nobody decided about them by themselves.
    One with a command whose outcome nobody knows stays until that is settled.
    """
    if not _behind():
        return 0  # looked at every minute: feeds are not held up for nothing
    hold_ownership(to_change=True)
    count = 0
    for to, codes in sorted(_behind().items()):
        unsure = uncertain_keys(kind=OwnedKind.ACCOUNT, keys=codes)
        free = [code for code in codes if code not in unsure]
        take_over_accounts(codes=free, to=to)
        count += len(free)
    return count


def _behind() -> dict[str, list[str]]:
    """Connection -> the accounts that are to be with it and are not."""
    moved = ErpAssignment.objects.filter(kind=OwnedKind.COMPANY).values_list("key", flat=True).distinct()
    companies = [key for key in moved if key]
    rows = list(Account.objects.filter(company__in=companies).order_by("pk").values_list("code", "company", "erp"))
    found = owners(accounts=[code for code, _, _ in rows], companies=companies) if rows else None
    behind: dict[str, list[str]] = {}
    for code, company, erp in rows:
        owner = found.of_account(code, company) if found else None
        if owner and owner.claim and owner.claim.kind == OwnedKind.COMPANY and owner.connection != erp:
            behind.setdefault(owner.connection, []).append(code)
    return behind
