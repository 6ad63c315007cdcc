"""What orders add to the catalogue: a way to narrow it, and what an item's page says of the company and the item."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from distportal.accounts.permissions import Act
from inventory.registry import Facet, ItemPanel
from orders.queries.lists import lists_of
from orders.queries.purchases import bought_before, last_purchases

if TYPE_CHECKING:
    from inventory.models import Item


def _of_item(request: HttpRequest, item: Item) -> dict[str, Any]:
    """The last purchase, and the lists that the item can go into."""
    user: Any = request.user
    if user.standing is None:
        return {}
    account = user.standing.account
    return {
        "sku": item.sku,
        "last": last_purchases(account.pk, [item.pk]).get(item.pk),
        "may_list": user.standing.may(Act.KEEP_PART_NUMBERS),
        "lists": lists_of(account=account, user=user),
    }


BOUGHT = Facet(code="bought", title=_("Bought before"), order=30, narrow=bought_before)
LAST_BOUGHT = ItemPanel(template="orders/portal/_item_last.html", order=10, context=_of_item)
