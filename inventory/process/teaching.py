"""Teach a buyer's own item number."""

from __future__ import annotations

from django.db import transaction

from distportal.accounts.models import Account
from distportal.common.errors import NotFound
from inventory.models import ItemCrossReference
from inventory.queries.items import item_with_sku, normalise_code


@transaction.atomic
def teach_item_number(*, account_code: str, code: str, sku: str, by: str) -> None:
    """From now on the account's `code` means the item of that SKU, whatever it meant before. Raises NotFound."""
    account = Account.objects.filter(code=account_code).first()
    if account is None:
        raise NotFound(f"There is no account {account_code}; nothing was saved.")
    ItemCrossReference.objects.update_or_create(
        account=account,
        code_norm=normalise_code(code),
        defaults={"code": code[:48], "item": item_with_sku(sku), "created_by": by[:120]},
    )
