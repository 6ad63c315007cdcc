"""Teach a buyer's own item number."""

from __future__ import annotations

from django.db import transaction

from distportal.accounts.models import Account
from distportal.common.errors import NotFound
from inventory.process.part_numbers import teach_part_number


@transaction.atomic
def teach_item_number(*, account_code: str, code: str, sku: str, by: str) -> None:
    """From now on the account's `code` means the item of that SKU, whatever it meant before. Raises NotFound or
    Invalid.
    """
    account = Account.objects.filter(code=account_code).first()
    if account is None:
        raise NotFound(f"There is no account {account_code}; nothing was saved.")
    teach_part_number(account=account, code=code[:48], sku=sku, by=by)
