"""The shopping lists that a person may see."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from distportal.accounts.models import Account, User
from orders.models import ShoppingList


def lists_of(*, account: Account, user: User) -> QuerySet[ShoppingList]:
    """The person's own and the company's, by name; those of an owner who is gone are the company's."""
    return ShoppingList.objects.filter(Q(shared=True) | Q(owner=user) | Q(owner=None), account=account)
