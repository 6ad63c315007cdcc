"""The shopping lists that a person may see."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from distportal.accounts.models import Account, User
from distportal.common.marks import A_KEY, ANOTHER_KEY
from distportal.common.prepared import PreparedRows
from orders.models import ShoppingList

MOST_AT_HOME = 5


def lists_of(*, account: Account, user: User) -> QuerySet[ShoppingList]:
    """The person's own and the company's, by name; those of an owner who is gone are the company's."""
    return _lists(account.pk, user.pk)


def latest_lists(*, account: Account, user: User) -> list[ShoppingList]:
    """A few of them, the ones that were changed last; only their names are read."""
    return _LATEST(account.pk, user.pk)


def _lists(account_id: UUID, user_id: UUID) -> QuerySet[ShoppingList]:
    return ShoppingList.objects.filter(Q(shared=True) | Q(owner=user_id) | Q(owner=None), account=account_id)


def _latest(account_id: UUID, user_id: UUID) -> QuerySet[ShoppingList, ShoppingList]:
    return _lists(account_id, user_id).only("name").order_by("-updated_at", "pk")[:MOST_AT_HOME]


_LATEST = PreparedRows(_latest, A_KEY, ANOTHER_KEY)
