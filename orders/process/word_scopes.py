"""Whose words an order is written in: those of its channel's sender, else those of its account."""

from __future__ import annotations

from collections.abc import Callable

from orders.models import Order

Finder = Callable[[Order], str]
_finders: dict[str, Finder] = {}


def register_scope_finder(channel: str, find: Finder) -> None:
    """Who writes the orders of a channel; "" leaves it to the account."""
    _finders[channel] = find


def account_scope(code: str) -> str:
    """Whose words an account's own are."""
    return f"account:{code}"


def scope_of(order: Order) -> str:
    """The scope of the order's items, units and ship-to codes."""
    find = _finders.get(order.channel)
    return (find(order) if find else "") or account_scope(order.account.code)
