"""Two items that no ERP can send together: each lies in one warehouse, and the warehouses are with different ERPs."""

from __future__ import annotations

from distportal.accounts.models import Account
from inventory.models import StockLevel
from orders.choices import FindingAction
from orders.models import RulePolicy
from tests.two_erps.conftest import OTHER, SKU


def set_apart() -> None:
    """SKU is the new ERP's alone, OTHER the house's own."""
    there = _fullest(SKU, "")
    for sku, code in ((SKU, there), (OTHER, _fullest(OTHER, there))):
        StockLevel.objects.filter(item__sku=sku).exclude(warehouse__code=code).delete()
    StockLevel.objects.filter(item__sku=SKU).update(erp="new")


def _fullest(sku: str, besides: str) -> str:
    rows = StockLevel.objects.filter(item__sku=sku, available__gt=10).exclude(warehouse__code=besides)
    return str(rows.order_by("-available").values_list("warehouse__code", flat=True)[0])


def splits_by_itself(account: str = "HARBOR") -> None:
    """The account's orders are split without asking anybody."""
    RulePolicy.objects.create(
        account=Account.objects.get(code=account), code="two_erps", action=FindingAction.SPLIT
    )  # fmt: skip
