"""Whom and where a cart is for, and how fresh its prices and stock are: a line over the pages that orders begin on."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext, ngettext

from distportal.accounts.models import Account, ShipTo
from inventory.queries.availability import freshness
from orders.models import Draft, DraftShare


def ordering_for(draft: Draft, account: Account) -> dict[str, Any]:
    """What `orders/portal/_ordering_for.html` shows."""
    return {"account": account, "place": place_words(draft), "fresh": freshness(of=account.erp)}


def place_words(draft: Draft) -> str:
    """Where the cart goes: its ship-to, the first on file as long as none was chosen, or how many it is shared among;
    empty where there is no place on file.
    """
    if draft.several:
        number = DraftShare.objects.filter(line__draft=draft).values("ship_to").distinct().count()
        return ngettext("%(n)s place", "%(n)s places", number) % {"n": number}
    if draft.one_off:
        return gettext("%(city)s, a new address") % {"city": draft.one_off.get("city") or draft.one_off.get("name", "")}
    place = draft.ship_to or ShipTo.objects.filter(account=draft.account_id, active=True).first()
    return str(place.name or place.code) if place else ""
