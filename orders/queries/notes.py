"""Notes as staff read them."""

from __future__ import annotations

from distportal.accounts.models import User
from orders.models import AccountNote, Order

MOST = 20


def notes_around(order: Order, user: User) -> list[AccountNote]:
    """The newest notes on the order and on its account as such; none for dealers' people: notes are internal."""
    if not user.is_staff:
        return []
    of_order = AccountNote.objects.filter(order=order)
    of_account = AccountNote.objects.filter(account=order.account, order=None)
    return list((of_order | of_account).order_by("-written_at")[:MOST])
