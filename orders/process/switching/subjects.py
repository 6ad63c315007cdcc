"""What a switch is about: who has it now, and how it is named or filtered."""

from __future__ import annotations

import re
from collections.abc import Collection

from distportal.accounts.models import Account
from distportal.systems.models import OwnedKind
from distportal.systems.ownership import owners
from inventory.queries.switchable import known_items, known_warehouses, skus_of_family


def keys_named(*, kind: str, text: str, family: str = "", tier: str = "") -> list[str]:
    """The keys of a list, one a line or with commas between them, and all of an item family or a tier of accounts."""
    keys = {word for word in re.split(r"[\s,;]+", text.strip()) if word}
    if kind == OwnedKind.ITEM and family:
        keys |= set(skus_of_family(family))
    if kind == OwnedKind.ACCOUNT and tier:
        keys |= set(Account.objects.filter(tier=tier).values_list("code", flat=True))
    return sorted(keys)


def current_owners(kind: str, keys: Collection[str]) -> dict[str, str]:
    """The connection of each key that we know."""
    wanted = list(keys)
    if kind == OwnedKind.ACCOUNT:
        return dict(Account.objects.filter(code__in=wanted).values_list("code", "erp"))
    if kind == OwnedKind.ITEM:
        return known_items(wanted)
    if kind == OwnedKind.COMPANY:
        there = set(Account.objects.filter(company__in=wanted).values_list("company", flat=True))
        found = owners(companies=there)
        return {key: found.of_account("", key).connection for key in there}
    there = known_warehouses(wanted)
    found = owners(warehouses=there)
    return {key: found.of_stock("", key).connection for key in there}


def accounts_following(companies: Collection[str]) -> list[str]:
    """The accounts of these companies that nobody moved by themselves."""
    codes = list(Account.objects.filter(company__in=list(companies)).values_list("code", flat=True))
    own = {key for _, key in owners(accounts=codes).claims}
    return [code for code in codes if code not in own]
