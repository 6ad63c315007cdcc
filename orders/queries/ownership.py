"""How much is with which ERP."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet

from distportal.accounts.models import Account
from inventory.models import Item, StockLevel
from orders.choices import OrderStatus
from orders.models import Order


@dataclass(frozen=True, slots=True, kw_only=True)
class Owned:
    """What is with one connection; `open_orders` are those that it was given."""

    connection: str
    accounts: int
    items: int
    stock: int
    open_orders: int


def owned_counts() -> list[Owned]:
    """By connection."""
    found = {
        "accounts": _by_erp(Account.objects.all()),
        "items": _by_erp(Item.objects.all()),
        "stock": _by_erp(StockLevel.objects.all()),
        "open_orders": _by_erp(Order.objects.filter(status__in=OrderStatus.OPEN).exclude(erp="")),
    }
    names = sorted({name for counts in found.values() for name in counts})
    return [Owned(connection=name, **{what: counts.get(name, 0) for what, counts in found.items()}) for name in names]


def company_of(account: str) -> str:
    """Our legal entity that sells to the account; empty where there is only one."""
    return Account.objects.filter(code=account).values_list("company", flat=True).first() or ""


def _by_erp(rows: QuerySet[Any]) -> dict[str, int]:
    counted = rows.order_by().values("erp").annotate(n=Count("pk"))
    return {row["erp"]: row["n"] for row in counted}
