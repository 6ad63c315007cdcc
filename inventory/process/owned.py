"""Of what an ERP tells, the part that the portal follows: facts about things that another ERP owns stay aside."""

from __future__ import annotations

from collections.abc import Sequence

from distportal.accounts.models import Account
from distportal.systems.erp.port import Change, FeedKind
from distportal.systems.ownership import DEFAULT, anything_moved, owners
from inventory.models import Price


def owned_changes(kind: FeedKind, changes: Sequence[Change], *, of: str) -> list[Change]:
    """The changes about items, stock, prices or customers that are with the connection `of` now, in three queries at
    most. Call it with ownership held, so that it stays true until commit.
    """
    if not anything_moved():
        return list(changes) if of == DEFAULT else []
    if kind == "customer":
        named = {c.payload.get("account", "") for c in changes}
        ours = set(Account.objects.filter(code__in=named, erp=of).values_list("code", flat=True))
        return [c for c in changes if c.payload.get("account") in ours]
    if kind == "price":
        return _prices(changes, of)
    items = {c.payload.get("sku", "") for c in changes}
    found = owners(items=items, warehouses={c.payload.get("warehouse", "") for c in changes})
    if kind == "item":
        return [c for c in changes if found.of_item(c.payload.get("sku", "")).connection == of]
    return [c for c in changes if found.of_stock(c.payload.get("sku", ""), c.payload["warehouse"]).connection == of]


def _prices(changes: Sequence[Change], of: str) -> list[Change]:
    """A withdrawal names nothing but its id: it belongs to the ERP whose price the portal holds under that id."""
    found = owners(items={c.payload.get("sku", "") for c in changes})
    named = {c.payload.get("account", "") for c in changes} - {""}
    moved = dict(Account.objects.filter(code__in=named).exclude(erp=DEFAULT).values_list("code", "erp"))
    ended = {c.erp_id for c in changes if not c.payload.get("sku")}
    held = set(Price.objects.filter(erp=of, erp_id__in=ended).values_list("erp_id", flat=True))

    def is_with(change: Change) -> bool:
        sku, account = change.payload.get("sku", ""), change.payload.get("account", "")
        if not sku:
            return change.erp_id in held
        return moved.get(account, found.of_item(sku).connection) == of

    return [change for change in changes if is_with(change)]
